//! `$ref`: from a reference to the node that it names, in the same file or in another one inside the platform root.
//! Nothing is ever fetched, and nothing recurses: chains are followed once, for all their members.

use rustc_hash::FxHashMap;

use super::file::{FileId, SourceFile, Sources};
use super::parse::shorten;
use super::span::NodeKey;
use super::tree::{NodeId, NodeRef, Tree};

/// Longer references are malformed. Aliases let one long text stand in many places, so its length must be bounded.
const MAX_REFERENCE: usize = 1024;

/// Why a reference leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefError {
    /// The reference is an empty text.
    #[error("the reference is empty; the root of this file is written #")]
    Empty,
    /// The reference cannot be read.
    #[error("{} is no reference: {reason}", shorten(.reference))]
    Malformed {
        /// The reference as written, or its beginning.
        reference: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A URL or an absolute path.
    #[error("{} is remote, and nothing is fetched: copy the file into the platform and refer to it by its path", shorten(.0))]
    Remote(String),
    /// A path that climbs out of the platform root.
    #[error("{} leads outside the platform root: move the file inside, and refer to it there", shorten(.0))]
    Escapes(String),
    /// No such file was read.
    #[error("there is no file {}", shorten(.path))]
    MissingFile {
        /// The path that was looked for, relative to the platform root.
        path: String,
    },
    /// The file is there, and is no readable YAML or JSON.
    #[error("{path} holds no YAML or JSON that could be read: mend it first")]
    NotATree {
        /// The file, relative to the platform root.
        path: String,
    },
    /// The file has no node at the JSON Pointer.
    #[error("{path} has nothing at {}; {} is there", shorten(.pointer), place(.known))]
    MissingPointer {
        /// The file, relative to the platform root.
        path: String,
        /// The JSON Pointer that was looked for, percent-decoded.
        pointer: String,
        /// Its longest beginning that names a node; empty for the root.
        known: String,
    },
    /// The file has no schema with the plain name.
    #[error("{path} has no $anchor \"{}\"; a path in the file starts with #/", shorten(.name))]
    MissingName {
        /// The file, relative to the platform root.
        path: String,
        /// The name that was looked for.
        name: String,
    },
    /// Following the reference never ends at anything but a reference.
    #[error("this reference leads back to itself through nothing but references")]
    Cycle,
}

/// Where following a mapping with a `$ref` ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Found(NodeKey),
    /// The `$ref` of this mapping leads nowhere. The error is made anew for who asks, and not kept for each.
    Broken(NodeKey),
    Cycle,
}

/// For every mapping with a string `$ref`: the node it names, and where following ends.
#[derive(Debug, Default)]
pub(super) struct RefTable {
    ends: FxHashMap<NodeKey, End>,
}

/// The schemas of one file that have a plain name (`$anchor`), sorted by it and by the resource that they are part of.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Name>);

#[derive(Debug)]
struct Name {
    /// The node of its text.
    text: NodeId,
    /// Nothing where the file is the resource.
    resource: Option<NodeId>,
    schema: NodeId,
}

impl Sources {
    /// The node that a reference names, for a reference that stands in the file of `from`. It may be a mapping with a
    /// `$ref` itself; see [`Sources::follow`].
    ///
    /// # Errors
    /// Says why the reference leads nowhere.
    pub fn resolve(&self, from: NodeKey, reference: &str) -> Result<NodeKey, RefError> {
        let path = target_path(&self.file(from.file).path, reference);
        let is_readable = !matches!(path, Err(RefError::Empty | RefError::Malformed { .. }));
        if let Some(found) = is_readable.then(|| self.within_resources(from, reference)).flatten() {
            return Ok(found);
        }
        // In a resource of its own many write `#` for the whole file all the same.
        let file = match path? {
            None => from.file,
            Some(path) => self.id_of(&path).ok_or_else(|| match self.leads_out(&path) {
                true => RefError::Escapes(reference.to_owned()),
                false => RefError::MissingFile { path },
            })?,
        };
        let target = self.file(file);
        let Some(tree) = target.tree() else { return Err(RefError::NotATree { path: target.path.to_string() }) };
        let fragment = reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let fragment = percent_decode(fragment).map_err(|reason| malformed(reference, reason))?;
        let node = match fragment.as_bytes() {
            [] => tree.root(),
            [b'/', ..] => at_pointer(target, tree, &fragment)?,
            _ => self.named(file, tree, &fragment)?,
        };
        Ok(NodeKey { file, node: node.id() })
    }

