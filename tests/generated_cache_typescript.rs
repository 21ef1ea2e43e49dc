//! Generated Express services that keep answers: their own tests, and two replicas with one Redis.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/cache.rs"]
mod cache;
#[path = "support/python.rs"]
mod python;
#[path = "support/redis.rs"]
mod redis;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use agentspec::model::Platform;

fn keeping(platform: &mut Platform) {
    typescript::in_typescript(platform);
    cache::keeping(platform);
}

#[test]
fn replicas_share_a_cache_and_work_without_it() {
    let name = "replicas_share_a_cache_and_work_without_it";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(redis) = redis::Redis::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "user-service", keeping);
    toolchain.lint(&folder).unwrap_or_else(|output| panic!("{output}"));
    let tested = toolchain.test_only(&folder, "caching").unwrap_or_else(|output| panic!("{output}"));
    assert!(tested.contains("fail 0") && tested.contains("skipped 0"), "{tested}");
    let start = |variables: &[(&str, &str)]| toolchain.start(&folder, variables);
    cache::replicas_share_a_cache(&interpreter, &folder, redis, &start);
}
