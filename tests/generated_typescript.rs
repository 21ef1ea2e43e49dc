//! The Express services that are generated for the example: their own tests and linters pass, they hold to their contracts,
//! and keep what they are given.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
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

#[test]
fn a_generated_service_holds_to_its_contract() {
    let name = "a_generated_service_holds_to_its_contract";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        let folder = typescript::write(root.path(), name);
        let service = toolchain.start(&folder, &variables(&[]));
        service::hold_to_contract(&interpreter, &folder, &service);
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

#[test]
fn events_arrive_once_and_none_is_lost() {
    let name = "events_arrive_once_and_none_is_lost";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        typescript::write(root.path(), name);
    }
    let start =
        |name: &str, variables: &[(&str, &str)]| toolchain.start(&root.path().join("services").join(name), variables);
    let scene = events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start };
    let notifications = scene.start("notification-service");
    let (_users, orders) = scene.events_arrive_once();
    scene.what_fails_is_kept(&orders, &notifications);
}