    /// Follows references until the node is anything but a mapping with a string `$ref`.
    ///
    /// # Errors
    /// Says why the first reference that leads nowhere does; [`RefError::Cycle`] where there is no end.
    pub fn follow(&self, key: NodeKey) -> Result<NodeKey, RefError> {
        if reference_of(self.node(key)).is_none() {
            return Ok(key);
        }
        match self.ref_table().ends.get(&key) {
            Some(&End::Found(found)) => Ok(found),
            Some(End::Cycle) => Err(RefError::Cycle),
            Some(&End::Broken(at)) => {
                let reference = reference_of(self.node(at)).unwrap_or_default();
                self.resolve(at, reference).and(Err(RefError::Cycle))
            }
            // The table has every mapping with a reference.
            None => Ok(key),
        }
    }

    /// Follows every reference of every file, each step once.
    pub(super) fn follow_all(&self) -> RefTable {
        // `None` while a chain is being followed: to meet it again is a cycle.
        let mut ends: FxHashMap<NodeKey, Option<End>> = FxHashMap::default();
        let mut chain = Vec::new();
        for start in self.reference_keys() {
            let mut key = start;
            let end = loop {
                match ends.get(&key) {
                    Some(&Some(end)) => break end,
                    Some(None) => break End::Cycle,
                    None => {}
                }
                let Some(reference) = reference_of(self.node(key)) else { break End::Found(key) };
                ends.insert(key, None);
                chain.push(key);
                match self.resolve(key, reference) {
                    Ok(next) => key = next,
                    Err(_) => break End::Broken(key),
                }
            };
            chain.drain(..).for_each(|link| {
                ends.insert(link, Some(end));
            });
        }
        RefTable { ends: ends.into_iter().filter_map(|(key, end)| Some((key, end?))).collect() }
    }

    /// Every mapping with a string `$ref`, in the order of the files.
    fn reference_keys(&self) -> impl Iterator<Item = NodeKey> {
        self.iter().filter_map(|(file, source)| Some((file, source.tree()?))).flat_map(|(file, tree)| {
            let nodes = tree.ids().filter(|&id| reference_of(tree.node(id)).is_some());
            nodes.map(move |node| NodeKey { file, node })
        })
    }

    fn named<'t>(&self, file: FileId, tree: &'t Tree, name: &str) -> Result<NodeRef<'t>, RefError> {
        let found = self.names(file).and_then(|names| names.first(tree, name));
        found.ok_or_else(|| RefError::MissingName { path: self.file(file).path.to_string(), name: name.to_owned() })
    }

    /// A node of a file, as a key.
    pub fn key(&self, file: FileId, node: NodeRef<'_>) -> NodeKey {
        NodeKey { file, node: node.id() }
    }
}

impl Names {
    /// Collects `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12), and `$id: "#name"` (draft 7 and before).
    pub(super) fn of(tree: &Tree, resource_around: impl Fn(NodeId) -> Option<NodeId>) -> Names {
        let mut names = Vec::new();
        for mapping in tree.ids().map(|id| tree.node(id)).filter(|node| node.is_mapping()) {
            let fields = ["$anchor", "$dynamicAnchor", "$id"].into_iter().filter_map(|field| mapping.get(field));
            for text in fields.filter(|value| plain_name(*value).is_some()) {
                let schema = mapping.id();
                names.push(Name { text: text.id(), resource: resource_around(schema), schema });
            }
        }
        names.sort_by_key(|name| (plain_name(tree.node(name.text)), name.resource, name.schema));
        Names(names)
    }

    /// The schema of that name in a file: one of the file's own first.
    fn first<'t>(&self, tree: &'t Tree, name: &str) -> Option<NodeRef<'t>> {
        let at = self.0.partition_point(|one| plain_name(tree.node(one.text)) < Some(name));
        let found = self.0.get(at).filter(|one| plain_name(tree.node(one.text)) == Some(name))?;
        Some(tree.node(found.schema))
    }

    /// The schema of that name in a resource of the file, and not within another resource in it.
    pub(super) fn within<'t>(&self, tree: &'t Tree, resource: Option<NodeId>, name: &str) -> Option<NodeRef<'t>> {
        let wanted = (Some(name), resource);
        let place = |one: &Name| (plain_name(tree.node(one.text)), one.resource);
        let at = self.0.partition_point(|one| place(one) < wanted);
        let found = self.0.get(at).filter(|one| place(one) == wanted)?;
        Some(tree.node(found.schema))
    }
}

