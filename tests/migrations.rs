//! Migrations of generated services: what was stored under one version of a contract is there under the next one, on SQLite
//! and on PostgreSQL, and nothing that was applied may change.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/go.rs"]
mod go;
#[path = "support/platform.rs"]
mod platform;
#[path = "support/postgresql.rs"]
mod postgresql;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use platform::Platform;
use postgresql::Postgresql;
use python::Running;
use serde_json::{Value, json};

const CONTRACT: &str = "services/book-service/contracts/api-spec.yaml";
const FOLDER: &str = "services/book-service";

/// A language: where its services keep their migrations, and the command that starts one.
struct Kit<'a> {
    constitution: &'a str,
    migrations: &'a str,
    command: &'a dyn Fn(&Path) -> Command,
}

/// `/NAME` with `/NAME/{id}`, to create and to read.
fn collection(name: &str, required: &str, properties: &str) -> String {
    let document =
        format!("{{type: object, required: [id, {required}], properties: {{id: {{type: string}}, {properties}}}}}");
    let new = format!("{{type: object, required: [title], properties: {{{properties}}}}}");
    let json = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
    let (one, id) = (json(&document), format!("operationId: create{name}"));
    format!(
        "  /{name}:\n    post:\n      {id}\n      requestBody: {{required: true, {}}}\n      responses:\n        \
         '201': {{description: Stored, {one}}}\n        '409': {{description: It is there}}\n        \
         '422': {{description: Not valid}}\n  \
         /{name}/{{id}}:\n    get:\n      operationId: get{name}\n      \
         parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n      responses:\n        \
         '200': {{description: It, {one}}}\n        '404': {{description: There is none}}\n",
        json(&new)
    )
}

fn contract(version: &str, collections: &[String]) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: Books, version: {version}}}\npaths:\n{}", collections.concat())
}

fn first() -> String {
    let title = "title: {type: string}, isbn: {type: string}";
    contract("1.0.0", &[collection("books", "title", title), collection("shelves", "title", "title: {type: string}")])
}

/// Books have a language and an ISBN of their own, shelves are gone, and loans are new.
fn second() -> String {
    let title =
        "title: {type: string}, isbn: {type: string, x-unique: true}, language: {type: string, default: it's en}";
    contract(
        "2.0.0",
        &[collection("books", "title, language", title), collection("loans", "title", "title: {type: string}")],
    )
}

fn platform(kit: &Kit<'_>) -> Platform {
    let platform = Platform::empty();
    let language = format!("# Shop Constitution\n\n## Technology Stack\n\n- Language: {}\n", kit.constitution);
    platform.write("constitution.md", &language);
    // There are no specs, which is not what this is about.
    platform.write(".speckit.config.json", "{\"validation\": {\"auto_validate\": false}}\n");
    platform.write(CONTRACT, &first());
    platform.run(&["generate", "code"]).exits(0);
    platform
}

fn start(kit: &Kit<'_>, folder: &Path, database: &str) -> Running {
    Running::spawn((kit.command)(folder), folder, &[("DATABASE_URL", database)])
}

