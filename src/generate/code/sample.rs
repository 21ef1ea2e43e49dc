//! A value that a schema accepts, for the tests that come with a service: the contract's own example where it has one,
//! else the plainest value that its keywords allow. What cannot be found by plain means is left to a person.

use serde_json::{Map, Value, json};

use crate::model::{JsonType, Keyword, SchemaId, Schemas};

use super::pattern;
use super::schema_document::Direction;
use super::shape::{self, Shape};

/// Nesting beyond which an optional property is left out, and a required one gives up.
const DEEPEST: u8 = 16;

/// Values in one sample, beside one for each schema that is known.
const MANY: usize = 500;
/// A text of more bytes counts as several values.
const LONG: usize = 64;

/// A value for this schema, not checked against it. Where one with the optional properties would be too large, it has the
/// required ones alone; nothing where these are too many, too.
pub(crate) fn sample(schemas: &Schemas, id: SchemaId, direction: Direction) -> Option<Value> {
    let mut sampler = Sampler { schemas, direction, optional: true, left: 0 };
    [true, false].into_iter().find_map(|optional| {
        (sampler.optional, sampler.left) = (optional, MANY + schemas.nodes.len());
        sampler.value(id, DEEPEST).filter(|_| sampler.left > 0)
    })
}

/// Makes one value.
struct Sampler<'a> {
    schemas: &'a Schemas,
    direction: Direction,
    /// Whether optional properties are filled.
    optional: bool,
    /// How many values there may be yet; none is left where there were too many.
    left: usize,
}

impl Sampler<'_> {
    fn value(&mut self, id: SchemaId, depth: u8) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.take(1)?;
        let schemas = self.schemas;
        let id = schemas.resolve(id);
        if let Some(shape) = Shape::of(schemas, id) {
            return self.object(&shape, depth);
        }
        let told = example(schemas, id).or_else(|| shape::first_choice(schemas, id));
        let told = told.or_else(|| shape::default(schemas, id).filter(|value| !value.is_null()));
        if let Some(value) = told {
            self.take(size(&value))?;
            return Some(value);
        }
        let alternatives = shape::find(schemas, id, |keyword| match keyword {
            Keyword::OneOf(ids) | Keyword::AnyOf(ids) => Some(&ids[..]),
            _ => None,
        });
        if let Some(alternatives) = alternatives {
            return alternatives.iter().find_map(|one| self.value(*one, depth));
        }
        let types = shape::types(schemas, id);
        if types.has(JsonType::String) {
            let text = text(schemas, id)?;
            self.take(text.len() / LONG)?;
            return Some(Value::String(text));
        }
        if types.has(JsonType::Integer) {
            return Some(json!(whole(schemas, id)));
        }
        if types.has(JsonType::Boolean) {
            return Some(json!(true));
        }
        if types.has(JsonType::Array) {
            return self.array(id, depth);
        }
        if types.has(JsonType::Object) {
            return Some(json!({}));
        }
        types.has(JsonType::Null).then_some(Value::Null)
    }

    /// Counts values; nothing where they are too many, and from then on.
    fn take(&mut self, values: usize) -> Option<()> {
        self.left = self.left.saturating_sub(values);
        (self.left > 0).then_some(())
    }

    /// Required properties, and the optional ones that are easy to fill.
    fn object(&mut self, shape: &Shape, depth: u8) -> Option<Value> {
        let optional = self.optional && depth > DEEPEST - 4;
        let mut object = Map::new();
        for property in &shape.properties {
            let hidden = match self.direction {
                Direction::Request => property.read_only,
                Direction::Response => property.write_only,
            };
            if hidden || !(property.required || optional) {
                continue;
            }
            match self.value(property.schema, depth) {
                Some(value) => drop(object.insert(property.name.clone(), value)),
                None if property.required => return None,
                None => {}
            }
        }
        Some(Value::Object(object))
    }

    fn array(&mut self, id: SchemaId, depth: u8) -> Option<Value> {
        let least = shape::find(self.schemas, id, |keyword| match keyword {
            Keyword::MinItems(count) => Some(*count),
            _ => None,
        });
        let count = usize::try_from(least.unwrap_or(1).clamp(1, 8)).unwrap_or(1);
        let items = shape::items(self.schemas, id);
        let before = self.left;
        let found = match items {
            Some(items) => self.value(items, depth),
            None => Some(json!("item")),
        };
        match found {
            Some(item) => {
                self.take((before - self.left).saturating_mul(count - 1))?;
                Some(Value::Array(vec![item; count]))
            }
            None => (least.unwrap_or(0) == 0).then(|| json!([])),
        }
    }
}

