//! The validator `kubernetes-validate` in a Python environment below `target/test-kubernetes`.
#![allow(clippy::print_stderr)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: [&str; 2] = ["kubernetes-validate==1.37.0", "pyyaml==6.0.3"];
/// The oldest version of Kubernetes that the manifests are checked against.
const VERSION: &str = "1.32";

/// Validates manifests strictly; gives what the validator says, or nothing where it cannot be had: that is said loudly
/// under the test's name, and fails where `AGENTSPEC_CI` is set.
pub fn validate(test: &str, files: &[PathBuf]) -> Option<Result<String, String>> {
    let python = match environment() {
        Ok(python) => python,
        Err(reason) => {
            assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: {reason}");
            // Not `eprintln!`: the test harness keeps what that prints of tests that pass.
            let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: {reason}\n");
            return None;
        }
    };
    let tool = python.with_file_name("kubernetes-validate");
    Some(run(Command::new(tool).args(["-k", VERSION, "--strict"]).args(files)))
}

fn environment() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-kubernetes");
    let python = root.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = root.join("requirements.stamp");
    let wanted = REQUIREMENTS.join("\n");
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&root))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(install).args(REQUIREMENTS))?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(text) } else { Err(format!("{command:?} ended with {}:\n{text}", output.status)) }
}
