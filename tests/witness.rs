//! What breaks has a witness that a JSON Schema validator confirms, or a sentence that says why none is shown.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use agentspec::compat::{self, Level, Sides};
use agentspec::diagnostic::{Diagnostic, Severity, Witness, WitnessKind};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use platform::{Platform, run_in};
use proptest::prelude::*;
use serde_json::{Value, json};

fn breaking(old: &Value, new: &Value) -> Vec<Diagnostic> {
    let load = |document: &Value| {
        Workspace::contract(&MemoryStore::new([("api.json", document.to_string())]), "api.json", "s").unwrap()
    };
    let (old, new) = (load(old), load(new));
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    let found = compat::findings(sides, None, Level::Breaking);
    found.into_iter().filter(|one| one.severity == Severity::Error).collect()
}

/// The witness of the only finding of a change.
#[track_caller]
fn witness(old: &Value, new: &Value) -> Witness {
    let found = breaking(old, new);
    assert_eq!(found.len(), 1, "{found:#?}");
    let witness = found[0].witness.clone().unwrap_or_else(|| panic!("{:#?}", found[0]));
    assert!(found[0].notes.contains(&witness.sentence()), "{:#?}", found[0]);
    *witness
}

/// A contract with one operation.
fn contract(version: &str, operation: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": version, "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://x.example/v1"}],
        "paths": {"/orders": {"post": operation}}, "components": {"schemas": schemas},
    })
}

