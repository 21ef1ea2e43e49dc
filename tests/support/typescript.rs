//! Node.js with the packages of generated services, below `target/test-node`: installed once, and again when the versions
//! that the services pin change.
// Not every test that starts services uses all of it.
#![allow(clippy::print_stderr, dead_code)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use agentspec::model::{Broker, CachedOperation, Framework, Language, Platform};

use crate::{python, service};

/// The Node.js that generated services are tested with: the one of their Dockerfile.
const NODE: &str = "node@22.23.3";
const QUIET: &str = "--disable-warning=ExperimentalWarning";

/// Packages that are installed together: those of order-service.
pub struct Packages {
    /// Their folder below `target/test-node`.
    folder: &'static str,
    /// How the platform differs from the example.
    change: fn(&mut Platform),
    made: OnceLock<Result<Toolchain, String>>,
}

/// The packages of a service with all features.
static ALL: Packages = Packages { folder: "packages", change: with_all, made: OnceLock::new() };
/// The same for one that speaks with Kafka.
pub static KAFKA: Packages = Packages { folder: "packages-kafka", change: on_kafka, made: OnceLock::new() };

/// What is installed.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The interpreter.
    pub node: PathBuf,
    /// The folder of the packages, which services refer to.
    modules: PathBuf,
}

/// The toolchain, or nothing where it cannot be had: that is said loudly under the test's name, and fails where
/// `AGENTSPEC_CI` is set.
pub fn toolchain(test: &str) -> Option<Toolchain> {
    toolchain_of(test, &ALL)
}

/// The same with other packages.
pub fn toolchain_of(test: &str, packages: &Packages) -> Option<Toolchain> {
    match packages.made.get_or_init(|| install(packages)) {
        Ok(toolchain) => Some(toolchain.clone()),
        Err(reason) => {
            assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: {reason}");
            // Not `eprintln!`: the test harness keeps what that prints of tests that pass.
            let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: {reason}\n");
            None
        }
    }
}

/// Installs what the lock of a service with all features pins, and Node.js itself: that of the system may be older.
fn install(wanted: &Packages) -> Result<Toolchain, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-node");
    let (packages, interpreter) = (root.join(wanted.folder), root.join("node"));
    let toolchain =
        Toolchain { node: interpreter.join("node_modules/node/bin/node"), modules: packages.join("node_modules") };
    let sample = tempfile::tempdir().map_err(|error| error.to_string())?;
    let folder = service::write_changed(sample.path(), "order-service", wanted.change);
    let lock = fs::read_to_string(folder.join("package-lock.json")).map_err(|error| error.to_string())?;
    let pinned = format!("{NODE}\n{lock}");
    let stamp = root.join(format!("{}.stamp", wanted.folder));
    if fs::read_to_string(&stamp).is_ok_and(|found| found == pinned) && toolchain.node.exists() {
        return Ok(toolchain);
    }
    for folder in [&packages, &interpreter] {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(folder.join(file), packages.join(file)).map_err(|error| error.to_string())?;
    }
    let npm = |folder: &Path, arguments: &[&str]| {
        python::run(Command::new("npm").args(arguments).args(["--no-audit", "--no-fund"]).current_dir(folder))
    };
    npm(&interpreter, &["install", "--no-save", "--prefix", ".", NODE])?;
    npm(&packages, &["ci"])?;
    fs::write(&stamp, pinned).map_err(|error| error.to_string())?;
    Ok(toolchain)
}

/// Lets all services of a platform be written in TypeScript.
pub fn in_typescript(platform: &mut Platform) {
    for service in &mut platform.services {
        (service.language, service.framework) = (Language::Typescript, Framework::Express);
    }
}

/// The same, and order-service keeps answers.
fn with_all(platform: &mut Platform) {
    in_typescript(platform);
    let orders = platform.services.iter_mut().find(|service| service.name == "order-service").unwrap();
    let operation = "GET /api/v1/orders".to_owned();
    orders.caching = vec![CachedOperation { operation, seconds: Some(60), ..CachedOperation::default() }];
}

/// Lets all be written in TypeScript, with Kafka as their broker.
pub fn on_kafka(platform: &mut Platform) {
    in_typescript(platform);
    platform.technology.broker = Broker::Kafka;
}

/// Writes the TypeScript code of one of the example's services below a folder, and gives the service's own folder.
pub fn write(root: &Path, name: &str) -> PathBuf {
    service::write_as(root, name, Language::Typescript, Framework::Express)
}

impl Toolchain {
    /// Lets a service find the packages.
    pub fn link(&self, folder: &Path) {
        let link = folder.join("node_modules");
        if link.exists() {
            return;
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&self.modules, link).unwrap();
        #[cfg(windows)]
        std::os::windows::fs::symlink_dir(&self.modules, link).unwrap();
    }

    /// Runs a tool of the packages in a project's folder.
    ///
    /// # Errors
    /// What it wrote, where it fails.
    pub fn tool(&self, folder: &Path, script: &str, arguments: &[&str]) -> Result<String, String> {
        self.link(folder);
        let mut command = Command::new(&self.node);
        python::run(command.arg(self.modules.join(script)).args(arguments).current_dir(folder))
    }

    /// Runs the tests of a service.
    ///
    /// # Errors
    /// What they wrote, where one fails.
    pub fn test(&self, folder: &Path) -> Result<String, String> {
        self.test_only(folder, "*")
    }

    /// Runs the tests of a service in files of a name.
    ///
    /// # Errors
    /// What they wrote, where one fails.
    pub fn test_only(&self, folder: &Path, name: &str) -> Result<String, String> {
        self.link(folder);
        let mut command = Command::new(&self.node);
        python::run(command.args([QUIET, "--test", &format!("tests/{name}.test.ts")]).current_dir(folder))
    }

    /// Runs the type checker, the linter and the formatter.
    ///
    /// # Errors
    /// What they wrote, where one finds something.
    pub fn lint(&self, folder: &Path) -> Result<(), String> {
        self.tool(folder, "typescript/bin/tsc", &[])?;
        self.tool(folder, "eslint/bin/eslint.js", &["."])?;
        self.tool(folder, "prettier/bin/prettier.cjs", &["--check", "."]).map(drop)
    }

    /// The Authorization header of a caller who may do everything.
    pub fn bearer(&self, folder: &Path) -> String {
        let code = "import { SignJWT } from 'jose'; import { randomUUID } from 'node:crypto'; \
                    const token = new SignJWT({ sub: randomUUID(), jti: randomUUID() }).setIssuedAt(); \
                    token.setExpirationTime('20m').setProtectedHeader({ alg: 'HS256' }); \
                    console.log(await token.sign(new TextEncoder().encode(process.argv[1])));";
        self.link(folder);
        let mut command = Command::new(&self.node);
        command.args(["--input-type=module", "-e", code, service::SECRET]).current_dir(folder);
        format!("Bearer {}", python::run(&mut command).unwrap().trim())
    }

    /// Starts a service and waits until `/ready` answers 200.
    pub fn start(&self, folder: &Path, variables: &[(&str, &str)]) -> python::Running {
        self.start_at(python::free_port(), folder, variables)
    }

    /// The same on a port that others know already.
    pub fn start_at(&self, port: u16, folder: &Path, variables: &[(&str, &str)]) -> python::Running {
        python::Running::spawn_at(port, self.command(folder), folder, variables)
    }

    /// The command that is a service.
    pub fn command(&self, folder: &Path) -> Command {
        self.link(folder);
        let mut command = Command::new(&self.node);
        command.args([QUIET, "src/main.ts"]);
        command
    }
}
