//! Services of the example, generated into a folder.
// Not every test that generates services uses all of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use agentspec::document::read::{read, wanted};
use agentspec::generate::{self, Request};
use agentspec::model::{self, Framework, Language, Platform};
use agentspec::source::{Store, WorktreeStore, load};
use agentspec::template::Engine;
use serde_json::Value;

use crate::python::{self, Running};

/// The platform whose services are mostly written.
const EXAMPLE: &str = "examples/ecommerce";

/// The key of the tokens' signatures.
pub const SECRET: &str = "only the tests know this secret text";

/// Writes the Python code of one of the example's services below a folder, and gives the service's own folder.
pub fn write(root: &Path, name: &str) -> PathBuf {
    write_of(EXAMPLE, root, name, |_| ())
}

/// The same in another language.
pub fn write_as(root: &Path, name: &str, language: Language, framework: Framework) -> PathBuf {
    write_changed(root, name, |platform| {
        for service in &mut platform.services {
            (service.language, service.framework) = (language, framework);
        }
    })
}

/// The same for a platform that differs from the example in something.
pub fn write_changed(root: &Path, name: &str, change: impl Fn(&mut Platform)) -> PathBuf {
    write_of(EXAMPLE, root, name, change)
}

/// Writes the code of a service of a platform in this repository below a folder, and gives the service's own folder.
pub fn write_of(platform: &str, root: &Path, name: &str, change: impl Fn(&mut Platform)) -> PathBuf {
    let store = WorktreeStore::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(platform)).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    change(&mut platform);
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
    let folder = root.join("services").join(name);
    let own = |path: &&String| path.starts_with(&format!("services/{name}/contracts/"));
    for path in listing.iter().filter(own) {
        let copy = root.join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(copy, store.read(path).unwrap()).unwrap();
    }
    folder
}

/// A token that services of the example take.
pub fn token(interpreter: &Path) -> String {
    token_with(interpreter, "")
}

/// The same with scopes.
pub fn token_with(interpreter: &Path, scopes: &str) -> String {
    let code = "import jwt, sys, time, uuid; id = str(uuid.uuid4()); now = int(time.time()); \
                claims = {'sub': id, 'iat': now, 'exp': now + 1200, 'jti': id, 'scope': sys.argv[2]}; \
                print(jwt.encode(claims, sys.argv[1], algorithm='HS256'))";
    script(interpreter, code, &[SECRET, scopes])
}

/// Runs a script, and gives what it prints.
pub fn script(interpreter: &Path, code: &str, arguments: &[&str]) -> String {
    python::run(Command::new(interpreter).args(["-c", code]).args(arguments)).unwrap().trim().to_owned()
}

/// The rows that a statement answers in a SQLite database.
pub fn rows(interpreter: &Path, database: &Path, sql: &str) -> Value {
    let code = "import json, sqlite3, sys; \
                print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))";
    serde_json::from_str(&script(interpreter, code, &[database.to_str().unwrap(), sql])).unwrap()
}

/// Waits until something is as it should be.
#[track_caller]
pub fn eventually<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, look: impl Fn() -> T) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = look();
        if found == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: {found:?} is not {wanted:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Holds a running service to its contract's file, with requests that are and are not valid. Logout withdraws the token that
/// it is called with, so it has one of its own.
pub fn hold_to_contract(interpreter: &Path, folder: &Path, service: &Running) {
    if folder.ends_with("auth-service") {
        hold(interpreter, folder, service, &["--exclude-operation-id", "logout"]);
        hold(interpreter, folder, service, &["--include-operation-id", "logout"]);
    } else {
        hold(interpreter, folder, service, &[]);
    }
}

fn hold(interpreter: &Path, folder: &Path, service: &Running, more: &[&str]) {
    let bearer = format!("Authorization: Bearer {}", token(interpreter));
    let mut command = Command::new(interpreter.with_file_name("schemathesis"));
    command.current_dir(folder).args(["run", "contracts/api-spec.yaml", "--url", &service.url()]);
    command.args(["--checks", "all", "-n", "15", "--seed", "1", "--continue-on-failure", "--workers", "1"]);
    command.args(["--generation-database", "none", "--generation-allow-x00", "false", "-H", &bearer]).args(more);
    let report = python::run(&mut command).unwrap_or_else(|output| {
        let start = output.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
        panic!("{}", &output[start..])
    });
    assert!(report.contains("Test cases:") && report.contains(" passed"), "{report}");
}
