//! The keywords of one schema, in groups by the type of value that they concern.

use super::compare::{is_multiple, number_cmp, same};
use super::{Checker, Found, Value};
use crate::document::openapi::{Object, Version};
use crate::source::{Kind, NodeRef};
use std::cmp::Ordering;

/// Schemas that are composed of others more than this deep are not looked into for properties.
const MAX_COMPOSED: usize = 16;

impl<'a> Checker<'a> {
    /// Whether every keyword of a schema object accepts the value. With `found`, all mismatches are noted; without, the
    /// first one ends it.
    pub(super) fn keywords(
        &mut self,
        schema: Object<'a>,
        value: Value<'a>,
        depth: usize,
        found: &mut Found<'_>,
    ) -> bool {
        let node = schema.node();
        if !node.is_mapping() || node.get("$dynamicRef").is_some() {
            self.gave_up = true;
            return true;
        }
        let kind = value.node().kind();
        // The proposal that clarified `nullable` lets null pass only beside `type`; people mean it everywhere.
        if kind == Kind::Null && schema.flag("nullable") && self.is_of_30(schema) {
            return true;
        }
        if !self.types(schema, value, found) {
            return false;
        }
        let mut accepted = self.values(schema, value, found);
        let early = found.is_none();
        let mut both =
            |checker: &mut Self, group: fn(&mut Self, Object<'a>, Value<'a>, usize, &mut Found<'_>) -> bool| {
                if accepted || !early {
                    accepted &= group(checker, schema, value, depth, found);
                }
            };
        match kind {
            Kind::Number => both(self, Self::numbers),
            Kind::String => both(self, Self::strings),
            Kind::Sequence => both(self, Self::arrays),
            Kind::Mapping => both(self, Self::objects),
            Kind::Null | Kind::Bool => {}
        }
        both(self, Self::combined);
        both(self, Self::unevaluated);
        accepted
    }

    /// Whether a schema is of OpenAPI 3.0: by the checker's version, or by that of its own document, to which a schema of
    /// another dialect may refer.
    fn is_of_30(&self, schema: Object<'a>) -> bool {
        let own = || self.sources.root(schema.key().file)?.str_at("openapi").and_then(Version::of);
        self.version == Version::V30 || own() == Some(Version::V30)
    }

    fn types(&mut self, schema: Object<'a>, value: Value<'a>, found: &mut Found<'_>) -> bool {
        let Some(declared) = schema.node().get("type") else { return true };
        let fits = match declared.as_str() {
            Some(name) => has_type(value.node(), name),
            None => declared.items().any(|name| name.as_str().is_some_and(|name| has_type(value.node(), name))),
        };
        fits || declared.is_empty() && declared.is_sequence() || {
            let names: Vec<&str> = match declared.as_str() {
                Some(name) => vec![name],
                None => declared.items().filter_map(NodeRef::as_str).collect(),
            };
            let is = with_article(value.node());
            self.refuse(schema, value, found, || {
                format!("{} must be `{}`, and is {is}", value.name(), names.join("` or `"))
            })
        }
    }

    fn values(&mut self, schema: Object<'a>, value: Value<'a>, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let mut accepted = true;
        if let Some(allowed) = node.get("enum").filter(|allowed| allowed.is_sequence())
            // A value of the list itself is known to be in it, however long it is.
            && value.node().parent() != Some(allowed)
            && !allowed.items().any(|item| same(item, value.node()))
        {
            let words: Vec<&str> = allowed.items().filter_map(NodeRef::scalar).take(8).collect();
            accepted =
                self.refuse(schema, value, found, || format!("{} is none of `{}`", value.name(), words.join("`, `")));
        }
        if self.version == Version::V31
            && let Some(only) = node.get("const")
            && !same(only, value.node())
        {
            let only = only.scalar().unwrap_or("the value of `const`");
            accepted = self.refuse(schema, value, found, || format!("{} must be `{only}`", value.name()));
        }
        accepted
    }

    fn numbers(&mut self, schema: Object<'a>, value: Value<'a>, _: usize, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let number = value.node();
        let mut accepted = true;
        let exclusive = |field: &str| self.version == Version::V30 && schema.flag(field);
        let bounds = [
            ("minimum", Ordering::Less, exclusive("exclusiveMinimum"), "at least"),
            ("exclusiveMinimum", Ordering::Less, true, "above"),
            ("maximum", Ordering::Greater, exclusive("exclusiveMaximum"), "at most"),
            ("exclusiveMaximum", Ordering::Greater, true, "below"),
        ];
        for (field, wrong, exclusive, words) in bounds {
            let Some(bound) = node.get(field).filter(|bound| bound.kind() == Kind::Number) else { continue };
            let order = number_cmp(number, bound);
            if order == Some(wrong) || (exclusive && order == Some(Ordering::Equal)) {
                let bound = bound.scalar().unwrap_or_default();
                let words = if exclusive && wrong == Ordering::Less { "above" } else { words };
                let words = if exclusive && wrong == Ordering::Greater { "below" } else { words };
                accepted = self.refuse(schema, value, found, || format!("{} must be {words} {bound}", value.name()));
            }
        }
        if let Some(factor) = node.get("multipleOf")
            && is_multiple(number, factor) == Some(false)
        {
            let factor = factor.scalar().unwrap_or_default();
            accepted = self.refuse(schema, value, found, || format!("{} must be a multiple of {factor}", value.name()));
        }
        accepted
    }

