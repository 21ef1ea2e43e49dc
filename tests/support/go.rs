//! Go with the linter of generated services, which is installed below `target/test-go`.
// Not every test that builds services uses all of it.
#![allow(clippy::print_stderr, dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use agentspec::model::{Framework, Language, Platform};

use crate::{python, service};

/// The linter: a module and its version.
const STATICCHECK: &str = "honnef.co/go/tools/cmd/staticcheck@v0.8.2";
/// The oldest version that generated services compile with.
const OLDEST: u32 = 26;

/// What tests need.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The linter.
    pub staticcheck: PathBuf,
}

/// The toolchain, or nothing where it cannot be had: that is said loudly under the test's name, and fails where
/// `AGENTSPEC_CI` is set.
pub fn toolchain(test: &str) -> Option<Toolchain> {
    static MADE: OnceLock<Result<Toolchain, String>> = OnceLock::new();
    match MADE.get_or_init(install) {
        Ok(toolchain) => Some(toolchain.clone()),
        Err(reason) => {
            assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: {reason}");
            // Not `eprintln!`: the test harness keeps what that prints of tests that pass.
            let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: {reason}\n");
            None
        }
    }
}

fn install() -> Result<Toolchain, String> {
    let version = python::run(Command::new("go").args(["env", "GOVERSION"]))?;
    let minor = version.trim().strip_prefix("go1.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    if minor.is_none_or(|minor| minor < OLDEST) {
        return Err(format!("Go 1.{OLDEST} or newer is needed, and this is {}", version.trim()));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-go");
    let staticcheck = folder.join(if cfg!(windows) { "staticcheck.exe" } else { "staticcheck" });
    let wanted = STATICCHECK.rsplit('@').next().unwrap_or_default();
    let found = Command::new(&staticcheck).arg("-version").output();
    if !found.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).contains(&format!("({})", wanted.trim_start_matches('v')))
    }) {
        python::run(Command::new("go").args(["install", STATICCHECK]).env("GOBIN", &folder))?;
    }
    Ok(Toolchain { staticcheck })
}

/// Lets all services of a platform be written in Go.
pub fn in_go(platform: &mut Platform) {
    for service in &mut platform.services {
        (service.language, service.framework) = (Language::Go, Framework::NetHttp);
    }
}

/// Writes the Go code of one of the example's services below a folder, and gives the service's own folder.
pub fn write(root: &Path, name: &str) -> PathBuf {
    service::write_changed(root, name, in_go)
}

/// Runs a command of Go in a folder.
///
/// # Errors
/// What it wrote, where it fails.
pub fn go(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    python::run(Command::new("go").args(arguments).current_dir(folder))
}

impl Toolchain {
    /// Holds a service to everything that its language asks of it: formatter, compiler, linters, modules and its own tests.
    pub fn check(&self, folder: &Path) {
        let fail = |output: String| -> String { panic!("{}: {output}", folder.display()) };
        let unformatted = python::run(Command::new("gofmt").args(["-l", "."]).current_dir(folder)).unwrap_or_else(fail);
        assert_eq!(unformatted, "", "{}: gofmt changes these", folder.display());
        go(folder, &["vet", "./..."]).unwrap_or_else(fail);
        python::run(Command::new(&self.staticcheck).arg("./...").current_dir(folder)).unwrap_or_else(fail);
        go(folder, &["mod", "tidy", "-diff"]).unwrap_or_else(fail);
        let tested = go(folder, &["test", "./..."]).unwrap_or_else(fail);
        assert!(tested.contains("/internal/app\t"), "{tested}");
    }
}

/// Builds a service and starts it.
pub fn start(folder: &Path, variables: &[(&str, &str)]) -> python::Running {
    python::Running::spawn(Command::new(build(folder)), folder, variables)
}

/// Builds a service.
pub fn build(folder: &Path) -> PathBuf {
    let program = program(folder);
    go(folder, &["build", "-o", program.to_str().unwrap(), "./cmd/..."]).unwrap_or_else(|output| panic!("{output}"));
    program
}

/// Starts a service that is built, at a port that others know already.
pub fn start_built(port: u16, folder: &Path, variables: &[(&str, &str)]) -> python::Running {
    python::Running::spawn_at(port, Command::new(program(folder)), folder, variables)
}

fn program(folder: &Path) -> PathBuf {
    folder.join("service")
}
