//! What the files of a generated Python service say, for contracts of many kinds.

use serde_json::{Value, json};

use super::{fixture, unimplemented};
use crate::model::{Framework, Language};
use crate::output::{Ownership, PlannedFile};

fn files(contract: &Value) -> Vec<PlannedFile> {
    fixture::plan(&fixture::platform("shop-service", contract)).unwrap()
}

fn handlers(contract: &Value, module: &str) -> String {
    fixture::content(&files(contract), &format!("handlers/{module}.py")).to_owned()
}

fn answer(schema: Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

fn body(schema: Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// `/books` with `/books/{bookId}`; `book` and `new` are schemas.
fn books(book: Value, new: Value) -> Value {
    let shown = json!({ "$ref": "#/components/schemas/Book" });
    let path = json!([{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }]);
    json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": {
                "get": { "operationId": "listBooks", "responses": { "200": answer(json!({ "type": "array", "items": shown })) } },
                "post": { "operationId": "addBook", "requestBody": body(new), "responses": { "201": answer(shown.clone()) } }
            },
            "/books/{bookId}": {
                "parameters": path,
                "get": { "operationId": "getBook", "responses": { "200": answer(shown) } },
                "delete": { "operationId": "deleteBook", "responses": { "204": {} } }
            },
            "/books/{bookId}/lend": {
                "parameters": path,
                "post": { "operationId": "lendBook", "responses": { "204": {} } }
            },
            "/books/{bookId}/bind": {
                "parameters": path,
                "post": { "operationId": "bindBook", "responses": { "204": {} } }
            }
        },
        "components": { "schemas": { "Book": book } }
    })
}

fn book() -> Value {
    json!({
        "type": "object",
        "required": ["id", "title", "state", "createdAt"],
        "properties": {
            "id": { "type": "string", "format": "uuid", "readOnly": true },
            "title": { "type": "string", "x-unique": true },
            "state": { "type": "string", "enum": ["here", "lent"] },
            "createdAt": { "type": "string", "format": "date-time" }
        }
    })
}

