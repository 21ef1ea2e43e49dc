//! A value that a schema accepts, for the tests that come with a service: the contract's own example where it has one,
//! else the plainest value that its keywords allow. What cannot be found by plain means is left to a person.

use serde_json::{Map, Value, json};

use crate::model::{JsonType, Keyword, SchemaId, Schemas};

use super::pattern;
use super::schema_document::Direction;
use super::shape::{self, Shape};

/// Nesting beyond which an optional property is left out, and a required one gives up.
const DEEPEST: u8 = 16;

/// A value for this schema, not checked against it.
pub(crate) fn sample(schemas: &Schemas, id: SchemaId, direction: Direction) -> Option<Value> {
    value(schemas, id, direction, DEEPEST)
}

fn value(schemas: &Schemas, id: SchemaId, direction: Direction, depth: u8) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let id = schemas.resolve(id);
    if let Some(shape) = Shape::of(schemas, id) {
        return object(schemas, &shape, direction, depth);
    }
    if let Some(example) = example(schemas, id) {
        return Some(example);
    }
    if let Some(value) = shape::first_choice(schemas, id) {
        return Some(value.clone());
    }
    if let Some(value) = shape::default(schemas, id).filter(|value| !value.is_null()) {
        return Some(value.clone());
    }
    let alternatives = shape::find(schemas, id, |keyword| match keyword {
        Keyword::OneOf(ids) | Keyword::AnyOf(ids) => Some(&ids[..]),
        _ => None,
    });
    if let Some(alternatives) = alternatives {
        return alternatives.iter().find_map(|one| value(schemas, *one, direction, depth));
    }
    let types = shape::types(schemas, id);
    if types.has(JsonType::String) {
        return text(schemas, id).map(Value::String);
    }
    if types.has(JsonType::Integer) {
        return Some(json!(whole(schemas, id)));
    }
    if types.has(JsonType::Boolean) {
        return Some(json!(true));
    }
    if types.has(JsonType::Array) {
        return array(schemas, id, direction, depth);
    }
    if types.has(JsonType::Object) {
        return Some(json!({}));
    }
    types.has(JsonType::Null).then_some(Value::Null)
}

fn example(schemas: &Schemas, id: SchemaId) -> Option<Value> {
    shape::find(schemas, id, |keyword| match keyword {
        Keyword::Example(value) => Some(value.value()),
        _ => None,
    })
}

/// Required properties, and the optional ones that are easy to fill.
fn object(schemas: &Schemas, shape: &Shape, direction: Direction, depth: u8) -> Option<Value> {
    let mut object = Map::new();
    for property in &shape.properties {
        let hidden = match direction {
            Direction::Request => property.read_only,
            Direction::Response => property.write_only,
        };
        if hidden {
            continue;
        }
        match value(schemas, property.schema, direction, depth) {
            Some(value) if property.required || depth > DEEPEST - 4 => {
                drop(object.insert(property.name.clone(), value))
            }
            None if property.required => return None,
            _ => {}
        }
    }
    Some(Value::Object(object))
}

fn array(schemas: &Schemas, id: SchemaId, direction: Direction, depth: u8) -> Option<Value> {
    let least = shape::find(schemas, id, |keyword| match keyword {
        Keyword::MinItems(count) => Some(*count),
        _ => None,
    });
    let count = least.unwrap_or(1).clamp(1, 8);
    let items = shape::items(schemas, id);
    let found = items.map_or(Some(json!("item")), |items| value(schemas, items, direction, depth));
    match found {
        Some(item) => Some(Value::Array(vec![item; usize::try_from(count).unwrap_or(1)])),
        None => (least.unwrap_or(0) == 0).then(|| json!([])),
    }
}

/// The least number that bounds and `multipleOf` allow, not below zero where that is possible.
fn whole(schemas: &Schemas, id: SchemaId) -> i64 {
    let bound = |pick: fn(&Keyword) -> Option<&serde_json::Number>| {
        shape::find(schemas, id, pick)
            .and_then(|number| number.as_i64().or(number.as_f64().map(|number| number as i64)))
    };
    let low = bound(|keyword| match keyword {
        Keyword::Minimum(number) => Some(number),
        _ => None,
    });
    let above = bound(|keyword| match keyword {
        Keyword::ExclusiveMinimum(number) => Some(number),
        _ => None,
    });
    let high = bound(|keyword| match keyword {
        Keyword::Maximum(number) => Some(number),
        _ => None,
    });
    let step = bound(|keyword| match keyword {
        Keyword::MultipleOf(number) => Some(number),
        _ => None,
    });
    let step = step.unwrap_or(1).max(1);
    let low = low.or(above.map(|above| above.saturating_add(1))).unwrap_or_else(|| high.unwrap_or(1).min(1));
    let least = low.div_euclid(step).saturating_mul(step);
    if least < low { least.saturating_add(step) } else { least }
}

fn text(schemas: &Schemas, id: SchemaId) -> Option<String> {
    let pattern = shape::find(schemas, id, |keyword| match keyword {
        Keyword::Pattern(pattern) => Some(pattern.as_str()),
        _ => None,
    });
    if let Some(pattern) = pattern {
        return pattern::sample(pattern);
    }
    let of_format = match shape::format(schemas, id) {
        "uuid" => "0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41",
        "date-time" => "2025-03-01T09:00:00Z",
        "date" => "2025-03-01",
        "time" => "09:00:00Z",
        "duration" => "PT15M",
        "email" | "idn-email" => "ada@shop.example",
        "uri" | "iri" | "url" => "https://shop.example/ada",
        "uri-reference" | "iri-reference" => "/ada",
        "hostname" | "idn-hostname" => "shop.example",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "YWRh",
        _ => "",
    };
    if !of_format.is_empty() {
        return Some(of_format.to_owned());
    }
    let length = |pick: fn(&Keyword) -> Option<u64>| shape::find(schemas, id, pick);
    let least = length(|keyword| match keyword {
        Keyword::MinLength(count) => Some(*count),
        _ => None,
    });
    let most = length(|keyword| match keyword {
        Keyword::MaxLength(count) => Some(*count),
        _ => None,
    });
    let count = least.unwrap_or(0).max(7).min(most.unwrap_or(u64::MAX));
    Some("example".chars().cycle().take(usize::try_from(count.min(4096)).unwrap_or(7)).collect())
}
