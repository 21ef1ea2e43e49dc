//! Schemas that are resources of their own (`$id`): JSON Schema 2020-12, core, section 8.2.1. References in them are relative
//! to them, and a file's own URI is its path.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::file::{FileId, Sources};
use super::reference::{percent_decode, target_path};
use super::span::NodeKey;
use super::tree::{NodeId, NodeRef, Tree};

/// Longer URIs are nobody's address: what stands in a resource within resources is as long as all their names.
const MAX_URI: usize = 256;

/// The base of what stands in a resource with a longer URI. Nothing is relative to it (RFC 3986, section 5.2).
const NO_BASE: &str = "urn:";

/// Embedded resources of all files.
#[derive(Debug, Default)]
pub(super) struct Resources {
    by_uri: FxHashMap<Arc<str>, NodeKey>,
    /// The URIs of the resources in each file that has any.
    bases: FxHashMap<FileId, FxHashMap<NodeId, Arc<str>>>,
}

impl Resources {
    /// Looks through files that have the keyword at all, which few have.
    pub(super) fn of(sources: &Sources) -> Resources {
        let mut found = Resources::default();
        for (id, file) in sources.iter() {
            let has_any = memchr::memmem::find(file.text.as_bytes(), b"$id").is_some();
            if let Some(tree) = file.tree().filter(|_| has_any) {
                found.add(id, &file.path, tree);
            }
        }
        found
    }

    fn add(&mut self, file: FileId, path: &str, tree: &Tree) {
        let mut bases: FxHashMap<NodeId, Arc<str>> = FxHashMap::default();
        let mut resources = Vec::new();
        // What stands around a node comes after it.
        for node in tree.ids().rev().map(|id| tree.node(id)) {
            let Some(own) = own_id(node) else { continue };
            let around = node.parent().and_then(|parent| nearest(&bases, parent)).and_then(|id| bases.get(&id));
            let whole = || Some(join(around.map_or(path, |base| base), own)).filter(|uri| uri.len() <= MAX_URI);
            let uri = Some(own).filter(|own| own.len() <= MAX_URI).and_then(|_| whole());
            let uri: Arc<str> = uri.map_or_else(|| NO_BASE.into(), Arc::from);
            bases.insert(node.id(), Arc::clone(&uri));
            resources.push((uri, node.id()));
        }
        for (uri, node) in resources.into_iter().rev().filter(|(uri, _)| &**uri != NO_BASE) {
            self.by_uri.entry(uri).or_insert(NodeKey { file, node });
        }
        if !bases.is_empty() {
            self.bases.insert(file, bases);
        }
    }
}

impl Sources {
    /// The resource that a node is part of, where that is not its file.
    pub fn resource_around(&self, key: NodeKey) -> Option<NodeId> {
        nearest(self.resources().bases.get(&key.file)?, self.node(key))
    }

    /// What a reference names by way of resources; nothing where files alone tell.
    pub(super) fn within_resources(&self, from: NodeKey, reference: &str) -> Option<NodeKey> {
        let resources = self.resources();
        if resources.by_uri.is_empty() {
            return None;
        }
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let own = self.resource_around(from);
        let (file, resource) = match uri {
            "" => (from.file, Some(own?)),
            uri => {
                let base = own.and_then(|own| resources.bases.get(&from.file)?.get(&own));
                let base = base.map_or(&*self.file(from.file).path, |base| base);
                let path = target_path(base, reference).ok().flatten().filter(|_| !has_scheme(base));
                match path.and_then(|path| self.id_of(&path)) {
                    Some(file) => (file, None),
                    None => resources.by_uri.get(&*join(base, uri)).map(|key| (key.file, Some(key.node)))?,
                }
            }
        };
        let tree = self.file(file).tree()?;
        let root = resource.map_or_else(|| tree.root(), |id| tree.node(id));
        let fragment = percent_decode(fragment).ok()?;
        let node = match fragment.as_bytes() {
            [] => root,
            [b'/', ..] => root.pointer(&fragment)?,
            _ => self.names(file)?.within(tree, resource, &fragment)?,
        };
        Some(NodeKey { file, node: node.id() })
    }
}

/// The closest node around one, or itself, that is a resource.
fn nearest(bases: &FxHashMap<NodeId, Arc<str>>, node: NodeRef<'_>) -> Option<NodeId> {
    std::iter::successors(Some(node), |node| node.parent()).map(NodeRef::id).find(|id| bases.contains_key(id))
}

/// The `$id` of a resource; one of `#name` is an anchor (draft 7 and before).
fn own_id(node: NodeRef<'_>) -> Option<&str> {
    let id = node.str_at("$id")?;
    let uri = id.split_once('#').map_or(id, |(uri, _)| uri);
    (!uri.is_empty()).then_some(uri)
}

