//! One arena tree for YAML and JSON. Every node knows its bytes; an alias is a shared node, never a copy, so the tree is a
//! graph without cycles and a walk over all paths must remember the nodes that it has seen.

mod builder;

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use self::builder::TreeBuilder;

use super::pointer::escaped;
use super::span::Span;

/// The index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number, of integral or of any value; its text is kept as written.
    Number,
    /// A string.
    String,
    /// A list.
    Sequence,
    /// A map from string keys to nodes, in the order of the file.
    Mapping,
}

impl Kind {
    /// The JSON name of the kind, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Sequence => "array",
            Kind::Mapping => "object",
        }
    }
}

/// Where the text or the children of a node are kept: `from..to` indexes the source, the decoded text, or the links.
#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    from: u32,
    to: u32,
    parent: u32,
    kind: Kind,
    decoded: bool,
}

const NO_PARENT: u32 = u32::MAX;
/// Mappings up to this size are searched entry by entry.
const LINEAR: usize = 12;

/// The tree of one file.
#[derive(Clone, Debug)]
pub struct Tree {
    source: Arc<str>,
    decoded: String,
    nodes: Vec<Node>,
    links: Vec<u32>,
    root: u32,
    /// Whether a node stands in two places; then ids within a node's links need not ascend.
    shared: bool,
    /// For each large mapping, its entries sorted by key.
    index: FxHashMap<u32, Box<[u32]>>,
}

impl Tree {
    /// Nesting deeper than this is a problem and is not read.
    pub const MAX_DEPTH: usize = 512;
    /// A file with more nodes than this (aliases counted as expanded) is a problem and is not read.
    pub const MAX_NODES: usize = 5_000_000;

    /// The topmost node.
    pub fn root(&self) -> NodeRef<'_> {
        self.node(NodeId(self.root))
    }

    /// A node by its id, which must come from this tree.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { tree: self, id }
    }

    /// The number of nodes, keys included, a shared node counted once.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a tree has a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node id, in the order of the file; what is in a node comes before it.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    fn raw(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn text_of(&self, node: &Node) -> &str {
        let range = node.from as usize..node.to as usize;
        if node.decoded { &self.decoded[range] } else { &self.source[range] }
    }
}

/// A node together with its tree.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl<'t> NodeRef<'t> {
    /// Its id in the tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its bytes in the file.
    pub fn span(self) -> Span {
        self.tree.raw(self.id).span
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.tree.raw(self.id).kind
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        self.kind() == Kind::Mapping
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        self.kind() == Kind::Sequence
    }

    /// The text of a string; nothing for any other kind.
    pub fn as_str(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::String).then(|| self.tree.text_of(node))
    }

    /// The text of a scalar as it was written (decoded for strings): what a key or a lenient reader wants.
    pub fn scalar(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (!matches!(node.kind, Kind::Sequence | Kind::Mapping)).then(|| self.tree.text_of(node))
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::Bool).then(|| self.tree.text_of(node).starts_with(['t', 'T']))
    }

    /// The value of a number as an integer, when it is integral and fits.
    pub fn as_i64(self) -> Option<i64> {
        let text = self.number_text()?;
        text.parse().ok().or_else(|| {
            let value = self.as_f64()?;
            (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
        })
    }

    /// The value of a number as a float.
    pub fn as_f64(self) -> Option<f64> {
        let text = self.number_text()?;
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if let Some(digits) = unsigned.strip_prefix("0x") {
            return i64::from_str_radix(digits, 16).ok().map(|n| n as f64);
        }
        if let Some(digits) = unsigned.strip_prefix("0o") {
            return i64::from_str_radix(digits, 8).ok().map(|n| n as f64);
        }
        match unsigned.to_ascii_lowercase().as_str() {
            ".inf" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
            ".nan" => Some(f64::NAN),
            _ => text.parse().ok(),
        }
    }

    /// The text of a number as it was written.
    pub fn number_text(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::Number).then(|| self.tree.text_of(node))
    }

    /// The number of items of a sequence or of entries of a mapping; 0 for a scalar.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Sequence => self.links().len(),
            Kind::Mapping => self.links().len() / 2,
            _ => 0,
        }
    }

    /// Whether it has no items and no entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence; none for any other kind.
    pub fn items(self) -> impl ExactSizeIterator<Item = NodeRef<'t>> + use<'t> {
        let links: &[u32] = if self.is_sequence() { self.links() } else { &[] };
        links.iter().map(move |&id| self.tree.node(NodeId(id)))
    }

    /// Keys and values of a mapping in the order of the file; none for any other kind. The key's node has the span of
    /// the key.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (NodeRef<'t>, NodeRef<'t>)> + use<'t> {
        let links: &[u32] = if self.is_mapping() { self.links() } else { &[] };
        let pairs = links.chunks_exact(2);
        pairs.map(move |pair| (self.tree.node(NodeId(pair[0])), self.tree.node(NodeId(pair[1]))))
    }

    /// Keys as text, and values, of a mapping in the order of the file.
    pub fn fields(self) -> impl ExactSizeIterator<Item = (&'t str, NodeRef<'t>)> + use<'t> {
        self.entries().map(|(key, value)| (key.scalar().unwrap_or_default(), value))
    }

    /// The value under `key` in a mapping (the first, where the key stands twice).
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key node and value under `key` in a mapping.
    pub fn entry(self, key: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        if !self.is_mapping() {
            return None;
        }
        let links = self.links();
        let at = match self.tree.index.get(&self.id.0) {
            None => links.chunks_exact(2).position(|pair| self.tree.key_text(pair[0]) == key)?,
            Some(sorted) => {
                let found = sorted.partition_point(|&at| self.tree.key_text(links[at as usize * 2]) < key);
                let at = *sorted.get(found)? as usize;
                (self.tree.key_text(links[at * 2]) == key).then_some(at)?
            }
        };
        Some((self.tree.node(NodeId(links[at * 2])), self.tree.node(NodeId(links[at * 2 + 1]))))
    }

    /// The text of the string under `key`.
    pub fn str_at(self, key: &str) -> Option<&'t str> {
        self.get(key)?.as_str()
    }

    /// The node that a JSON Pointer (RFC 6901) names, starting here.
    pub fn pointer(self, pointer: &str) -> Option<NodeRef<'t>> {
        let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(self) };
        rest.split('/').try_fold(self, NodeRef::child)
    }

    /// The child that one token of a JSON Pointer names: an index (RFC 6901, section 4: no sign, no leading zero), or a
    /// key, still escaped.
    pub fn child(self, token: &str) -> Option<NodeRef<'t>> {
        if self.is_sequence() {
            let digits = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
            let link = self.links().get(token.parse::<usize>().ok().filter(|_| digits)?)?;
            return Some(self.tree.node(NodeId(*link)));
        }
        if token.contains('~') { self.get(&token.replace("~1", "/").replace("~0", "~")) } else { self.get(token) }
    }

    /// The node that holds this one; for a shared node, the first that does. A key's parent is its mapping.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        let parent = self.tree.raw(self.id).parent;
        (parent != NO_PARENT).then(|| self.tree.node(NodeId(parent)))
    }

    /// The key under which this node stands in its mapping.
    pub fn key(self) -> Option<NodeRef<'t>> {
        let parent = self.parent().filter(|parent| parent.is_mapping())?;
        let link = parent.link_of(self.id)?;
        (link % 2 == 1).then(|| self.tree.node(NodeId(parent.links()[link - 1])))
    }

    /// Its JSON Pointer (RFC 6901) from the root, escaped. A key has the pointer of its value.
    pub fn path(self) -> String {
        self.tokens().iter().fold(String::new(), |path, (_, token)| path + "/" + token)
    }

    /// The nodes above and this one, each with its token in a JSON Pointer; the root has none.
    pub(super) fn tokens(self) -> Vec<(NodeId, Cow<'t, str>)> {
        let mut tokens = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            let link = parent.link_of(node.id).unwrap_or_default();
            let token = if parent.is_sequence() {
                Cow::Owned(link.to_string())
            } else {
                escaped(self.tree.key_text(parent.links()[link / 2 * 2]))
            };
            tokens.push((node.id, token));
            node = parent;
        }
        tokens.reverse();
        tokens
    }

    /// Where a child stands among the links; the first place of a shared node.
    fn link_of(self, child: NodeId) -> Option<usize> {
        let links = self.links();
        if self.tree.shared {
            links.iter().position(|&link| link == child.0)
        } else {
            // Children are added in the order of the file.
            links.binary_search(&child.0).ok()
        }
    }

    fn links(self) -> &'t [u32] {
        let node = self.tree.raw(self.id);
        &self.tree.links[node.from as usize..node.to as usize]
    }
}