    fn strings(&mut self, schema: Object<'a>, value: Value<'a>, _: usize, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let text = value.node().as_str().unwrap_or_default();
        let mut accepted =
            self.size(schema, value, found, ["minLength", "maxLength"], "characters", || text.chars().count());
        if let Some(pattern) = node.str_at("pattern") {
            match self.matches(pattern, text) {
                Some(true) => {}
                Some(false) => {
                    accepted =
                        self.refuse(schema, value, found, || format!("{} does not match `{pattern}`", value.name()));
                }
                None => self.gave_up = true,
            }
        }
        accepted
    }

    /// Whether a text matches a pattern; nothing where that cannot be told.
    fn matches(&mut self, pattern: &'a str, text: &str) -> Option<bool> {
        self.pattern(pattern)?.is_match(text)
    }

    fn size(
        &mut self,
        schema: Object<'a>,
        value: Value<'a>,
        found: &mut Found<'_>,
        [least, most]: [&str; 2],
        unit: &str,
        size: impl FnOnce() -> usize,
    ) -> bool {
        let bound = |field: &str| schema.node().get(field).and_then(NodeRef::as_i64);
        let (least, most) = (bound(least), bound(most));
        if least.is_none() && most.is_none() {
            return true;
        }
        let size = i64::try_from(size()).unwrap_or(i64::MAX);
        match (least.filter(|&least| size < least), most.filter(|&most| size > most)) {
            (Some(least), _) => self.refuse(schema, value, found, || {
                format!("{} has {size} {unit}, and must have at least {least}", value.name())
            }),
            (None, Some(most)) => self.refuse(schema, value, found, || {
                format!("{} has {size} {unit}, and must have at most {most}", value.name())
            }),
            (None, None) => true,
        }
    }

    fn arrays(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let items: Vec<Value<'a>> = value.object.items().map(Value::part).collect();
        let mut accepted = self.size(schema, value, found, ["minItems", "maxItems"], "items", || items.len());
        let prefix: Vec<Object<'a>> =
            if self.version == Version::V31 { schema.items_of("prefixItems").collect() } else { Vec::new() };
        for (item, schema) in items.iter().zip(&prefix) {
            accepted &= self.accepts(*schema, *item, depth + 1, found);
        }
        if let Some(rest) = schema.at("items") {
            for item in items.iter().skip(prefix.len()) {
                accepted &= self.accepts(rest, *item, depth + 1, found);
                if !accepted && found.is_none() {
                    return false;
                }
            }
        }
        if schema.flag("uniqueItems") {
            accepted &= self.unique(schema, &items, found);
        }
        if self.version == Version::V31
            && let Some(contained) = schema.at("contains")
        {
            let count =
                items.iter().filter(|item| self.accepts(contained, **item, depth + 1, &mut None)).count() as i64;
            let least = node.get("minContains").and_then(NodeRef::as_i64).unwrap_or(1);
            let most = node.get("maxContains").and_then(NodeRef::as_i64).unwrap_or(i64::MAX);
            if count < least || count > most {
                let text = || format!("{} has {count} items that `contains` wants", value.name());
                accepted = self.refuse(schema, value, found, text);
            }
        }
        accepted
    }

