//! Which services get tests that disturb them, and what these send.

use crate::generate::code::fixture;
use crate::generate::code::tests_clients::platform;
use crate::model::{Framework, Language};
use crate::output::PlannedFile;

/// The files of a service of the example in a language.
fn files(name: &str, language: Language, framework: Framework) -> Vec<PlannedFile> {
    let mut platform = platform("examples/ecommerce");
    for service in &mut platform.services {
        (service.language, service.framework) = (language, framework);
    }
    let files = fixture::plan(&platform).unwrap();
    files.into_iter().filter(|file| file.service.as_deref() == Some(name)).collect()
}

fn python(name: &str) -> Vec<PlannedFile> {
    files(name, Language::Python, Framework::Fastapi)
}

#[test]
fn what_must_be_unique_differs_in_each_request() {
    let users = python("user-service");
    let chaos = fixture::content(&users, "tests/test_chaos.py");
    assert!(chaos.contains("\"email\": f\"{number:08}ada@shop.example\""), "{chaos}");
    let users = files("user-service", Language::Typescript, Framework::Express);
    let chaos = fixture::content(&users, "tests/chaos.test.ts");
    assert!(chaos.contains("email: `${digits}ada@shop.example`"), "{chaos}");
    let users = files("user-service", Language::Go, Framework::NetHttp);
    let chaos = fixture::content(&users, "cmd/user-service/chaos_test.go");
    assert!(chaos.contains("`{\"email\":\"` + digits + `ada@shop.example\""), "{chaos}");
    // Orders may be alike.
    let orders = python("order-service");
    assert!(!fixture::content(&orders, "tests/test_chaos.py").contains("NUMBERS"));
}

#[test]
fn accounts_are_found_again_by_login() {
    let auth = python("auth-service");
    let chaos = fixture::content(&auth, "tests/test_chaos.py");
    assert!(chaos.contains("service.client.post(\"/api/v1/auth/login\", json=credentials)"), "{chaos}");
    assert!(!auth.iter().any(|file| file.path.ends_with("test_chaos_upstreams.py")), "it calls nobody");
}

#[test]
fn the_failure_mode_says_what_a_failing_upstream_leads_to() {
    let orders = python("order-service");
    let chaos = fixture::content(&orders, "tests/test_chaos_upstreams.py");
    for line in [
        "SECONDS = 0.5 + 3.0",
        "    assert usual != 401",
        "[\"hangs\", \"refuses\", *WRONG]",
        "upstream=\"auth-service\"",
    ] {
        assert!(chaos.contains(line), "{line} in {chaos}");
    }
}

#[test]
fn events_are_awaited_only_where_a_creation_publishes_some() {
    let waits = |name: &str| fixture::content(&python(name), "tests/test_chaos.py").contains("BROKER_URL");
    assert!(waits("order-service") && waits("user-service"));
    assert!(!waits("notification-service"), "it publishes nothing");
}
