//! Generated Go services that work together: what `generated_coordination.rs` asks of those in Python.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/go.rs"]
mod go;
#[path = "support/pair.rs"]
mod pair;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::fs;
use std::path::Path;

use python::Running;

const TRIPS: &str = "tests/platforms/trips";

#[test]
fn go_services_that_call_others_pass_their_own_tests_and_linters() {
    let name = "go_services_that_call_others_pass_their_own_tests_and_linters";
    let Some(toolchain) = go::toolchain(name) else { return };
    let root = tempfile::tempdir().unwrap();
    // The tests of the caller write the pacts that the others verify.
    for name in ["trip-service", "seat-service", "place-service"] {
        toolchain.check(&service::write_of(TRIPS, root.path(), name, go::in_go));
    }
    // A caller that expects what place-service does not answer is not satisfied.
    let pact = root.path().join("services/trip-service/pacts/trip-service-place-service.json");
    let text = fs::read_to_string(&pact).unwrap();
    fs::write(&pact, text.replace("\"name\": \"example\"", "\"title\": \"example\"")).unwrap();
    let folder = root.path().join("services/place-service");
    let refused = go::go(&folder, &["test", "-count=1", "./internal/handlers"]).unwrap_err();
    assert!(refused.contains("title is missing"), "{refused}");
}

#[test]
fn pacts_say_the_same_in_go_and_python() {
    let name = "pacts_say_the_same_in_go_and_python";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let pacts = |folder: &Path| {
        let mut files: Vec<_> = fs::read_dir(folder.join("pacts")).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let read = |path: &std::path::PathBuf| -> serde_json::Value {
            let mut pact: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            // Which library has written it differs.
            pact.as_object_mut().unwrap().remove("metadata");
            pact
        };
        files.iter().map(read).collect::<Vec<_>>()
    };
    let folder = service::write_of(TRIPS, &root.path().join("go"), "trip-service", go::in_go);
    go::go(&folder, &["test", "-count=1", "./internal/contract/clients"]).unwrap();
    let own = pacts(&folder);
    let folder = service::write_of(TRIPS, &root.path().join("python"), "trip-service", |_| ());
    let mut command = std::process::Command::new(&interpreter);
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_pacts.py"]).current_dir(&folder);
    python::run(command.env("PYTHONDONTWRITEBYTECODE", "1")).unwrap();
    assert_eq!(own, pacts(&folder));
    assert_eq!(own.len(), 4);
}

/// Writes and builds services of the example, and gives what starts them.
fn started<'a>(root: &'a Path, names: &[&str]) -> impl Fn(&str, u16, &[(&str, &str)]) -> Running + 'a {
    names.iter().for_each(|name| drop(go::build(&go::write(root, name))));
    move |name, port, variables| go::start_built(port, &root.join("services").join(name), variables)
}

#[test]
fn a_saga_of_go_services_ends_whatever_happens_between_its_steps() {
    let name = "a_saga_of_go_services_ends_whatever_happens_between_its_steps";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let start = started(root.path(), &["user-service", "order-service"]);
    pair::a_saga_ends(&start, format!("Bearer {}", service::token(&interpreter)));
}

#[test]
fn a_token_that_was_withdrawn_is_refused_by_go_services() {
    let Some(_) = go::toolchain("a_token_that_was_withdrawn_is_refused_by_go_services") else { return };
    let root = tempfile::tempdir().unwrap();
    pair::a_withdrawn_token_is_refused(&started(root.path(), &["auth-service", "user-service"]));
}
