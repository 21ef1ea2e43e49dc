//! `unevaluatedItems` and `unevaluatedProperties` (JSON Schema 2020-12 Core, section 11): which parts of a value the
//! other keywords looked at, directly or through schemas that apply in place.

use rustc_hash::FxHashSet;

use super::{Checker, Found, Value};
use crate::document::openapi::{Object, Version};
use crate::source::{Kind, NodeRef};

/// The parts that were looked at.
#[derive(Default)]
struct Evaluated<'a> {
    names: FxHashSet<&'a str>,
    items: FxHashSet<usize>,
    all_names: bool,
    all_items: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn unevaluated(
        &mut self,
        schema: Object<'a>,
        value: Value<'a>,
        depth: usize,
        found: &mut Found<'_>,
    ) -> bool {
        let field = match value.node().kind() {
            Kind::Mapping => "unevaluatedProperties",
            Kind::Sequence => "unevaluatedItems",
            _ => return true,
        };
        let Some(rest) = schema.at(field).filter(|_| self.version == Version::V31) else { return true };
        let mut evaluated = Evaluated::default();
        self.look(schema, value, depth + 1, &mut evaluated, true);
        let mut accepted = true;
        for (name, member) in value.object.entries() {
            if !evaluated.all_names && !evaluated.names.contains(name) {
                accepted &= self.accepts(rest, Value::part(member), depth + 1, found);
            }
        }
        for (at, item) in value.object.items().enumerate() {
            if !evaluated.all_items && !evaluated.items.contains(&at) {
                accepted &= self.accepts(rest, Value::part(item), depth + 1, found);
            }
        }
        accepted
    }

    /// Adds what a schema that accepts the value looked at. `own`: the schema is the one whose `unevaluated…` asks, and
    /// that keyword itself does not count.
    fn look(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, evaluated: &mut Evaluated<'a>, own: bool) {
        if !self.step(depth) || !schema.node().is_mapping() {
            return;
        }
        if value.node().is_mapping() {
            self.look_at_names(schema, value, evaluated, own);
        } else {
            self.look_at_items(schema, value, depth, evaluated, own);
        }
        for part in schema.items_of("allOf") {
            self.look(part, value, depth + 1, evaluated, false);
        }
        for part in schema.items_of("anyOf").chain(schema.items_of("oneOf")) {
            self.look_if(part, value, depth, evaluated);
        }
        for (_, part) in schema.entries_of("dependentSchemas").filter(|(name, _)| value.node().get(name).is_some()) {
            self.look(part, value, depth + 1, evaluated, false);
        }
        if let Some(condition) = schema.at("if") {
            let holds = self.look_if(condition, value, depth, evaluated);
            if let Some(branch) = schema.at(if holds { "then" } else { "else" }) {
                self.look(branch, value, depth + 1, evaluated, false);
            }
        }
        if let Some(reference) = schema.text("$ref") {
            match self.sources.resolve(schema.key(), reference) {
                Ok(target) => self.look(Object::new(self.sources, target), value, depth + 1, evaluated, false),
                Err(_) => self.gave_up = true,
            }
        }
    }

    fn look_if(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, evaluated: &mut Evaluated<'a>) -> bool {
        let holds = self.accepts(schema, value, depth + 1, &mut None);
        if holds {
            self.look(schema, value, depth + 1, evaluated, false);
        }
        holds
    }

    fn look_at_names(&mut self, schema: Object<'a>, value: Value<'a>, evaluated: &mut Evaluated<'a>, own: bool) {
        let others =
            schema.at("additionalProperties").is_some() || (!own && schema.at("unevaluatedProperties").is_some());
        evaluated.all_names |= others;
        let properties = schema.node().get("properties");
        for (name, _) in value.node().fields() {
            let mut named = properties.is_some_and(|properties| properties.get(name).is_some());
            for (pattern, _) in schema.entries_of("patternProperties") {
                match self.pattern(pattern).and_then(|pattern| pattern.is_match(name)) {
                    Some(matches) => named |= matches,
                    None => self.gave_up = true,
                }
            }
            if named {
                evaluated.names.insert(name);
            }
        }
    }

    fn look_at_items(
        &mut self,
        schema: Object<'a>,
        value: Value<'a>,
        depth: usize,
        evaluated: &mut Evaluated<'a>,
        own: bool,
    ) {
        evaluated.all_items |= schema.at("items").is_some() || (!own && schema.at("unevaluatedItems").is_some());
        let prefix = schema.node().get("prefixItems").map_or(0, NodeRef::len);
        evaluated.items.extend(0..prefix);
        if let Some(contained) = schema.at("contains") {
            for (at, item) in value.object.items().enumerate() {
                if self.accepts(contained, Value::part(item), depth + 1, &mut None) {
                    evaluated.items.insert(at);
                }
            }
        }
    }
}
