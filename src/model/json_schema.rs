//! Schemas of the arena, written as JSON Schema 2020-12. OpenAPI 3.0's dialect was lowered before, so `nullable` and boolean
//! bounds come out as what they mean.

use rustc_hash::FxHashSet;
use serde_json::{Map, Number, Value, json};

use super::{AdditionalProperties, JsonType, Keyword, Schema, SchemaId, Schemas, Text, Types};

/// How the parts of a schema are written.
pub(crate) trait Parts {
    /// What stands for a schema inside another: a reference, or the schema itself.
    fn schema(&mut self, id: SchemaId) -> Value;

    /// Whether a property of that schema is not sent, so that nobody may ask for it.
    fn is_left_out(&self, id: SchemaId) -> bool;

    /// Properties that are not sent, as what holds beside a schema (`allOf`, `$ref`) says: it must not require them.
    fn left_out_beside(&self, _schema: &Schema) -> Vec<String> {
        Vec::new()
    }

    /// What stands for a property that is not sent.
    fn left_out(&mut self, id: SchemaId) -> Value;

    /// Whether a value may have a property of that name; what is said of others need not be written.
    fn meets(&self, _name: &str) -> bool {
        true
    }

    /// How many items the longest list in a value may have; what is said of later ones need not be written.
    fn most_items(&self) -> usize {
        usize::MAX
    }
}

/// Writes a schema. Annotations are left out.
pub(crate) fn write(schema: &Schema, parts: &mut dyn Parts) -> Value {
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
        if let Some((name, value)) = write_keyword(schema, keyword, parts) {
            object.insert(name.to_owned(), value);
        }
    }
    bounds_of_format(schema, &mut object);
    if object.is_empty() { Value::Bool(true) } else { Value::Object(object) }
}

fn write_keyword(schema: &Schema, keyword: &Keyword, parts: &mut dyn Parts) -> Option<(&'static str, Value)> {
    use Keyword as K;
    let most_items = parts.most_items().max(1);
    let mut list = |ids: &[SchemaId]| -> Value { Value::Array(ids.iter().map(|id| parts.schema(*id)).collect()) };
    Some(match keyword {
        K::AllOf(ids) => ("allOf", distinct(list(ids))),
        K::AnyOf(ids) => ("anyOf", distinct(list(ids))),
        K::OneOf(ids) => ("oneOf", list(ids)),
        K::PrefixItems(ids) => ("prefixItems", list(&ids[..ids.len().min(most_items)])),
        K::Ref(id) => match parts.schema(*id) {
            Value::Object(object) if object.contains_key("$ref") => ("$ref", object["$ref"].clone()),
            other => ("allOf", Value::Array(vec![other])),
        },
        K::Not(id) => ("not", parts.schema(*id)),
        K::If(id) => ("if", parts.schema(*id)),
        K::Then(id) => ("then", parts.schema(*id)),
        K::Else(id) => ("else", parts.schema(*id)),
        K::Items(id) => ("items", parts.schema(*id)),
        K::Contains(id) => ("contains", parts.schema(*id)),
        K::PropertyNames(id) => ("propertyNames", parts.schema(*id)),
        K::Properties(properties) => {
            let mut object = Map::new();
            for (name, id) in properties.iter().filter(|(name, _)| parts.meets(name)).collect::<Vec<_>>() {
                let value = if parts.is_left_out(*id) { parts.left_out(*id) } else { parts.schema(*id) };
                object.insert(name.clone(), value);
            }
            ("properties", Value::Object(object))
        }
        K::PatternProperties(properties) => ("patternProperties", named(properties, parts)),
        K::DependentSchemas(properties) => ("dependentSchemas", named(properties, parts)),
        K::AdditionalProperties(more) => ("additionalProperties", additional(*more, parts)),
        K::UnevaluatedProperties(more) => ("unevaluatedProperties", additional(*more, parts)),
        K::UnevaluatedItems(more) => ("unevaluatedItems", additional(*more, parts)),
        K::Required(names) => {
            let left_out = schema.properties().iter().filter(|(_, id)| parts.is_left_out(*id));
            let left_out: FxHashSet<&str> = left_out.map(|(name, _)| name.as_str()).collect();
            let beside = parts.left_out_beside(schema);
            let is_left_out = |name: &str| left_out.contains(name) || beside.iter().any(|one| one == name);
            let sent = names.iter().map(Text::as_str).filter(|name| !is_left_out(name));
            ("required", sent.collect())
        }
        plain => return plain_keyword(plain),
    })
}

/// Without references that stand there already: they say nothing more, and whoever checks a value follows each.
fn distinct(mut list: Value) -> Value {
    let mut known = FxHashSet::default();
    if let Value::Array(items) = &mut list {
        let reference = |item: &Value| match item {
            Value::Object(members) if members.len() == 1 => members.get("$ref")?.as_str().map(str::to_owned),
            _ => None,
        };
        items.retain(|item| reference(item).is_none_or(|reference| known.insert(reference)));
    }
    list
}

fn named(properties: &[(String, SchemaId)], parts: &mut dyn Parts) -> Value {
    Value::Object(properties.iter().map(|(name, id)| (name.clone(), parts.schema(*id))).collect())
}

fn additional(more: AdditionalProperties, parts: &mut dyn Parts) -> Value {
    match more {
        AdditionalProperties::Closed => Value::Bool(false),
        AdditionalProperties::Open => Value::Bool(true),
        AdditionalProperties::Schema(id) => parts.schema(id),
    }
}

/// Keywords without schemas in them; nothing for annotations.
fn plain_keyword(keyword: &Keyword) -> Option<(&'static str, Value)> {
    use Keyword as K;
    Some(match keyword {
        K::Enum(values) => ("enum", values.iter().collect()),
        K::Const(value) => ("const", value.value()),
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
            let rows = rows.iter().map(|(name, needs)| (name.to_string(), json!(needs)));
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

/// The schemas inside a keyword.
pub(crate) fn children(keyword: &Keyword) -> Vec<SchemaId> {
    use Keyword as K;
    match keyword {
        K::AllOf(ids) | K::AnyOf(ids) | K::OneOf(ids) | K::PrefixItems(ids) => ids.to_vec(),
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

/// Whether a schema, or one that holds beside it (`$ref`, `allOf`), has that keyword.
pub(crate) fn says(schemas: &Schemas, id: SchemaId, keyword: &Keyword) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut open = vec![id];
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        for own in &schemas.get(at).keywords {
            match own {
                own if own == keyword => return true,
                Keyword::Ref(target) => open.push(*target),
                Keyword::AllOf(members) => open.extend_from_slice(members),
                _ => {}
            }
        }
    }
    false
}