fn new_book() -> Value {
    json!({ "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } })
}

#[test]
fn a_resource_has_working_handlers_and_the_rest_is_named() {
    let text = handlers(&books(book(), new_book()), "books");
    for expected in [
        "BOOKS: Collection[models.Book] = Collection(\"books\", key=\"id\", unique=[\"title\"])",
        "return await BOOKS.get(context, book_id)",
        "await BOOKS.remove(context, book_id)",
        "\"id\": new_id(),",
        "\"title\": body[\"title\"],",
        "\"state\": \"here\",",
        "raise NotImplementedOperation(\"bindBook\")",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    let platform = fixture::platform("shop-service", &books(book(), new_book()));
    let api = platform.services[0].api.as_ref().unwrap();
    let left: Vec<&str> = unimplemented(&platform.schemas, api).iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(left, ["bindBook"]);
}

#[test]
fn tests_vary_no_text_that_has_a_format() {
    for format in ["email", "idn-email", "uri", "hostname", "time"] {
        let properties = json!({ "contact": { "type": "string", "format": format }, "title": { "type": "string" } });
        let new = json!({ "type": "object", "required": ["contact", "title"], "properties": properties });
        let mut contract = books(book(), new.clone());
        let put = json!({ "operationId": "putBook", "requestBody": body(new), "responses": { "204": {} } });
        contract["paths"]["/books/{bookId}"]["put"] = put;
        let tests = fixture::content(&files(&contract), "test_books.py").to_owned();
        let changed = tests.lines().find(|line| line.starts_with("CHANGED")).unwrap_or_default();
        let of_title = changed.contains("\"title\": \"example again\"");
        assert!(of_title && changed.matches(" again").count() == 1, "{changed}");
    }
}

#[test]
fn what_cannot_be_derived_is_left_to_a_person() {
    let mut with_price = book();
    with_price["properties"]["price"] = json!({ "type": "integer", "minimum": 1 });
    with_price["required"] = json!(["id", "title", "price"]);
    let text = handlers(&books(with_price, new_book()), "books");
    assert!(text.contains("raise NotImplementedOperation(\"addBook\")"), "{text}");
    assert!(text.contains("return await BOOKS.get(context, book_id)"), "{text}");
    // A secret must be hashed, or whatever its author wants.
    let secret = json!({
        "type": "object",
        "required": ["title"],
        "properties": { "title": { "type": "string" }, "pin": { "type": "string", "writeOnly": true } }
    });
    assert!(handlers(&books(book(), secret), "books").contains("NotImplementedOperation(\"addBook\")"));
    let mut manual = books(book(), new_book());
    manual["paths"]["/books"]["post"]["x-behaviour"] = json!("custom");
    assert!(handlers(&manual, "books").contains("NotImplementedOperation(\"addBook\")"));
}

#[test]
fn a_transition_checks_the_state_that_it_starts_from() {
    let mut contract = books(book(), new_book());
    let lend = |contract: &Value| handlers(contract, "books");
    // Nothing is said: from any other state, and a second call changes nothing.
    let text = lend(&contract);
    let expected = "        if current[\"state\"] == \"lent\":\n            return\n        book: models.Book = {";
    assert!(text.contains(expected), "{text}");
    contract["paths"]["/books/{bookId}/lend"]["post"]["responses"]["409"] = json!({});
    let text = lend(&contract);
    let refused = "raise Problem(409, f\"The book is {current['state']} and cannot become lent.\")";
    assert!(text.contains("if current[\"state\"] == \"lent\":\n") && text.contains(refused), "{text}");
    contract["paths"]["/books/{bookId}/lend"]["post"]["x-behaviour"] =
        json!({ "name": "transition", "from": ["here"], "repeatable": true });
    let text = lend(&contract);
    for expected in ["== \"lent\":\n            return\n", "if current[\"state\"] != \"here\":\n"] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    contract["paths"]["/books/{bookId}/lend"]["post"]["x-behaviour"] = json!({ "name": "transition", "to": "lost" });
    assert!(lend(&contract).contains("NotImplementedOperation(\"lendBook\")"));
}

#[test]
fn a_body_that_is_open_stores_only_what_the_contract_names() {
    assert!(!handlers(&books(book(), new_book()), "books").contains("**body"));
    let mut closed = new_book();
    closed["additionalProperties"] = json!(false);
    assert!(handlers(&books(book(), closed), "books").contains("**body,"));
}

#[test]
fn requests_and_responses_see_their_own_side_of_a_schema() {
    let both = json!({ "$ref": "#/components/schemas/Book" });
    let files = files(&books(book(), both));
    let schemas: Value = serde_json::from_str(fixture::content(&files, "contract/schemas.json")).unwrap();
    let definitions = &schemas["$defs"];
    assert_eq!(definitions["BookInput"]["properties"]["id"], json!(false));
    assert_eq!(definitions["BookInput"]["required"], json!(["title", "state", "createdAt"]));
    assert_eq!(definitions["Book"]["required"], json!(["id", "title", "state", "createdAt"]));
    let models = fixture::content(&files, "contract/models.py");
    let input = models.split("class BookInput").nth(1).unwrap();
    assert!(!input.split("class ").next().unwrap().contains("id: str"), "{models}");
}

#[test]
fn recursive_and_odd_schemas_become_types() {
    let odd = json!({
        "type": "object",
        "required": ["id", "class"],
        "properties": {
            "id": { "type": "string" },
            "class": { "type": ["string", "null"] },
            "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Book" } },
            "loop": { "$ref": "#/components/schemas/Loop" },
            "itself": { "$ref": "#/components/schemas/Itself" },
            "from-to": { "type": "object", "additionalProperties": { "type": "integer" } }
        }
    });
    let mut contract = books(odd, new_book());
    contract["components"]["schemas"]["Loop"] =
        json!({ "anyOf": [{ "type": "array", "items": { "$ref": "#/components/schemas/Loop" } }, { "type": "null" }] });
    contract["components"]["schemas"]["Itself"] = json!({ "$ref": "#/components/schemas/Itself" });
    let files = files(&contract);
    let models = fixture::content(&files, "contract/models.py");
    for expected in [
        "\"class\": \"str | None\"",
        "\"parts\": \"NotRequired[list[Book]]\"",
        "\"from-to\": \"NotRequired[dict[str, int]]\"",
        "Loop: TypeAlias = \"list[Loop] | None\"",
    ] {
        assert!(models.contains(expected), "no {expected} in\n{models}");
    }
}

#[test]
fn a_contract_without_operations_gives_a_service_that_answers_probes() {
    let files = files(&json!({ "info": { "title": "", "version": "v1" }, "paths": {} }));
    assert!(!files.iter().any(|file| file.path.contains("handlers/") || file.path.ends_with("routes.py")));
    assert!(fixture::content(&files, "pyproject.toml").contains("version = \"1\""));
}

#[test]
fn names_do_not_collide() {
    let operation = |id: &str| json!({ "operationId": id, "responses": { "204": {} } });
    let contract = json!({
        "info": { "title": "Odd", "version": "1.0.0" },
        "paths": {
            "/import": { "get": operation("class"), "post": operation("getThing") },
            "/import/{a}/{a}": { "get": operation("get_thing") },
            "/Import": { "get": operation("get-thing") }
        }
    });
    let files = files(&contract);
    let operations = fixture::content(&files, "contract/operations.py");
    for constant in ["CLASS = ", "GET_THING = ", "GET_THING_2 = ", "GET_THING_3 = "] {
        assert_eq!(operations.matches(&format!("\n{constant}")).count(), 1, "{constant} in\n{operations}");
    }
    let paths: std::collections::BTreeSet<String> = files.iter().map(|file| file.path.to_lowercase()).collect();
    assert_eq!(paths.len(), files.len());
}

#[test]
fn only_handlers_and_their_tests_are_the_users() {
    let files = files(&books(book(), new_book()));
    let scaffold: Vec<&str> =
        files.iter().filter(|file| file.ownership == Ownership::Scaffold).map(|file| file.path.as_str()).collect();
    assert_eq!(
        scaffold,
        [
            "services/shop-service/src/shop_service/handlers/books.py",
            "services/shop-service/tests/test_books.py",
            "services/shop-service/tests/test_not_implemented.py"
        ]
    );
    assert!(files.iter().all(|file| file.content.is_empty() || file.content.ends_with('\n')));
}

#[test]
fn a_language_without_templates_is_said() {
    let mut platform = fixture::platform("shop-service", &books(book(), new_book()));
    platform.services[0].language = Language::Other;
    platform.services[0].framework = Framework::Other;
    let plan = fixture::planned(&platform).unwrap();
    assert!(plan.files.is_empty());
    let [note] = plan.notes.as_slice() else { panic!("{:?}", plan.notes) };
    assert!(note.contains("shop-service") && note.contains("Python (FastAPI)"), "{note}");
}

#[test]
fn a_database_without_templates_is_said() {
    let mut platform = fixture::platform("shop-service", &books(book(), new_book()));
    platform.technology.database = crate::model::Database::Other;
    platform.technology.stated.insert("database".to_owned(), "MySQL per service".to_owned());
    let plan = fixture::planned(&platform).unwrap();
    let [note] = plan.notes.as_slice() else { panic!("{:?}", plan.notes) };
    assert!(note.contains("`MySQL per service`") && note.contains("PostgreSQL"), "{note}");
    platform.services[0].language = Language::Other;
    platform.services[0].framework = Framework::Other;
    assert!(!fixture::planned(&platform).unwrap().notes.iter().any(|note| note.contains("MySQL")));
}

/// A contract with login and what goes with it.
fn sessions() -> Value {
    let text = json!({ "type": "string" });
    let object = |names: &[&str]| {
        let properties = names.iter().map(|name| ((*name).to_owned(), text.clone()));
        let properties: serde_json::Map<String, Value> = properties.collect();
        json!({ "type": "object", "required": names, "properties": properties })
    };
    let post = |id: &str, sent: &[&str], status: &str, shown: &[&str]| json!({ "post": { "operationId": id, "requestBody": body(object(sent)), "responses": { status: answer(object(shown)) } } });
    json!({
        "info": { "title": "Accounts", "version": "1.0.0" },
        "paths": {
            "/signup": post("signUp", &["username", "password"], "201", &["id", "username"]),
            "/login": post("signIn", &["username", "password"], "200", &["accessToken", "refreshToken"]),
            "/refresh": post("renew", &["refreshToken"], "200", &["accessToken", "refreshToken"]),
            "/verify": post("check", &["token"], "200", &["userId"])
        }
    })
}

#[test]
fn a_service_with_a_login_issues_tokens() {
    let text = handlers(&sessions(), "login");
    assert!(text.contains("accounts.sign_in(context, body[\"username\"], body[\"password\"])"), "{text}");
    assert!(text.contains("return {\"accessToken\": tokens.access, \"refreshToken\": tokens.refresh}"), "{text}");
    let text = handlers(&sessions(), "signup");
    assert!(
        text.contains("accounts.register(context, account[\"id\"], body[\"username\"], body[\"password\"])"),
        "{text}"
    );
    assert!(!text.contains("self.sessions"), "{text}");
    assert!(handlers(&sessions(), "verify").contains("claims = await self.sessions.read(context, body[\"token\"])"));
    let paths: Vec<String> = files(&sessions()).into_iter().map(|file| file.path).collect();
    for name in ["runtime/accounts.py", "runtime/passwords.py", "runtime/sessions.py", "tests/test_sessions.py"] {
        assert!(paths.iter().any(|path| path.ends_with(name)), "no {name} in {paths:?}");
    }
}

#[test]
fn a_login_that_shows_no_token_is_left_to_a_person() {
    let mut contract = sessions();
    let shown = "/paths/~1login/post/responses/200/content/application~1json/schema";
    *contract.pointer_mut(shown).unwrap() = json!({ "type": "object", "properties": { "ok": { "type": "boolean" } } });
    for module in ["login", "refresh", "signup"] {
        assert!(handlers(&contract, module).contains("raise NotImplementedOperation"), "{module}");
    }
    assert!(!files(&contract).iter().any(|file| file.path.ends_with("sessions.py")));
}