/// What a service says that does not start: it must end by itself.
fn refusal(kit: &Kit<'_>, folder: &Path, database: &str) -> String {
    let mut command = (kit.command)(folder);
    let log = folder.join("refusal.log");
    let output = fs::File::create(&log).unwrap();
    command.current_dir(folder).env("DATABASE_URL", database).env("HOST", "127.0.0.1");
    command.env("PORT", python::free_port().to_string()).stdout(output.try_clone().unwrap()).stderr(output);
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(!status.success());
            return fs::read_to_string(&log).unwrap();
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it goes on:\n{}", fs::read_to_string(&log).unwrap());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn post(service: &Running, path: &str, body: &Value) -> (u16, Value) {
    let answer = service.send("POST", path, &[("Content-Type", "application/json")], &body.to_string());
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

/// Goes from one contract to the next on databases that are in use.
fn walk(kit: &Kit<'_>, databases: &[&str]) {
    let platform = platform(kit);
    let folder = platform.path(FOLDER);
    let book = json!({ "title": "On the Economy of Machinery", "isbn": "1" });
    let mut books = Vec::new();
    for database in databases {
        let service = start(kit, &folder, database);
        let (status, stored) = post(&service, "/books", &book);
        assert_eq!(status, 201, "{stored}\n{}", service.log());
        assert_eq!(post(&service, "/shelves", &json!({ "title": "B" })).0, 201);
        books.push(stored);
    }

    platform.write(CONTRACT, &second());
    platform.run(&["generate", "code", "--check"]).exits(1);
    let run = platform.run(&["generate", "code"]);
    assert!(format!("{}{}", run.out, run.err).contains("`shelves`"), "{}{}", run.out, run.err);
    let migration = format!("{FOLDER}/{}/postgresql/0002_books_language_and_more.sql", kit.migrations);
    assert!(platform.text(&migration).contains("CREATE TABLE \"loans\""));
    // What is the user's is removed by the user, and the handlers of books are taken anew: those there know of no language.
    let files = platform.run(&["generate", "code", "--json"]).json()["files"].as_array().unwrap().clone();
    for file in &files {
        let path = file["path"].as_str().unwrap();
        let stale = path.contains("handlers/books");
        if stale {
            platform.remove(path);
        }
        if stale || file["action"] == "dead" {
            platform.run(&["generate", "--resolve", "ours", path]).exits(0);
        }
    }
    platform.run(&["generate", "code", "--check"]).exits(0);

    for (database, before) in databases.iter().zip(&books) {
        // Replicas that start together migrate once.
        let (service, _other) = (start(kit, &folder, database), start(kit, &folder, database));
        let found = service.send("GET", &format!("/books/{}", before["id"].as_str().unwrap()), &[], "");
        let mut expected = before.clone();
        expected["language"] = json!("it's en");
        assert_eq!(found.status, 200, "{}", service.log());
        assert_eq!(serde_json::from_str::<Value>(&found.body).unwrap(), expected);
        assert_eq!(post(&service, "/books", &book).0, 409, "its ISBN is taken");
        let (status, new) = post(&service, "/books", &json!({ "title": "Notes", "isbn": "2" }));
        assert_eq!((status, &new["language"]), (201, &json!("it's en")));
        assert_eq!(post(&service, "/loans", &json!({ "title": "Ada" })).0, 201);
    }

    // What was applied is there as it was, or nothing starts.
    let text = platform.text(&migration);
    for dialect in ["postgresql", "sqlite"] {
        let migration = migration.replace("postgresql", dialect);
        platform.write(&migration, &format!("{}-- Edited.\n", platform.text(&migration)));
    }
    for database in databases {
        let said = refusal(kit, &folder, database);
        assert!(said.contains("0002_books_language_and_more was changed"), "{said}");
    }
    platform.write(&migration, &text);
    for dialect in ["postgresql", "sqlite"] {
        platform.remove(&migration.replace("postgresql", dialect));
    }
    for database in databases {
        let said = refusal(kit, &folder, database);
        assert!(said.contains("0002_books_language_and_more") && said.contains("lacks"), "{said}");
    }
}

/// Runs the walk on a database of either kind.
fn on_both(test: &str, kit: &Kit<'_>) {
    let Some(server) = Postgresql::start(test) else { return };
    walk(kit, &[&server.create("books"), "sqlite:///./books.db"]);
    let kept = server.query("books", "SELECT document ->> 'title' FROM shelves");
    assert_eq!(kept, "B", "nothing is dropped");
    let applied = server.query("books", "SELECT name FROM schema_migrations ORDER BY name");
    assert_eq!(applied, "0001_initial\n0002_books_language_and_more");
}

#[test]
fn a_python_service_keeps_its_data() {
    let test = "a_python_service_keeps_its_data";
    let Some(interpreter) = python::interpreter(test) else { return };
    let command = |_: &Path| python::module_of(&interpreter, "book_service");
    let kit = Kit { constitution: "Python (FastAPI)", migrations: "src/book_service/migrations", command: &command };
    on_both(test, &kit);
}

#[test]
fn a_typescript_service_keeps_its_data() {
    let test = "a_typescript_service_keeps_its_data";
    let Some(toolchain) = typescript::toolchain(test) else { return };
    let command = |folder: &Path| toolchain.command(folder);
    on_both(test, &Kit { constitution: "TypeScript (Express)", migrations: "migrations", command: &command });
}

#[test]
fn a_go_service_keeps_its_data() {
    let test = "a_go_service_keeps_its_data";
    if go::toolchain(test).is_none() {
        return;
    }
    let command = |folder: &Path| {
        go::go(folder, &["build", "-o", "service", "./cmd/..."]).unwrap_or_else(|output| panic!("{output}"));
        Command::new(folder.join("service"))
    };
    on_both(test, &Kit { constitution: "Go", migrations: "internal/migrations", command: &command });
}
