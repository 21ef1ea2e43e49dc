//! Services that keep documents as events, on PostgreSQL: what was a table becomes the first events, each change is one
//! more, replicas do not lose any, and a replay makes the same rows.
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

use std::path::Path;
use std::process::Command;

use platform::Platform;
use postgresql::Postgresql;
use python::Running;
use serde_json::{Value, json};

const LEDGER: &str = "tests/platforms/ledger";
const SPEC: &str = "services/order-service/specs/001-orders/spec.md";
const CORRELATION: &str = "6d0f5f4e-7c1b-4a52-9a0e-0f3b8f1f2c33";
const ROWS: &str = "SELECT key, version, document FROM orders ORDER BY position";
const KINDS: &str = "SELECT string_agg(kind, ' ' ORDER BY version) FROM event_store WHERE key = ";

/// A language: its name, where its services keep the handlers of orders, the command that is the service, and its
/// linters with its own tests of the event store.
struct Kit<'a> {
    constitution: &'a str,
    handlers: &'a str,
    command: &'a dyn Fn(&Path) -> Command,
    check: &'a dyn Fn(&Path),
}

/// A service whose orders are rows, and then events.
fn adopted(kit: &Kit<'_>, database: &str) -> (Platform, String) {
    let platform = Platform::copy(LEDGER);
    platform.edit("constitution.md", "Python (FastAPI)", kit.constitution);
    platform.edit(SPEC, "events, snapshot every 3", "table");
    platform.run(&["generate", "code"]).exits(0);
    let folder = platform.path("services/order-service");
    let service = start(kit, &folder, database);
    let old = order(&service, "ink");
    drop(service);

    platform.edit(SPEC, "| table |", "| events, snapshot every 3 |");
    let run = platform.run(&["generate", "code"]);
    let said = format!("{}{}", run.out, run.err);
    assert!(said.contains("was written when `orders` were rows alone"), "{said}");
    // What is the user's is removed by the user, and taken anew.
    let handlers = format!("services/order-service/{}", kit.handlers);
    platform.remove(&handlers);
    platform.run(&["generate", "--resolve", "ours", &handlers]).exits(0);
    platform.run(&["generate", "code", "--check"]).exits(0);
    (platform, old)
}

fn start(kit: &Kit<'_>, folder: &Path, database: &str) -> Running {
    Running::spawn((kit.command)(folder), folder, &[("DATABASE_URL", database)])
}

fn send(service: &Running, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let headers = [("Content-Type", "application/json"), ("X-Correlation-ID", CORRELATION)];
    let answer = service.send(method, path, &headers, &body.to_string());
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

/// Places an order, and gives its id.
fn order(service: &Running, product: &str) -> String {
    let (status, order) = send(service, "POST", "/orders", &json!({ "product": product, "quantity": 1 }));
    assert_eq!(status, 201, "{order}\n{}", service.log());
    order["id"].as_str().unwrap().to_owned()
}

/// The same request at once to both replicas, four times each: how often each status was answered.
fn at_once(replicas: &[Running; 2], method: &str, path: &str, body: &Value) -> Vec<u16> {
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..8).map(|at| scope.spawn(move || send(&replicas[at % 2], method, path, body).0)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    statuses
}

fn keeps_what_happens(test: &str, kit: &Kit<'_>) {
    let Some(server) = Postgresql::start(test) else { return };
    let database = server.create("orders");
    let (platform, old) = adopted(kit, &database);
    let folder = platform.path("services/order-service");
    (kit.check)(&folder);
    let replicas = [start(kit, &folder, &database), start(kit, &folder, &database)];
    let [service, _] = &replicas;
    let kinds = |key: &str| server.query("orders", &format!("{KINDS}'{key}'"));

    // Each change is an event, in the order of the versions and with what caused it.
    let path = format!("/orders/{old}");
    assert_eq!(send(service, "PATCH", &path, &json!({ "note": "fragile" })).0, 200, "{}", service.log());
    assert_eq!(send(service, "PUT", &path, &json!({ "product": "pen", "quantity": 2 })).0, 200);
    let (status, cancelled) = send(service, "POST", &format!("{path}/cancel"), &Value::Null);
    assert_eq!((status, cancelled.get("note")), (200, None), "{cancelled}");
    assert_eq!(send(service, "POST", &format!("{path}/cancel"), &Value::Null).0, 409);
    assert_eq!(kinds(&old), "created changed replaced cancelled");
    let data = format!("SELECT data FROM event_store WHERE key = '{old}' AND kind = 'replaced'");
    let data: Value = serde_json::from_str(&server.query("orders", &data)).unwrap();
    assert_eq!((&data["set"]["product"], &data["unset"]), (&json!("pen"), &json!(["note"])), "{data}");
    let caused = "SELECT count(*) FROM event_store WHERE version > 1 AND correlation_id = ";
    assert_eq!(server.query("orders", &format!("{caused}'{CORRELATION}'")), "3");
    assert_eq!(server.query("orders", "SELECT version, document ->> 'product' FROM snapshots"), "3|pen");

    // Replicas that change one order at once lose nothing, and only one of them ends it.
    let shared = order(service, "paper");
    let path = format!("/orders/{shared}");
    assert_eq!(at_once(&replicas, "PATCH", &path, &json!({ "quantity": 7 })), [200; 8]);
    assert_eq!(
        at_once(&replicas, "POST", &format!("{path}/cancel"), &Value::Null),
        [200, 409, 409, 409, 409, 409, 409, 409]
    );
    assert_eq!(kinds(&shared), format!("created {}cancelled", "changed ".repeat(8)));
    let gone = order(service, "chalk");
    assert_eq!(send(service, "DELETE", &format!("/orders/{gone}"), &Value::Null).0, 204);
    assert_eq!(kinds(&gone), "created deleted");
    let (_, page) = send(service, "GET", "/orders?status=cancelled&limit=1", &Value::Null);
    assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(2), &json!(old)), "{page}");

    // The read model is made anew from the store, beside replicas that run.
    let before = server.query("orders", ROWS);
    assert_eq!(before.lines().count(), 2, "{before}");
    server.query("orders", "DELETE FROM orders");
    let mut replay = (kit.command)(&folder);
    let replay = replay.arg("replay").current_dir(&folder).env("DATABASE_URL", &database);
    python::run(replay).unwrap_or_else(|output| panic!("{output}"));
    assert_eq!(server.query("orders", ROWS), before);
    assert_eq!(send(service, "PATCH", &path, &json!({ "note": "late" })).0, 200);
}

