//! Generated services that keep answers: their own tests, and two replicas with one Redis.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/cache.rs"]
mod cache;
#[path = "support/python.rs"]
mod python;
#[path = "support/redis.rs"]
mod redis;
#[path = "support/service.rs"]
mod service;

use std::process::Command;

#[test]
fn a_service_that_keeps_answers_passes_its_own_tests_and_linters() {
    let name = "a_service_that_keeps_answers_passes_its_own_tests_and_linters";
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "user-service", cache::keeping);
    let tool = |arguments: &[&str]| {
        let mut command = Command::new(&interpreter);
        command.arg("-m").args(arguments).current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
        python::run(&mut command).unwrap_or_else(|output| panic!("{output}"))
    };
    let tested = tool(&["pytest", "-q", "-p", "no:cacheprovider", "tests/test_caching.py", "tests/test_service.py"]);
    assert!(tested.contains(" passed") && !tested.contains(" skipped"), "{tested}");
    let types = root.path().join("mypy");
    tool(&["ruff", "check", "--no-cache"]);
    tool(&["ruff", "format", "--no-cache", "--check"]);
    tool(&["mypy", "--cache-dir", types.to_str().unwrap()]);
}

#[test]
fn replicas_share_a_cache_and_work_without_it() {
    let name = "replicas_share_a_cache_and_work_without_it";
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(redis) = redis::Redis::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "user-service", cache::keeping);
    let start = |variables: &[(&str, &str)]| python::Running::start(&interpreter, &folder, "user_service", variables);
    cache::replicas_share_a_cache(&interpreter, &folder, redis, &start);
}

#[test]
fn a_service_that_keeps_nothing_has_no_cache() {
    let root = tempfile::tempdir().unwrap();
    let folder = service::write(root.path(), "user-service");
    assert!(!folder.join("src/user_service/runtime/cache.py").exists());
    let project = std::fs::read_to_string(folder.join("pyproject.toml")).unwrap();
    assert!(!project.contains("redis"), "{project}");
}
