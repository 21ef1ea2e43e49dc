//! The Go services that are generated for the example and for a contract that is odd in every way: they compile, their own
//! tests and linters pass, they hold to their contracts, keep what they are given, and survive changes of the contract.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/go.rs"]
mod go;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use service::SECRET;

const SERVICES: [&str; 4] = ["auth-service", "user-service", "order-service", "notification-service"];
const VARIABLES: [(&str, &str); 2] = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];

#[test]
fn a_go_service_passes_its_own_tests_and_linters() {
    let Some(toolchain) = go::toolchain("a_go_service_passes_its_own_tests_and_linters") else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        toolchain.check(&go::write(root.path(), name));
    }
}

/// A copy of a platform in the repository.
fn copy(platform: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(platform);
    let mut pending = vec![from.clone()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let to = root.path().join(path.strip_prefix(&from).unwrap());
            if path.is_dir() {
                fs::create_dir_all(&to).unwrap();
                pending.push(path);
            } else {
                fs::copy(&path, &to).unwrap();
            }
        }
    }
    root
}

fn agentspec(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_agentspec")).args(arguments).arg("--root").arg(root).output().unwrap()
}

fn generate(root: &Path) {
    let output = agentspec(root, &["generate", "code"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_odd_contract_becomes_a_service_that_compiles() {
    let Some(toolchain) = go::toolchain("an_odd_contract_becomes_a_service_that_compiles") else { return };
    let root = copy("tests/platforms/odd");
    generate(root.path());
    let folder = root.path().join("services/odd-service");
    toolchain.check(&folder);
    let variables = [
        ("DATABASE_URL", "sqlite:///./test.db"),
        ("API_KEY", SECRET),
        ("BASIC_USERNAME", "ada"),
        ("BASIC_PASSWORD", SECRET),
    ];
    let service = go::start(&folder, &variables);
    let headers = [("X-API-Key", SECRET), ("Content-Type", "application/json")];
    let new = json!({ "name": "Top", "kind": "high-up", "place": { "row": 1 }, "weight": null });
    let created = service.send("POST", "/base/shelves", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let shelf = &serde_json::from_str::<Value>(&created.body).unwrap()["shelf"];
    assert!(created.head.contains("Location: /base/shelves/1"), "{created:?}");
    let absent = ["note", "extra", "closedAt"].iter().all(|name| shelf.get(*name).is_none());
    assert!(absent && shelf["weight"].is_null() && shelf["tags"] == json!([]), "{shelf}");
    let merge = [("X-API-Key", SECRET), ("Content-Type", "application/merge-patch+json")];
    assert_eq!(service.send("PATCH", "/base/shelves/1", &merge, &json!({ "note": null }).to_string()).status, 204);
    let found: Value = serde_json::from_str(&service.send("GET", "/base/shelves/1", &headers, "").body).unwrap();
    assert_eq!(found.get("note"), Some(&Value::Null), "null is not absent: {found}");
    let page = service.send("GET", "/base/shelves?page=1&size=1&kind=high-up", &headers, "");
    let page: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(page["meta"], json!({ "total": 1, "pages": 1, "hasMore": false, "page": 1 }));
    assert_eq!(service.send("GET", "/base/shelves/1", &[], "").status, 401);
    // Both of /user_test/type and /user_test/{type}.json are told apart.
    assert_eq!(service.send("POST", "/base/user_test/a.json", &headers, "{}").status, 405);
}

#[test]
fn a_go_service_holds_to_its_contract() {
    let name = "a_go_service_holds_to_its_contract";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in SERVICES {
        let folder = go::write(root.path(), name);
        let service = go::start(&folder, &VARIABLES);
        service::hold_to_contract(&interpreter, &folder, &service);
    }
}

#[test]
fn a_go_service_keeps_what_it_is_given() {
    let name = "a_go_service_keeps_what_it_is_given";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = go::write(root.path(), "user-service");
    let bearer = format!("Bearer {}", service::token(&interpreter));
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];

    let service = go::start(&folder, &VARIABLES);
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = service.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    drop(service);

    // It is still there after a restart.
    let service = go::start(&folder, &VARIABLES);
    let found = service.send("GET", &path, &headers, "");
    assert_eq!((found.status, serde_json::from_str::<Value>(&found.body).unwrap()), (200, user));
    let refused = service.send("GET", &path, &[], "");
    assert_eq!(refused.status, 401);
    assert!(refused.head.to_lowercase().contains("application/problem+json"), "{refused:?}");
}

#[test]
fn a_change_of_the_contract_leaves_what_a_person_wrote() {
    let Some(_) = go::toolchain("a_change_of_the_contract_leaves_what_a_person_wrote") else { return };
    let root = copy("examples/ecommerce");
    let edit = |path: &str, from: &str, to: &str| {
        let path = root.path().join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} stands in {}", path.display());
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit("constitution.md", "Language: Python (FastAPI)", "Language: Go");
    generate(root.path());
    let check = agentspec(root.path(), &["generate", "code", "--check"]);
    assert_eq!(check.status.code(), Some(0), "generating again changes nothing");

    let handlers = "services/order-service/internal/handlers/orders.go";
    let contract = "services/order-service/contracts/api-spec.yaml";
    edit(handlers, "\tbody := call.Body\n", "\tbody := call.Body\n\tbody.TotalCents++ // a person wrote this\n");
    edit("services/order-service/Dockerfile", "EXPOSE", "# a person wrote this\nEXPOSE");
    let operation = "  /api/v1/orders/{orderId}/audit:\n    get:\n      operationId: auditOrder\n      summary: Audit an order\n      \
                     parameters:\n        - $ref: '#/components/parameters/OrderId'\n      responses:\n        '204':\n          \
                     description: It was audited.\n        '401':\n          $ref: '#/components/responses/Unauthorized'\n        \
                     '422':\n          $ref: '#/components/responses/UnprocessableContent'\n  /health:\n";
    edit(contract, "  /health:\n", operation);
    generate(root.path());
    let text = |path: &str| fs::read_to_string(root.path().join(path)).unwrap();
    assert!(text(handlers).contains("a person wrote this"));
    assert!(text("services/order-service/Dockerfile").contains("a person wrote this"));
    assert!(text("services/order-service/internal/contract/orders.go").contains("AuditOrder"));

    // The new operation answers 501 until a person writes it, and what was written still compiles.
    let folder = root.path().join("services/order-service");
    let service = go::start(&folder, &VARIABLES);
    assert_eq!(service.send("GET", "/api/v1/orders/1/audit", &[], "").status, 401);
    go::go(&folder, &["vet", "./..."]).unwrap();
}

#[test]
fn events_of_go_services_arrive_once_and_none_is_lost() {
    let name = "events_of_go_services_arrive_once_and_none_is_lost";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service"] {
        go::write(root.path(), name);
    }
    // A consumer in Python understands what services in Go say.
    let folder = service::write(root.path(), "notification-service");
    let start = |name: &str, variables: &[(&str, &str)]| {
        let folder = root.path().join("services").join(name);
        match folder.join("go.mod").exists() {
            true => go::start(&folder, variables),
            false => python::Running::start(&interpreter, &folder, &name.replace('-', "_"), variables),
        }
    };
    let scene = events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start };
    let notifications = scene.start("notification-service");
    let (_users, orders) = scene.events_arrive_once();
    service::eventually("the copy arrives", &json!([["Augusta"]]), || scene.names("notification-service"));
    drop(notifications);

    // So does one in Go.
    fs::remove_dir_all(folder).unwrap();
    go::write(root.path(), "notification-service");
    let notifications = scene.start("notification-service");
    scene.what_fails_is_kept(&orders, &notifications);
}
