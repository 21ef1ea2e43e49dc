//! What the files of a generated TypeScript service say. That they are valid is tested with the compiler itself.

use serde_json::{Value, json};

use super::{EventsDone, by_hand, fixture};
use crate::model::{Framework, Language, Platform};
use crate::output::{Ownership, PlannedFile};

fn platform(contract: &Value) -> Platform {
    let mut platform = fixture::platform("shop-service", contract);
    for service in &mut platform.services {
        (service.language, service.framework) = (Language::Typescript, Framework::Express);
    }
    platform
}

fn shop() -> Value {
    let path = json!([{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let answer = |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
    let book = json!({
        "type": "object",
        "required": ["id", "title", "state"],
        "properties": {
            "id": { "type": "string", "format": "uuid", "readOnly": true },
            "title": { "type": "string", "x-unique": true },
            "sub-title": { "type": "string" },
            "state": { "type": "string", "enum": ["here", "lent"] }
        }
    });
    let new = json!({
        "type": "object",
        "required": ["title"],
        "properties": { "title": { "type": "string" }, "sub-title": { "type": "string" } }
    });
    let shown = json!({ "$ref": "#/components/schemas/Book" });
    let body = json!({ "required": true, "content": { "application/json": { "schema": new } } });
    json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": { "post": { "operationId": "addBook", "requestBody": body, "responses": { "201": answer(shown.clone()) } } },
            "/books/{bookId}": {
                "parameters": path,
                "get": { "operationId": "getBook", "responses": { "200": answer(shown.clone()) } }
            },
            "/books/{bookId}/lend": {
                "parameters": path,
                "post": { "operationId": "lendBook", "responses": { "200": answer(shown) } }
            },
            "/reports": { "post": { "operationId": "makeReport", "responses": { "202": {} } } }
        },
        "components": { "schemas": { "Book": book } }
    })
}

fn content(end: &str) -> String {
    let files = fixture::plan(&platform(&shop())).unwrap();
    fixture::content(&files, end).to_owned()
}

