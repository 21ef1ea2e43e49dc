//! How many schemas a value and its parts meet, which is how long a validator takes: a schema that many others refer to is asked
//! each time, so that definitions made of two of the next take twice as long with each.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::target_of;

/// A value that meets more schemas is not asked about.
const MANY: u64 = 200_000;
/// Nor is one that meets them deeper.
const DEEPEST: usize = 500;

/// Counts for one value.
pub(super) struct Steps<'d> {
    definitions: &'d Map<String, Value>,
    /// What is known of a schema and a part of the value, by where they are; nothing while it is being counted.
    known: FxHashMap<(*const Value, *const Value), Option<u64>>,
    depth: usize,
    /// How many schemas and members may be looked at yet.
    left: u64,
}

impl<'d> Steps<'d> {
    pub(super) fn new(definitions: &'d Map<String, Value>) -> Self {
        Steps { definitions, known: FxHashMap::default(), depth: 0, left: MANY }
    }

    /// The schemas that a value meets; nothing where they are too many, or one meets itself with the same value.
    pub(super) fn count(&mut self, schema: &'d Value, value: &Value) -> Option<u64> {
        let Some(object) = schema.as_object() else { return Some(1) };
        let key = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.look(1)?;
        self.known.insert(key, None);
        self.depth += 1;
        let counted = if self.depth > DEEPEST { None } else { self.keywords(object, value) };
        self.depth -= 1;
        let counted = counted.filter(|steps| *steps <= MANY)?;
        self.known.insert(key, Some(counted));
        Some(counted)
    }

    /// How many were looked at.
    pub(super) fn taken(&self) -> u64 {
        MANY - self.left
    }

    fn look(&mut self, count: usize) -> Option<()> {
        self.left = self.left.checked_sub(u64::try_from(count).ok()?)?;
        Some(())
    }

    fn keywords(&mut self, schema: &'d Map<String, Value>, value: &Value) -> Option<u64> {
        let mut steps = 1_u64;
        for (key, part) in schema {
            steps = steps.saturating_add(self.keyword(key, part, value)?);
        }
        // What the parts beside it have looked at is asked for each member.
        let leftover = schema.contains_key("unevaluatedProperties") || schema.contains_key("unevaluatedItems");
        let members = value.as_object().map_or(0, Map::len) + value.as_array().map_or(0, Vec::len);
        let times = if leftover { u64::try_from(members).ok()?.saturating_add(1) } else { 1 };
        Some(steps.saturating_mul(times))
    }

    fn keyword(&mut self, key: &str, part: &'d Value, value: &Value) -> Option<u64> {
        let parts = || part.as_object().into_iter().flatten();
        let members = || value.as_object().into_iter().flat_map(Map::values);
        let items = || value.as_array().into_iter().flatten();
        match key {
            "$ref" => target_of(self.definitions, part).map_or(Some(1), |(_, body)| self.count(body, value)),
            "allOf" | "anyOf" | "oneOf" => self.sum(part.as_array().into_iter().flatten().map(|part| (part, value))),
            "not" | "if" | "then" | "else" => self.count(part, value),
            "dependentSchemas" => self.sum(parts().map(|(_, part)| (part, value))),
            "properties" => {
                self.look(part.as_object().map_or(0, Map::len))?;
                self.sum(parts().filter_map(|(name, part)| Some((part, value.get(name)?))))
            }
            "patternProperties" => self.sum(parts().flat_map(|(_, part)| members().map(move |member| (part, member)))),
            "additionalProperties" | "unevaluatedProperties" => self.sum(members().map(|member| (part, member))),
            "items" | "contains" | "unevaluatedItems" => self.sum(items().map(|item| (part, item))),
            "prefixItems" => self.sum(part.as_array().into_iter().flatten().zip(items())),
            "propertyNames" => self.sum(members().map(|_| (part, &Value::Null))),
            _ => Some(0),
        }
    }

    fn sum<'v>(&mut self, pairs: impl Iterator<Item = (&'d Value, &'v Value)>) -> Option<u64> {
        let mut sum = 0_u64;
        for (schema, value) in pairs {
            self.look(1)?;
            sum = sum.saturating_add(self.count(schema, value)?);
        }
        Some(sum)
    }
}
