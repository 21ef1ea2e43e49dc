//! The schemas that a service needs at run time, as one JSON Schema document (2020-12): its `$defs` hold every schema
//! that an operation or another schema refers to, as requests see it and as responses see it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value, json};

use crate::model::{AdditionalProperties, JsonType, Keyword, Schema, SchemaId, Schemas, Types};

/// Which way a value goes: requests may not hold `readOnly` properties, responses none that are `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// From the client.
    Request,
    /// To the client.
    Response,
}

/// Schemas deeper than this are cut off: what lies below admits anything.
const DEEPEST: usize = 512;

/// The definitions that were asked for, and those that they need.
pub(crate) struct SchemaDocument<'a> {
    schemas: &'a Schemas,
    shared: BTreeSet<SchemaId>,
    directed: BTreeSet<SchemaId>,
    used: BTreeSet<(SchemaId, Direction)>,
    names: BTreeMap<(SchemaId, Direction), String>,
    taken: BTreeSet<String>,
    definitions: BTreeMap<String, Value>,
}

impl<'a> SchemaDocument<'a> {
    /// A document for operations that use these schemas in these directions.
    pub(crate) fn new(schemas: &'a Schemas, roots: &[(SchemaId, Direction)]) -> Self {
        let mut used = BTreeSet::new();
        let mut shared = BTreeSet::new();
        let mut pending: Vec<_> = roots.to_vec();
        while let Some((id, direction)) = pending.pop() {
            if !used.insert((id, direction)) {
                shared.insert(id);
                continue;
            }
            let schema = schemas.get(id);
            if schema.name.is_some() {
                shared.insert(id);
            }
            for keyword in &schema.keywords {
                if let Keyword::Ref(target) = keyword {
                    shared.insert(*target);
                }
                pending.extend(children(keyword).into_iter().map(|child| (child, direction)));
            }
        }
        let directed = directed(schemas, &used);
        let taken = BTreeSet::new();
        SchemaDocument { schemas, shared, directed, used, names: BTreeMap::new(), taken, definitions: BTreeMap::new() }
    }

    /// The name of the definition of a schema; `hint` names one that the contract does not.
    pub(crate) fn define(&mut self, id: SchemaId, direction: Direction, hint: &str) -> String {
        let id = self.schemas.resolve(id);
        let mut pending = vec![(id, direction)];
        let name = self.name(id, direction, hint);
        while let Some((next, direction)) = pending.pop() {
            let name = self.name(next, direction, hint);
            if self.definitions.contains_key(&name) {
                continue;
            }
            self.definitions.insert(name.clone(), Value::Null);
            let mut needs = Vec::new();
            let body = self.schema(next, direction, hint, DEEPEST, &mut needs);
            self.definitions.insert(name, body);
            pending.extend(needs.into_iter().map(|need| (need, direction)));
        }
        name
    }

    /// The name that a type of this schema has: that of its definition, where it has one. A text or number that the
    /// contract gives no name needs none, however many places share it.
    pub(crate) fn shared_name(&mut self, id: SchemaId, direction: Direction) -> Option<String> {
        let id = self.schemas.resolve(id);
        let schema = self.schemas.get(id);
        let has_parts = schema.types.has(JsonType::Object) || schema.types.has(JsonType::Array);
        let is_named = self.shared.contains(&id) && (schema.name.is_some() || has_parts);
        is_named.then(|| self.name(id, direction, ""))
    }

    /// The name of a definition that admits anything.
    pub(crate) fn anything(&mut self) -> String {
        let name = "_anything".to_owned();
        self.taken.insert(name.clone());
        self.definitions.insert(name.clone(), Value::Bool(true));
        name
    }

    /// The direction whose view of a schema this one shares: a schema that looks the same from both sides has one.
    pub(crate) fn side(&self, id: SchemaId, direction: Direction) -> Direction {
        if self.directed.contains(&id) { direction } else { Direction::Response }
    }

    /// The whole document, definitions sorted by name.
    pub(crate) fn finish(self) -> Value {
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": self.definitions })
    }