/// The plain name that an `$anchor` or `$id` value gives.
fn plain_name(value: NodeRef<'_>) -> Option<&str> {
    let text = value.as_str().filter(|text| text.len() <= MAX_REFERENCE)?;
    let is_id = value.key().and_then(NodeRef::scalar) == Some("$id");
    if is_id { text.strip_prefix('#').filter(|name| !name.is_empty()) } else { Some(text) }
}

/// The reference of a mapping with a string `$ref`.
fn reference_of(node: NodeRef<'_>) -> Option<&str> {
    node.str_at("$ref")
}

/// The file that a reference names, relative to the platform root; nothing where it names its own file.
///
/// # Errors
/// When the reference is empty, malformed or remote, or climbs out of the root.
pub(super) fn target_path(from: &str, reference: &str) -> Result<Option<String>, RefError> {
    if reference.is_empty() {
        return Err(RefError::Empty);
    }
    if reference.len() > MAX_REFERENCE {
        return Err(malformed(reference, "it is longer than 1024 bytes"));
    }
    let path = reference.split_once('#').map_or(reference, |(path, _)| path);
    if path.is_empty() {
        return Ok(None);
    }
    if is_remote(path) {
        return Err(RefError::Remote(reference.to_owned()));
    }
    if path.contains('?') {
        return Err(malformed(reference, "a path to a file has no query"));
    }
    let path = percent_decode(path).map_err(|reason| malformed(reference, reason))?;
    if path.contains(['\\', '\0']) {
        return Err(malformed(reference, "a path takes / between its folders"));
    }
    if path.starts_with('/') {
        return Err(RefError::Remote(reference.to_owned()));
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| RefError::Escapes(reference.to_owned()))?;
            }
            part => parts.push(part),
        }
    }
    Ok(Some(parts.join("/")))
}

/// Whether a path is absolute, or has a scheme (RFC 3986, section 3.1).
fn is_remote(path: &str) -> bool {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    path.starts_with('/')
        || scheme.is_some_and(|scheme| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        })
}

/// Percent-decoding (RFC 3986, section 2.1; for fragments RFC 6901, section 6).
pub(crate) fn percent_decode(text: &str) -> Result<String, &'static str> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.first_chunk::<2>().map(|pair| pair.map(|digit| char::from(digit).to_digit(16)));
        let Some([Some(high), Some(low)]) = digits else {
            return Err("% takes two hexadecimal digits; write it as %25");
        };
        bytes.push((high * 16 + low) as u8);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| "its percent-encoded bytes are not UTF-8")
}

fn at_pointer<'t>(file: &SourceFile, tree: &'t Tree, pointer: &str) -> Result<NodeRef<'t>, RefError> {
    let mut node = tree.root();
    let mut known = 0;
    for token in pointer[1..].split('/') {
        let Some(child) = node.child(token) else {
            let (path, known) = (file.path.to_string(), pointer[..known].to_owned());
            return Err(RefError::MissingPointer { path, pointer: pointer.to_owned(), known });
        };
        node = child;
        known += 1 + token.len();
    }
    Ok(node)
}

/// A JSON Pointer for a message.
fn place(pointer: &str) -> String {
    if pointer.is_empty() { "only its root".to_owned() } else { shorten(pointer) }
}

