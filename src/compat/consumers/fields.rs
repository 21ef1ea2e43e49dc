//! Ways from a body to its fields. Which schemas a path passes, and which lie below its end, are sets of nodes: a cycle of
//! schemas needs no unrolling, and a path that could be continued for ever is one of finitely many nodes.

use rustc_hash::FxHashSet;

use crate::document::{FieldPath, Step};
use crate::model::{AdditionalProperties, Keyword, SchemaId, Schemas};

/// A set of schemas.
pub(super) type Nodes = FxHashSet<SchemaId>;

/// Every schema that who uses the field at `path` depends on: those on the way (a change there concerns what they hold),
/// the field's own, and all below it (it is used as a whole). Schemas beside the way are none of them.
pub(super) fn touched(schemas: &Schemas, roots: &[SchemaId], path: &FieldPath) -> Nodes {
    let mut level = said_of_the_same(schemas, roots.to_vec());
    let mut nodes: Nodes = level.iter().copied().collect();
    for step in &path.steps {
        level = said_of_the_same(schemas, next(schemas, &level, step));
        if level.is_empty() {
            return nodes;
        }
        nodes.extend(level.iter().copied());
    }
    nodes.extend(below(schemas, &level));
    nodes
}

/// The schemas of the field at `path`; none where it is not declared.
pub(super) fn at(schemas: &Schemas, roots: &[SchemaId], path: &FieldPath) -> Vec<SchemaId> {
    let mut level = said_of_the_same(schemas, roots.to_vec());
    for step in &path.steps {
        level = said_of_the_same(schemas, next(schemas, &level, step));
    }
    level
}

/// Names of the fields that are declared there, in the order of the contract.
pub(super) fn names<'s>(schemas: &'s Schemas, level: &[SchemaId]) -> Vec<&'s str> {
    let properties = level.iter().flat_map(|id| schemas.get(*id).properties());
    properties.map(|(name, _)| name.as_str()).collect()
}

/// Everything that can be reached, the start included.
pub(super) fn below(schemas: &Schemas, start: &[SchemaId]) -> Nodes {
    let mut seen: Nodes = start.iter().copied().collect();
    let mut open = start.to_vec();
    while let Some(id) = open.pop() {
        for keyword in &schemas.get(id).keywords {
            each(keyword, &mut |child, _| {
                if seen.insert(child) {
                    open.push(child);
                }
            });
        }
    }
    seen
}

/// The schemas with all that speak of the same value: through `$ref`, `allOf`, alternatives and conditions.
pub(super) fn said_of_the_same(schemas: &Schemas, mut open: Vec<SchemaId>) -> Vec<SchemaId> {
    let (mut seen, mut found) = (Nodes::default(), Vec::new());
    // The stack is worked off from its end, and the order is to be that of the contract.
    open.reverse();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        found.push(id);
        let first = open.len();
        for keyword in &schemas.get(id).keywords {
            each(keyword, &mut |child, way| {
                if way == Way::Same {
                    open.push(child);
                }
            });
        }
        open[first..].reverse();
    }
    found
}

fn next(schemas: &Schemas, level: &[SchemaId], step: &Step) -> Vec<SchemaId> {
    let mut found = Vec::new();
    for id in level {
        for keyword in &schemas.get(*id).keywords {
            each(keyword, &mut |child, way| {
                let leads = match (step, way) {
                    (Step::Name(wanted), Way::Property(name)) => wanted == name,
                    (Step::Any, Way::Property(_)) | (Step::Name(_) | Step::Any, Way::Values) => true,
                    (Step::Items, Way::Items) => true,
                    _ => false,
                };
                if leads {
                    found.push(child);
                }
            });
        }
    }
    found
}

/// Where a keyword's schema stands to the one that holds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way<'k> {
    /// It speaks of the same value.
    Same,
    /// It speaks of the property of that name.
    Property(&'k str),
    /// It speaks of properties that are not named.
    Values,
    /// It speaks of items.
    Items,
}

/// Every schema that a keyword names.
fn each<'k>(keyword: &'k Keyword, visit: &mut dyn FnMut(SchemaId, Way<'k>)) {
    match keyword {
        Keyword::Ref(id)
        | Keyword::Not(id)
        | Keyword::If(id)
        | Keyword::Then(id)
        | Keyword::Else(id)
        | Keyword::ContentSchema(id)
        | Keyword::PropertyNames(id) => visit(*id, Way::Same),
        Keyword::AllOf(list) | Keyword::AnyOf(list) | Keyword::OneOf(list) => {
            list.iter().for_each(|id| visit(*id, Way::Same));
        }
        Keyword::DependentSchemas(list) => list.iter().for_each(|(_, id)| visit(*id, Way::Same)),
        Keyword::Discriminator { mapping, .. } => {
            mapping.iter().filter_map(|(_, id)| *id).for_each(|id| visit(id, Way::Same));
        }
        Keyword::Items(id) | Keyword::Contains(id) | Keyword::UnevaluatedItems(AdditionalProperties::Schema(id)) => {
            visit(*id, Way::Items);
        }
        Keyword::PrefixItems(list) => list.iter().for_each(|id| visit(*id, Way::Items)),
        Keyword::Properties(list) => list.iter().for_each(|(name, id)| visit(*id, Way::Property(name))),
        Keyword::PatternProperties(list) => list.iter().for_each(|(_, id)| visit(*id, Way::Values)),
        Keyword::AdditionalProperties(AdditionalProperties::Schema(id))
        | Keyword::UnevaluatedProperties(AdditionalProperties::Schema(id)) => visit(*id, Way::Values),
        _ => {}
    }
}
