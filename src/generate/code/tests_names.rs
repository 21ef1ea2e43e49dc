//! Names of a contract that generated code has for something else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{fixture, tests_clients};
use crate::model::{Framework, Language, Method, Operation, Platform};
use crate::output::PlannedFile;
use crate::template::Engine;

/// A platform with these collections, each of documents of its own.
fn platform(names: &[&str], more: &Value) -> Platform {
    let (mut paths, mut schemas) = (json!({}), json!({}));
    let item = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    for name in names {
        let model = format!("One {name}");
        let content = json!({ "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{model}") } } } });
        let post = json!({ "requestBody": content, "responses": { "201": content } });
        let put = json!({ "requestBody": content, "responses": { "200": content } });
        paths[format!("/{name}")] = json!({ "post": post });
        let get = json!({ "responses": { "200": content } });
        paths[format!("/{name}/{{id}}")] = json!({ "parameters": item, "get": get, "put": put });
        let time = json!({ "type": "string", "format": "date-time", "readOnly": true });
        schemas[model] = json!({
            "type": "object", "required": ["id", "title", "createdAt"],
            "properties": {
                "id": { "type": "string", "readOnly": true }, "title": { "type": "string" }, "createdAt": time
            }
        });
    }
    paths.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let info = json!({ "title": "Names", "version": "1.0.0" });
    fixture::platform("shop-service", &json!({ "info": info, "paths": paths, "components": { "schemas": schemas } }))
}

/// The files of a platform's service in a language.
fn files(platform: &mut Platform, language: Language) -> Vec<PlannedFile> {
    let framework = match language {
        Language::Go => Framework::NetHttp,
        Language::Typescript => Framework::Express,
        _ => Framework::Fastapi,
    };
    (platform.services[0].language, platform.services[0].framework) = (language, framework);
    fixture::plan(platform).unwrap()
}

const LANGUAGES: [Language; 3] = [Language::Python, Language::Typescript, Language::Go];

/// What files of tests are called in any language, without what makes them tests.
fn names_of_tests() -> BTreeSet<String> {
    let name = |template: String| {
        let name = template.strip_prefix("code/")?.strip_suffix(".j2")?.rsplit('/').next()?.to_owned();
        let name = name.split('.').next()?.replace('-', "_");
        let bare = name.strip_prefix("test_").or(name.strip_suffix("_test")).unwrap_or(&name);
        Some(bare.trim_matches('_').to_owned())
    };
    Engine::built_in().into_keys().filter(|template| template.contains("test")).filter_map(name).collect()
}

#[test]
fn tests_of_collections_take_the_files_of_no_others() {
    let mut names = names_of_tests();
    assert!(
        ["transactions", "not_implemented", "event_store", "upstream_references"].map(|one| names.contains(one))
            == [true; 4]
    );
    names.extend(["events_resource", "user_windows"].map(str::to_owned));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut platform = platform(&names, &json!({ "/look": { "get": { "responses": { "204": {} } } } }));
    for language in LANGUAGES {
        let files = files(&mut platform, language);
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "{language:?}: a path is planned twice");
        let tests = [
            "tests/test_transactions_resource.py",
            "tests/transactions-resource.test.ts",
            "handlers/transactions_test.go",
        ];
        assert_eq!(
            tests.iter().filter(|end| paths.iter().any(|path| path.ends_with(**end))).count(),
            1,
            "{language:?}"
        );
        // The name of a system would keep the tests for that system.
        assert!(!paths.iter().any(|path| path.ends_with("user_windows_test.go")));
    }
}

#[test]
fn what_a_text_says_is_used_by_nothing() {
    let query = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let operation = |id: &str, parameter: &str| {
        let parameters = json!([query(parameter)]);
        json!({ "get": { "operationId": id, "parameters": parameters, "responses": { "204": {} } } })
    };
    let more = json!({ "/looks/1": operation("query", "query"), "/looks/2": operation("url.models.json", "context") });
    let mut platform = platform(&["streams"], &more);
    let text = |files: &[PlannedFile], end: &str| fixture::content(files, end).to_owned();
    let planned = files(&mut platform, Language::Typescript);
    let looks = text(&planned, "src/handlers/looks.ts");
    assert!(looks.contains("async query() {") && looks.contains("async urlModelsJson() {"), "{looks}");
    assert!(!looks.contains("models.ts\""), "{looks}");
    let planned = files(&mut platform, Language::Go);
    let looks = text(&planned, "internal/handlers/looks.go");
    assert!(!looks.contains("\"net/url\"") && !looks.contains("\"encoding/json\""), "{looks}");
    let streams = text(&planned, "internal/handlers/streams.go");
    assert!(!streams.contains("contract/streams\""), "{streams}");
}