#[test]
fn a_python_service_keeps_what_happens() {
    let test = "a_python_service_keeps_what_happens";
    let Some(interpreter) = python::interpreter(test) else { return };
    let command = |_: &Path| python::module_of(&interpreter, "order_service");
    let check = |folder: &Path| {
        let cache = tempfile::tempdir().unwrap();
        let tools: [&[&str]; 4] = [
            &["pytest", "-q", "-p", "no:cacheprovider", "tests/test_event_store.py"],
            &["ruff", "check", "--no-cache"],
            &["ruff", "format", "--no-cache", "--check"],
            &["mypy", "--cache-dir", cache.path().to_str().unwrap()],
        ];
        for arguments in tools {
            let mut tool = Command::new(&interpreter);
            tool.arg("-m").args(arguments).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
            python::run(&mut tool).unwrap_or_else(|output| panic!("{output}"));
        }
    };
    let handlers = "src/order_service/handlers/orders.py";
    keeps_what_happens(test, &Kit { constitution: "Python (FastAPI)", handlers, command: &command, check: &check });
}

#[test]
fn a_typescript_service_keeps_what_happens() {
    let test = "a_typescript_service_keeps_what_happens";
    let Some(toolchain) = typescript::toolchain(test) else { return };
    let command = |folder: &Path| toolchain.command(folder);
    let check = |folder: &Path| {
        toolchain.test_only(folder, "event-store").unwrap_or_else(|output| panic!("{output}"));
        toolchain.lint(folder).unwrap_or_else(|output| panic!("{output}"));
    };
    let handlers = "src/handlers/orders.ts";
    keeps_what_happens(test, &Kit { constitution: "TypeScript (Express)", handlers, command: &command, check: &check });
}

#[test]
fn a_go_service_keeps_what_happens() {
    let test = "a_go_service_keeps_what_happens";
    let Some(toolchain) = go::toolchain(test) else { return };
    let command = |folder: &Path| {
        if !folder.join("service").exists() || !folder.join("internal/contract/streams").exists() {
            go::build(folder);
        }
        Command::new(folder.join("service"))
    };
    let check = |folder: &Path| {
        go::build(folder);
        let linter = toolchain.staticcheck.to_str().unwrap();
        for arguments in [&["vet", "./..."], &["test", "./internal/runtime/store"]] {
            go::go(folder, arguments).unwrap_or_else(|output| panic!("{output}"));
        }
        let tools: [&[&str]; 2] = [&["gofmt", "-l", "."], &[linter, "./..."]];
        for tool in tools {
            let said = python::run(Command::new(tool[0]).args(&tool[1..]).current_dir(folder));
            assert_eq!(said.unwrap_or_else(|output| panic!("{output}")), "");
        }
    };
    let handlers = "internal/handlers/orders.go";
    keeps_what_happens(test, &Kit { constitution: "Go", handlers, command: &command, check: &check });
}