    fn unique(&mut self, schema: Object<'a>, items: &[Value<'a>], found: &mut Found<'_>) -> bool {
        for (at, item) in items.iter().enumerate() {
            for other in &items[..at] {
                if !self.step(0) {
                    return true;
                }
                if same(other.node(), item.node()) {
                    return self.refuse(schema, *item, found, || "an item stands twice".to_owned());
                }
            }
        }
        true
    }

    fn objects(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let object = value.node();
        let mut accepted =
            self.size(schema, value, found, ["minProperties", "maxProperties"], "properties", || object.len());
        for name in schema.texts_of("required") {
            // One direction leaves such a property out, and which one a value is for is not known here.
            if object.get(name).is_none() && !self.is_one_way(value.composed.unwrap_or(schema), name, 0) {
                accepted = self.refuse(schema, value, found, || format!("`{name}` is required, and missing"));
            }
        }
        for (name, member) in value.object.entries() {
            accepted &= self.member(schema, name, Value::part(member), depth, found);
            if !accepted && found.is_none() {
                return false;
            }
        }
        if self.version == Version::V30 {
            return accepted;
        }
        for (name, wanted) in schema.entries_of("dependentRequired").filter(|(name, _)| object.get(name).is_some()) {
            for needed in wanted.items().filter_map(|needed| needed.node().as_str()) {
                if object.get(needed).is_none() {
                    accepted =
                        self.refuse(schema, value, found, || format!("`{name}` needs `{needed}`, which is missing"));
                }
            }
        }
        for (_, dependent) in schema.entries_of("dependentSchemas").filter(|(name, _)| object.get(name).is_some()) {
            accepted &= self.accepts(dependent, value, depth + 1, found);
        }
        if node.get("propertyNames").is_some()
            && let Some(names) = schema.at("propertyNames")
        {
            for (key, _) in object.entries() {
                let key = crate::source::NodeKey { file: value.object.key().file, node: key.id() };
                let name = Value::part(Object::new(self.sources, key));
                // A key is a text whatever it looks like: what YAML reads as a number is left to the others.
                if name.node().kind() == Kind::String && !self.accepts(names, name, depth + 1, &mut None) {
                    let text =
                        || format!("the property name `{}` is not allowed", name.node().scalar().unwrap_or_default());
                    accepted = self.refuse(schema, value, found, text);
                }
            }
        }
        accepted
    }

    /// One property against `properties`, `patternProperties` and `additionalProperties`.
    fn member(
        &mut self,
        schema: Object<'a>,
        name: &str,
        member: Value<'a>,
        depth: usize,
        found: &mut Found<'_>,
    ) -> bool {
        let mut named = false;
        let mut accepted = true;
        if let Some(property) = schema.at("properties").and_then(|properties| properties.at(name)) {
            named = true;
            accepted = self.accepts(property, member, depth + 1, found);
        }
        if self.version == Version::V31 {
            for (pattern, property) in schema.entries_of("patternProperties") {
                match self.matches(pattern, name) {
                    Some(true) => {
                        named = true;
                        accepted &= self.accepts(property, member, depth + 1, found);
                    }
                    Some(false) => {}
                    None => self.gave_up = true,
                }
            }
        }
        let Some(others) = schema.at("additionalProperties").filter(|_| !named) else { return accepted };
        if others.node().as_bool() == Some(false) {
            return self.refuse(others, member, found, || format!("`{name}` is not a property of the schema"));
        }
        accepted & (others.node().kind() == Kind::Bool || self.accepts(others, member, depth + 1, found))
    }

    /// Whether a schema, or what it is composed of, declares a property that is sent in one direction only.
    fn is_one_way(&mut self, schema: Object<'a>, name: &str, depth: usize) -> bool {
        if depth > MAX_COMPOSED || !self.step(depth) {
            return false;
        }
        let declared = schema.at("properties").and_then(|properties| properties.get(name));
        if declared.is_some_and(|declared| declared.flag("readOnly") || declared.flag("writeOnly")) {
            return true;
        }
        let base =
            schema.node().str_at("$ref").and_then(|reference| self.sources.resolve(schema.key(), reference).ok());
        let base = base.map(|key| Object::new(self.sources, key));
        base.into_iter().chain(schema.items_of("allOf")).any(|part| self.is_one_way(part, name, depth + 1))
    }

    fn combined(&mut self, schema: Object<'a>, value: Value<'a>, depth: usize, found: &mut Found<'_>) -> bool {
        let node = schema.node();
        let value = Value { composed: value.composed.or(Some(schema)), ..value };
        let mut accepted = true;
        for part in schema.items_of("allOf") {
            accepted &= self.accepts(part, value, depth + 1, found);
            if !accepted && found.is_none() {
                return false;
            }
        }
        if let Some(any) = schema.at("anyOf")
            && !any.items().any(|part| self.accepts(part, value, depth + 1, &mut None))
            && any.items().len() > 0
        {
            accepted = self.refuse(schema, value, found, || format!("{} fits no schema of `anyOf`", value.name()));
        }
        if let Some(one) = schema.at("oneOf").filter(|one| one.items().len() > 0) {
            let fitting = one.items().filter(|part| self.accepts(*part, value, depth + 1, &mut None)).count();
            if fitting != 1 {
                let fits = if fitting == 0 { "no schema".to_owned() } else { format!("{fitting} schemas") };
                accepted = self.refuse(schema, value, found, || format!("{} fits {fits} of `oneOf`", value.name()));
            }
        }
        if let Some(not) = schema.at("not")
            && self.accepts(not, value, depth + 1, &mut None)
        {
            accepted = self.refuse(schema, value, found, || format!("{} fits the schema of `not`", value.name()));
        }
        if self.version == Version::V31
            && node.get("if").is_some()
            && let Some(condition) = schema.at("if")
        {
            let branch = if self.accepts(condition, value, depth + 1, &mut None) { "then" } else { "else" };
            if let Some(branch) = schema.at(branch) {
                accepted &= self.accepts(branch, value, depth + 1, found);
            }
        }
        accepted
    }
}

/// Whether a value is of a JSON Schema type; 1.0 is an integer.
fn has_type(value: NodeRef<'_>, name: &str) -> bool {
    match value.kind() {
        Kind::Number if name == "integer" => {
            value.as_i64().is_some() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        kind => kind.name() == name,
    }
}

fn with_article(value: NodeRef<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number if has_type(value, "integer") => "an integer",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Sequence => "an array",
        Kind::Mapping => "an object",
    }
}
