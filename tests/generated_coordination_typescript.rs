//! Generated Express services that work together: clients of others, pacts, tokens that are withdrawn, requests that are sent
//! twice, and sagas that outlive their process.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/pair.rs"]
mod pair;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::Path;

use python::Running;

const TRIPS: &str = "tests/platforms/trips";

#[test]
fn services_that_call_others_pass_their_own_tests_and_linters() {
    let name = "services_that_call_others_pass_their_own_tests_and_linters";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let root = tempfile::tempdir().unwrap();
    // The tests of the caller write the pacts that the others verify.
    for name in ["trip-service", "seat-service", "place-service"] {
        let folder = service::write_of(TRIPS, root.path(), name, typescript::in_typescript);
        let tested = toolchain.test(&folder).unwrap_or_else(|output| panic!("{name}: {output}"));
        assert!(tested.contains("fail 0") && tested.contains("skipped 0"), "{name}: {tested}");
        toolchain.lint(&folder).unwrap_or_else(|output| panic!("{name}: {output}"));
    }
    // A caller that expects what place-service does not answer is not satisfied.
    let path = root.path().join("services/trip-service/pacts/trip-service-place-service.json");
    let pact = fs::read_to_string(&path).unwrap();
    fs::write(&path, pact.replace("\"name\": \"example\"", "\"title\": \"example\"")).unwrap();
    let refused = toolchain.test(&root.path().join("services/place-service")).unwrap_err();
    assert!(refused.contains("title") && refused.contains("fail 1"), "{refused}");
}

#[test]
fn pacts_say_the_same_in_every_language() {
    let name = "pacts_say_the_same_in_every_language";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let (ours, theirs) = (root.path().join("typescript"), root.path().join("python"));
    let folder = service::write_of(TRIPS, &ours, "trip-service", typescript::in_typescript);
    toolchain.test_only(&folder, "pacts").unwrap_or_else(|output| panic!("{output}"));
    let other = service::write_of(TRIPS, &theirs, "trip-service", |_| ());
    let mut command = std::process::Command::new(interpreter);
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_pacts.py"]).current_dir(&other);
    python::run(&mut command).unwrap_or_else(|output| panic!("{output}"));
    for provider in ["place", "price", "hint", "seat"] {
        let name = format!("pacts/trip-service-{provider}-service.json");
        // Only the versions of the libraries differ.
        let text = |folder: &Path| {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            let lines = text.lines().filter(|line| !line.contains("\"ffi\"") && !line.contains("\"models\""));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(text(&folder), text(&other), "{name}");
    }
}

/// Writes services of the example, and gives what starts them.
fn started<'a>(
    toolchain: &'a typescript::Toolchain,
    root: &'a Path,
    names: &[&str],
) -> impl Fn(&str, u16, &[(&str, &str)]) -> Running + 'a {
    names.iter().for_each(|name| drop(typescript::write(root, name)));
    move |name, port, variables| toolchain.start_at(port, &root.join("services").join(name), variables)
}

#[test]
fn a_saga_ends_whatever_happens_between_its_steps() {
    let name = "a_saga_ends_whatever_happens_between_its_steps";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let start = started(&toolchain, root.path(), &["user-service", "order-service"]);
    let bearer = toolchain.bearer(&root.path().join("services/order-service"));
    pair::a_saga_ends(&start, bearer);
}

#[test]
fn a_token_that_was_withdrawn_is_refused_by_every_service() {
    let name = "a_token_that_was_withdrawn_is_refused_by_every_service";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let start = started(&toolchain, root.path(), &["auth-service", "user-service"]);
    pair::a_withdrawn_token_is_refused(&start);
}