impl Tree {
    fn key_text(&self, id: u32) -> &str {
        self.text_of(&self.nodes[id as usize])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{parse_json, parse_yaml};

    fn yaml(text: &str) -> Tree {
        parse_yaml(&Arc::from(text)).tree.unwrap()
    }

    #[test]
    fn a_shared_node_belongs_where_its_anchor_stands() {
        for (text, anchored, aliased) in [
            ("x: &a [1]\ny: {z: *a}\n", "/x", "/y/z"),
            ("[&a 1, [*a]]", "/0", "/1/0"),
            ("[[[&a 1]], [*a], *a]", "/0/0/0", "/2"),
            ("{x: &a 1, y: *a}", "/x", "/y"),
        ] {
            let tree = yaml(text);
            let node = tree.root().pointer(aliased).unwrap();
            assert_eq!(node, tree.root().pointer(anchored).unwrap());
            assert_eq!(node.path(), anchored, "{text}");
        }
    }

    #[test]
    fn keys_and_paths() {
        let tree = yaml("a/b: {~c: [x, y: z]}\n");
        let node = tree.root().pointer("/a~1b/~0c/1/y").unwrap();
        assert_eq!(node.path(), "/a~1b/~0c/1/y");
        let key = node.key().unwrap();
        assert_eq!((key.scalar(), key.path(), key.key()), (Some("y"), node.path(), None));
        assert_eq!(tree.root().pointer("/a~1b/~0c/0").unwrap().key(), None);
        assert_eq!(tree.root().path(), "");
    }

    #[test]
    fn indices_are_plain_numbers() {
        let tree = parse_json(&Arc::from("[[1, 2]]")).tree.unwrap();
        let found = |pointer: &str| tree.root().pointer(pointer).is_some();
        assert!(found("/0/1") && found("/0"));
        assert!(["/0/2", "/0/01", "/0/+1", "/0/-", "/0/", "0"].iter().all(|pointer| !found(pointer)));
    }

    #[test]
    fn numbers_of_both_languages() {
        let tree = yaml("[1, -2.0, 0x1F, 0o17, .5, 1e3, .inf, 99999999999999999999, 1.5]");
        let integers: Vec<_> = tree.root().items().map(NodeRef::as_i64).collect();
        assert_eq!(integers, [Some(1), Some(-2), Some(31), Some(15), None, Some(1000), None, None, None]);
        assert_eq!(tree.root().items().nth(6).unwrap().as_f64(), Some(f64::INFINITY));
    }
}
