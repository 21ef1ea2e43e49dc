//! Scenarios of a spec as tests of the service in each language: they pass with the handlers that are generated, and fail
//! where a handler does something else.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/go.rs"]
mod go;
#[path = "support/platform.rs"]
mod platform;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use platform::Platform;

/// A service whose spec has nine scenarios that can be run, and one that cannot: API keys, envelopes, arrays as lists,
/// pages by number, merge patches, references to another service.
fn stories(language: &str) -> (Platform, PathBuf) {
    let platform = Platform::copy("tests/platforms/stories");
    platform.edit("constitution.md", "Python (FastAPI)", language);
    platform.run(&["generate", "code", "tasks"]).exits(0);
    let folder = platform.path("services/loan-service");
    (platform, folder)
}

/// Lets a handler or the run time do something else.
fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "no {from} in\n{text}");
    fs::write(&path, text.replace(from, to)).unwrap();
}

#[test]
fn scenarios_are_tests_in_python() {
    let Some(interpreter) = python::interpreter("scenarios_are_tests_in_python") else { return };
    let (platform, folder) = stories("Python (FastAPI)");
    let tool = |arguments: &[&str]| {
        let mut command = Command::new(&interpreter);
        command.arg("-m").args(arguments).current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
        python::run(&mut command)
    };
    let scenarios = ["pytest", "-q", "-p", "no:cacheprovider", "tests/test_scenarios.py"];
    let tested = tool(&scenarios).unwrap_or_else(|output| panic!("{output}"));
    assert!(tested.contains("14 passed"), "{tested}");
    for linter in [["ruff", "check", "--no-cache"].as_slice(), &["ruff", "format", "--no-cache", "--check"], &["mypy"]]
    {
        tool(linter).unwrap_or_else(|output| panic!("{output}"));
    }
    let tasks = fs::read_to_string(platform.path("services/loan-service/specs/001-loans/tasks.md")).unwrap();
    assert!(tasks.contains("Test the scenario The end of the shelf") && tasks.contains("its colour"), "{tasks}");
    assert!(!tasks.contains("Test the scenario Forgetting"), "{tasks}");
    // A loan that is announced as another one, and one that stays what it was.
    change(&folder, "src/loan_service/handlers/loans.py", "\"loanId\": loan[\"id\"]", "\"loanId\": loan[\"reader\"]");
    change(&folder, "src/loan_service/handlers/loans.py", "\"returned\"", "\"lent\"");
    let failed = tool(&scenarios).unwrap_err();
    assert!(failed.contains("test_lending_a_book_of_the_shelf") && failed.contains("test_returning"), "{failed}");
}

#[test]
fn scenarios_are_tests_in_typescript() {
    let Some(toolchain) = typescript::toolchain("scenarios_are_tests_in_typescript") else { return };
    let (_platform, folder) = stories("TypeScript (Express)");
    let tested = toolchain.test_only(&folder, "scenarios").unwrap_or_else(|output| panic!("{output}"));
    assert!(tested.contains("pass 14") && tested.contains("fail 0"), "{tested}");
    toolchain.lint(&folder).unwrap_or_else(|output| panic!("{output}"));
    change(&folder, "src/handlers/loans.ts", "\"returned\"", "\"lent\"");
    let failed = toolchain.test_only(&folder, "scenarios").unwrap_err();
    assert!(failed.contains("Returning"), "{failed}");
}

#[test]
fn scenarios_are_tests_in_go() {
    let Some(toolchain) = go::toolchain("scenarios_are_tests_in_go") else { return };
    let (_platform, folder) = stories("Go");
    let unformatted = python::run(Command::new("gofmt").args(["-l", "."]).current_dir(&folder)).unwrap();
    assert_eq!(unformatted, "", "gofmt changes these");
    let linted = python::run(Command::new(&toolchain.staticcheck).arg("./internal/app").current_dir(&folder));
    linted.unwrap_or_else(|output| panic!("{output}"));
    let tested = go::go(&folder, &["test", "-v", "-count=1", "./internal/app"]);
    let tested = tested.unwrap_or_else(|output| panic!("{output}"));
    for name in ["TestLendingABookOfTheShelf", "TestReturningASecondTime", "TestAPageOfLoans", "TestForgetting"] {
        assert!(tested.contains(&format!("--- PASS: {name} ")), "{tested}");
    }
    change(&folder, "internal/handlers/loans.go", "loan.Status = \"returned\"", "loan.Status = \"lent\"");
    let failed = go::go(&folder, &["test", "./internal/app"]).unwrap_err();
    assert!(failed.contains("--- FAIL: TestReturning "), "{failed}");
}
