//! Where a document departs from the structure of its OpenAPI version, as data.

use super::Version;
use super::tables::ObjectType;
use crate::source::{Kind, NodeKey, Route, Sources};

/// One departure from the structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The object or value it concerns.
    pub node: NodeKey,
    /// What is wrong.
    pub kind: ViolationKind,
}

/// So many departures of a document are kept: more than are told, and a file of a megabyte can hold half a million.
const KEPT: usize = 5_000;

/// The departures of a document, in the order in which they are met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    /// The first of them.
    pub kept: Vec<Violation>,
    /// The first that is not kept, and how many there are.
    pub left_out: Option<(Violation, usize)>,
}

impl Violations {
    /// Adds one.
    pub fn push(&mut self, violation: Violation) {
        match &mut self.left_out {
            Some((_, count)) => *count += 1,
            None if self.kept.len() < KEPT => self.kept.push(violation),
            none => *none = Some((violation, 1)),
        }
    }
}

/// The kinds of departures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// A required field is missing; the node is the object.
    Missing {
        /// What the object is.
        object: ObjectType,
        /// The field.
        field: &'static str,
    },
    /// A field that the object does not have; the node is the field's value.
    Unknown {
        /// What the object is.
        object: ObjectType,
        /// The version that has the field, where the other one does.
        version: Option<Version>,
    },
    /// A value of the wrong type.
    WrongType {
        /// What it should be, as words.
        expected: &'static str,
    },
    /// A text that is none of the allowed words.
    NotAllowed {
        /// The allowed words.
        allowed: &'static [&'static str],
    },
    /// A list that must have an item, or a map that must have an entry.
    Empty,
    /// A list whose item stands there before; the node is the later one.
    Repeated,
    /// A key that may not be written so; the node is its value.
    BadKey {
        /// What it should be, as words.
        expected: &'static str,
    },
    /// Two fields that exclude each other; the node is the object.
    Conflict {
        /// The first field.
        first: &'static str,
        /// The second field.
        second: &'static str,
    },
    /// A reference where none may stand; the node is the mapping that holds it.
    MisplacedReference {
        /// What must stand there.
        object: ObjectType,
    },
    /// A reference to a component of another kind.
    WrongTarget {
        /// What the target must be.
        expected: ObjectType,
        /// What it is.
        found: ObjectType,
    },
}

impl Violation {
    /// The place to point at: the key of an unknown field, the value otherwise.
    pub fn route(&self) -> Route {
        match self.kind {
            ViolationKind::Unknown { .. } | ViolationKind::BadKey { .. } | ViolationKind::Missing { .. } => {
                Route::key_of(self.node)
            }
            _ => Route::node(self.node),
        }
    }

    /// The headline, with names in backticks.
    pub fn message(&self, sources: &Sources) -> String {
        let node = sources.node(self.node);
        let name = || node.key().and_then(|key| key.scalar()).map(|key| format!("`{key}`"));
        let name = || name().unwrap_or_else(|| "an item of this list".to_owned());
        match self.kind {
            ViolationKind::Missing { object, field } => format!("{} has no `{field}`", capital(object.name())),
            ViolationKind::Unknown { object, version: None } => format!("{} has no field {}", object.name(), name()),
            ViolationKind::Unknown { version: Some(Version::V31), .. } => {
                format!("{} is a field of OpenAPI 3.1, and this document is 3.0", name())
            }
            ViolationKind::Unknown { version: Some(Version::V30), .. } => {
                format!("{} is a field of OpenAPI 3.0, and this document is 3.1", name())
            }
            ViolationKind::WrongType { expected } => {
                format!("{} must be {expected}, and is {}", name(), found(node.kind()))
            }
            ViolationKind::NotAllowed { .. } => {
                format!("{} cannot be `{}`", name(), cut(node.scalar().unwrap_or_default()))
            }
            ViolationKind::Empty => format!("{} is empty", name()),
            ViolationKind::Repeated => {
                format!("`{}` stands twice in this list", cut(node.scalar().unwrap_or_default()))
            }
            ViolationKind::BadKey { expected } => format!("{} must be {expected}", name()),
            ViolationKind::Conflict { first, second } => format!("`{first}` and `{second}` exclude each other"),
            ViolationKind::MisplacedReference { object } => {
                format!("a `$ref` cannot stand in place of {}", object.name())
            }
            ViolationKind::WrongTarget { expected, found } => {
                format!("this reference must name {}, and names {}", expected.name(), found.name())
            }
        }
    }

    /// The next edit.
    pub fn help(&self) -> String {
        match self.kind {
            ViolationKind::Missing { field, .. } => format!("Add `{field}`"),
            ViolationKind::Unknown { version: Some(_), .. } => {
                "Remove it, or declare the version that has it in `openapi`".to_owned()
            }
            ViolationKind::Unknown { .. } => {
                "Correct the name, move it to where it belongs, or prefix it with `x-`".to_owned()
            }
            ViolationKind::WrongType { expected } => format!("Write {expected} here"),
            ViolationKind::NotAllowed { allowed } => format!("Write one of `{}`", allowed.join("`, `")),
            ViolationKind::Empty => "Add an item, or remove the field".to_owned(),
            ViolationKind::Repeated => "Remove the second one".to_owned(),
            ViolationKind::BadKey { expected } => format!("Rename it to {expected}"),
            ViolationKind::Conflict { second, .. } => format!("Keep one of them; remove `{second}` for example"),
            ViolationKind::MisplacedReference { object } => {
                format!("Write {} here; in place of a whole path item a `$ref` may stand", object.name())
            }
            ViolationKind::WrongTarget { expected, .. } => format!("Refer to {} instead", expected.name()),
        }
    }
}

fn found(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "empty",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Sequence => "a list",
        Kind::Mapping => "an object",
    }
}

fn cut(text: &str) -> String {
    if text.chars().nth(60).is_none() { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
