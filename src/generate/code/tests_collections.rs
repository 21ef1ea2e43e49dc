//! What collections are seen in contracts that show no single document, list one in many places, or let clients name theirs.

use serde_json::{Value, json};

use super::{archetypes, fixture};
use crate::model::{Framework, Language, Platform};

fn platform(paths: Value, schemas: Value) -> Platform {
    let contract = json!({
        "info": { "title": "Trains", "version": "1.0.0" },
        "paths": paths, "components": { "schemas": schemas }
    });
    fixture::platform("shop-service", &contract)
}

fn shown(schema: Value) -> Value {
    json!({ "description": "It is done.", "content": { "application/json": { "schema": schema } } })
}

fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn many(name: &str) -> Value {
    json!({ "type": "array", "items": of(name) })
}

fn query(name: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "schema": schema })
}

fn get(schema: Value, parameters: &[Value]) -> Value {
    json!({ "get": { "parameters": parameters, "responses": { "200": shown(schema) } } })
}

fn post(sent: &str, status: &str, answered: &str) -> Value {
    let body = json!({ "required": true, "content": { "application/json": { "schema": of(sent) } } });
    json!({ "post": { "requestBody": body, "responses": { status: shown(of(answered)) } } })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// What the operations do, and why, in the order of the contract.
fn seen(platform: &Platform) -> Vec<(&'static str, String)> {
    archetypes(platform, &platform.services[0]).into_iter().map(|one| (one.archetype, one.why)).collect()
}

fn names(platform: &Platform) -> Vec<&'static str> {
    seen(platform).into_iter().map(|(name, _)| name).collect()
}

fn station() -> Value {
    object(&["name"], json!({ "id": { "type": "string" }, "name": { "type": "string" } }))
}

#[test]
fn a_list_that_nothing_fills_shows_what_its_table_holds() {
    let text = json!({ "type": "string" });
    let page = json!({ "allOf": [
        object(
            &["stationsCount"],
            json!({ "data": { "type": "array", "items": { "type": "object" } }, "links": { "type": "object" },
                    "stationsCount": { "type": "integer" } })
        ),
        { "properties": { "data": many("Station") } }
    ] });
    let hours = object(&["date"], json!({ "date": text, "opens": text }));
    let readings = object(&["level"], json!({ "level": text }));
    let paths = json!({
        "/stations": get(page, &[query("name", text.clone()), query("near", text.clone())]),
        "/opening-hours": get(many("Hours"), &[]),
        "/readings": get(many("Reading"), &[]),
        "/sales-statistics": get(many("Sale"), &[])
    });
    let schemas = json!({ "Station": station(), "Hours": hours, "Reading": readings, "Sale": station() });
    let platform = platform(paths, schemas);
    let found = seen(&platform);
    assert_eq!(names(&platform), ["list", "list", "custom", "custom"]);
    let why = "GET of the collection `/stations`, which is empty until another source than this contract fills its table; \
               `near` is left to a person";
    assert_eq!(found[0].1, why);
    let files = fixture::plan(&platform).unwrap();
    let stations = fixture::content(&files, "handlers/stations.py");
    assert!(stations.contains("page(context, where={\"name\": name})"), "{stations}");
    assert!(stations.contains("return {\"data\": found.items, \"stationsCount\": found.total}"), "{stations}");
    assert!(fixture::content(&files, "handlers/opening_hours.py").contains("key=\"date\""));
}

#[test]
fn x_behaviour_sees_a_collection_where_inference_does_not() {
    let stated = |name: &str| {
        let mut list = get(many("Sale"), &[]);
        list["get"]["x-behaviour"] = json!(name);
        platform(json!({ "/sales-statistics": list }), json!({ "Sale": station() }))
    };
    assert_eq!(names(&stated("list")), ["list"]);
    assert_eq!(names(&stated("custom")), ["custom"]);
}

#[test]
fn what_is_created_and_never_shown_alone_is_a_collection() {
    let text = json!({ "type": "string" });
    let new = object(&["kind"], json!({ "kind": text, "ticketId": { "type": "string", "description": "Generated." } }));
    let made = object(
        &["kind", "message", "proof"],
        json!({ "ticketId": text, "kind": text, "message": text,
                "proof": { "type": "string", "description": "Unique code of the purchase." } }),
    );
    let mut code = get(json!({ "type": "string" }), &[]);
    code["parameters"] = json!([{ "name": "ticketId", "in": "path", "required": true, "schema": text }]);
    let paths = |status: &str| {
        json!({ "/tickets": post("NewTicket", status, "Ticket"), "/tickets/{ticketId}/code": code,
                "/search": post("NewTicket", "201", "Ticket") })
    };
    let schemas = json!({ "NewTicket": new, "Ticket": made });
    let created = platform(paths("201"), schemas.clone());
    assert_eq!(names(&created), ["create", "custom", "custom"]);
    let files = fixture::plan(&created).unwrap();
    let tickets = fixture::content(&files, "handlers/tickets.py");
    for expected in ["\"ticketId\": new_id(),", "\"message\": \"It is done.\",", "\"proof\": new_id(),"] {
        assert!(tickets.contains(expected), "{expected} in\n{tickets}");
    }
    assert_eq!(names(&platform(paths("200"), schemas)), ["custom", "custom", "custom"]);
}