    fn name(&mut self, id: SchemaId, direction: Direction, hint: &str) -> String {
        let direction = self.side(id, direction);
        if let Some(name) = self.names.get(&(id, direction)) {
            return name.clone();
        }
        let schema = self.schemas.get(id);
        let last = schema.origin.pointer.as_deref().and_then(|pointer| pointer.rsplit('/').next()).unwrap_or_default();
        let base = match &schema.name {
            Some(name) => name.as_str(),
            None if self.shared.contains(&id) && hint.is_empty() => last,
            None if self.shared.contains(&id) && !last.chars().all(|c| c.is_ascii_digit()) && last != "schema" => last,
            None => hint,
        };
        let mut base: String =
            base.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
        if base.is_empty() {
            "Schema".clone_into(&mut base);
        }
        if direction == Direction::Request && self.used.contains(&(id, Direction::Response)) {
            base.push_str("Input");
        }
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_ascii_lowercase()) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.names.insert((id, direction), name.clone());
        name
    }

    fn schema(
        &mut self,
        id: SchemaId,
        direction: Direction,
        hint: &str,
        depth: usize,
        needs: &mut Vec<SchemaId>,
    ) -> Value {
        let schemas = self.schemas;
        let schema = schemas.get(id);
        // What is nothing but a reference after it was resolved refers to itself, and says nothing.
        if depth == 0 || matches!(schema.keywords.as_slice(), [Keyword::Ref(_)]) {
            return Value::Bool(true);
        }
        if schema.types == Types::NONE {
            return Value::Bool(false);
        }
        let mut object = Map::new();
        match schema.types.names().as_slice() {
            _ if schema.types == Types::ALL => {}
            [one] => drop(object.insert("type".to_owned(), json!(one))),
            many => drop(object.insert("type".to_owned(), json!(many))),
        }
        for keyword in &schema.keywords {
            let mut child = |document: &mut Self, id: SchemaId| -> Value {
                let id = schemas.resolve(id);
                if document.shared.contains(&id) {
                    needs.push(id);
                    return json!({ "$ref": format!("#/$defs/{}", document.name(id, direction, hint)) });
                }
                document.schema(id, direction, hint, depth - 1, needs)
            };
            if let Some((name, value)) = self.keyword(schema, keyword, direction, &mut child) {
                object.insert(name.to_owned(), value);
            }
        }
        bounds_of_format(schema, &mut object);
        if object.is_empty() { Value::Bool(true) } else { Value::Object(object) }
    }

    fn keyword(
        &mut self,
        schema: &Schema,
        keyword: &Keyword,
        direction: Direction,
        child: &mut dyn FnMut(&mut Self, SchemaId) -> Value,
    ) -> Option<(&'static str, Value)> {
        use Keyword as K;
        let mut list = |document: &mut Self, ids: &[SchemaId]| -> Value {
            Value::Array(ids.iter().map(|id| child(document, *id)).collect())
        };
        Some(match keyword {
            K::AllOf(ids) => ("allOf", list(self, ids)),
            K::AnyOf(ids) => ("anyOf", list(self, ids)),
            K::OneOf(ids) => ("oneOf", list(self, ids)),
            K::PrefixItems(ids) => ("prefixItems", list(self, ids)),
            K::Ref(id) => match child(self, *id) {
                Value::Object(object) if object.contains_key("$ref") => ("$ref", object["$ref"].clone()),
                other => ("allOf", Value::Array(vec![other])),
            },
            K::Not(id) => ("not", child(self, *id)),
            K::If(id) => ("if", child(self, *id)),
            K::Then(id) => ("then", child(self, *id)),
            K::Else(id) => ("else", child(self, *id)),
            K::Items(id) => ("items", child(self, *id)),
            K::Contains(id) => ("contains", child(self, *id)),
            K::PropertyNames(id) => ("propertyNames", child(self, *id)),
            K::Properties(properties) => {
                let mut object = Map::new();
                for (name, id) in properties {
                    let value = if hidden(self.schemas, *id, direction) { json!(false) } else { child(self, *id) };
                    object.insert(name.clone(), value);
                }
                ("properties", Value::Object(object))
            }
            K::PatternProperties(properties) => ("patternProperties", self.named(properties, child)),
            K::DependentSchemas(properties) => ("dependentSchemas", self.named(properties, child)),
            K::AdditionalProperties(more) => ("additionalProperties", self.additional(*more, child)),
            K::UnevaluatedProperties(more) => ("unevaluatedProperties", self.additional(*more, child)),
            K::UnevaluatedItems(more) => ("unevaluatedItems", self.additional(*more, child)),
            K::Required(names) => {
                let is_hidden = |name: &String| {
                    let property = schema.properties().iter().find(|(known, _)| known == name);
                    property.is_some_and(|(_, id)| hidden(self.schemas, *id, direction))
                };
                ("required", names.iter().filter(|name| !is_hidden(name)).cloned().collect())
            }
            plain => return plain_keyword(plain),
        })
    }

    fn named(
        &mut self,
        properties: &[(String, SchemaId)],
        child: &mut dyn FnMut(&mut Self, SchemaId) -> Value,
    ) -> Value {
        Value::Object(properties.iter().map(|(name, id)| (name.clone(), child(self, *id))).collect())
    }

    fn additional(&mut self, more: AdditionalProperties, child: &mut dyn FnMut(&mut Self, SchemaId) -> Value) -> Value {
        match more {
            AdditionalProperties::Closed => Value::Bool(false),
            AdditionalProperties::Open => Value::Bool(true),
            AdditionalProperties::Schema(id) => child(self, id),
        }
    }
}

