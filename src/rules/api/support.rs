//! What several rules of this family need: path templates, close names, and the properties that a schema declares.

use rustc_hash::FxHashSet;

use crate::document::openapi::{Api, Object, OpenApi, Operation, Reference, Version};
use crate::rules::closest::closest;
use crate::source::{NodeKey, NodeRef, RefError};

/// Schemas that are looked at for one question.
const MAX_SCHEMAS: usize = 500;

/// The references that lead nowhere, with the reason.
pub(super) fn broken(document: &OpenApi) -> impl Iterator<Item = (&Reference, &RefError)> {
    document.references.iter().filter_map(|reference| Some((reference, reference.target.as_ref().err()?)))
}

/// The closest name, or the only one there is.
pub(super) fn closest_or_only<'n>(wrong: &str, known: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let mut all = known.clone();
    let only = all.next().filter(|_| all.next().is_none());
    closest(wrong, known).or(only)
}

/// The names in braces, in order.
pub(super) fn template_names(template: &str) -> Vec<&str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// A template without the names in its braces.
pub(super) fn anonymous(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut inside = false;
    for char in template.chars() {
        inside &= char != '}';
        if !inside {
            out.push(char);
        }
        inside |= char == '{';
    }
    out
}

/// Whether not all parameters of the operation are known: a reference among them leads nowhere, or one stands in place
/// of the operation.
pub(super) fn has_unknown_parameters(operation: Operation<'_>) -> bool {
    let mut slots = operation.object.items_of("parameters").chain(operation.item.items_of("parameters"));
    operation.object.at("$ref").is_some() || slots.any(|slot| slot.followed().is_none())
}

/// The operations that are written in different places: thousands of paths may refer to one path item, and what is wrong
/// there is looked for once.
pub(super) fn once<'a>(operations: impl Iterator<Item = Operation<'a>>) -> impl Iterator<Item = Operation<'a>> {
    let mut seen = FxHashSet::default();
    operations.filter(move |operation| seen.insert(operation.object.key()))
}

/// Whether the operation has `responses`, or does without them as 3.1 allows; in 3.0 the structure lacks them.
pub(super) fn has_responses(api: Api<'_>, operation: Operation<'_>) -> bool {
    operation.object.at("responses").is_some() || api.version() == Version::V31
}

/// The properties that a schema declares.
#[derive(Default)]
pub(super) struct Declared<'a> {
    /// Their names.
    pub names: FxHashSet<&'a str>,
    /// Whether there may be more: a schema for other properties, or a part that is not known.
    pub open: bool,
}

/// The properties of a schema and of those that apply to the same value: `$ref`, `allOf`, `anyOf`, `oneOf`, conditions.
pub(super) fn declared(schema: Object<'_>) -> Declared<'_> {
    let mut all = Declared::default();
    collect(vec![schema], &mut all);
    all
}

/// The same, with the schemas that the schema is a branch of.
pub(super) fn declared_around(schema: Object<'_>) -> Declared<'_> {
    let mut all = Declared::default();
    let mut open = vec![schema];
    let mut node = schema.node();
    while let Some(parent) = node.parent() {
        let (holder, keyword) = match node.key().and_then(NodeRef::scalar) {
            Some(keyword) => (parent, keyword),
            None => match (parent.parent(), parent.key().and_then(NodeRef::scalar)) {
                (Some(holder), Some(keyword)) => (holder, keyword),
                _ => break,
            },
        };
        match keyword {
            "allOf" | "anyOf" | "oneOf" | "then" | "else" => {
                let key = NodeKey { file: schema.key().file, node: holder.id() };
                open.push(Object::new(schema.sources(), key));
            }
            // What must not hold, or is only asked, may name anything.
            "not" | "if" => all.open = true,
            _ => break,
        }
        node = holder;
    }
    collect(open, &mut all);
    all
}

fn collect<'a>(mut open: Vec<Object<'a>>, all: &mut Declared<'a>) {
    let mut seen: FxHashSet<NodeKey> = FxHashSet::default();
    while let Some(schema) = open.pop() {
        if !seen.insert(schema.key()) {
            continue;
        }
        let branches = ["allOf", "anyOf", "oneOf"].map(|field| schema.node().get(field).map_or(0, NodeRef::len));
        if seen.len() + branches.iter().sum::<usize>() > MAX_SCHEMAS {
            all.open = true;
            return;
        }
        if let Some(reference) = schema.text("$ref") {
            match schema.sources().resolve(schema.key(), reference) {
                Ok(target) => open.push(Object::new(schema.sources(), target)),
                Err(_) => all.open = true,
            }
        }
        all.names.extend(schema.entries_of("properties").map(|(name, _)| name));
        let others = schema.node().get("additionalProperties").is_some_and(NodeRef::is_mapping);
        all.open |= others || schema.at("patternProperties").is_some() || schema.at("$dynamicRef").is_some();
        open.extend(["allOf", "anyOf", "oneOf"].into_iter().flat_map(|field| schema.items_of(field)));
        open.extend(["then", "else"].into_iter().filter_map(|field| schema.at(field)));
        open.extend(schema.entries_of("dependentSchemas").map(|(_, part)| part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_give_their_names() {
        assert_eq!(template_names("/a/{b}/c/{d}"), ["b", "d"]);
        assert_eq!(template_names("/a/{}/{open"), [""]);
        assert_eq!(anonymous("/a/{b}/c.{d}"), "/a/{}/c.{}");
    }

    #[test]
    fn one_name_needs_not_be_close() {
        assert_eq!(closest_or_only("totl", ["id", "total"].into_iter()), Some("total"));
        assert_eq!(closest_or_only("number", ["name", "total"].into_iter()), None);
        assert_eq!(closest_or_only("id", ["orderId"].into_iter()), Some("orderId"));
    }
}