fn media(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn sent(version: &str, schema: &Value) -> Value {
    let answers = json!({"200": {"description": "d"}});
    contract(
        version,
        &json!({"requestBody": {"required": true, "content": media(schema)}, "responses": answers}),
        &json!({}),
    )
}

fn answered(schema: &Value) -> Value {
    contract("3.1.0", &json!({"responses": {"200": {"description": "d", "content": media(schema)}}}), &json!({}))
}

/// A contract whose operation has more fields.
fn with(fields: &Value) -> Value {
    let mut operation = json!({"responses": {"200": {"description": "d"}}});
    operation.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    contract("3.1.0", &operation, &json!({}))
}

#[test]
fn the_whole_body_of_a_request() {
    let order = |item: Value| {
        json!({"type": "object", "required": ["customer", "items"], "properties": {
            "customer": {"type": "string", "minLength": 1},
            "note": {"type": "string"},
            "items": {"type": "array", "minItems": 1, "items": item},
        }})
    };
    let item = |required: Value| json!({"type": "object", "required": required, "properties": {"sku": {"type": "string"}, "size": {"type": "integer"}}});
    let (old, new) = (order(item(json!(["sku"]))), order(item(json!(["sku", "size"]))));
    let found = witness(&sent("3.1.0", &old), &sent("3.1.0", &new));
    assert_eq!((found.kind, found.checked), (WitnessKind::Request, true));
    assert_eq!((found.was.as_str(), found.now.as_str()), ("valid", "refused"));
    assert_eq!(found.what, "the body of `POST /orders`");
    assert_eq!(found.at.as_deref(), Some("/items/0"));
    let part = found.example.pointer("/items/0").unwrap();
    assert!(part.get("sku").is_some() && part.get("size").is_none(), "{found:#?}");
    assert!(found.example.get("customer").is_some(), "{found:#?}");
    assert!(jsonschema::is_valid(&old, &found.example) && !jsonschema::is_valid(&new, &found.example));
}

#[test]
fn the_whole_body_of_an_answer() {
    let user = |kinds: Value| {
        json!({"type": "object", "required": ["user"], "properties": {
            "user": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": kinds}}}}})
    };
    let (old, new) = (user(json!(["a"])), user(json!(["a", "b"])));
    let found = witness(&answered(&old), &answered(&new));
    assert_eq!((found.kind, found.checked), (WitnessKind::Response, true));
    assert_eq!((found.was.as_str(), found.now.as_str()), ("refused", "valid"));
    assert_eq!(found.example, json!({"user": {"kind": "b"}}));
    assert_eq!(found.at.as_deref(), Some("/user/kind"));
    assert!(found.sentence().ends_with("could not come before and may come now"), "{}", found.sentence());
}

#[test]
fn the_dialect_of_openapi_30() {
    let (old, new) = (json!({"type": "string", "nullable": true}), json!({"type": "string"}));
    let found = witness(&sent("3.0.3", &old), &sent("3.0.3", &new));
    assert_eq!((found.example, found.checked), (Value::Null, true));
    let (old, new) =
        (json!({"type": "number", "minimum": 1}), json!({"type": "number", "minimum": 1, "exclusiveMinimum": true}));
    let found = witness(&sent("3.0.3", &old), &sent("3.0.3", &new));
    assert_eq!((found.example.as_f64(), found.checked), (Some(1.0), true));
}

#[test]
fn what_is_only_read_is_not_sent() {
    let of = |required: Value| {
        json!({"type": "object", "required": required, "properties": {
            "id": {"type": "string", "readOnly": true}, "name": {"type": "string"}}})
    };
    let found = witness(&sent("3.1.0", &of(json!(["id"]))), &sent("3.1.0", &of(json!(["id", "name"]))));
    assert_eq!((found.example, found.checked), (json!({}), true));
}

#[test]
fn formats_count_where_they_changed() {
    let (old, new) = (json!({"type": "string", "format": "date"}), json!({"type": "string"}));
    let found = witness(&answered(&old), &answered(&new));
    assert!(found.checked && found.example.is_string(), "{found:#?}");
    let (old, new) = (json!({"type": "integer"}), json!({"type": "integer", "format": "int32"}));
    let found = witness(&sent("3.1.0", &old), &sent("3.1.0", &new));
    assert!(found.checked && found.example.as_i64().unwrap() > i64::from(i32::MAX), "{found:#?}");
}

#[test]
fn names_that_match_and_items_that_are_counted() {
    let open = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let mut matched = open.clone();
    matched["patternProperties"] = json!({"^x-": {"type": "string"}});
    let found = witness(&sent("3.1.0", &open), &sent("3.1.0", &matched));
    assert!(found.checked && found.example["x-a"] != Value::Null, "{found:#?}");
    let of = |least: u32, most: u32| {
        let text = json!({"type": "string"});
        json!({"type": "array", "items": text, "contains": text, "minContains": least, "maxContains": most})
    };
    let found = witness(&answered(&of(1, 3)), &answered(&of(2, 5)));
    assert!(found.checked && found.example.as_array().unwrap().len() > 3, "{found:#?}");
}

#[test]
fn a_schema_that_holds_itself() {
    let tree = |maximum: i64| {
        json!({"Tree": {"type": "object", "required": ["n"], "properties": {
            "n": {"type": "integer", "maximum": maximum},
            "left": {"$ref": "#/components/schemas/Tree"}, "right": {"$ref": "#/components/schemas/Tree"}}}})
    };
    let body = media(&json!({"$ref": "#/components/schemas/Tree"}));
    let operation = json!({"requestBody": {"content": body}, "responses": {"200": {"description": "d"}}});
    let of = |maximum| contract("3.1.0", &operation, &tree(maximum));
    let found = witness(&of(10), &of(5));
    assert!(found.checked && found.example["n"].as_i64().unwrap() > 5, "{found:#?}");
    assert_eq!(found.at.as_deref(), Some("/n"));
}

#[test]
fn a_parameter() {
    let of = |maximum: i64| {
        with(
            &json!({"parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": maximum}}]}),
        )
    };
    let found = witness(&of(100), &of(10));
    assert_eq!(found.what, "query parameter `limit` of `POST /orders`");
    assert!(found.checked && found.example.as_i64().unwrap() > 10, "{found:#?}");
}

#[test]
fn a_text_that_reads_as_a_number_is_no_witness() {
    let of = |kind: &str| with(&json!({"parameters": [{"name": "n", "in": "query", "schema": {"type": kind}}]}));
    let found = witness(&of("string"), &of("integer"));
    assert!(found.example.as_str().unwrap().parse::<f64>().is_err() && found.checked, "{found:#?}");
}

/// A body of another media type, as it is sent and as it is answered.
fn written(media: &str, schema: &Value, is_sent: bool) -> Value {
    let content = json!({media: {"schema": schema}});
    let operation = match is_sent {
        true => json!({"requestBody": {"content": content}, "responses": {"200": {"description": "d"}}}),
        false => json!({"responses": {"200": {"description": "d", "content": content}}}),
    };
    contract("3.1.0", &operation, &json!({}))
}

#[test]
fn a_body_that_is_written_as_text() {
    let of = |n: Value| json!({"type": "object", "required": ["n", "id"], "properties": {"n": n, "id": {"type": "integer"}}});
    let (text, number) = (of(json!({"type": "string"})), of(json!({"type": "integer"})));
    for media in ["application/x-www-form-urlencoded", "multipart/form-data", "application/xml"] {
        // Every number is a text, and a text of digits is a number.
        assert!(breaking(&written(media, &number, true), &written(media, &text, true)).is_empty());
        for found in [
            witness(&written(media, &text, true), &written(media, &number, true)),
            witness(&written(media, &number, false), &written(media, &text, false)),
        ] {
            assert!(found.checked && found.at.as_deref() == Some("/n"), "{found:#?}");
            assert!(found.example["n"].as_str().unwrap().parse::<f64>().is_err(), "{found:#?}");
        }
        let (few, more) = (of(json!({"enum": [1, 2]})), of(json!({"enum": ["1", "2", "3"]})));
        let found = witness(&written(media, &few, false), &written(media, &more, false));
        assert_eq!((found.example["n"].as_str(), found.checked), (Some("3"), true));
        // Both are the text 3, which is one of them in either way.
        let listed = of(json!({"enum": ["1", "2", 3]}));
        assert!(breaking(&written(media, &more, true), &written(media, &listed, true)).is_empty());
    }
    let inner = |n: &str| json!({"type": "object", "properties": {"p": {"type": "object", "required": ["n"], "properties": {"n": {"type": n}}}}});
    let media = "application/x-www-form-urlencoded";
    let found = witness(&written(media, &inner("integer"), true), &written(media, &inner("string"), true));
    assert!(found.checked && found.example.pointer("/p/n").unwrap().is_i64(), "{found:#?}");
}

/// The one that shows it is looked at, wherever it stands.
#[test]
fn a_body_of_several_media_types() {
    let of = |n: &str| {
        let schema = json!({"$ref": "#/components/schemas/A"});
        let content = json!({"application/xml": {"schema": schema}, "application/json": {"schema": schema}});
        let operation = json!({"requestBody": {"content": content}, "responses": {"200": {"description": "d"}}});
        contract("3.1.0", &operation, &json!({"A": {"type": "object", "properties": {"n": {"type": n}}}}))
    };
    let found = witness(&of("integer"), &of("string"));
    assert!(found.checked && found.example["n"].is_i64(), "{found:#?}");
}

/// With so many numbers there are more readings than a validator is asked about.
#[test]
fn a_text_that_can_be_read_in_many_ways() {
    let of = |n: &str| {
        let mut properties: serde_json::Map<String, Value> =
            (0..9).map(|at| (format!("n{at}"), json!({"type": "integer"}))).collect();
        properties.insert("n".to_owned(), json!({"type": n}));
        let names: Vec<&String> = properties.keys().collect();
        json!({"type": "object", "required": names, "properties": properties})
    };
    let found = witness(&written("text/xml", &of("string"), true), &written("text/xml", &of("integer"), true));
    assert!(!found.checked, "{found:#?}");
    assert_eq!(found.unchecked.as_deref(), Some("it is text that can be read in too many ways"));
}

#[test]
fn another_name_in_xml() {
    let of = |name: &str| json!({"type": "object", "properties": {"p": {"type": "string", "xml": {"name": name}}}});
    let found = witness(&written("application/xml", &of("a"), true), &written("application/xml", &of("b"), true));
    assert_eq!((found.example.as_str(), found.checked), (Some("element a"), false));
    assert_eq!(found.what, "how `p` is written in the body of `POST /orders`");
    let found = witness(&written("application/xml", &of("a"), false), &written("application/xml", &of("b"), false));
    assert_eq!(found.example.as_str(), Some("element b"));
}

#[test]
fn a_large_body_is_cut_down_to_what_changed() {
    let of = |maximum: i64| {
        json!({"type": "object", "required": ["text", "n"], "properties": {
            "text": {"enum": ["x".repeat(5000)]}, "n": {"type": "integer", "maximum": maximum}}})
    };
    let found = witness(&sent("3.1.0", &of(10)), &sent("3.1.0", &of(5)));
    assert_eq!((found.what.as_str(), &found.at), ("`/n` in the body of `POST /orders`", &None));
    assert!(found.checked && found.example.as_i64().unwrap() > 5, "{found:#?}");
}

#[test]
fn lines_statuses_and_credentials() {
    let empty = with(&json!({}));
    let parameter = |required: bool| {
        with(
            &json!({"parameters": [{"name": "X-Tenant", "in": "header", "required": required, "schema": {"type": "string"}}]}),
        )
    };
    let body =
        |required: bool, media: &str| with(&json!({"requestBody": {"required": required, "content": {media: {}}}}));
    let style = |explode: bool| {
        with(&json!({"parameters": [{"name": "ids", "in": "query", "explode": explode, "schema": {"type": "array"}}]}))
    };
    let header = |list: Value| with(&json!({"responses": {"200": {"description": "d", "headers": list}}}));
    let status = |code: &str| with(&json!({"responses": {code: {"description": "d"}}}));
    let mut moved = empty.clone();
    moved["servers"] = json!([{"url": "https://x.example/v2"}]);
    let mut gone = empty.clone();
    gone["paths"] = json!({"/other": gone["paths"]["/orders"].clone()});
    let secured = |list: Value| {
        let mut made = with(&json!({"security": list}));
        made["components"]["securitySchemes"] = json!({"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "bearer": {"type": "http", "scheme": "bearer"}});
        made
    };
    let total = json!({"X-Total": {"required": true, "schema": {"type": "integer"}}});
    for (old, new, example, what, now) in [
        (&empty, &gone, "POST /v1/orders", "a request", "answered with 404 or 405"),
        (&empty, &moved, "POST /v1/orders", "a request", "answered with 404"),
        (&empty, &parameter(true), "POST /v1/orders", "a request without the header parameter `X-Tenant`", "refused"),
        (
            &parameter(false),
            &parameter(true),
            "POST /v1/orders",
            "a request without the header parameter `X-Tenant`",
            "refused",
        ),
        (&empty, &body(true, "a/b"), "POST /v1/orders", "a request without a body", "refused"),
        (&body(false, "a/b"), &body(true, "a/b"), "POST /v1/orders", "a request without a body", "refused"),
        (
            &body(true, "a/b"),
            &empty,
            "POST /v1/orders\nContent-Type: a/b",
            "a request with a body",
            "refused, or read without it",
        ),
        (
            &style(true),
            &style(false),
            "?ids=a&ids=b",
            "the value a, b of the query parameter `ids`",
            "read as something else",
        ),
        (
            &header(total),
            &header(json!({})),
            "X-Total",
            "a header of an answer to `POST /orders`",
            "missing in some answers",
        ),
        (&status("201"), &status("2XX"), "299", "the status of an answer to `POST /orders`", "possible"),
        (
            &empty,
            &secured(json!([{"key": []}])),
            "POST /v1/orders",
            "a request without credentials",
            "refused with 401",
        ),
        (
            &secured(json!([{"key": []}])),
            &secured(json!([{"bearer": []}])),
            "POST /v1/orders",
            "a request with the credentials key",
            "refused with 401 or 403",
        ),
    ] {
        let found = witness(old, new);
        assert_eq!((found.example.as_str(), found.what.as_str(), found.now.as_str()), (Some(example), what, now));
        // How values are written no schema says.
        let is_about_schemas = now != "read as something else";
        assert_eq!((found.checked, found.unchecked.is_none()), (is_about_schemas, is_about_schemas), "{found:#?}");
        assert_ne!(found.was, found.now);
    }
    // One of two media types, and a code.
    let two = with(&json!({"requestBody": {"content": {"a/b": {}, "c/d": {}}}}));
    let found = witness(&two, &body(false, "c/d"));
    assert_eq!((found.example, found.checked), (json!("POST /v1/orders\nContent-Type: a/b"), true));
    let answers = |list: Value| with(&json!({"responses": {"200": {"description": "d", "content": list}}}));
    let found = witness(&answers(json!({"a/b": {}, "c/d": {}})), &answers(json!({"c/d": {}})));
    assert_eq!((found.example, found.checked), (json!("POST /v1/orders\nAccept: a/b"), true));
    let found = witness(&answers(json!({"text/plain": {}})), &answers(json!({"text/*": {}})));
    assert_eq!((found.example, found.checked), (json!("text/vnd.example"), true));
    let both = with(&json!({"responses": {"200": {"description": "d"}, "201": {"description": "d"}}}));
    let found = witness(&both, &status("200"));
    assert_eq!((found.example, found.checked), (json!("201"), true));
}

#[test]
fn what_another_operation_answers_is_not_confirmed() {
    let of = |paths: &[&str]| {
        let mut made = with(&json!({}));
        let item = made["paths"]["/orders"].clone();
        made["paths"] = paths.iter().map(|path| ((*path).to_owned(), item.clone())).collect();
        made
    };
    let found = witness(&of(&["/orders/{id}", "/orders/latest"]), &of(&["/orders/{id}"]));
    assert!(!found.checked && found.unchecked.unwrap().contains("still there"));
    let found = witness(&of(&["/orders/{id}", "/orders/latest"]), &of(&["/orders/latest"]));
    assert!(found.checked, "{found:#?}");
}

#[test]
fn what_a_consumer_answers_to_a_webhook() {
    let of = |headers: Value| {
        let mut made = with(&json!({}));
        made["webhooks"] = json!({"ready": {"post": {"responses": {"200": {"description": "d", "headers": headers}}}}});
        made
    };
    let header = |required: bool| of(json!({"X-Seen": {"required": required, "schema": {"type": "string"}}}));
    let found = witness(&header(false), &header(true));
    assert_eq!(
        (found.example, found.now.as_str(), found.checked),
        (json!("X-Seen"), "asked for in every answer", true)
    );
}

#[test]
fn a_callback_within_a_callback_has_its_payload() {
    let of = |kind: &str| {
        let answers = json!({"200": {"description": "d"}});
        let inner = json!({"{$request.body#/v}": {"post": {
            "requestBody": {"content": media(&json!({"type": kind}))}, "responses": answers}}});
        let outer = json!({"{$request.body#/u}": {"post": {"callbacks": {"d": inner}, "responses": answers}}});
        with(&json!({"callbacks": {"c": outer}}))
    };
    let found = witness(&of("number"), &of("integer"));
    assert_eq!(found.what, "the body of `callback d of callback c of POST /orders`");
    assert_eq!((found.kind, found.checked), (WitnessKind::Request, true));
}

#[test]
fn a_webhook_runs_the_other_way() {
    let of = |webhooks: Value| {
        let mut made = with(&json!({}));
        made["webhooks"] = webhooks;
        made
    };
    let hook = |kind: &str| {
        let answers = json!({"200": {"description": "d"}});
        json!({"ready": {"post": {"requestBody": {"content": media(&json!({"type": kind}))}, "responses": answers}}})
    };
    let found = witness(&of(hook("integer")), &of(hook("number")));
    assert_eq!((found.kind, found.was.as_str(), found.checked), (WitnessKind::Response, "refused", true));
    assert_eq!(found.what, "the body of `webhook POST ready`");
    let found = witness(&of(hook("integer")), &of(json!({})));
    assert_eq!((found.kind, found.now.as_str(), found.checked), (WitnessKind::Response, "no longer sent", true));
}

#[test]
fn where_none_is_shown_it_says_why() {
    let field = |properties: Value| answered(&json!({"type": "object", "properties": properties}));
    let with_note = |encoding: &str| answered(&json!({"type": "string", "contentEncoding": encoding}));
    let default = |n: i64| sent("3.1.0", &json!({"type": "integer", "default": n}));
    for (old, new, why) in [
        (field(json!({"a": {}, "b": {}})), field(json!({"a": {}})), "the base allowed leaving the field out"),
        (with_note("base64"), with_note("base16"), "validators take `contentEncoding` for a note"),
        (default(1), default(2), "nothing is refused"),
    ] {
        let found = breaking(&old, &new);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].witness.is_none(), "{found:#?}");
        assert!(
            found[0].notes.iter().any(|note| note.starts_with("No example is shown: ") && note.contains(why)),
            "{found:#?}"
        );
    }
}

#[test]
fn no_more_than_two_hundred_are_looked_for() {
    let of = |kind: &str| {
        let fields: serde_json::Map<String, Value> =
            (0..210).map(|at| (format!("f{at}"), json!({"type": kind}))).collect();
        sent("3.1.0", &json!({"type": "object", "properties": fields}))
    };
    let found = breaking(&of("string"), &of("integer"));
    let (with, without): (Vec<_>, Vec<_>) = found.iter().partition(|one| one.witness.is_some());
    assert_eq!((with.len(), without.len()), (200, 10));
    assert!(without.iter().all(|one| one.notes.iter().any(|note| note.contains("200 other changes"))));
}

#[test]
fn through_the_binary() {
    let folder = Platform::empty();
    let event = |topic: &str, kind: &str| {
        let properties = json!({"id": {"type": "string"}, "total": {"type": kind}});
        json!({"eventType": "order.order.placed", "version": "v1", "topic": topic, "consumers": [],
               "schema": {"type": "object", "required": ["id"], "properties": properties}})
        .to_string()
    };
    folder.write("old/placed.json", &event("orders", "integer"));
    folder.write("new/placed.json", &event("orders", "number"));
    let run = run_in(folder.root(), &["diff", "old/placed.json", "new/placed.json", "--format", "json"]).exits(1);
    let found = &run.findings()[0]["witness"];
    assert_eq!((&found["kind"], &found["checked"], &found["at"]), (&json!("event"), &json!(true), &json!("/total")));
    assert_eq!((&found["was"], &found["now"]), (&json!("refused"), &json!("valid")));
    assert_eq!(found["what"], "the message of `order.order.placed` v1");
    assert!(
        found["example"]["total"].as_f64().unwrap().fract() != 0.0 && found["example"]["id"].is_string(),
        "{found}"
    );
    for format in ["human", "markdown", "html"] {
        let run = run_in(folder.root(), &["diff", "old/placed.json", "new/placed.json", "--format", format]).exits(1);
        assert!(run.out.contains("may come now"), "{format}: {}", run.out);
    }
}

/// Schemas as people write them: a small generator of its own, so that the law does not rest on the relation's tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn schema(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 6 } else { 11 }) {
            0 => json!({"type": "string", "minLength": self.below(4), "maxLength": 4 + self.below(4)}),
            1 => json!({"type": "integer", "minimum": self.below(5), "maximum": 5 + self.below(5)}),
            2 => json!({"type": ["string", "null"]}),
            3 => json!({"enum": (0..=self.below(3)).map(|at| format!("v{at}")).collect::<Vec<_>>()}),
            4 => json!({"type": "boolean"}),
            5 => json!({"type": "string", "pattern": "^[a-z]+$"}),
            6 => json!({"type": "array", "items": self.schema(depth - 1), "minItems": self.below(3)}),
            7 => json!({"oneOf": [self.object(depth - 1, "k1"), self.object(depth - 1, "k2")]}),
            8 => json!({"allOf": [self.object(depth - 1, ""), self.object(depth - 1, "")]}),
            _ => self.object(depth - 1, ""),
        }
    }

    fn object(&mut self, depth: u32, tag: &str) -> Value {
        let mut properties = serde_json::Map::new();
        for name in ["a", "b", "c", "d", "e"] {
            if self.below(2) == 0 {
                properties.insert(name.to_owned(), self.schema(depth));
            }
        }
        let mut required: Vec<String> = properties.keys().filter(|_| self.below(3) == 0).cloned().collect();
        if !tag.is_empty() {
            properties.insert("tag".to_owned(), json!({"const": tag}));
            required.push("tag".to_owned());
        }
        let mut made = json!({"type": "object", "properties": properties, "required": required});
        match self.below(8) {
            0 => made["additionalProperties"] = json!(false),
            1 => made["additionalProperties"] = self.schema(0),
            _ => {}
        }
        made
    }

    /// The schema with a change somewhere inside.
    fn changed(&mut self, from: &Value) -> Value {
        let mut made = from.clone();
        let mut inner: Vec<String> = Vec::new();
        pointers(from, String::new(), &mut inner);
        let at = inner[self.below(inner.len() as u64) as usize].clone();
        let fresh = self.schema(1);
        let choice = self.below(4);
        let name = ["a", "b", "c"][self.below(3) as usize];
        let place = made.pointer_mut(&at).unwrap();
        match (choice, place.get("properties").is_some()) {
            (0, true) => place["required"] = json!([name]),
            (1, true) => drop(place["properties"].as_object_mut().unwrap().remove(name)),
            (2, true) => place["properties"][name] = fresh,
            _ => *place = fresh,
        }
        made
    }
}

