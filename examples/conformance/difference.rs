//! What differs between two documents as they are written.

use agentspec::source::{Kind, NodeRef};

/// A key or an item that one document has and the other has not, or has with another value.
#[derive(Clone)]
pub(crate) struct Difference<'d> {
    /// The keys and places from the root.
    pub(crate) path: Vec<String>,
    /// What holds it, from the root, in the document that has it (the old one, where both do).
    pub(crate) holders: Vec<NodeRef<'d>>,
    /// What is there in the old document.
    pub(crate) old: Option<NodeRef<'d>>,
    /// What is there in the new one.
    pub(crate) new: Option<NodeRef<'d>>,
}

impl Difference<'_> {
    pub(crate) fn last(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    pub(crate) fn has(&self, token: &str) -> bool {
        self.path.iter().any(|one| one == token)
    }
}

/// Keys whose values are for people.
const NOTES: [&str; 6] = ["description", "summary", "title", "example", "examples", "info"];

/// The differences of two documents, the innermost ones; those of notes and keys without a value are left out.
pub(crate) fn differences<'d>(old: NodeRef<'d>, new: NodeRef<'d>) -> Vec<Difference<'d>> {
    let mut found = Vec::new();
    // Pairs of which it is known that both are there.
    let mut open = vec![(Vec::new(), Vec::new(), old, new)];
    while let Some((path, holders, old, new)) = open.pop() {
        let tokens = match (old.is_mapping() && new.is_mapping(), old.is_sequence() && new.is_sequence()) {
            (true, _) => keys(old, new),
            (_, true) => (0..old.len().max(new.len())).map(|at| at.to_string()).collect(),
            _ if old.kind() == new.kind() && old.scalar() == new.scalar() => continue,
            _ => {
                found.push(Difference { path, holders, old: Some(old), new: Some(new) });
                continue;
            }
        };
        for token in tokens {
            let pair = (child(old, &token), child(new, &token));
            let (path, mut holders) = ([&path[..], std::slice::from_ref(&token)].concat(), holders.clone());
            holders.push(if pair.0.is_none() { new } else { old });
            match pair {
                (Some(old), Some(new)) => open.push((path, holders, old, new)),
                (None, None) => {}
                (old, new) => found.push(Difference { path, holders, old, new }),
            }
        }
    }
    found
}

fn keys(old: NodeRef<'_>, new: NodeRef<'_>) -> Vec<String> {
    // A map of properties has names, and no notes.
    let is_note = |key: &str| NOTES.contains(&key) && old.key().and_then(NodeRef::scalar) != Some("properties");
    let mut keys: Vec<String> = old.fields().chain(new.fields()).map(|(key, _)| key.to_owned()).collect();
    keys.retain(|key| !is_note(key));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What is under a key or at a place; a key without a value says what no key says, but for those that name a value.
fn child<'d>(node: NodeRef<'d>, token: &str) -> Option<NodeRef<'d>> {
    match node.is_mapping() {
        true => node.get(token).filter(|found| found.kind() != Kind::Null || matches!(token, "const" | "default")),
        false => node.child(token),
    }
}

#[cfg(test)]
mod tests {
    use agentspec::source::{MemoryStore, Sources, load};

    use super::*;

    fn read(text: &str) -> Sources {
        load(&MemoryStore::new([("a.yaml", text)]), &|_| true).unwrap()
    }

    #[track_caller]
    fn paths(old: &str, new: &str, expected: &[&str]) {
        let (old, new) = (read(old), read(new));
        let root = |sources| Sources::root(sources, Sources::id_of(sources, "a.yaml").unwrap()).unwrap();
        let mut found: Vec<String> =
            differences(root(&old), root(&new)).into_iter().map(|one| one.path.join("/")).collect();
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_innermost_places_are_named() {
        paths("{a: {b: 1, c: [1, 2]}}", "{a: {b: 2, c: [1, 2, 3]}}", &["a/b", "a/c/2"]);
        paths("{a: 1}", "{a: {b: 1}}", &["a"]);
        paths("{a: {x: 1}}", "{b: {x: 1}}", &["a", "b"]);
    }

    #[test]
    fn notes_and_keys_without_a_value_do_not_count() {
        paths("{info: {version: 1}, get: {summary: a}}", "{info: {version: 2}, get: {summary: b, content: }}", &[]);
        paths("{properties: {title: {type: string}}}", "{properties: {}}", &["properties/title"]);
        paths("{default: null}", "{}", &["default"]);
    }
}
