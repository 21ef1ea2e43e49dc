//! Places of the sources as places of the model.

use crate::document::Located;
use crate::model::Origin;
use crate::source::{FileId, NodeKey, NodeRef, Pointer, Route, Sources};

/// Where a route leads, for the model.
pub(crate) fn origin(sources: &Sources, route: Route) -> Origin {
    let file = sources.file(route.file);
    let line = file.lines().line(sources.span(route).start);
    Origin { file: file.path.clone(), pointer: sources.pointer(route), line }
}

/// The text of a value.
pub(crate) fn text(value: &Option<Located<String>>) -> Option<String> {
    value.as_ref().map(|value| value.value.clone())
}

/// The texts of values.
pub(crate) fn texts(values: &[Located<String>]) -> Vec<String> {
    values.iter().map(|value| value.value.clone()).collect()
}

/// A node together with its JSON Pointer, which is carried along because working it out anew costs a search in every
/// mapping above.
#[derive(Clone, Debug)]
pub(crate) struct At<'s> {
    pub file: FileId,
    pub node: NodeRef<'s>,
    pub pointer: Pointer,
    /// Whether another place may lead to it too, by a `$ref` or an alias.
    pub shared: bool,
}

impl<'s> At<'s> {
    /// The root of a file.
    pub fn root(sources: &'s Sources, file: FileId) -> Option<At<'s>> {
        Some(At { file, node: sources.root(file)?, pointer: Pointer::default(), shared: false })
    }

    /// A node whose pointer is not known yet.
    pub fn key(sources: &'s Sources, key: NodeKey) -> At<'s> {
        let node = sources.node(key);
        At { file: key.file, node, pointer: sources.pointer_of(key), shared: true }
    }

    /// Its key in the sources.
    pub fn node_key(&self) -> NodeKey {
        NodeKey { file: self.file, node: self.node.id() }
    }

    /// The value under `key` in a mapping.
    pub fn get(&self, key: &str) -> Option<At<'s>> {
        Some(self.child(key, self.node.get(key)?))
    }

    /// The text of the scalar under `key`.
    pub fn text(&self, key: &str) -> Option<String> {
        self.node.get(key)?.scalar().map(str::to_owned)
    }

    /// The boolean under `key`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.node.get(key)?.as_bool()
    }

    /// The values of a mapping with their keys.
    pub fn fields(&self) -> impl Iterator<Item = (&'s str, At<'s>)> + '_ {
        self.node.fields().map(|(key, node)| (key, self.child(key, node)))
    }

    /// The items of a sequence.
    pub fn items(&self) -> impl Iterator<Item = At<'s>> + '_ {
        self.node.items().enumerate().map(|(index, node)| self.child(&index.to_string(), node))
    }

    /// The value that is said to stand under the token `key`.
    pub fn child(&self, key: &str, node: NodeRef<'s>) -> At<'s> {
        // An alias stands in another node than what it is an alias of.
        let shared = self.shared || node.parent() != Some(self.node);
        At { file: self.file, node, pointer: self.pointer.child(key), shared }
    }

    /// Its place for the model.
    pub fn origin(&self, sources: &Sources) -> Origin {
        self.clone().into_origin(sources)
    }

    /// The same, where the node itself is no longer needed.
    pub fn into_origin(self, sources: &Sources) -> Origin {
        let file = sources.file(self.file);
        let line = file.lines().line(self.node.span().start);
        Origin { file: file.path.clone(), pointer: Some(self.pointer), line }
    }

    /// The node that a `$ref` in it leads to in the end; itself where there is none or it leads nowhere.
    pub fn follow(self, sources: &'s Sources) -> At<'s> {
        if self.node.get("$ref").is_none() {
            return self;
        }
        match sources.follow(self.node_key()) {
            Ok(key) if key != self.node_key() => At::key(sources, key),
            _ => self,
        }
    }
}