fn pointers(schema: &Value, at: String, found: &mut Vec<String>) {
    found.push(at.clone());
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        pointers(inner, format!("{at}/properties/{name}"), found);
    }
    if let Some(items) = schema.get("items") {
        pointers(items, format!("{at}/items"), found);
    }
    for key in ["oneOf", "allOf"] {
        for (index, inner) in schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            pointers(inner, format!("{at}/{key}/{index}"), found);
        }
    }
}

/// Holds every witness against a validator of the schemas as they were written. Gives how many changes break, and how many
/// of them have a witness.
fn confirmed(seed: u64) -> Result<(usize, usize), String> {
    let mut dice = Dice(seed);
    let old = dice.schema(3);
    let new = dice.changed(&old);
    let validator = |schema: &Value| jsonschema::draft202012::new(schema).unwrap();
    let (before, after) = (validator(&old), validator(&new));
    let mut counts = (0, 0);
    let requests = breaking(&sent("3.1.0", &old), &sent("3.1.0", &new));
    let answers = breaking(&answered(&old), &answered(&new));
    for found in requests.iter().chain(&answers) {
        counts.0 += 1;
        let Some(witness) = &found.witness else {
            let says_why = found.notes.iter().any(|note| note.starts_with("No example is shown: "));
            if says_why { continue } else { return Err(format!("{found:#?}")) }
        };
        counts.1 += 1;
        let (fine, fails) = if witness.was == "valid" { (&before, &after) } else { (&after, &before) };
        if !witness.checked || !fine.is_valid(&witness.example) || fails.is_valid(&witness.example) {
            return Err(format!("{old}\n{new}\n{witness:#?}"));
        }
    }
    Ok(counts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_witness_holds_or_there_is_a_reason(seed in any::<u64>()) {
        let held = confirmed(seed);
        prop_assert!(held.is_ok(), "{}", held.unwrap_err());
    }
}

#[test]
fn most_changes_have_a_witness() {
    // Some of the schemas have no values at all, and of an optional field that is gone no answer tells.
    let counts = (0..400).map(|seed| confirmed(seed).unwrap());
    let (all, with) = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(all > 200 && with * 100 >= all * 95, "{with} of {all}");
}
