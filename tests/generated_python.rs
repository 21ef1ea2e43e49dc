//! The FastAPI service that is generated for the example's user-service: its own tests and linters pass, and it keeps what
//! it is given over HTTP.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use service::SECRET;

#[test]
fn a_generated_service_passes_its_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("a_generated_service_passes_its_own_tests_and_linters") else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["auth-service", "user-service", "order-service", "notification-service"] {
        let folder = service::write(root.path(), name);
        let tool = |arguments: &[&str]| {
            let mut command = Command::new(&interpreter);
            command.arg("-m").args(arguments).current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
            python::run(&mut command).unwrap_or_else(|output| panic!("{name}: {output}"))
        };
        let tested = tool(&["pytest", "-q", "-p", "no:cacheprovider"]);
        assert!(tested.contains(" passed"), "{name}: {tested}");
        tool(&["ruff", "check", "--no-cache"]);
        tool(&["ruff", "format", "--no-cache", "--check"]);
        tool(&["mypy", "--cache-dir", root.path().join("mypy").to_str().unwrap()]);
    }
}

#[test]
fn a_generated_service_holds_to_its_contract() {
    let Some(interpreter) = python::interpreter("a_generated_service_holds_to_its_contract") else { return };
    let root = tempfile::tempdir().unwrap();
    let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
    for name in ["auth-service", "user-service", "order-service", "notification-service"] {
        let folder = service::write(root.path(), name);
        let service = python::Running::start(&interpreter, &folder, &name.replace('-', "_"), &variables);
        service::hold_to_contract(&interpreter, &folder, &service);
    }
}

#[test]
fn a_session_goes_from_registration_to_logout() {
    let Some(interpreter) = python::interpreter("a_session_goes_from_registration_to_logout") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write(root.path(), "auth-service");
    let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
    let service = python::Running::start(&interpreter, &folder, "auth_service", &variables);
    let post = |path: &str, access: &str, body: Value| {
        let bearer = format!("Bearer {access}");
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
        let answer = service.send("POST", &format!("/api/v1/auth/{path}"), &headers, &body.to_string());
        (answer.status, serde_json::from_str::<Value>(&answer.body).unwrap_or_default())
    };
    let credentials = json!({ "email": "Ada@shop.example", "password": "correct horse battery" });
    let (status, account) = post("register", "", credentials.clone());
    assert_eq!(status, 201, "{account}");
    assert_eq!(post("register", "", credentials.clone()).0, 409);
    let (status, tokens) = post("login", "", credentials);
    assert_eq!(status, 200, "{tokens}");
    let access = tokens["accessToken"].as_str().unwrap();
    let (status, claims) = post("validate", access, json!({}));
    assert_eq!((status, &claims["accountId"]), (200, &account["id"]));
    let used = json!({ "refreshToken": tokens["refreshToken"] });
    let (status, renewed) = post("refresh", access, used.clone());
    assert_eq!(status, 200, "{renewed}");
    let left = json!({ "refreshToken": renewed["refreshToken"] });
    assert_eq!(post("logout", renewed["accessToken"].as_str().unwrap(), left.clone()).0, 204);
    // Neither the token nor the session is good for anything any more.
    assert_eq!(post("validate", renewed["accessToken"].as_str().unwrap(), json!({})).0, 401);
    assert_eq!(post("refresh", access, left).0, 401);
    drop(service);
    // The database and its write-ahead log.
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("test.db"));
    let stored: Vec<u8> = files.flat_map(|path| fs::read(path).unwrap()).collect();
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$scrypt$") && !holds("correct horse battery"), "passwords are kept as hashes");
}

#[test]
fn a_generated_service_keeps_what_it_is_given() {
    let Some(interpreter) = python::interpreter("a_generated_service_keeps_what_it_is_given") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write(root.path(), "user-service");
    let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
    let bearer = format!("Bearer {}", service::token(&interpreter));
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];

    let service = python::Running::start(&interpreter, &folder, "user_service", &variables);
    assert_eq!(service.send("GET", "/health", &[], "").status, 200);
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = service.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    drop(service);

    // It is still there after a restart.
    let service = python::Running::start(&interpreter, &folder, "user_service", &variables);
    let found = service.send("GET", &path, &headers, "");
    assert_eq!((found.status, serde_json::from_str::<Value>(&found.body).unwrap()), (200, user));
    let refused = service.send("GET", &path, &[], "");
    assert_eq!(refused.status, 401);
    assert!(refused.head.to_lowercase().contains("application/problem+json"), "{refused:?}");
}