#[test]
fn a_collection_of_go_is_no_variable_of_its_documents() {
    let mut platform = platform(&["document", "copies"], &json!({}));
    let planned = files(&mut platform, Language::Go);
    assert!(fixture::content(&planned, "internal/handlers/copies.go").contains("copiesCollection.Add("));
    let handlers = fixture::content(&planned, "internal/handlers/document.go");
    assert!(handlers.contains("documentCollection.Add(ctx, unit.Tx, document)"), "{handlers}");
}

#[test]
fn handlers_hide_nothing_that_the_code_around_them_uses() {
    let names = ["operations", "settings", "context", "ids", "timestamps", "user-1", "user1"];
    let mut platform = platform(&names, &json!({}));
    let planned = files(&mut platform, Language::Python);
    let said = |end: &str, expected: &str| {
        let text = fixture::content(&planned, end);
        assert!(text.contains(expected), "{expected} in\n{text}");
    };
    said("contract/routes.py", "    operations_2: Operations2Handlers,\n");
    said("contract/routes.py", "operations.POST_OPERATIONS, operations_2.post_operations)");
    said("/app.py", "from shop_service.handlers.settings import Settings2\n");
    said("handlers/context.py", "class Context2(Context2Handlers):");
    said("handlers/ids.py", "document: models.OneIds = {\n");
    said("handlers/timestamps.py", "document: models.OneTimestamps = {");
    said("/app.py", "from shop_service.handlers.user1 import User12\n");
    said("/app.py", "from shop_service.handlers.user_1 import User1\n");
}

/// A file of a service of the example in a language, where a word of its paths is another.
fn renamed(service: &str, [from, to]: [&str; 2], language: Language, framework: Framework, end: &str) -> String {
    let mut platform = tests_clients::platform("examples/ecommerce");
    for service in &mut platform.services {
        (service.language, service.framework) = (language, framework);
    }
    let api = platform.services.iter_mut().find(|one| one.name == service).and_then(|one| one.api.as_mut()).unwrap();
    for operation in &mut api.operations {
        operation.path = operation.path.replace(from, to);
    }
    let look = Operation::new(Method::Get);
    api.operations.push(Operation { id: "look".to_owned().into(), path: "/look".to_owned(), ..look });
    let planned = fixture::plan(&platform).unwrap();
    let own: Vec<PlannedFile> = planned.into_iter().filter(|file| file.service.as_deref() == Some(service)).collect();
    fixture::content(&own, end).to_owned()
}

#[test]
fn collections_are_told_from_clients_and_from_what_tests_have() {
    let paths = ["/orders", "/userservice"];
    let text = renamed("order-service", paths, Language::Go, Framework::NetHttp, "internal/handlers/userservice.go");
    assert!(text.contains("userserviceCollection.Add("), "{text}");
    let paths = ["/users", "/files"];
    let text = renamed("user-service", paths, Language::Python, Framework::Fastapi, "tests/test_provider.py");
    assert!(
        text.contains("import FILES as FILES_COLLECTION\n") && text.contains("        FILES_COLLECTION,\n"),
        "{text}"
    );
}

#[test]
fn sagas_take_no_more_handlers_than_they_call() {
    let same = ["/orders", "/orders"];
    let text = renamed("order-service", same, Language::Typescript, Framework::Express, "src/contract/sagas.ts");
    assert!(text.contains("sagasOf({ orders }: Pick<Handlers, \"orders\">): Orchestrated[]"), "{text}");
}

/// A platform with a collection of documents that need texts under these names.
fn documents(names: &[&str]) -> Platform {
    let properties: BTreeMap<&str, Value> = names.iter().map(|name| (*name, json!({ "type": "string" }))).collect();
    let schemas = json!({ "Entry": { "type": "object", "required": names, "properties": properties } });
    let content = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Entry" } } } });
    let post = json!({ "requestBody": content, "responses": { "201": content } });
    let get = json!({ "responses": { "200": content } });
    let item = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let paths = json!({ "/entries": { "post": post }, "/entries/{id}": { "parameters": item, "get": get } });
    let info = json!({ "title": "Entries", "version": "1.0.0" });
    fixture::platform("shop-service", &json!({ "info": info, "paths": paths, "components": { "schemas": schemas } }))
}

