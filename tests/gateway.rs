//! A gateway before the services of the example, generated and started: what its tests say, what its document says, and what
//! schemathesis finds between a client and a contract when everything goes through it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/go.rs"]
mod go;
#[path = "support/platform.rs"]
mod platform;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::Path;
use std::process::Command;

use agentspec::model::Language;
use fleet::{Service, Toolchains};
use platform::Platform;
use python::{Answer, Running};
use serde_json::{Value, json};

const SPEC: &str = "services/gateway/specs/001-gateway/spec.md";
/// The gateway of `tests/platforms/plain-gateway`.
const PLAIN: &str = "zeta-public-gateway-of-the-shop";
/// The services behind the gateway, all in Python.
const BEHIND: [&str; 3] = ["auth-service", "user-service", "order-service"];
/// The identifier of nothing.
const MISSING: &str = "6b1e2f0a-0f2c-4f6a-9d77-0f5f3f3f9c11";

#[test]
fn a_gateway_in_python_passes_its_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("a_gateway_in_python_passes_its_own_tests_and_linters") else { return };
    python_checks(&interpreter, &shop(Language::Python), "gateway", &[]);
    // Nobody has a token here, names are long, and paths have odd parts.
    let plain = plain(Language::Python);
    python_checks(&interpreter, &plain, PLAIN, &["tests/test_routes.py", "tests/test_gateway.py"]);
    let settings = plain.text(&format!("services/{PLAIN}/pyproject.toml"));
    assert!(!settings.contains("pyjwt"), "{settings}");
}

/// What a person would run before a commit; of the tests all, or those that are named.
fn python_checks(interpreter: &Path, platform: &Platform, name: &str, tests: &[&str]) {
    let tool = |arguments: &[&str]| {
        let mut command = Command::new(interpreter);
        command.arg("-m").args(arguments).current_dir(platform.path(&format!("services/{name}")));
        python::run(command.env("PYTHONDONTWRITEBYTECODE", "1")).unwrap_or_else(|output| panic!("{output}"))
    };
    let tested = tool(&[&["pytest", "-q", "-p", "no:cacheprovider"], tests].concat());
    assert!(tested.contains(" passed"), "{tested}");
    tool(&["ruff", "check", "--no-cache"]);
    tool(&["ruff", "format", "--no-cache", "--check"]);
    tool(&["mypy", "--cache-dir", platform.path("mypy").to_str().unwrap()]);
}

#[test]
fn a_gateway_in_go_passes_its_own_tests_and_linters() {
    let Some(toolchain) = go::toolchain("a_gateway_in_go_passes_its_own_tests_and_linters") else { return };
    toolchain.check(&shop(Language::Go).path("services/gateway"));
    let plain = plain(Language::Go);
    let folder = plain.path(&format!("services/{PLAIN}"));
    toolchain.check(&folder);
    let modules = plain.text(&format!("services/{PLAIN}/go.mod"));
    assert!(!modules.contains("jwt") && !folder.join("internal/runtime/security").exists(), "{modules}");
}

#[test]
fn everything_goes_through_a_gateway_in_python() {
    walk("everything_goes_through_a_gateway_in_python", Language::Python);
}

#[test]
fn everything_goes_through_a_gateway_in_go() {
    walk("everything_goes_through_a_gateway_in_go", Language::Go);
}

#[test]
fn a_gateway_in_typescript_passes_its_own_tests_and_linters() {
    let name = "a_gateway_in_typescript_passes_its_own_tests_and_linters";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let (shop, plain) = (shop(Language::Typescript), plain(Language::Typescript));
    for (platform, name, tests) in [(&shop, "gateway", &["*"][..]), (&plain, PLAIN, &["routes", "gateway"])] {
        let folder = platform.path(&format!("services/{name}"));
        for tests in tests {
            toolchain.test_only(&folder, tests).unwrap_or_else(|output| panic!("{output}"));
        }
        toolchain.lint(&folder).unwrap_or_else(|output| panic!("{output}"));
    }
    let settings = plain.text(&format!("services/{PLAIN}/package.json"));
    assert!(!settings.contains("jose"), "{settings}");
}

#[test]
fn everything_goes_through_a_gateway_in_typescript() {
    walk("everything_goes_through_a_gateway_in_typescript", Language::Typescript);
}

