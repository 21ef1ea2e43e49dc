//! No two contracts make a comparison take minutes: time must not grow with the square of what a file holds. Sizes are such
//! that it would, by far, where it did.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc;
use std::time::Duration;

use agentspec::compat::{self, Judgement, Level, Sides};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use serde_json::{Map, Value, json};

/// Each case takes less than a second on an idle machine, without optimisation some.
const LIMIT: Duration = Duration::from_secs(100);

/// A contract whose request and response have the component `A`.
fn contract(schemas: Value) -> Value {
    let media = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/A" } } });
    let operation = json!({
        "operationId": "a",
        "requestBody": { "content": media },
        "responses": { "200": { "description": "ok", "content": media } }
    });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "made", "version": "1" },
        "paths": { "/a": { "post": operation } },
        "components": { "schemas": schemas }
    })
}

fn alone(schema: Value) -> Value {
    contract(json!({ "A": schema }))
}

fn object(count: usize, name: &str, schema: &Value) -> Value {
    let fields: Map<String, Value> = (0..count).map(|n| (format!("{name}{n}"), schema.clone())).collect();
    Value::Object(fields)
}

fn list(count: usize, item: impl Fn(usize) -> Value) -> Value {
    Value::Array((0..count).map(item).collect())
}

fn load(document: &Value) -> Workspace {
    let store = MemoryStore::new([("api.json", document.to_string())]);
    Workspace::contract(&store, "api.json", "api").unwrap()
}

/// Compares in both ways and tells how many findings there are.
fn findings(old: Value, new: Value) -> usize {
    let (answer, waiting) = mpsc::channel();
    std::thread::spawn(move || {
        let (old, new) = (load(&old), load(&new));
        let count = |before: &Workspace, after: &Workspace| {
            let sides = Sides {
                old: &before.platform,
                old_sources: &before.sources,
                new: &after.platform,
                new_sources: &after.sources,
            };
            let changes = compat::changes(sides);
            let judged = compat::judge(sides, &changes, Judgement::default());
            let count: usize = changes.iter().map(|one| one.count).sum();
            assert_eq!(judged.iter().map(|one| one.count).sum::<usize>(), count);
            assert!(judged.len() <= 3100, "{} entries", judged.len());
            compat::findings_of(sides, &changes[..changes.len().min(100)], None, Level::All).len()
        };
        let _ = answer.send(count(&old, &new) + count(&new, &old));
    });
    waiting.recv_timeout(LIMIT).expect("the comparison takes too long")
}

#[test]
fn enumerations_of_other_values() {
    let values = |from: usize| alone(json!({ "enum": list(50_000, |n| json!(from + n)) }));
    assert!(findings(values(0), values(100_000)) > 0);
    assert!(findings(values(0), values(10)) > 0);
}

#[test]
fn values_against_alternatives() {
    let values = alone(json!({ "enum": list(20_000, |n| json!(n)) }));
    let alternatives = alone(json!({ "anyOf": list(5_000, |n| json!({ "const": n * 3 })) }));
    assert!(findings(values, alternatives) > 0);
}

#[test]
fn alternatives_by_the_thousand() {
    for (keyword, count) in [("oneOf", 5_000), ("anyOf", 5_000), ("oneOf", 400), ("anyOf", 400)] {
        let made = |name: &str| alone(json!({ keyword: list(count, |n| json!({ "const": format!("{name}{n}") })) }));
        assert!(findings(made("a"), made("b")) > 0, "{count} of {keyword}");
    }
}

#[test]
fn alternatives_that_share_alternatives() {
    let made = |leaf: Value| {
        let mut schemas = Map::new();
        for level in 0..12 {
            let next = if level == 0 { "A".to_owned() } else { format!("L{level}") };
            let below = |n: usize| {
                let kind = format!("k{level}x{n}");
                json!({ "properties": { "kind": { "const": kind }, "n": { "$ref": format!("#/components/schemas/L{}", level + 1) } } })
            };
            schemas.insert(next, json!({ "oneOf": list(12, below) }));
        }
        schemas.insert("L12".to_owned(), leaf);
        contract(Value::Object(schemas))
    };
    assert!(findings(made(json!({ "type": "string" })), made(json!({ "type": "integer" }))) > 0);
}

#[test]
fn alternatives_of_alternatives() {
    let made = |leaf: Value| {
        let mut schemas = Map::new();
        for level in 0..6 {
            let name = if level == 0 { "A".to_owned() } else { format!("L{level}") };
            let reference = json!({ "$ref": format!("#/components/schemas/L{}", level + 1) });
            let branch = |n: usize| json!({ "allOf": [reference, { "maxLength": 1000 - n }] });
            schemas.insert(name, json!({ "anyOf": list(6, branch) }));
        }
        schemas.insert("L6".to_owned(), leaf);
        contract(Value::Object(schemas))
    };
    findings(made(json!({ "type": ["string", "null"] })), made(json!({ "type": "string" })));
}

#[test]
fn properties_by_the_thousand() {
    let made =
        |kind: &str| alone(json!({ "type": "object", "properties": object(10_000, "p", &json!({ "type": kind })) }));
    assert!(findings(made("string"), made("integer")) > 0);
    let closed = |name: &str| {
        let properties = object(5_000, name, &json!({ "type": "string" }));
        alone(json!({ "type": "object", "properties": properties, "additionalProperties": false }))
    };
    assert!(findings(closed("a"), closed("b")) > 0);
}

#[test]
fn required_properties_by_the_thousand() {
    let made = |required: bool| {
        let names = if required { list(5_000, |n| json!(format!("p{n}"))) } else { json!([]) };
        let properties = object(5_000, "p", &json!({ "type": "string", "readOnly": true }));
        alone(json!({ "type": "object", "properties": properties, "required": names }))
    };
    assert!(findings(made(false), made(true)) > 0);
}

#[test]
fn properties_in_many_parts() {
    let made = |kind: &str| {
        let part = |name: &str| json!({ "properties": object(4_000, name, &json!({ "type": kind })) });
        alone(json!({ "allOf": [part("a"), part("b"), part("a")] }))
    };
    assert!(findings(made("string"), made("integer")) > 0);
}

#[test]
fn patterns_by_the_thousand() {
    let made = |kind: &str| {
        let patterns = object(2_000, "^p", &json!({ "type": kind }));
        let properties = object(2_000, "p", &json!({}));
        alone(json!({ "properties": properties, "patternProperties": patterns }))
    };
    assert!(findings(made("string"), made("integer")) > 0);
}

#[test]
fn operations_and_parameters_by_the_thousand() {
    let operations = |name: &str| {
        let paths: Map<String, Value> =
            (0..5_000).map(|n| (format!("/{name}{n}"), json!({ "get": { "responses": {} } }))).collect();
        json!({ "openapi": "3.1.0", "info": { "title": "made", "version": "1" }, "paths": paths })
    };
    assert!(findings(operations("a"), operations("b")) > 0);
    let parameters = |name: &str| {
        let list = list(5_000, |n| json!({ "name": format!("{name}{n}"), "in": "query", "schema": {} }));
        let item = json!({ "get": { "parameters": list, "responses": {} } });
        json!({ "openapi": "3.1.0", "info": { "title": "made", "version": "1" }, "paths": { "/a": item } })
    };
    assert!(findings(parameters("a"), parameters("b")) > 0);
}