#[test]
fn stations_are_listed_in_another_version_and_by_what_is_asked() {
    let text = json!({ "type": "string" });
    let zero = json!({ "type": "integer", "minimum": 0, "default": 0 });
    let item = json!([{ "name": "id", "in": "path", "required": true, "schema": text }]);
    let mut one = get(of("Station"), &[]);
    one["parameters"] = item;
    let paths = json!({
        "/stations": post("Station", "201", "Station"),
        "/stations/{id}": one,
        "/v2/stations": get(many("Station"), &[query("page", zero), query("size", json!({ "type": "integer" }))]),
        "/stations/findByName": get(many("Station"), &[query("name", text.clone())]),
        "/stations/findByMood": get(many("Station"), &[query("mood", text.clone())]),
        "/me/stations": get(many("Station"), &[]),
        "/stations/favourites": get(many("Favourite"), &[]),
        "/v3/stations": get(many("Favourite"), &[])
    });
    let mut platform = platform(paths, json!({ "Station": station(), "Favourite": station() }));
    let others = ["custom", "custom", "custom", "custom"];
    assert_eq!(names(&platform), [["create", "read", "list", "list"], others].concat());
    let doubt = &seen(&platform)[4].1;
    assert!(doubt.ends_with("it asks by `mood`, which is no plain property of the documents"), "{doubt}");
    let expected = [
        (Language::Python, Framework::Fastapi, "handlers/stations.py", "offset=page * (size or 20)"),
        (Language::Typescript, Framework::Express, "handlers/stations.ts", "offset: page * (size ?? 20)"),
        (Language::Go, Framework::NetHttp, "handlers/stations.go", "store.Offset(call.Page+1, limit)"),
    ];
    for (language, framework, end, expected) in expected {
        (platform.services[0].language, platform.services[0].framework) = (language, framework);
        let files = fixture::plan(&platform).unwrap();
        let found = files.iter().filter(|file| file.path.contains("handlers/") && file.content.contains(expected));
        assert_eq!(found.count(), 1, "{expected} in {end}");
    }
}

#[test]
fn an_identifier_that_may_be_sent_is_taken_where_it_is_free() {
    let post_of = |key: Value| {
        let mut one = get(of("Post"), &[]);
        one["parameters"] = json!([{ "name": "id", "in": "path", "required": true, "schema": key }]);
        let paths = json!({ "/posts": post("Post", "201", "Post"), "/posts/{id}": one });
        let post = object(&["title"], json!({ "id": key, "title": { "type": "string" } }));
        platform(paths, json!({ "Post": post }))
    };
    let mut numbered = post_of(json!({ "type": "integer" }));
    let mut named = post_of(json!({ "type": "string", "format": "uuid" }));
    let languages = [
        (
            Language::Python,
            Framework::Fastapi,
            "handlers/posts.py",
            "free_number(context, body.get(\"id\"))",
            "free_id(",
        ),
        (Language::Typescript, Framework::Express, "handlers/posts.ts", "freeNumber(context, body.id)", "freeId("),
        (Language::Go, Framework::NetHttp, "handlers/posts.go", "FreeNumber(ctx, unit.Tx, body.ID)", "FreeID("),
    ];
    for (language, framework, end, number, id) in languages {
        for (platform, expected) in [(&mut numbered, number), (&mut named, id)] {
            (platform.services[0].language, platform.services[0].framework) = (language, framework);
            let files = fixture::plan(platform).unwrap();
            let posts = fixture::content(&files, end);
            assert!(posts.contains(expected), "{expected} in\n{posts}");
        }
    }
    (numbered.services[0].language, numbered.services[0].framework) = (Language::Typescript, Framework::Express);
    let files = fixture::plan(&numbered).unwrap();
    assert!(
        fixture::content(&files, "runtime/operation.ts").contains("toJson(reply.content)"),
        "integers have no bounds"
    );
    let read_only = json!({ "type": "integer", "readOnly": true });
    let files = fixture::plan(&post_of(read_only)).unwrap();
    assert!(fixture::content(&files, "handlers/posts.py").contains("next_number(context)"));
    assert!(!fixture::content(&files, "runtime/collection.py").contains("free_number"));
}
