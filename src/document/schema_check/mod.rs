//! Validates a value of a document against a schema of a document, both in place: JSON Schema 2020-12 (Core sections 10
//! and 11, Validation section 6) and the dialect of OpenAPI 3.0. `format` is an annotation and asserts nothing.
//!
//! Whatever cannot be decided (a reference that leads nowhere, a dynamic one, a pattern of an unknown construct, more
//! work than the limits allow) makes the answer "nothing to say", never a finding.

mod compare;
mod evaluated;
mod keywords;
mod pattern;
mod patterns;

pub use compare::{same, sort_key};
pub use pattern::{Pattern, PatternError};
pub use patterns::Patterns;

use super::openapi::{Object, Version};
use crate::source::{Kind, NodeKey, NodeRef, Sources};

/// Schemas nested deeper than this for one value are not decided.
const MAX_DEPTH: usize = 96;
/// Steps for one value.
const MAX_STEPS: u32 = 200_000;
/// Mismatches that are kept for one value.
const MAX_MISMATCHES: usize = 8;

/// A part of a value that a schema refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The part.
    pub value: NodeKey,
    /// The schema that refuses it.
    pub schema: NodeKey,
    /// What is wrong, as a clause: "`age` must be `integer`, and is a string"; the
    /// whole value is "it".
    pub message: String,
}

/// Validates values against schemas of one dialect; keeps the compiled patterns, within a budget.
pub struct Checker<'a> {
    sources: &'a Sources,
    version: Version,
    patterns: Patterns<'a>,
    steps: u32,
    gave_up: bool,
}

/// A value that is being checked, or a part of it.
#[derive(Clone, Copy)]
struct Value<'a> {
    object: Object<'a>,
    /// Whether it is the whole value and not a part.
    whole: bool,
    /// The outermost schema that composes others (`allOf` and its like) and is asked about the same value.
    composed: Option<Object<'a>>,
}

impl<'a> Value<'a> {
    fn node(self) -> NodeRef<'a> {
        self.object.node()
    }

    fn part(object: Object<'a>) -> Self {
        Value { object, whole: false, composed: None }
    }

    /// How messages call it.
    fn name(self) -> String {
        if self.whole {
            return "it".to_owned();
        }
        let key = self.node().parent().filter(|parent| parent.is_mapping()).and_then(|_| self.node().key());
        match key.and_then(NodeRef::scalar) {
            Some(key) => format!("`{key}`"),
            None => "an item".to_owned(),
        }
    }
}

/// Mismatches are collected where they are wanted; otherwise the first one ends the check.
type Found<'f> = Option<&'f mut Vec<Mismatch>>;

impl<'a> Checker<'a> {
    /// A checker for the schemas of a document of that version.
    pub fn new(sources: &'a Sources, version: Version) -> Self {
        Checker { sources, version, patterns: Patterns::default(), steps: 0, gave_up: false }
    }

    /// What of the value the schema refuses, the first few parts; nothing where it accepts it or cannot tell.
    pub fn check(&mut self, schema: NodeKey, value: NodeKey) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.steps = 0;
        self.gave_up = false;
        let value = Value { object: Object::new(self.sources, value), whole: true, composed: None };
        self.accepts(Object::new(self.sources, schema), value, 0, &mut Some(&mut found));
        if self.gave_up {
            found.clear();
        }
        found.truncate(MAX_MISMATCHES);
        found
    }

    /// Whether the schema accepts the value; nothing where that cannot be told.
    pub fn decide(&mut self, schema: NodeKey, value: NodeKey) -> Option<bool> {
        self.steps = 0;
        self.gave_up = false;
        let value = Value { object: Object::new(self.sources, value), whole: true, composed: None };
        let accepted = self.accepts(Object::new(self.sources, schema), value, 0, &mut None);
        (!self.gave_up).then_some(accepted)
    }

    /// The compiled form of a pattern; nothing where it cannot be compiled.
    pub fn pattern(&mut self, text: &'a str) -> Option<&Pattern> {
        self.patterns.get(text)
    }

    /// One step of work; false when there were too many.
    fn step(&mut self, depth: usize) -> bool {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            self.gave_up = true;
        }
        !self.gave_up
    }

    fn accepts(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, found: &mut Found<'_>) -> bool {
        let mut schema = schema;
        loop {
            if !self.step(depth) {
                return true;
            }
            let node = schema.node();
            if node.kind() == Kind::Bool {
                let accepted = node.as_bool().unwrap_or(true);
                return accepted || self.refuse(schema, value, found, || format!("{} is not allowed", value.name()));
            }
            let Some(reference) = node.str_at("$ref") else { break };
            let Ok(target) = self.sources.resolve(schema.key(), reference) else {
                self.gave_up = true;
                return true;
            };
            let target = Object::new(self.sources, target);
            if self.version == Version::V30 || node.len() == 1 {
                schema = target;
            } else {
                // Next to its keywords the reference is one more (JSON Schema 2020-12 Core, section 8.2.3.1).
                let own = self.keywords(schema, value, depth, found);
                return (own || found.is_some()) & self.accepts(target, value, depth + 1, found) && own;
            }
        }
        self.keywords(schema, value, depth, found)
    }

    /// Notes a mismatch and answers no.
    fn refuse(
        &self,
        schema: Object<'a>,
        value: Value<'a>,
        found: &mut Found<'_>,
        message: impl FnOnce() -> String,
    ) -> bool {
        if let Some(found) = found
            && found.len() < MAX_MISMATCHES
        {
            found.push(Mismatch { value: value.object.key(), schema: schema.key(), message: message() });
        }
        false
    }
}

#[cfg(test)]
mod tests;