/// The example with a gateway, and the code of all that stands behind it.
fn shop(language: Language) -> Platform {
    let platform = Platform::example();
    let spec = fs::read_to_string(platform::repository().join("tests/platforms/gateway").join(SPEC)).unwrap();
    let port = "- Port: ";
    platform.write(SPEC, &spec.replacen(port, &format!("- Language: {}\n{port}", fleet::named(language)), 1));
    for name in BEHIND.iter().chain(&["gateway"]) {
        platform.run(&["generate", "code", "--service", name]).exits(0);
    }
    platform
}

/// A gateway without tokens before contracts that nobody would write.
fn plain(language: Language) -> Platform {
    let platform = Platform::copy("tests/platforms/plain-gateway");
    platform.edit("constitution.md", "Python (FastAPI)", fleet::named(language));
    platform.write(".speckit.config.json", r#"{ "validation": { "auto_validate": false } }"#);
    platform.run(&["generate", "code", "--service", PLAIN]).exits(0);
    platform
}

/// Starts the services and the gateway, and does through it what callers do.
fn walk(test: &str, language: Language) {
    let Some(toolchains) = Toolchains::of(test, &[Language::Python, language]) else { return };
    let platform = shop(language);
    let behind = BEHIND.map(|name| Service::new(platform.root(), name, Language::Python));
    let mut gateway = Service::new(platform.root(), "gateway", language);
    let mut running = Vec::new();
    for mut service in behind {
        service.set("DATABASE_URL", "sqlite:///./test.db");
        gateway.set(&service.variable(), &service.url());
        running.push(toolchains.start(&service));
    }
    gateway.set("RATE_LIMIT_PER_MINUTE", "1000000");
    gateway.set("RATE_LIMIT_BURST", "1000000");
    toolchains.build(language, &gateway.folder);
    let gateway = toolchains.start(&gateway);
    it_tells_what_it_is(&gateway);
    let bearer = a_customer_signs_in_and_orders(&gateway);
    only_what_is_offered_can_be_reached(&gateway, &bearer);
    contracts_hold(&toolchains.interpreter, &platform, &gateway, &bearer);
    it_says_who_is_missing(running, &gateway, &bearer);
}

/// A request as JSON.
fn send(gateway: &Running, method: &str, path: &str, bearer: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer)];
    let headers = if bearer.is_empty() { &headers[..1] } else { &headers };
    gateway.send(method, path, headers, &body.to_string())
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

fn it_tells_what_it_is(gateway: &Running) {
    let ready = parsed(&gateway.send("GET", "/ready", &[], ""));
    assert_eq!(ready["checks"], json!({ "auth-service": "ok", "user-service": "ok", "order-service": "ok" }));
    let document = parsed(&gateway.send("GET", "/openapi.json", &[], ""));
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/orders/{orderId}/cancel"]["post"].is_object(), "{document}");
}

/// Registers, logs in, creates a profile and places an order; gives the value of the header with the token.
fn a_customer_signs_in_and_orders(gateway: &Running) -> String {
    let credentials = json!({ "email": "ada@shop.example", "password": "correct horse battery" });
    let registered = send(gateway, "POST", "/api/v1/auth/register", "", &credentials);
    assert_eq!(registered.status, 201, "{registered:?}");
    let tokens = send(gateway, "POST", "/api/v1/auth/login", "", &credentials);
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let bearer = format!("Bearer {}", parsed(&tokens)["accessToken"].as_str().unwrap());
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let user = send(gateway, "POST", "/api/v1/users", &bearer, &new);
    assert_eq!(user.status, 201, "{user:?}");
    let item = json!({ "productId": MISSING, "name": "Espresso cup", "quantity": 1, "unitPriceCents": 1250 });
    let address = json!({ "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" });
    let order = json!({
        "userId": parsed(&user)["id"], "items": [item], "currency": "EUR", "totalCents": 1250, "shippingAddress": address
    });
    let placed = send(gateway, "POST", "/api/v1/orders", &bearer, &order);
    assert_eq!(placed.status, 201, "{placed:?}");
    let head = placed.head.to_lowercase();
    assert!(head.contains("x-correlation-id: ") && head.matches("\r\ndate: ").count() == 1, "{head}");
    let path = format!("/api/v1/orders/{}", parsed(&placed)["id"].as_str().unwrap());
    let found = send(gateway, "GET", &path, &bearer, &Value::Null);
    assert_eq!((found.status, parsed(&found)["totalCents"].clone()), (200, json!(1250)));
    bearer
}