/// A reference relative to a URI or path (RFC 3986, section 5.2), both without fragments.
fn join(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (authority, path) = match base.split_once("://") {
        Some((scheme, rest)) => base.split_at(scheme.len() + 3 + rest.find('/').unwrap_or(rest.len())),
        // What has no hierarchy (`urn:…`) is no base.
        None if has_scheme(base) => return reference.to_owned(),
        None => ("", base),
    };
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = authority.split_once("//").map_or("", |(scheme, _)| scheme);
        return format!("{scheme}//{rest}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_absolute = reference.starts_with('/');
    let whole = if is_absolute { reference.to_owned() } else { format!("{folder}/{reference}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let slash = if authority.is_empty() && !is_absolute { "" } else { "/" };
    format!("{authority}{slash}{}", parts.join("/"))
}

/// Whether a URI is an absolute one; a path may have a colon behind its first folder.
fn has_scheme(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains(['/', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, RefError, load};

    fn sources(files: &[(&str, &str)]) -> Sources {
        load(&MemoryStore::new(files.iter().map(|&(path, text)| (path, text.as_bytes()))), &|_| true).unwrap()
    }

    fn key(sources: &Sources, path: &str, pointer: &str) -> NodeKey {
        let file = sources.id_of(path).unwrap();
        NodeKey { file, node: sources.root(file).unwrap().pointer(pointer).unwrap().id() }
    }

    #[test]
    fn references_are_relative_to_the_resource_around_them() {
        let sources = sources(&[
            (
                "s/a.yaml",
                "user: {$id: 'https://x.example/s/user', p: {q: 1}, $defs: {n: {$anchor: n}, in: {$id: inner, $anchor: n}}}\n\
                 own: {$id: own.yaml, r: 1}\nn: {$anchor: n}\n",
            ),
            ("s/b.yaml", "$id: https://x.example/s/b\nt: 1\n"),
            ("s/own.yaml", "not: this\n"),
        ]);
        let user = key(&sources, "s/a.yaml", "/user/p");
        let file = key(&sources, "s/a.yaml", "");
        for (from, reference, path, pointer) in [
            (user, "#", "s/a.yaml", "/user"),
            (user, "#/p/q", "s/a.yaml", "/user/p/q"),
            (user, "#n", "s/a.yaml", "/user/$defs/n"),
            (user, "inner#n", "s/a.yaml", "/user/$defs/in"),
            (user, "b#/t", "s/b.yaml", "/t"),
            // What no resource has is looked for in the file.
            (user, "#/own/r", "s/a.yaml", "/own/r"),
            (user, "b.yaml", "s/b.yaml", ""),
            (file, "#n", "s/a.yaml", "/n"),
            (file, "https://x.example/s/user#/p", "s/a.yaml", "/user/p"),
            (file, "https://x.example/s/inner", "s/a.yaml", "/user/$defs/in"),
            // A file stands at its path, whatever a resource is called.
            (file, "own.yaml", "s/own.yaml", ""),
        ] {
            assert_eq!(sources.resolve(from, reference), Ok(key(&sources, path, pointer)), "{reference}");
        }
        assert_eq!(sources.resolve(file, "../../x"), Err(RefError::Escapes("../../x".to_owned())));
        assert!(matches!(sources.resolve(user, "https://x.example/none"), Err(RefError::Remote(_))));
    }

    #[test]
    fn what_is_too_long_is_no_address() {
        let long = "x/".repeat(200);
        let text = format!("a: {{$id: 'https://x.example/{long}', b: {{$id: c, d: 1}}}}\n");
        let sources = sources(&[("a.yaml", &text)]);
        let from = key(&sources, "a.yaml", "/a/b");
        assert_eq!(sources.resolve(from, "#/d"), Ok(key(&sources, "a.yaml", "/a/b/d")));
        let address = format!("https://x.example/{long}");
        assert!(matches!(sources.resolve(from, &address), Err(RefError::Remote(_))));
    }

    #[test]
    fn references_are_joined_to_their_base() {
        for (base, reference, joined) in [
            ("https://x.example/schemas/user", "address", "https://x.example/schemas/address"),
            ("https://x.example/schemas/user", "/other", "https://x.example/other"),
            ("https://x.example/schemas/user", "../b/./c", "https://x.example/b/c"),
            ("https://x.example", "user", "https://x.example/user"),
            ("https://x.example/a", "//y.example/b", "https://y.example/b"),
            ("https://x.example/a", "urn:b", "urn:b"),
            ("urn:a", "b", "b"),
            ("services/a/api.yaml", "schemas/user", "services/a/schemas/user"),
            ("services/a/api.yaml", "../b/api.yaml", "services/b/api.yaml"),
            ("api.yaml", "user", "user"),
        ] {
            assert_eq!(join(base, reference), joined, "{base} and {reference}");
        }
    }
}