/// How many values it counts as.
fn size(value: &Value) -> usize {
    let (mut size, mut pending) = (0, vec![value]);
    while let Some(next) = pending.pop() {
        size += 1;
        match next {
            Value::Object(members) => {
                pending.extend(members.values());
                size += members.keys().map(|name| name.len() / LONG).sum::<usize>();
            }
            Value::Array(items) => pending.extend(items),
            Value::String(text) => size += text.len() / LONG,
            _ => {}
        }
    }
    size
}

fn example(schemas: &Schemas, id: SchemaId) -> Option<Value> {
    shape::find(schemas, id, |keyword| match keyword {
        Keyword::Example(value) => Some(value.value()),
        _ => None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::code::fixture;

    /// The sample of `Root`, and how many values it holds.
    fn of(components: Value) -> Option<(Value, usize)> {
        let root = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Root" } } });
        let post = json!({ "operationId": "add", "requestBody": { "content": root }, "responses": {} });
        let contract = json!({ "paths": { "/a": { "post": post } }, "components": { "schemas": components } });
        let platform = fixture::platform("a-service", &contract);
        let operation = &platform.services[0].api.as_ref().unwrap().operations[0];
        let schema = operation.request_body.as_ref().unwrap().content[0].schema.unwrap();
        sample(&platform.schemas, schema, Direction::Request).map(|value| (value.clone(), size(&value)))
    }

    /// Schemas `Root`, `D1`, … of which each is made of the next one.
    fn chain(levels: usize, level: fn(Value) -> Value, last: Value) -> Value {
        let name = |at: usize| if at == 0 { "Root".to_owned() } else { format!("D{at}") };
        let next = |at: usize| json!({ "$ref": format!("#/components/schemas/{}", name(at + 1)) });
        let levels = (0..=levels).map(|at| (name(at), if at == levels { last.clone() } else { level(next(at)) }));
        Value::Object(levels.collect())
    }

    #[test]
    fn a_sample_has_a_bounded_number_of_values() {
        let list = |items| json!({ "type": "array", "minItems": 8, "items": items });
        assert_eq!(of(chain(2, list, json!({ "type": "integer" }))).map(|(_, size)| size), Some(1 + 8 + 64));
        assert_eq!(of(chain(10, list, json!({ "type": "integer" }))), None);
        let long = json!({ "type": "string", "minLength": 4000 });
        assert_eq!(of(chain(2, list, long)), None, "texts count by their length");
        let both =
            |next: Value| json!({ "type": "object", "required": ["a", "b"], "properties": { "a": next, "b": next } });
        assert_eq!(of(chain(14, both, json!({ "type": "integer" }))), None);
    }

    #[test]
    fn what_would_be_too_large_has_the_required_properties_alone() {
        let root = |width: usize| {
            let wide: Map<String, Value> =
                (0..width).map(|at| (format!("p{at}"), json!({ "$ref": "#/components/schemas/Part" }))).collect();
            let part: Map<String, Value> =
                (0..100).map(|at| (format!("q{at}"), json!({ "type": "boolean" }))).collect();
            let root = json!({ "type": "object", "required": ["p0"], "properties": wide });
            of(json!({ "Root": root, "Part": { "type": "object", "required": ["q1"], "properties": part } }))
        };
        assert_eq!(root(5).unwrap().1, 1 + 5 * 101);
        assert_eq!(root(100).unwrap().0, json!({ "p0": { "q1": true } }));
    }
}
