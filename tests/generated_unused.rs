//! Nothing that is generated is there for nothing: tools that know each language find no code that nothing reaches, no file
//! and export that nothing imports, and no dependency that nothing uses. Not theirs to judge are what frameworks call by name,
//! and the few things that wait for handlers of the user's own: what a collection can do, and the events of the contract.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/go.rs"]
mod go;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use agentspec::model::Platform;

/// Services that have everything between them: all kinds of operations, events, sagas, an event store, a gateway, and one
/// that has next to nothing.
const SERVICES: [(&str, &str); 8] = [
    ("examples/ecommerce", "auth-service"),
    ("examples/ecommerce", "user-service"),
    ("examples/ecommerce", "order-service"),
    ("examples/ecommerce", "notification-service"),
    ("tests/platforms/ledger", "order-service"),
    ("tests/platforms/stories", "loan-service"),
    ("tests/platforms/stories", "shelf-service"),
    ("tests/platforms/plain-gateway", GATEWAY),
];
const GATEWAY: &str = "zeta-public-gateway-of-the-shop";

/// Names in Python that a framework, or the user's handlers, may use.
const CALLED_BY_NAME: &str = "pytestmark,anyio_backend,format,row_factory,should_exit,handle,action,redirect_slashes,default,\
                              _networks,remove,claims";
/// Tools that are run and not imported.
const RUN: &str = "DEP002=mypy|ruff|schemathesis|uvicorn|anyio";
/// Functions in Go that wait for handlers of the user's own.
const FOR_HANDLERS: [&str; 3] = ["Collection.Remove", "Collection.Page", "Equal"];
const DEADCODE: &str = "golang.org/x/tools/cmd/deadcode@v0.52.0";
const KNIP: [&str; 3] = ["knip@6.44.2", "typescript@6.0.3", "@types/node@22.20.5"];

/// Writes all services in a language, and gives each with its folder.
fn each(change: fn(&mut Platform), check: impl Fn(&str, &Path)) {
    for (platform, name) in SERVICES {
        let root = tempfile::tempdir().unwrap();
        let folder = service::write_of(platform, root.path(), name, change);
        check(&format!("{platform}: {name}"), &folder);
    }
}

/// What a command says, whether it likes it or not.
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn as_it_is(_: &mut Platform) {}

#[test]
fn python_has_nothing_unused() {
    let Some(python) = python::interpreter("python_has_nothing_unused") else { return };
    each(as_it_is, |name, folder| {
        let tool = |arguments: &[&str]| said(Command::new(&python).arg("-m").args(arguments).current_dir(folder));
        let found = tool(&["vulture", "src", "tests", "--ignore-names", CALLED_BY_NAME]);
        // The fields of messages, and the events, are the contract's.
        let counts = |line: &&str| !(line.contains("/contract/") && line.contains("unused variable"));
        let found: Vec<&str> = found.lines().filter(counts).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        let found =
            tool(&["deptry", ".", "--ignore", "DEP001,DEP003,DEP004", "--exclude", "none", "--per-rule-ignores", RUN]);
        assert!(found.contains("No dependency issues found"), "{name}: {found}");
    });
}

#[test]
fn python_has_all_versions_pinned() {
    let Some(python) = python::interpreter("python_has_all_versions_pinned") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/locked.py");
    each(as_it_is, |name, folder| {
        let found = said(Command::new(&python).arg(&script).current_dir(folder));
        assert!(found.is_empty(), "{name}:\n{found}");
    });
}

#[test]
fn go_has_nothing_unused() {
    if go::toolchain("go_has_nothing_unused").is_none() {
        return;
    }
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-go");
    let deadcode = tools.join(if cfg!(windows) { "deadcode.exe" } else { "deadcode" });
    python::run(Command::new("go").args(["install", DEADCODE]).env("GOBIN", &tools)).unwrap();
    each(go::in_go, |name, folder| {
        let found = said(Command::new(&deadcode).args(["-test", "./..."]).current_dir(folder));
        let waits = |line: &str| FOR_HANDLERS.iter().any(|one| line.ends_with(&format!("unreachable func: {one}")));
        let found: Vec<&str> = found.lines().filter(|line| !waits(line)).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        // Every module that is asked for is used, and the other way round.
        go::go(folder, &["mod", "tidy", "-diff"]).unwrap_or_else(|output| panic!("{name}: {output}"));
    });
}

#[test]
fn typescript_has_nothing_unused() {
    let Some(toolchain) = typescript::toolchain("typescript_has_nothing_unused") else { return };
    let knip = knip();
    let settings = serde_json::json!({
        "entry": ["tests/*.test.ts"],
        "project": ["src/**/*.ts", "tests/**/*.ts"],
        "ignore": ["src/contract/events.ts"],
        "ignoreExportsUsedInFile": true });
    each(typescript::in_typescript, |name, folder| {
        toolchain.link(folder);
        fs::write(folder.join("knip.json"), settings.to_string()).unwrap();
        let mut command = Command::new(&toolchain.node);
        command.arg(&knip).args(["--no-progress", "--no-config-hints"]).current_dir(folder);
        let found = said(&mut command);
        assert!(found.trim().is_empty(), "{name}: {found}");
    });
}

/// The tool that looks through projects of Node.js, below `target/test-node`.
fn knip() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-node/knip");
    let (program, stamp) = (folder.join("node_modules/knip/bin/knip.js"), folder.join("stamp"));
    let wanted = KNIP.join("\n");
    if !fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) || !program.exists() {
        fs::create_dir_all(&folder).unwrap();
        let quiet = ["install", "--no-save", "--prefix", ".", "--no-audit", "--no-fund"];
        python::run(Command::new("npm").args(quiet).args(KNIP).current_dir(&folder)).unwrap();
        fs::write(stamp, wanted).unwrap();
    }
    program
}