#[test]
fn handlers_do_what_the_contract_implies() {
    let text = content("handlers/books.ts");
    for expected in [
        "const BOOKS = new Collection<models.Book>(\"books\", { key: \"id\", unique: [\"title\"] });",
        "export const books: BooksHandlers = {",
        "  async addBook(context, { body }) {",
        "const book: models.Book = { id: newId(), title: body.title, state: \"here\" };",
        "if (body[\"sub-title\"] !== undefined) {\n      book[\"sub-title\"] = body[\"sub-title\"];\n    }",
        "return BOOKS.get(context, bookId);",
        "const book: models.Book = { ...current, state: \"lent\" };",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(content("handlers/reports.ts").contains("throw new NotImplementedOperation(\"makeReport\");"));
}

#[test]
fn what_every_request_has_is_not_asked_for() {
    let mut contract = shop();
    let body = |required: Value| {
        let properties = json!({ "title": { "type": "string" }, "sub-title": { "type": ["string", "null"] } });
        let schema = json!({ "type": "object", "required": required, "properties": properties });
        json!({ "required": true, "content": { "application/json": { "schema": schema } } })
    };
    let shown = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Book" } } } });
    let patch = json!({ "operationId": "patchBook", "requestBody": body(json!(["title", "sub-title"])), "responses": { "200": shown } });
    contract["paths"]["/books/{bookId}"]["patch"] = patch;
    contract["paths"]["/books/{bookId}/lend"]["post"]["requestBody"] = body(json!(["title"]));
    let planned = fixture::plan(&platform(&contract)).unwrap();
    let text = fixture::content(&planned, "handlers/books.ts");
    for expected in [
        "const book: models.Book = { ...current, title: body.title };\n    if (body[\"sub-title\"] === null) {\n      \
         delete book[\"sub-title\"];\n    } else {\n      book[\"sub-title\"] = body[\"sub-title\"];\n    }\n",
        "const book: models.Book = { ...current, state: \"lent\", title: body.title };\n",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn what_is_left_to_a_person_has_a_place() {
    let platform = platform(&shop());
    let left = by_hand(&platform, &platform.services[0]);
    let left: Vec<_> = left.iter().map(|(operation, path)| (operation.id.as_str(), path.as_str())).collect();
    assert_eq!(left, [("makeReport", "services/shop-service/src/handlers/reports.ts")]);
    assert!(EventsDone::new(&platform, &platform.services[0]).publishes("any"), "there is nothing unpublished");
}

/// The files of the services that call each other.
fn trips() -> Vec<PlannedFile> {
    let mut platform = super::tests_clients::platform("tests/platforms/trips");
    for service in &mut platform.services {
        (service.language, service.framework) = (Language::Typescript, Framework::Express);
    }
    fixture::plan(&platform).unwrap()
}

#[test]
fn calls_fail_as_the_spec_says() {
    let files = trips();
    let client = |name: &str| fixture::content(&files, &format!("src/contract/clients/{name}.ts")).to_owned();
    assert!(client("placeService").contains("  timeoutMilliseconds: 300,\n  retries: 1,\n"));
    assert!(client("priceService").contains("readonly #lastListPrices = new LastAnswers<Price[]>(600_000);"));
    assert!(client("hintService").contains("      return undefined;\n"));
    assert!(client("seatService").contains("headers: { \"Idempotency-Key\": idempotencyKey ?? newId() },"));
    let handlers = fixture::content(&files, "trip-service/src/handlers/trips.ts");
    let asked = "await mustExist(\n      context.clients.placeService.getPlace(context, { placeId: body.placeId }),\n      \
                 \"#/placeId\",\n      422,\n    );";
    assert!(handlers.contains(asked), "{handlers}");
    assert!(handlers.contains("await beginSaga(context, sagas.BOOK_TRIP, trip);"), "{handlers}");
}

#[test]
fn steps_of_sagas_are_typed() {
    let files = trips();
    let sagas = fixture::content(&files, "src/contract/sagas.ts");
    for expected in [
        "export const BOOK_TRIP: Saga = { name: \"book-trip\", timeoutMilliseconds: 30_000 };",
        "return required(trips.cancelTrip)(context, { tripId: (results[0] as models.Trip).id });",
        "reservationId: (results[1] as seatService.Reservation).id,",
    ] {
        assert!(sagas.contains(expected), "{expected} is not in\n{sagas}");
    }
}

#[test]
fn pacts_are_written_and_verified_where_there_are_any() {
    let files = trips();
    let has = |end: &str| files.iter().any(|file| file.path.ends_with(end));
    assert!(has("trip-service/tests/pacts.test.ts") && !has("seat-service/tests/pacts.test.ts"));
    assert!(has("seat-service/tests/provider.test.ts") && !has("trip-service/tests/provider.test.ts"));
    assert!(!fixture::content(&files, "trip-service/src/app.ts").contains("readonly database"));
}

#[test]
fn only_what_is_needed_is_written_and_pinned() {
    let files: Vec<PlannedFile> = fixture::plan(&platform(&shop())).unwrap();
    let has = |end: &str| files.iter().any(|file| file.path.ends_with(end));
    assert!(has("runtime/collection.ts") && !has("runtime/outbox.ts") && !has("runtime/sessions.ts"));
    for name in ["package.json", "package-lock.json"] {
        let text = fixture::content(&files, name);
        let parsed: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parsed["name"], "shop-service");
        assert!(!text.contains("jose") && !text.contains("amqplib"), "{name} names what is not used");
    }
    let scaffolds = files.iter().filter(|file| file.ownership == Ownership::Scaffold);
    assert!(scaffolds.clone().count() > 1);
    assert!(scaffolds.into_iter().all(|file| file.path.contains("/handlers/") || file.path.contains("/tests/")));
}

#[test]
fn the_lock_names_the_versions_that_the_package_pins() {
    let files = fixture::plan(&platform(&shop())).unwrap();
    let parse = |end: &str| serde_json::from_str::<Value>(fixture::content(&files, end)).unwrap();
    let (package, lock) = (parse("package.json"), parse("package-lock.json"));
    for kind in ["dependencies", "devDependencies"] {
        assert_eq!(package[kind], lock["packages"][""][kind]);
        for (name, version) in package[kind].as_object().unwrap() {
            assert_eq!(lock["packages"][format!("node_modules/{name}")]["version"], *version, "{name}");
        }
    }
    assert!(!fixture::content(&files, "package-lock.json").contains("://"));
}
