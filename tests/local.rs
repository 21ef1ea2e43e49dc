//! `agentspec dev` and `agentspec test` on the generated example: services that answer, and are gone afterwards.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn agentspec(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentspec"));
    command.arg("--root").arg(root).env_remove("JWT_SECRET").env_remove("BROKER_URL").env_remove("AGENTSPEC_PYTHON");
    command
}

fn example() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_agentspec")).arg("demo").arg(root.path()).output().unwrap();
    assert!(made.status.success(), "{}", text(&made));
    root
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A running `agentspec dev`, which is interrupted at the latest when a test fails: else its services would stay.
struct Dev(Child);

impl Dev {
    fn interrupt(&self) {
        Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().unwrap();
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.interrupt();
        }
    }
}

/// The status of a request with a token.
fn status(url: &str, path: &str, token: &str) -> Option<String> {
    ask(url, "GET", path, token, "")
}

/// The same with a body.
fn ask(url: &str, method: &str, path: &str, token: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).ok()?;
    let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close", body.len());
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n{headers}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer.split(' ').nth(1)?.to_owned())
}

#[cfg(unix)]
#[test]
fn the_platform_runs_until_it_is_interrupted() {
    let Some(interpreter) = python::interpreter("the_platform_runs_until_it_is_interrupted") else { return };
    let root = example();
    let mut dev = agentspec(root.path());
    dev.args(["dev", "--json"]).env("AGENTSPEC_PYTHON", &interpreter);
    let mut dev = Dev(dev.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let lines = BufReader::new(dev.0.stdout.take().unwrap()).lines();
    let services: Vec<Value> = lines.take(4).map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let named = |name: &str| services.iter().find(|service| service["service"] == name).unwrap();
    let users = named("user-service");
    let (url, token) = (users["url"].as_str().unwrap(), users["token"].as_str().unwrap());
    let missing = "/api/v1/users/6b1e2f0a-0f2c-4f6a-9d77-0f5f3f3f9c11";
    assert_eq!(status(url, missing, token).unwrap(), "404", "the token lets in, and there is no such user");
    assert_eq!(status(url, missing, "nonsense").unwrap(), "401");
    let others = ["auth-service", "notification-service", "order-service"].map(|name| named(name)["url"].clone());
    for other in &others {
        assert_eq!(status(other.as_str().unwrap(), "/ready", "").unwrap(), "200");
    }
    // Its event reaches the copy of another service over the broker of this run.
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    assert_eq!(ask(url, "POST", "/api/v1/users", token, &new.to_string()).unwrap(), "201");
    let database = root.path().join(".agentspec/dev/order_service.db");
    let copies = || service::rows(&interpreter, &database, "SELECT count(*) FROM user_profile_copies");
    service::eventually("the copy arrives", &json!([[1]]), copies);
    dev.interrupt();
    assert!(dev.0.wait().unwrap().success());
    for service in &services {
        assert_eq!(status(service["url"].as_str().unwrap(), "/ready", ""), None, "{service} is gone");
    }
    let kept = root.path().join(".agentspec/dev/user_service.db");
    assert!(kept.exists(), "its database is kept below the platform's root");
}

#[cfg(unix)]
#[test]
fn a_gateway_is_started_after_the_services_behind_it() {
    let Some(interpreter) = python::interpreter("a_gateway_is_started_after_the_services_behind_it") else { return };
    let root = example();
    let path = "services/gateway/specs/001-gateway/spec.md";
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/platforms/gateway").join(path);
    std::fs::create_dir_all(root.path().join(path).parent().unwrap()).unwrap();
    std::fs::copy(spec, root.path().join(path)).unwrap();
    let made = agentspec(root.path()).args(["generate", "code", "--service", "gateway"]).output().unwrap();
    assert!(made.status.success(), "{}", text(&made));
    let mut dev = agentspec(root.path());
    dev.args(["dev", "--json", "--service", "gateway"]).env("AGENTSPEC_PYTHON", interpreter);
    let mut dev = Dev(dev.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let lines = BufReader::new(dev.0.stdout.take().unwrap()).lines();
    let services: Vec<Value> = lines.take(4).map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let last = services.last().unwrap();
    assert_eq!(last["service"], "gateway", "{services:?}");
    let (url, token) = (last["url"].as_str().unwrap(), last["token"].as_str().unwrap());
    assert_eq!(status(url, "/ready", "").unwrap(), "200");
    let missing = "/api/v1/users/6b1e2f0a-0f2c-4f6a-9d77-0f5f3f3f9c11";
    assert_eq!(status(url, missing, token).unwrap(), "404", "the token lets in, and there is no such user");
    assert_eq!(status(url, missing, "nonsense").unwrap(), "401");
    dev.interrupt();
    assert!(dev.0.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn the_token_lets_into_a_service_that_is_started_alone() {
    let Some(interpreter) = python::interpreter("the_token_lets_into_a_service_that_is_started_alone") else { return };
    let root = example();
    let mut dev = agentspec(root.path());
    dev.args(["dev", "--json", "--service", "user-service"]).env("AGENTSPEC_PYTHON", interpreter);
    let mut dev = Dev(dev.env_remove("AUTH_SERVICE_URL").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let line = BufReader::new(dev.0.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let (url, token) = (ready["url"].as_str().unwrap(), ready["token"].as_str().unwrap());
    let missing = "/api/v1/users/6b1e2f0a-0f2c-4f6a-9d77-0f5f3f3f9c11";
    assert_eq!(status(url, missing, token).unwrap(), "404", "the token lets in, and there is no such user");
    assert_eq!(status(url, missing, "nonsense").unwrap(), "401");
    dev.interrupt();
    assert!(dev.0.wait().unwrap().success());
}

#[test]
fn the_tests_of_a_service_are_run() {
    let Some(interpreter) = python::interpreter("the_tests_of_a_service_are_run") else { return };
    let root = example();
    let run = || {
        let mut command = agentspec(root.path());
        command.args(["test", "--service", "user-service"]).env("AGENTSPEC_PYTHON", &interpreter).output().unwrap()
    };
    let passed = run();
    assert!(passed.status.success() && text(&passed).contains("user-service  passed"), "{}", text(&passed));
    let broken = root.path().join("services/user-service/tests/test_broken.py");
    std::fs::write(broken, "def test_broken() -> None:\n    raise AssertionError\n").unwrap();
    let failed = run();
    assert_eq!(failed.status.code(), Some(1));
    assert!(text(&failed).contains("user-service  failed"), "{}", text(&failed));
}

#[test]
fn what_is_missing_is_named_with_the_command_that_helps() {
    let root = example();
    let started = agentspec(root.path()).arg("dev").output().unwrap();
    assert_eq!(started.status.code(), Some(2));
    let said = text(&started);
    assert!(said.contains("auth-service: its packages are not installed"), "{said}");
    assert!(said.contains("--install") && said.contains("python3 -m venv .venv"), "{said}");
    std::fs::remove_dir_all(root.path().join("services/auth-service/src")).unwrap();
    let said = text(&agentspec(root.path()).arg("dev").output().unwrap());
    assert!(said.contains("there is no generated code at services/auth-service/src"), "{said}");
    assert!(said.contains("agentspec generate code"), "{said}");
    let unknown = text(&agentspec(root.path()).args(["dev", "--service", "auth"]).output().unwrap());
    assert!(unknown.contains("did you mean `auth-service`"), "{unknown}");
}
