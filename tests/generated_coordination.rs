//! Generated services that work together: clients of others, tokens that are withdrawn, requests that are sent twice, and
//! sagas that outlive their process.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/pair.rs"]
mod pair;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::fs;
use std::path::Path;
use std::process::Command;

use python::Running;

const TRIPS: &str = "tests/platforms/trips";

#[test]
fn services_that_call_others_pass_their_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("services_that_call_others_pass_their_own_tests_and_linters") else {
        return;
    };
    let root = tempfile::tempdir().unwrap();
    // The tests of the caller write the pacts that the others verify.
    for name in ["trip-service", "seat-service", "place-service"] {
        let folder = service::write_of(TRIPS, root.path(), name, |_| ());
        let tool = |arguments: &[&str]| tool(&interpreter, &folder, arguments);
        let tested =
            tool(&["pytest", "-q", "-p", "no:cacheprovider"]).unwrap_or_else(|output| panic!("{name}: {output}"));
        assert!(tested.contains(" passed") && !tested.contains(" skipped"), "{name}: {tested}");
        let cache = root.path().join("mypy");
        let linters: [&[&str]; 3] = [
            &["ruff", "check", "--no-cache"],
            &["ruff", "format", "--no-cache", "--check"],
            &["mypy", "--cache-dir", cache.to_str().unwrap()],
        ];
        for arguments in linters {
            tool(arguments).unwrap_or_else(|output| panic!("{name}: {output}"));
        }
    }
    // A caller that expects what place-service does not answer is not satisfied.
    let path = root.path().join("services/trip-service/pacts/trip-service-place-service.json");
    let pact = fs::read_to_string(&path).unwrap();
    fs::write(&path, pact.replace("\"name\": \"example\"", "\"title\": \"example\"")).unwrap();
    let folder = root.path().join("services/place-service");
    let refused = tool(&interpreter, &folder, &["pytest", "-q", "tests/test_provider.py"]).unwrap_err();
    assert!(refused.contains("title") && refused.contains("1 failed"), "{refused}");
}

/// Runs a tool of the services' environment in a service's folder.
fn tool(interpreter: &Path, folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(interpreter);
    python::run(command.arg("-m").args(arguments).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// Writes services of the example, and gives what starts them.
fn started<'a>(
    interpreter: &'a Path,
    root: &'a Path,
    names: &[&str],
) -> impl Fn(&str, u16, &[(&str, &str)]) -> Running + 'a {
    names.iter().for_each(|name| drop(service::write(root, name)));
    move |name, port, variables| {
        let folder = root.join("services").join(name);
        Running::start_at(port, interpreter, &folder, &name.replace('-', "_"), variables)
    }
}

#[test]
fn a_saga_ends_whatever_happens_between_its_steps() {
    let Some(interpreter) = python::interpreter("a_saga_ends_whatever_happens_between_its_steps") else { return };
    let root = tempfile::tempdir().unwrap();
    let start = started(&interpreter, root.path(), &["user-service", "order-service"]);
    pair::a_saga_ends(&start, format!("Bearer {}", service::token(&interpreter)));
}

#[test]
fn a_token_that_was_withdrawn_is_refused_by_every_service() {
    let Some(interpreter) = python::interpreter("a_token_that_was_withdrawn_is_refused_by_every_service") else {
        return;
    };
    let root = tempfile::tempdir().unwrap();
    let start = started(&interpreter, root.path(), &["auth-service", "user-service"]);
    pair::a_withdrawn_token_is_refused(&start);
}
