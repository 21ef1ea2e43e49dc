//! Laws of the contract rules: whatever a contract holds, they end, do not panic, and say the same twice.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use agentspec::diagnostic::Diagnostic;
use agentspec::document::read;
use agentspec::model::Platform;
use agentspec::rules::{self, Context, Family, Selection};
use agentspec::source::{MemoryStore, load};
use proptest::prelude::*;
use serde_json::{Value, json};

const PATH: &str = "services/orders/contracts/api-spec.json";

static CONTRACT_RULES: LazyLock<Selection> = LazyLock::new(|| {
    let rules = rules::all().filter(|rule| matches!(rule.family, Family::Api | Family::Security));
    Selection { only: rules.map(|rule| rule.id.to_owned()).collect(), ..Selection::default() }
});

fn findings(text: &str) -> Vec<Diagnostic> {
    let sources = load(&MemoryStore::new([(PATH, text)]), &read::wanted).unwrap();
    let documents = read::read(&sources, &[PATH.to_owned()]);
    let platform = Platform::default();
    rules::run(Context { sources: &sources, documents: &documents, platform: &platform }, &CONTRACT_RULES)
}

/// Words that mean something somewhere in a contract.
const WORDS: [&str; 62] = [
    "openapi",
    "info",
    "paths",
    "/a",
    "/a/{b}",
    "get",
    "post",
    "delete",
    "parameters",
    "name",
    "in",
    "path",
    "query",
    "header",
    "required",
    "schema",
    "content",
    "application/json",
    "requestBody",
    "responses",
    "200",
    "204",
    "4XX",
    "default",
    "description",
    "components",
    "schemas",
    "A",
    "B",
    "securitySchemes",
    "security",
    "type",
    "object",
    "array",
    "string",
    "integer",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "$ref",
    "discriminator",
    "propertyName",
    "mapping",
    "example",
    "examples",
    "value",
    "enum",
    "const",
    "pattern",
    "minimum",
    "maximum",
    "servers",
    "url",
    "variables",
    "tags",
    "operationId",
    "callbacks",
    "links",
    "flows",
];

const REFERENCES: [&str; 8] = [
    "#/components/schemas/A",
    "#/components/schemas/B",
    "#",
    "#/paths",
    "other.json",
    "../../../../x",
    "https://h/x",
    "#/%zz",
];

fn contract() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(WORDS.to_vec()).prop_map(Value::from),
        prop::sample::select(REFERENCES.to_vec()).prop_map(Value::from),
        prop::sample::select(vec!["(", "[a", "^a{2}$", "", "é", "/a/{", "http://example.com/"]).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (-2..3_i32).prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(8, 96, 6, |inner| {
        let field = prop_oneof![
            (prop::sample::select(WORDS.to_vec()), inner.clone()).prop_map(|(name, value)| (name.to_owned(), value)),
            prop::sample::select(REFERENCES.to_vec()).prop_map(|target| ("$ref".to_owned(), target.into())),
        ];
        prop_oneof![
            4 => prop::collection::vec(field, 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_contract_is_checked(
        version in prop::sample::select(vec!["3.0.4", "3.1.1", "2.0"]),
        parts in prop::collection::vec(contract(), 5),
    ) {
        let [paths, schema, other, scheme, servers] = &parts[..] else { unreachable!() };
        let document = json!({
            "openapi": version,
            "info": {"title": "T", "version": "1"},
            "servers": servers,
            "paths": {"/a/{b}": paths, "/x": {"post": {"requestBody": {"content": {"application/json": {
                "schema": schema, "example": other,
            }}}, "responses": scheme}}},
            "components": {"schemas": {"A": schema, "B": other}, "securitySchemes": {"S": scheme}},
        });
        let text = document.to_string();
        prop_assert_eq!(findings(&text), findings(&text));
    }
}

/// Chains of a thousand references, as aliases and through properties, cost neither stack nor much time.
#[test]
fn long_chains_are_checked() {
    let mut schemas = serde_json::Map::new();
    for n in 0..3000 {
        schemas.insert(format!("Alias{n}"), json!({"$ref": format!("#/components/schemas/Alias{}", n + 1)}));
        let next = json!({"$ref": format!("#/components/schemas/Link{}", n + 1)});
        schemas
            .insert(format!("Link{n}"), json!({"properties": {"next": next.clone()}, "allOf": [next], "example": {}}));
    }
    schemas.insert("Alias3000".into(), json!({"type": "integer"}));
    schemas.insert("Link3000".into(), json!({"type": "object"}));
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Alias0"}, "example": "x"}});
    let document = json!({
        "openapi": "3.0.4",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {
            "operationId": "a",
            "summary": "A",
            "responses": {"200": {"description": "A", "content": content}, "default": {"description": "B", "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Link0"}},
            }}},
        }}},
        "components": {"schemas": schemas},
    });
    let found: Vec<String> = findings(&document.to_string()).into_iter().map(|finding| finding.message).collect();
    assert_eq!(found, ["this example does not fit its schema: it must be `integer`, and is a string"]);
}
