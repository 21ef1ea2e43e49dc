//! What is generated for contracts as others write them: identifiers that are optional, errors of their own form, properties
//! that only one side sees.

use serde_json::{Value, json};

use super::{fixture, unimplemented};
use crate::model::{Framework, Language, Platform};

/// `/books` with `/books/{variable}`; the schemas are those of the components `Book` and `Error`.
fn platform(variable: &str, book: Value, error: Value) -> Platform {
    let content = |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
    let shown = || content(json!({ "$ref": "#/components/schemas/Book" }));
    let refused = || content(json!({ "$ref": "#/components/schemas/Error" }));
    let item = json!([{ "name": variable, "in": "path", "required": true, "schema": { "type": "string" } }]);
    let contract = json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": { "post": {
                "operationId": "addBook", "requestBody": shown(), "responses": { "201": shown(), "default": refused() }
            } },
            format!("/books/{{{variable}}}"): {
                "parameters": item,
                "get": { "operationId": "getBook", "responses": { "200": shown(), "404": refused() } },
                "put": { "operationId": "putBook", "requestBody": shown(), "responses": { "200": shown() } }
            }
        },
        "components": { "schemas": { "Book": book, "Error": error } }
    });
    fixture::platform("shop-service", &contract)
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

fn problem() -> Value {
    object(&["code", "message"], json!({ "code": { "type": "integer" }, "message": { "type": "string" } }))
}

/// The operations that a person has to write.
fn left(platform: &Platform) -> Vec<String> {
    let api = platform.services[0].api.as_ref().unwrap();
    unimplemented(&platform.schemas, api).iter().map(|operation| operation.id.to_string()).collect()
}

#[test]
fn an_identifier_that_is_optional_is_always_there() {
    let text = json!({ "type": "string" });
    let book = object(&["title"], json!({ "id": text, "title": text }));
    let mut platform = platform("bookId", book, problem());
    assert_eq!(left(&platform), Vec::<String>::new());
    let languages = [
        (Language::Python, Framework::Fastapi, "handlers/books.py", "\"id\": new_id()"),
        (Language::Typescript, Framework::Express, "handlers/books.ts", "id: newId()"),
        (Language::Go, Framework::NetHttp, "handlers/books.go", "new(values.NewID())"),
    ];
    for (language, framework, file, expected) in languages {
        (platform.services[0].language, platform.services[0].framework) = (language, framework);
        let files = fixture::plan(&platform).unwrap();
        let handlers = fixture::content(&files, file);
        assert!(handlers.contains(expected), "{expected} in\n{handlers}");
    }
}

#[test]
fn a_name_that_is_optional_is_no_identifier() {
    let text = json!({ "type": "string" });
    let user = object(&["title"], json!({ "id": text, "username": text, "title": text }));
    assert_eq!(left(&platform("username", user, problem())).len(), 3);
}

#[test]
fn what_only_one_side_sees_is_left_to_a_person() {
    let text = json!({ "type": "string" });
    let key = json!({ "type": "string", "readOnly": true });
    let author = object(&["key", "name"], json!({ "key": key, "name": text }));
    let book = object(&["id", "authors"], json!({ "id": text, "authors": { "type": "array", "items": author } }));
    assert_eq!(left(&platform("bookId", book, problem())), ["addBook", "putBook"]);
}

#[test]
fn what_is_required_beside_its_schema_is_not_asked_of_requests() {
    let text = json!({ "type": "string" });
    let key = object(&[], json!({ "id": { "type": "string", "readOnly": true } }));
    let book = json!({ "allOf": [object(&[], json!({ "title": text })), key], "required": ["id", "title"] });
    let files = fixture::plan(&platform("bookId", book, problem())).unwrap();
    let schemas: Value = serde_json::from_str(fixture::content(&files, "contract/schemas.json")).unwrap();
    assert_eq!(schemas["$defs"]["BookInput"]["required"], json!(["title"]));
    assert_eq!(schemas["$defs"]["Book"]["required"], json!(["id", "title"]));
}

#[test]
fn errors_have_the_form_of_the_contract_in_every_language() {
    let book = object(&["id"], json!({ "id": { "type": "string" } }));
    let mut platform = platform("bookId", book, problem());
    let languages = [
        (Language::Python, Framework::Fastapi, "contract/operations.py", "error_bodies={404: ERROR_BODY}"),
        (Language::Typescript, Framework::Express, "contract/operations.ts", "errorBodies: { 404: ERROR_BODY }"),
        (Language::Go, Framework::NetHttp, "contract/operations.go", "404: errorBody,"),
    ];
    for (language, framework, file, expected) in languages {
        (platform.services[0].language, platform.services[0].framework) = (language, framework);
        let files = fixture::plan(&platform).unwrap();
        let operations = fixture::content(&files, file);
        let template = operations.contains("{status}") && operations.contains("{detail}");
        assert!(template && operations.contains(expected), "{expected} in\n{operations}");
    }
}

#[test]
fn a_wide_body_is_written_once_with_what_it_cannot_do_without() {
    let names: Vec<String> = (0..300).map(|at| format!("p{at}")).collect();
    let properties: Value = names.iter().map(|name| (name.clone(), json!({ "type": "string" }))).collect();
    let required: Vec<&str> = names.iter().map(String::as_str).chain(["id"]).collect();
    let mut book = object(&required, properties);
    book["properties"]["id"] = json!({ "type": "string", "readOnly": true });
    let mut platform = platform("bookId", book, problem());
    let languages = [
        (Language::Python, Framework::Fastapi, "tests/test_contract.py"),
        (Language::Typescript, Framework::Express, "tests/contract.test.ts"),
        (Language::Go, Framework::NetHttp, "app/contract_test.go"),
    ];
    for (language, framework, file) in languages {
        (platform.services[0].language, platform.services[0].framework) = (language, framework);
        let files = fixture::plan(&platform).unwrap();
        let tests = fixture::content(&files, file);
        assert!(tests.len() < 40_000, "{file}: {}", tests.len());
        let listed = names.iter().filter(|name| tests.matches(&format!("\"{name}\"")).count() >= 2).count();
        assert_eq!((listed, tests.contains("\"id\"")), (300, false), "{file}");
    }
}

#[test]
fn members_of_all_of_that_are_the_same_are_written_once() {
    let text = json!({ "type": "string" });
    let shown =
        json!({ "allOf": [{ "$ref": "#/components/schemas/Error" }, { "$ref": "#/components/schemas/Error" }] });
    let book = json!({ "allOf": [shown, shown, object(&["id"], json!({ "id": text }))] });
    let files = fixture::plan(&platform("bookId", book, problem())).unwrap();
    let schemas: Value = serde_json::from_str(fixture::content(&files, "schemas.json")).unwrap();
    let error = json!([{ "$ref": "#/$defs/Error" }]);
    assert_eq!(schemas["$defs"]["Book"]["allOf"][0]["allOf"], error, "{schemas}");
}
