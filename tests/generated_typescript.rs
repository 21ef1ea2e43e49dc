//! The Express services that are generated for the example: their own tests and linters pass, they hold to their contracts,
//! and keep what they are given.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use service::SECRET;

const SERVICES: [&str; 4] = ["auth-service", "user-service", "order-service", "notification-service"];

fn variables(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [&[("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")], more].concat()
}

/// Runs what comes with a service: its tests, type checker, linter and formatter.
#[track_caller]
fn check(toolchain: &typescript::Toolchain, folder: &Path) {
    let tested = toolchain.test(folder).unwrap_or_else(|output| panic!("{}: {output}", folder.display()));
    assert!(tested.contains("# fail 0") || tested.contains("ℹ fail 0"), "{tested}");
    toolchain.lint(folder).unwrap_or_else(|output| panic!("{output}"));
}

#[track_caller]
fn check_types(toolchain: &typescript::Toolchain, folder: &Path) {
    toolchain.tool(folder, "typescript/bin/tsc", &[]).unwrap_or_else(|output| panic!("{output}"));
}

#[test]
fn a_generated_service_passes_its_own_tests_and_linters() {
    let name = "a_generated_service_passes_its_own_tests_and_linters";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        check(&toolchain, &typescript::write(root.path(), name));
    }
}

#[test]
fn an_odd_contract_gives_code_that_is_as_clean() {
    let Some(toolchain) = typescript::toolchain("an_odd_contract_gives_code_that_is_as_clean") else { return };
    // Reserved words, names that are no identifiers, types that hold themselves, documents below others, envelopes, keys
    // that are numbers, properties that null removes, API keys and passwords.
    let platform = platform::Platform::copy("tests/platforms/library");
    platform.run(&["generate", "code"]).exits(0);
    check(&toolchain, &platform.path("services/library-service"));
}

#[test]
fn a_new_operation_leaves_handlers_alone_and_is_not_implemented_yet() {
    let name = "a_new_operation_leaves_handlers_alone_and_is_not_implemented_yet";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let platform = platform::Platform::example();
    platform.edit("constitution.md", "Python (FastAPI)", "TypeScript (Express)");
    let generate = || platform.run(&["generate", "code", "--service", "user-service"]).exits(0);
    generate();
    assert!(generate().out.starts_with("0 files written or removed"));
    let handlers = "services/user-service/src/handlers/users.ts";
    platform.edit(handlers, "async getUser(", "// Mine.\n  async getUser(");
    let mine = platform.text(handlers);
    let operation = "paths:
  /api/v1/users/{userId}/greeting:
    get:
      operationId: getGreeting
      tags: [users]
      summary: Greet somebody
      description: Says hello to the owner of a profile.
      parameters:
        - $ref: '#/components/parameters/UserId'
      responses:
        '204':
          description: Said.
        '401':
          $ref: '#/components/responses/Unauthorized'
        '404':
          $ref: '#/components/responses/NotFound'
        '422':
          $ref: '#/components/responses/UnprocessableContent'
";
    platform.edit("services/user-service/contracts/api-spec.yaml", "paths:\n", operation);
    generate();
    assert_eq!(platform.text(handlers), mine);
    let interface = platform.text("services/user-service/src/contract/interfaces/users.ts");
    assert!(
        interface.contains("getGreeting?: (context: Context, input: GetGreetingInput) => Result<void>;"),
        "{interface}"
    );
    let folder = platform.path("services/user-service");
    check_types(&toolchain, &folder);
    let service = toolchain.start(&folder, &variables(&[]));
    let bearer = toolchain.bearer(&folder);
    let path = "/api/v1/users/0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41/greeting";
    assert_eq!(service.send("GET", path, &[("Authorization", bearer.as_str())], "").status, 501);
}

#[test]
fn what_is_compiled_runs_without_typescript() {
    let Some(toolchain) = typescript::toolchain("what_is_compiled_runs_without_typescript") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = typescript::write(root.path(), "user-service");
    toolchain.tool(&folder, "typescript/bin/tsc", &["-p", "tsconfig.build.json"]).unwrap();
    fs::remove_dir_all(folder.join("src")).unwrap();
    let mut command = Command::new(&toolchain.node);
    command.arg("dist/main.js");
    let service = python::Running::spawn(command, &folder, &variables(&[]));
    assert_eq!(service.send("GET", "/health", &[], "").status, 200);
}

/// Holds a running service to its contract's file, with requests that are and are not valid.
fn hold_to_contract(interpreter: &Path, folder: &Path, service: &python::Running, more: &[&str]) {
    let tool = interpreter.with_file_name("schemathesis");
    let bearer = format!("Authorization: Bearer {}", service::token(interpreter));
    let mut command = Command::new(tool);
    command.current_dir(folder).args(["run", "contracts/api-spec.yaml", "--url", &service.url()]);
    command.args(["--checks", "all", "-n", "15", "--seed", "1", "--continue-on-failure", "--workers", "1"]);
    command.args(["--generation-database", "none", "--generation-allow-x00", "false", "-H", &bearer]).args(more);
    let report = python::run(&mut command).unwrap_or_else(|output| {
        let start = output.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
        panic!("{}", &output[start..])
    });
    assert!(report.contains("Test cases:") && report.contains(" passed"), "{report}");
}

