//! Generated Go services that keep answers: their own tests, and two replicas with one Redis.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/cache.rs"]
mod cache;
#[path = "support/go.rs"]
mod go;
#[path = "support/python.rs"]
mod python;
#[path = "support/redis.rs"]
mod redis;
#[path = "support/service.rs"]
mod service;

use agentspec::model::Platform;

fn keeping(platform: &mut Platform) {
    go::in_go(platform);
    cache::keeping(platform);
}

#[test]
fn replicas_share_a_cache_and_work_without_it() {
    let name = "replicas_share_a_cache_and_work_without_it";
    if go::toolchain(name).is_none() {
        return;
    }
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(redis) = redis::Redis::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "user-service", keeping);
    // The packages that differ from those of a service that keeps nothing.
    let packages = ["./internal/app", "./internal/runtime/cache", "./internal/runtime/store", "./internal/runtime/web"];
    for arguments in [["vet"].as_slice(), &["test"]] {
        go::go(&folder, &[arguments, &packages].concat()).unwrap_or_else(|output| panic!("{output}"));
    }
    go::go(&folder, &["mod", "tidy", "-diff"]).unwrap_or_else(|output| panic!("{output}"));
    let unformatted = python::run(std::process::Command::new("gofmt").args(["-l", "."]).current_dir(&folder)).unwrap();
    assert_eq!(unformatted, "", "gofmt changes these");
    go::build(&folder);
    let start = |variables: &[(&str, &str)]| go::start_built(python::free_port(), &folder, variables);
    cache::replicas_share_a_cache(&interpreter, &folder, redis, &start);
}
