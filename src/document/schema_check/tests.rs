use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::Checker;
use crate::document::openapi::Version;
use crate::source::{MemoryStore, NodeKey, Sources, load};

fn sources(schema: &Json, value: &Json) -> Sources {
    let text = json!({ "schema": schema, "value": value }).to_string();
    load(&MemoryStore::new([("a.json", text)]), &|_| true).unwrap()
}

fn key(sources: &Sources, field: &str) -> NodeKey {
    let file = sources.id_of("a.json").unwrap();
    NodeKey { file, node: sources.root(file).unwrap().get(field).unwrap().id() }
}

fn decide(version: Version, schema: &Json, value: &Json) -> Option<bool> {
    let sources = sources(schema, value);
    Checker::new(&sources, version).decide(key(&sources, "schema"), key(&sources, "value"))
}

fn messages(version: Version, schema: Json, value: Json) -> Vec<String> {
    let sources = sources(&schema, &value);
    let found = Checker::new(&sources, version).check(key(&sources, "schema"), key(&sources, "value"));
    found.into_iter().map(|mismatch| mismatch.message).collect()
}

#[test]
fn mismatches_name_the_part_and_the_reason() {
    let schema = json!({
        "type": "object",
        "required": ["id", "name"],
        "additionalProperties": false,
        "properties": {
            "id": {"type": "integer", "minimum": 1},
            "name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"},
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": true},
        },
    });
    let value = json!({"id": 0, "tags": ["a", "c", "a"], "extra": true});
    assert_eq!(
        messages(Version::V31, schema, value),
        [
            "`name` is required, and missing",
            "`id` must be at least 1",
            "an item is none of `a`, `b`",
            "an item stands twice",
            "`extra` is not a property of the schema",
        ]
    );
}

#[test]
fn the_dialect_of_3_0_has_nullable_and_boolean_bounds() {
    let schema = json!({"type": "number", "nullable": true, "minimum": 1, "exclusiveMinimum": true});
    for (value, accepted) in [(json!(null), true), (json!(1), false), (json!(1.5), true), (json!("1"), false)] {
        assert_eq!(decide(Version::V30, &schema, &value), Some(accepted), "{value}");
    }
    assert_eq!(decide(Version::V30, &json!({"const": 1}), &json!(2)), Some(true));
}

#[test]
fn one_way_properties_may_be_missing() {
    let schema = json!({"required": ["id"], "properties": {"id": {"readOnly": true}}});
    assert_eq!(decide(Version::V31, &schema, &json!({})), Some(true));
    let base = json!({"properties": {"id": {"readOnly": true}}});
    for base in [base.clone(), json!({"allOf": [base.clone()]}), json!({"$ref": "#/schema/$defs/base"})] {
        let defs = json!({"base": {"properties": {"id": {"writeOnly": true}}}});
        let schema = json!({"allOf": [base, {"required": ["id"]}], "$defs": defs});
        assert_eq!(decide(Version::V31, &schema, &json!({})), Some(true), "{schema}");
    }
    // What is said of the whole is not said of its parts.
    let whole = json!({"allOf": [base, {"properties": {"part": {"allOf": [{"required": ["id"]}]}}}]});
    assert_eq!(decide(Version::V31, &whole, &json!({"part": {}})), Some(false));
}

#[test]
fn what_cannot_be_decided_is_not_refused() {
    for schema in [
        json!({"$ref": "#/nowhere"}),
        json!({"$ref": "#/schema"}),
        json!({"allOf": [{"$ref": "#/schema"}]}),
        json!({"not": {"$dynamicRef": "#x"}}),
        json!({"not": {"type": "string", "pattern": "("}}),
    ] {
        assert_eq!(decide(Version::V31, &schema, &json!("x")), None, "{schema}");
    }
}

#[test]
fn a_long_chain_of_references_is_followed() {
    let mut document = serde_json::Map::new();
    for n in 0..5000 {
        document.insert(format!("s{n}"), json!({"$ref": format!("#/s{}", n + 1)}));
    }
    document.insert("s5000".into(), json!({"type": "integer"}));
    document.insert("value".into(), json!("x"));
    let store = MemoryStore::new([("a.json", Json::Object(document).to_string())]);
    let sources = load(&store, &|_| true).unwrap();
    let found = Checker::new(&sources, Version::V30).check(key(&sources, "s0"), key(&sources, "value"));
    assert_eq!(found[0].message, "it must be `integer`, and is a string");
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3..6_i32).prop_map(Json::from),
        prop::sample::select(vec![0.5, 1.0, 2.5]).prop_map(Json::from),
        prop::sample::select(vec!["", "a", "ab", "abc", "é"]).prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name(), inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "ab", "c"]).prop_map(str::to_owned)
}

fn kind() -> impl Strategy<Value = Json> {
    let names = vec!["null", "boolean", "integer", "number", "string", "array", "object"];
    prop_oneof![
        prop::sample::select(names.clone()).prop_map(Json::from),
        prop::sample::subsequence(names, 1..4).prop_map(Json::from),
    ]
}

/// A keyword with a value of its own.
fn keyword() -> impl Strategy<Value = (String, Json)> {
    let counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    prop_oneof![
        kind().prop_map(|kind| ("type".to_owned(), kind)),
        (prop::sample::select(counts.to_vec()), 0..3_u32).prop_map(|(name, n)| (name.to_owned(), n.into())),
        (prop::sample::select(bounds.to_vec()), -1..4_i32).prop_map(|(name, n)| (name.to_owned(), n.into())),
        (1..4_u32).prop_map(|n| ("multipleOf".to_owned(), n.into())),
        Just(("uniqueItems".to_owned(), Json::from(true))),
        value().prop_map(|value| ("const".to_owned(), value)),
        prop::collection::vec(value(), 1..3).prop_map(|values| ("enum".to_owned(), values.into())),
        prop::sample::select(vec!["^a", "b$", "^.?$"]).prop_map(|text| ("pattern".to_owned(), text.into())),
        prop::sample::subsequence(vec!["a", "b"], 1..3).prop_map(|names| ("required".to_owned(), names.into())),
        Just(("dependentRequired".to_owned(), json!({"a": ["b"]}))),
    ]
}

fn schema() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Json::from),
        prop::collection::vec(keyword(), 0..3).prop_map(|fields| Json::Object(fields.into_iter().collect())),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let lists = vec!["allOf", "anyOf", "oneOf", "prefixItems"];
        let singles = vec![
            "not",
            "if",
            "then",
            "else",
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        let list = (prop::sample::select(lists), prop::collection::vec(inner.clone(), 1..3));
        let single = (prop::sample::select(singles), inner.clone());
        let maps = vec!["properties", "dependentSchemas"];
        let map = (prop::sample::select(maps), prop::collection::vec((name(), inner.clone()), 1..3));
        let field = prop_oneof![
            list.prop_map(|(name, parts)| (name.to_owned(), Json::from(parts))),
            single.prop_map(|(name, part)| (name.to_owned(), part)),
            map.prop_map(|(name, parts)| (name.to_owned(), Json::Object(parts.into_iter().collect()))),
            inner.prop_map(|part| ("patternProperties".to_owned(), json!({"^a": part}))),
            keyword(),
        ];
        prop::collection::vec(field, 1..4).prop_map(|fields| Json::Object(fields.into_iter().collect()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_an_independent_validator(schema in schema(), value in value()) {
        let expected = jsonschema::draft202012::is_valid(&schema, &value);
        prop_assert_eq!(decide(Version::V31, &schema, &value), Some(expected));
        prop_assert_eq!(messages(Version::V31, schema, value).is_empty(), expected);
    }
}