fn only_what_is_offered_can_be_reached(gateway: &Running, bearer: &str) {
    let refused = send(gateway, "GET", "/api/v1/orders", "", &Value::Null);
    assert_eq!(refused.status, 401, "{refused:?}");
    assert!(refused.head.to_lowercase().contains("www-authenticate: bearer"), "{refused:?}");
    for path in ["/api/v1/notifications", "/api/v1/orders/..%2fusers", "/api/v1/orders/../users", "/api/v1/orders/"] {
        assert_eq!(send(gateway, "GET", path, bearer, &Value::Null).status, 404, "{path}");
    }
    let wrong = send(gateway, "DELETE", "/api/v1/orders", bearer, &Value::Null);
    assert_eq!(wrong.status, 405, "{wrong:?}");
    assert!(wrong.head.to_lowercase().contains("allow: get, post"), "{wrong:?}");
    let metrics = gateway.send("GET", "/metrics", &[], "").body;
    assert!(metrics.contains("/api/v1/orders/{orderId}") && metrics.contains("order-service"), "{metrics}");
}

/// Callers of one service, and readers of the gateway's own document, find what they were told.
fn contracts_hold(interpreter: &Path, platform: &Platform, gateway: &Running, bearer: &str) {
    let document = format!("{}/openapi.json", gateway.url());
    let contract = "services/user-service/contracts/api-spec.yaml";
    for arguments in [[contract, "--url", &gateway.url()], [&document, "--include-tag", "user-service"]] {
        let mut command = Command::new(interpreter.with_file_name("schemathesis"));
        command.current_dir(platform.root()).arg("run").args(arguments);
        command.args(["--checks", "all", "-n", "15", "--seed", "1", "--continue-on-failure"]);
        command.args(["--generation-database", "none", "--generation-allow-x00", "false"]);
        let report = python::run(command.args(["-H", &format!("Authorization: {bearer}")]));
        let report = report.unwrap_or_else(|output| {
            let start = output.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
            panic!("{}\n{}", &output[start..], gateway.log())
        });
        assert!(report.contains("Test cases:") && report.contains(" passed"), "{report}");
    }
}

/// One service after the other ends: the gateway is not ready, names those that are gone, and still answers for the others.
fn it_says_who_is_missing(mut running: Vec<Running>, gateway: &Running, bearer: &str) {
    drop(running.pop());
    let ready = gateway.send("GET", "/ready", &[], "");
    let checks = parsed(&ready)["checks"].clone();
    assert_eq!((ready.status, &checks["order-service"]), (503, &json!("unavailable")), "{ready:?}");
    assert_eq!(checks["user-service"], "ok");
    let statuses: Vec<u16> =
        (0..6).map(|_| send(gateway, "GET", "/api/v1/orders", bearer, &Value::Null).status).collect();
    assert_eq!(statuses, [502, 502, 502, 502, 502, 503], "{}", gateway.log());
    assert_eq!(send(gateway, "GET", "/api/v1/users", bearer, &Value::Null).status, 200);
}

#[test]
fn the_document_of_a_gateway_is_a_contract_without_errors() {
    let platform = shop(Language::Python);
    let document = fs::read(platform.path("services/gateway/src/gateway_service/contract/openapi.json")).unwrap();
    let alone = Platform::empty();
    alone.write_bytes("services/gateway/contracts/openapi.json", &document);
    let run = alone.run(&["validate-contracts", "--format", "json"]);
    let findings = run.findings();
    let errors: Vec<&Value> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let services = alone.run(&["model"]).exits(0).json()["services"].clone();
    assert_eq!(services[0]["api"]["operations"].as_array().unwrap().len(), 16, "{services}");
}

#[test]
fn a_gateway_whose_routes_conflict_gets_no_code() {
    let platform = Platform::example();
    let spec = fs::read_to_string(platform::repository().join("tests/platforms/gateway").join(SPEC)).unwrap();
    platform.write(SPEC, &spec);
    let orders = fs::read_to_string(platform.path("services/order-service/contracts/api-spec.yaml")).unwrap();
    platform.write("services/user-service/contracts/api-spec.yaml", &orders);
    let found = platform.run(&["validate-contracts", "--format", "json"]).rules();
    assert!(found.contains(&"gateway-route-conflict".to_owned()), "{found:?}");
    platform.write(".speckit.config.json", r#"{ "validation": { "auto_validate": false } }"#);
    let run = platform.run(&["generate", "code", "--service", "gateway"]);
    assert!(run.err.contains("no code is generated for a gateway whose routes conflict"), "{run:?}");
    assert!(!platform.path("services/gateway/src").exists());
}