#[test]
fn properties_may_be_called_like_types_of_python() {
    let models = |names: &[&str]| {
        let planned = files(&mut documents(names), Language::Python);
        fixture::content(&planned, "contract/models.py").to_owned()
    };
    let said = |names: &[&str], expected: &str| {
        let text = models(names);
        assert!(text.contains(&format!("\n\nfrom typing import TypedDict\n\n{expected}")), "{expected} in\n{text}");
    };
    said(&["int"], "Entry = TypedDict(\"Entry\", {\"int\": \"str\"})  # noqa: UP013\n");
    said(&["größe"], "Entry = TypedDict(\"Entry\", {\"größe\": \"str\"})  # noqa: UP013\n");
    said(&["__proto__"], "Entry = TypedDict(\"Entry\", {\"__proto__\": \"str\"})\n");
    said(&["a-b", "int"], "Entry = TypedDict(\"Entry\", {\"a-b\": \"str\", \"int\": \"str\"})\n");
    said(&["class"], "Entry = TypedDict(\"Entry\", {\"class\": \"str\"})\n");
    said(&["title"], "\nclass Entry(TypedDict):\n    title: str\n");
    let long = models(&["Any", &"long".repeat(20)]);
    assert!(
        long.contains("\nEntry = TypedDict(  # noqa: UP013\n    \"Entry\",\n    {\n        \"Any\": \"str\",\n"),
        "{long}"
    );
}

#[test]
fn what_a_call_does_is_told_with_any_word() {
    let mut platform = tests_clients::platform("examples/ecommerce");
    let users = platform.services.iter_mut().find(|one| one.name == "user-service").and_then(|one| one.api.as_mut());
    let read = users.unwrap().operations.iter_mut().find(|operation| operation.id == *"getUser").unwrap();
    read.summary = Some("Reads Any profile".to_owned().into());
    let planned = fixture::plan(&platform).unwrap();
    let text = fixture::content(&planned, "order_service/contract/clients/user_service.py");
    assert!(text.contains("\"\"\"Reads Any profile."), "{text}");
    assert!(text.contains("\nfrom typing import Literal, TypedDict\n"), "{text}");
}

#[test]
fn properties_may_be_called_like_what_objects_of_typescript_inherit() {
    let text = |names: &[&str], end: &str| {
        let planned = files(&mut documents(names), Language::Typescript);
        fixture::content(&planned, end).to_owned()
    };
    let names = ["__proto__", "id", "toString"];
    for end in ["src/handlers/entries.ts", "tests/entries.test.ts", "tests/contract.test.ts"] {
        let text = text(&names, end);
        assert!(text.contains("[\"__proto__\"]: ") && !text.contains(" __proto__: "), "{text}");
    }
    assert!(text(&names, "contract/models.ts").contains("  __proto__: string;\n"));
    let tests = text(&names, "tests/entries.test.ts");
    assert!(tests.contains("\ninterface Document {\n  [name: string]: unknown;\n  toString: unknown;\n}\n"), "{tests}");
    let tests = text(&["id", "title"], "tests/entries.test.ts");
    assert!(tests.contains("\ntype Document = Record<string, unknown>;\n"), "{tests}");
    // What a body inherits is not sent: a text called `constructor` may be left out.
    assert!(text(&["id"], "runtime/schemas.ts").contains("ownProperties: true"));
}

#[test]
fn tests_of_go_have_names_of_their_own() {
    let planned = files(&mut platform(&["user-1", "user1", "user12"], &json!({})), Language::Go);
    let names = |start: &str| {
        let tests =
            planned.iter().filter(|file| file.path.contains("internal/handlers/") && file.path.ends_with("_test.go"));
        let lines = tests.flat_map(|file| file.content.lines());
        let declared = lines.filter_map(|line| line.strip_prefix(start)?.split(['(', ' ']).next());
        declared.filter(|name| name.to_lowercase().contains("user1")).collect::<Vec<_>>()
    };
    for (start, end) in [("func ", "Read"), ("const ", "URL"), ("const ", "New")] {
        let all = names(start);
        assert_eq!(all.iter().filter(|name| name.ends_with(end)).count(), 3, "{all:?}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    }
}
