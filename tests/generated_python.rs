//! The FastAPI service that is generated for the example's user-service: its own tests and linters pass, and it keeps what
//! it is given over HTTP.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/python.rs"]
mod python;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use agentspec::document::read::{read, wanted};
use agentspec::generate::{self, Request};
use agentspec::model;
use agentspec::source::{Store, WorktreeStore, load};
use agentspec::template::Engine;
use serde_json::{Value, json};

const SECRET: &str = "only the tests know this secret text";

/// Writes the code of one of the example's services below a folder, and gives the service's own folder.
fn write_service(root: &Path, name: &str) -> PathBuf {
    let store = WorktreeStore::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ecommerce")).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let config = agentspec::document::config::Config::default();
    let request =
        Request { platform: &platform, config: &config, engine: &engine, service: Some(name), existing: &|_| None };
    let plan = generate::plan(&request, &[generate::find("code").unwrap()]).unwrap();
    for file in &plan.files {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.content).unwrap();
    }
    root.join("services").join(name)
}

fn token(interpreter: &Path) -> String {
    let code = "import jwt, sys, time; \
                print(jwt.encode({'sub': 'tester', 'exp': time.time() + 600}, sys.argv[1], algorithm='HS256'))";
    python::run(Command::new(interpreter).args(["-c", code, SECRET])).unwrap().trim().to_owned()
}

#[test]
fn a_generated_service_passes_its_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("a_generated_service_passes_its_own_tests_and_linters") else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["auth-service", "user-service", "order-service", "notification-service"] {
        let folder = write_service(root.path(), name);
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
fn a_generated_service_keeps_what_it_is_given() {
    let Some(interpreter) = python::interpreter("a_generated_service_keeps_what_it_is_given") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = write_service(root.path(), "user-service");
    let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
    let bearer = format!("Bearer {}", token(&interpreter));
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
