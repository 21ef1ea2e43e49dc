//! OpenAPI 3.0 and 3.1 as thin views over the tree. One walk, driven by tables of object types, visits each reachable
//! object once (through `$ref`, over files), notes what is structurally wrong, and lists the objects by type, so that a
//! rule goes over "all schemas" or "all operations" without walking again.

mod conflicts;
mod fields;
mod schema_fields;
mod tables;
mod view;
mod violation;
mod walk;

pub use tables::ObjectType;
pub use view::{Api, Object, Operation, OperationKind, Parameter, PathEntry};
pub use violation::{Violation, ViolationKind, Violations};

use crate::source::{FileId, NodeKey, RefError, Sources};

/// The version of the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0.x.
    V30,
    /// OpenAPI 3.1.x.
    V31,
}

impl Version {
    /// The dialect that the text of `openapi` names.
    pub fn of(text: &str) -> Option<Version> {
        let patch = |rest: &str| rest.split(['-', '+']).next().is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        match text.get(..4) {
            Some("3.0.") if text.len() > 4 && patch(&text[4..]) => Some(Version::V30),
            Some("3.1.") if text.len() > 4 && patch(&text[4..]) => Some(Version::V31),
            _ => None,
        }
    }
}

/// One OpenAPI document with everything that is reachable from it.
#[derive(Debug)]
pub struct OpenApi {
    /// The document's file.
    pub file: FileId,
    /// Its dialect; nothing where `openapi` is missing or names another version.
    pub version: Option<Version>,
    /// The topmost object.
    pub root: NodeKey,
    /// What is structurally wrong, in the order of the walk.
    pub violations: Violations,
    /// Every reference position.
    pub references: Vec<Reference>,
    /// The entries of `components`, in the order of the file.
    pub components: Vec<Component>,
    lists: Vec<Vec<NodeKey>>,
    /// For each schema of its list, a bit for each field that it has, by the field's index in the version's table.
    schema_fields: Vec<u64>,
    operations: Vec<OperationEntry>,
}

/// A mapping with a `$ref` that stands where one may stand.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The mapping that holds the `$ref`.
    pub node: NodeKey,
    /// What the target must be.
    pub expected: ObjectType,
    /// The node it names, one step on, or why there is none.
    pub target: Result<NodeKey, RefError>,
}

/// An entry of `components`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// What it is.
    pub kind: ObjectType,
    /// Its name: the key's node.
    pub key: NodeKey,
    /// The value under its name.
    pub node: NodeKey,
    /// Whether a path, a webhook or the document's security reaches it.
    pub used: bool,
}

/// An operation with the way that leads to it.
#[derive(Clone, Copy, Debug)]
struct OperationEntry {
    kind: OperationKind,
    method: &'static str,
    /// The path template (or name, or expression): the key's node.
    path: NodeKey,
    /// The value under it.
    slot: NodeKey,
    /// The path item, behind `$ref`.
    item: NodeKey,
    node: NodeKey,
}

/// The schema that a value of a discriminator's `mapping` names: a component's name, or a reference (3.1.1, section
/// 4.8.25). `at` is the value's node.
pub fn mapping_target(sources: &Sources, at: NodeKey, value: &str) -> Option<NodeKey> {
    let schemas = sources.root(at.file)?.get("components").and_then(|components| components.get("schemas"));
    match schemas.and_then(|schemas| schemas.get(value)) {
        Some(schema) => Some(NodeKey { file: at.file, node: schema.id() }),
        None => sources.resolve(at, value).ok(),
    }
}

#[cfg(test)]
mod tests;