#[test]
fn a_generated_service_holds_to_its_contract() {
    let name = "a_generated_service_holds_to_its_contract";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        let folder = typescript::write(root.path(), name);
        let service = toolchain.start(&folder, &variables(&[]));
        if name == "auth-service" {
            // Logout withdraws the token that it is called with, so it has one of its own.
            hold_to_contract(&interpreter, &folder, &service, &["--exclude-operation-id", "logout"]);
            hold_to_contract(&interpreter, &folder, &service, &["--include-operation-id", "logout"]);
        } else {
            hold_to_contract(&interpreter, &folder, &service, &[]);
        }
    }
}

#[test]
fn a_generated_service_keeps_what_it_is_given() {
    let Some(toolchain) = typescript::toolchain("a_generated_service_keeps_what_it_is_given") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = typescript::write(root.path(), "user-service");
    let bearer = toolchain.bearer(&folder);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];

    let service = toolchain.start(&folder, &variables(&[]));
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = service.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    drop(service);

    // It is still there after a restart.
    let service = toolchain.start(&folder, &variables(&[]));
    let found = service.send("GET", &path, &headers, "");
    assert_eq!((found.status, serde_json::from_str::<Value>(&found.body).unwrap()), (200, user));
    let refused = service.send("GET", &path, &[], "");
    assert_eq!(refused.status, 401);
    assert!(refused.head.to_lowercase().contains("application/problem+json"), "{refused:?}");
}

#[test]
fn passwords_are_kept_as_hashes() {
    let Some(toolchain) = typescript::toolchain("passwords_are_kept_as_hashes") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = typescript::write(root.path(), "auth-service");
    let service = toolchain.start(&folder, &variables(&[]));
    let headers = [("Content-Type", "application/json")];
    let credentials = json!({ "email": "ada@shop.example", "password": "correct horse battery" }).to_string();
    let post = |path: &str| service.send("POST", &format!("/api/v1/auth/{path}"), &headers, &credentials).status;
    assert_eq!((post("register"), post("register"), post("login")), (201, 409, 200));
    drop(service);
    // The database and its write-ahead log.
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("test.db"));
    let stored: Vec<u8> = files.flat_map(|path| fs::read(path).unwrap()).collect();
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$scrypt$") && !holds("correct horse battery"));
}

/// Waits until something is as it should be.
fn eventually<T: PartialEq + std::fmt::Debug>(wanted: &T, look: impl Fn() -> T) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = look();
        if found == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?} is not {wanted:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn events_arrive_once_and_none_is_lost() {
    let name = "events_arrive_once_and_none_is_lost";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let url: &'static str = broker.url().leak();
    let environment = variables(&[("BROKER_URL", url)]);
    let start = |name: &str| toolchain.start(&root.path().join("services").join(name), &environment);
    for name in SERVICES {
        typescript::write(root.path(), name);
    }
    let (users, orders, notifications) = (start("user-service"), start("order-service"), start("notification-service"));
    let folder = root.path().join("services/order-service");
    let bearer = toolchain.bearer(&folder);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let node = |code: &str, arguments: &[&str]| {
        let mut command = Command::new(&toolchain.node);
        let quiet = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code];
        python::run(command.args(quiet).args(arguments).current_dir(&folder)).unwrap().trim().to_owned()
    };
    let query = |sql: &str| -> Value {
        let code = "import { DatabaseSync } from 'node:sqlite'; \
                    const rows = new DatabaseSync('test.db').prepare(process.argv[1]).all(); \
                    console.log(JSON.stringify(rows.map((row) => Object.values(row))));";
        serde_json::from_str(&node(code, &[sql])).unwrap()
    };
    let names = || query("SELECT document ->> 'firstName' FROM user_profile_copies");

    // A profile arrives as a copy.
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = users.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    eventually(&json!([["Ada"]]), names);

    // What is published while the consumer is away arrives when it is back, and no event is handled twice.
    drop(orders);
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let patched = users.send("PATCH", &path, &headers, &json!({ "firstName": "Augusta" }).to_string());
    assert_eq!(patched.status, 200, "{patched:?}");
    let orders = start("order-service");
    eventually(&json!([["Augusta"]]), names);
    assert_eq!(query("SELECT count(*) FROM inbox"), json!([[2]]));

    // What cannot be handled, as nobody knows the customer, is tried as often as the specification says, and kept.
    let id = "0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41";
    let item = json!({ "productId": id, "name": "Cup", "quantity": 1, "unitPriceCents": 1250 });
    let address = json!({ "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" });
    let order = json!({
        "userId": "00000000-0000-4000-8000-000000000000", "items": [item], "currency": "EUR", "totalCents": 1250, "shippingAddress": address
    });
    let placed = orders.send("POST", "/api/v1/orders", &headers, &order.to_string());
    assert_eq!(placed.status, 201, "{placed:?}");
    let dead = || {
        let code = "import { connect } from 'amqplib'; const connection = await connect(process.argv[1]); \
                    const channel = await connection.createChannel(); \
                    console.log((await channel.checkQueue(process.argv[2])).messageCount); await connection.close();";
        node(code, &[url, "notification-service.order.order.placed.dead"])
    };
    eventually(&"1".to_owned(), dead);
    let tried = notifications.log().lines().filter(|line| line.contains("\"event\":\"order.order.placed\"")).count();
    assert_eq!(tried, 4, "once, and three times more");
    assert_eq!(query("SELECT count(*) FROM outbox"), json!([[0]]));
}
