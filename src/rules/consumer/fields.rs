//! Whether schemas declare a field, in the contract as it is written.

use rustc_hash::FxHashSet;

use crate::document::{FieldPath, Step};
use crate::source::{NodeKey, NodeRef, Sources};

/// Schemas that are looked at for one field.
const MOST_SCHEMAS: usize = 2000;

/// What a contract says of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Declared<'s> {
    /// It has it, or leaves open what is there.
    Yes,
    /// It does not have it; the names that it has in its place.
    No(Vec<&'s str>),
}

/// Looks a field up below the schemas of a body. A schema that declares no properties, or one for those that it does not
/// name, is open.
pub(super) fn declared<'s>(sources: &'s Sources, roots: &[NodeKey], path: &FieldPath) -> Declared<'s> {
    let Some(mut level) = same(sources, roots.to_vec()) else { return Declared::Yes };
    for step in &path.steps {
        let next = match step {
            Step::Items => items(sources, &level),
            Step::Any => return Declared::Yes,
            Step::Name(name) => {
                let all = properties(sources, &level);
                let of_name: Vec<NodeKey> =
                    all.iter().filter(|(known, _)| known == name).map(|(_, key)| *key).collect();
                if of_name.is_empty() && !all.is_empty() && !is_open(sources, &level) {
                    return Declared::No(all.into_iter().map(|(name, _)| name).collect());
                }
                of_name
            }
        };
        if next.is_empty() {
            return Declared::Yes;
        }
        let Some(found) = same(sources, next) else { return Declared::Yes };
        level = found;
    }
    Declared::Yes
}

/// The schemas with all that speak of the same value; nothing where that is not known: a reference leads nowhere, or there
/// are too many.
fn same(sources: &Sources, mut open: Vec<NodeKey>) -> Option<Vec<NodeKey>> {
    const PARTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
    const CONDITIONS: [&str; 3] = ["if", "then", "else"];
    open.reverse();
    let (mut seen, mut found) = (FxHashSet::default(), Vec::new());
    while let Some(key) = open.pop() {
        if !seen.insert(key) {
            continue;
        }
        if seen.len() > MOST_SCHEMAS {
            return None;
        }
        let node = sources.node(key);
        if node.get("$ref").is_some() {
            open.push(sources.follow(key).ok()?);
        }
        found.push(key);
        let here = |node: NodeRef<'_>| NodeKey { file: key.file, node: node.id() };
        let parts = PARTS.iter().filter_map(|keyword| node.get(keyword)).flat_map(NodeRef::items);
        let conditions = CONDITIONS.iter().filter_map(|keyword| node.get(keyword));
        let dependent = node.get("dependentSchemas").into_iter().flat_map(NodeRef::fields).map(|(_, schema)| schema);
        open.extend(parts.chain(conditions).chain(dependent).map(here));
    }
    Some(found)
}

fn properties<'s>(sources: &'s Sources, level: &[NodeKey]) -> Vec<(&'s str, NodeKey)> {
    let of = |key: &NodeKey| {
        let file = key.file;
        let fields = sources.node(*key).get("properties").into_iter().flat_map(NodeRef::fields);
        fields.map(move |(name, node)| (name, NodeKey { file, node: node.id() })).collect::<Vec<_>>()
    };
    level.iter().flat_map(of).collect()
}

fn items(sources: &Sources, level: &[NodeKey]) -> Vec<NodeKey> {
    let of = |key: &NodeKey| {
        let (node, file) = (sources.node(*key), key.file);
        let single = node.get("items").filter(|items| items.is_mapping());
        let listed = ["prefixItems", "items"].into_iter().filter_map(move |keyword| node.get(keyword));
        let listed = listed.flat_map(NodeRef::items);
        single.into_iter().chain(listed).map(move |node| NodeKey { file, node: node.id() }).collect::<Vec<_>>()
    };
    level.iter().flat_map(of).collect()
}

/// Whether there may be properties of other names that the contract describes.
fn is_open(sources: &Sources, level: &[NodeKey]) -> bool {
    level.iter().any(|key| {
        let node = sources.node(*key);
        let described = ["additionalProperties", "unevaluatedProperties"];
        node.get("patternProperties").is_some()
            || described.iter().any(|keyword| node.get(keyword).is_some_and(|value| value.as_bool() != Some(false)))
    })
}