/// Keywords without schemas in them; nothing for annotations.
fn plain_keyword(keyword: &Keyword) -> Option<(&'static str, Value)> {
    use Keyword as K;
    Some(match keyword {
        K::Enum(values) => ("enum", Value::Array(values.clone())),
        K::Const(value) => ("const", value.clone()),
        K::MultipleOf(number) => ("multipleOf", Value::Number(number.clone())),
        K::Minimum(number) => ("minimum", Value::Number(number.clone())),
        K::ExclusiveMinimum(number) => ("exclusiveMinimum", Value::Number(number.clone())),
        K::Maximum(number) => ("maximum", Value::Number(number.clone())),
        K::ExclusiveMaximum(number) => ("exclusiveMaximum", Value::Number(number.clone())),
        K::MinLength(count) => ("minLength", json!(count)),
        K::MaxLength(count) => ("maxLength", json!(count)),
        K::Pattern(pattern) => ("pattern", json!(pattern)),
        K::Format(format) => ("format", json!(format)),
        K::MinContains(count) => ("minContains", json!(count)),
        K::MaxContains(count) => ("maxContains", json!(count)),
        K::MinItems(count) => ("minItems", json!(count)),
        K::MaxItems(count) => ("maxItems", json!(count)),
        K::UniqueItems(unique) => ("uniqueItems", json!(unique)),
        K::MinProperties(count) => ("minProperties", json!(count)),
        K::MaxProperties(count) => ("maxProperties", json!(count)),
        K::DependentRequired(rows) => {
            let rows = rows.iter().map(|(name, needs)| (name.clone(), json!(needs)));
            ("dependentRequired", Value::Object(rows.collect()))
        }
        _ => return None,
    })
}

/// OpenAPI's `int32` and `int64` are bounds, which JSON Schema's `format` does not check.
fn bounds_of_format(schema: &Schema, object: &mut Map<String, Value>) {
    let (low, high) = match object.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    if !schema.types.has(JsonType::Integer) {
        return;
    }
    if !object.contains_key("minimum") && !object.contains_key("exclusiveMinimum") {
        object.insert("minimum".to_owned(), Value::Number(Number::from(low)));
    }
    if !object.contains_key("maximum") && !object.contains_key("exclusiveMaximum") {
        object.insert("maximum".to_owned(), Value::Number(Number::from(high)));
    }
}

/// Whether a property may not be sent in this direction.
fn hidden(schemas: &Schemas, id: SchemaId, direction: Direction) -> bool {
    let keyword = match direction {
        Direction::Request => Keyword::ReadOnly(true),
        Direction::Response => Keyword::WriteOnly(true),
    };
    super::shape::has(schemas, id, &keyword)
}

/// The schemas that look different from the two sides: those from which a property is reached that one side hides.
fn directed(schemas: &Schemas, used: &BTreeSet<(SchemaId, Direction)>) -> BTreeSet<SchemaId> {
    let ids: BTreeSet<SchemaId> = used.iter().map(|(id, _)| *id).collect();
    let mut parents: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
    let mut pending = Vec::new();
    for id in &ids {
        let schema = schemas.get(*id);
        for child in schema.keywords.iter().flat_map(children) {
            parents.entry(child).or_default().push(*id);
        }
        let sides = [Direction::Request, Direction::Response];
        if schema.properties().iter().any(|(_, id)| sides.iter().any(|side| hidden(schemas, *id, *side))) {
            pending.push(*id);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(parents.get(&id).into_iter().flatten());
        }
    }
    found
}

/// The schemas inside a keyword.
pub(crate) fn children(keyword: &Keyword) -> Vec<SchemaId> {
    use Keyword as K;
    match keyword {
        K::AllOf(ids) | K::AnyOf(ids) | K::OneOf(ids) | K::PrefixItems(ids) => ids.clone(),
        K::Ref(id)
        | K::Not(id)
        | K::If(id)
        | K::Then(id)
        | K::Else(id)
        | K::Items(id)
        | K::Contains(id)
        | K::PropertyNames(id)
        | K::AdditionalProperties(AdditionalProperties::Schema(id))
        | K::UnevaluatedProperties(AdditionalProperties::Schema(id))
        | K::UnevaluatedItems(AdditionalProperties::Schema(id)) => vec![*id],
        K::Properties(named) | K::PatternProperties(named) | K::DependentSchemas(named) => {
            named.iter().map(|(_, id)| *id).collect()
        }
        _ => Vec::new(),
    }
}