fn malformed(reference: &str, reason: &'static str) -> RefError {
    RefError::Malformed { reference: shorten(reference), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn sources(files: &[(&str, &str)]) -> Sources {
        load(&MemoryStore::new(files.iter().map(|&(path, text)| (path, text.as_bytes()))), &|_| true).unwrap()
    }

    fn key(sources: &Sources, path: &str, pointer: &str) -> NodeKey {
        let file = sources.id_of(path).unwrap();
        NodeKey { file, node: sources.root(file).unwrap().pointer(pointer).unwrap().id() }
    }

    #[test]
    fn references_lead_across_files() {
        let sources = sources(&[
            ("services/a/api.yaml", "paths:\n  /u/{id}: {x: 1}\nlist: [a, b]\n'%': p\n"),
            ("services/b/my schema.json", r#"{"defs": {"a~b": 1}}"#),
            ("root.yaml", "1"),
        ]);
        let from = key(&sources, "services/a/api.yaml", "");
        for (reference, path, pointer) in [
            ("#", "services/a/api.yaml", ""),
            ("#/paths/~1u~1{id}/x", "services/a/api.yaml", "/paths/~1u~1{id}/x"),
            ("#/paths/~1u~1%7Bid%7D", "services/a/api.yaml", "/paths/~1u~1{id}"),
            ("#/%25", "services/a/api.yaml", "/%"),
            ("#/list/1", "services/a/api.yaml", "/list/1"),
            ("api.yaml#/list", "services/a/api.yaml", "/list"),
            ("./../b/my%20schema.json", "services/b/my schema.json", ""),
            ("../b/my schema.json#/defs/a~0b", "services/b/my schema.json", "/defs/a~0b"),
            ("../../root.yaml", "root.yaml", ""),
        ] {
            assert_eq!(sources.resolve(from, reference), Ok(key(&sources, path, pointer)), "{reference}");
        }
    }

    #[test]
    fn what_leads_nowhere_says_why() {
        let sources = sources(&[("a/x.yaml", "p: {q: [1]}"), ("a/bad.json", "{"), ("a/doc.md", "# x")]);
        let from = key(&sources, "a/x.yaml", "");
        let fails = |reference: &str| sources.resolve(from, reference).unwrap_err();
        assert_eq!(fails(""), RefError::Empty);
        for remote in
            ["https://h/x.yaml", "//h/x", "/etc/passwd", "file:///x", "C:/x.yaml", "urn:x#/y", "%2fetc/passwd"]
        {
            assert_eq!(fails(remote), RefError::Remote(remote.to_owned()));
        }
        for out in ["../../x.yaml", "../a/../../x", "%2e%2e/../x"] {
            assert_eq!(fails(out), RefError::Escapes(out.to_owned()));
        }
        assert_eq!(fails("y.yaml"), RefError::MissingFile { path: "a/y.yaml".to_owned() });
        for path in ["bad.json", "doc.md"] {
            assert_eq!(fails(path), RefError::NotATree { path: format!("a/{path}") });
        }
        for (reference, pointer, known) in
            [("#/p/r/s", "/p/r/s", "/p"), ("#/z", "/z", ""), ("#/p/q/01", "/p/q/01", "/p/q")]
        {
            let (path, pointer, known) = ("a/x.yaml".to_owned(), pointer.to_owned(), known.to_owned());
            assert_eq!(fails(reference), RefError::MissingPointer { path, pointer, known });
        }
        assert!(matches!(fails("#name"), RefError::MissingName { .. }));
        let long = "x".repeat(5000);
        for malformed in ["#/%zz", "#/%f", "x.yaml?y", "a\\b.yaml", "#/%ff", &long] {
            assert!(matches!(fails(malformed), RefError::Malformed { .. }), "{malformed}");
        }
    }

    #[test]
    fn plain_names_are_anchors() {
        let sources = sources(&[(
            "s.json",
            r##"{"a": {"$anchor": "one"}, "b": {"$dynamicAnchor": "two"}, "c": {"$id": "#three"}, "d": {"$id": "four"}}"##,
        )]);
        let from = key(&sources, "s.json", "");
        for (reference, pointer) in [("#one", "/a"), ("#two", "/b"), ("s.json#three", "/c")] {
            assert_eq!(sources.resolve(from, reference), Ok(key(&sources, "s.json", pointer)));
        }
        assert!(matches!(sources.resolve(from, "#four"), Err(RefError::MissingName { .. })));
    }

    #[test]
    fn chains_are_followed_to_their_end() {
        let mut text = String::from("end: {type: string}\nn0: {$ref: '#/end'}\n");
        for n in 1..5000 {
            text.push_str(&format!("n{n}: {{$ref: '#/n{}'}}\n", n - 1));
        }
        text.push_str("lost: {$ref: '#/none'}\nto_lost: {$ref: '#/lost'}\n");
        text.push_str("c1: {$ref: '#/c2'}\nc2: {$ref: '#/c1'}\nto_c: {$ref: '#/c1'}\nself: {$ref: '#/self'}\n");
        let sources = sources(&[("a.yaml", &text)]);
        let follow = |pointer: &str| sources.follow(key(&sources, "a.yaml", pointer));
        let end = key(&sources, "a.yaml", "/end");
        for pointer in ["/end", "/n0", "/n2500", "/n4999"] {
            assert_eq!(follow(pointer), Ok(end));
        }
        for pointer in ["/lost", "/to_lost"] {
            assert!(matches!(follow(pointer), Err(RefError::MissingPointer { .. })));
        }
        for pointer in ["/c1", "/c2", "/to_c", "/self"] {
            assert_eq!(follow(pointer), Err(RefError::Cycle));
        }
        assert_eq!(follow("/n0/$ref"), Ok(key(&sources, "a.yaml", "/n0/$ref")));
    }
}
