//! A Python environment for tests of generated services, below `target/test-python`: made once, and again when the
//! versions that the services pin change.
// Not every test that starts services uses all of it.
#![allow(clippy::print_stderr, dead_code)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Pinned requirements stand in the template of generated projects and nowhere else.
const PROJECT: &str = include_str!("../../templates/code/python-fastapi/pyproject.toml.j2");

/// What these need in turn stands there.
const CONSTRAINTS: &str = include_str!("../../templates/code/python-fastapi/constraints.txt.j2");

/// The interpreter of the environment, or nothing where it cannot be had: that is said loudly under the test's name, and
/// fails where `AGENTSPEC_CI` is set.
pub fn interpreter(test: &str) -> Option<PathBuf> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match MADE.get_or_init(environment) {
        Ok(python) => Some(python.clone()),
        Err(reason) => {
            assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: {reason}");
            // Not `eprintln!`: the test harness keeps what that prints of tests that pass.
            let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: {reason}\n");
            None
        }
    }
}

fn environment() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-python");
    let python = root.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = requirements();
    let constraints: Vec<&str> =
        CONSTRAINTS.lines().filter(|line| line.contains("==") && !line.contains('%')).collect();
    let (stamp, limits) = (root.join("requirements.stamp"), root.join("constraints.txt"));
    let wanted = [requirements.join("\n"), constraints.join("\n")].join("\n\n");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) && python.exists() {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&root))?;
    fs::write(&limits, constraints.join("\n")).map_err(|error| error.to_string())?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint"])
        .arg(&limits)
        .args(&requirements))?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

/// What tests need besides: a Kafka cluster in a process, and what finds code and dependencies that nothing uses.
const MORE: [&str; 3] = ["confluent-kafka==2.16.1", "deptry==0.25.1", "vulture==2.16"];

/// `name==version` of every line of the project that pins a package.
fn requirements() -> Vec<String> {
    let pinned = |line: &str| {
        let text = line.trim().strip_prefix('"')?.strip_suffix("\",")?;
        text.contains("==").then(|| text.to_owned())
    };
    PROJECT.lines().filter_map(pinned).chain(MORE.map(str::to_owned)).collect()
}

/// Runs a command to its end.
///
/// # Errors
/// What it wrote, where it fails; or why it could not start.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(text) } else { Err(format!("{command:?} ended with {}:\n{text}", output.status)) }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A service that runs until it is dropped.
pub struct Running {
    child: Child,
    port: u16,
    log: PathBuf,
}

/// An answer of a service.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header section.
    pub head: String,
    /// The body.
    pub body: String,
}

/// The command that is a service, where its package is that module.
pub fn module_of(python: &Path, module: &str) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", module]).env("PYTHONPATH", "src").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

impl Running {
    /// Starts `python -m MODULE` in a project's folder and waits until `/ready` answers 200.
    pub fn start(python: &Path, folder: &Path, module: &str, variables: &[(&str, &str)]) -> Running {
        Running::start_at(free_port(), python, folder, module, variables)
    }

    /// The same on a port that others know already.
    pub fn start_at(port: u16, python: &Path, folder: &Path, module: &str, variables: &[(&str, &str)]) -> Running {
        Running::spawn_at(port, module_of(python, module), folder, variables)
    }

    /// Starts a service by its command in a project's folder and waits until `/ready` answers 200.
    pub fn spawn(command: Command, folder: &Path, variables: &[(&str, &str)]) -> Running {
        Running::spawn_at(free_port(), command, folder, variables)
    }

    /// The same on a port that others know already.
    pub fn spawn_at(port: u16, mut command: Command, folder: &Path, variables: &[(&str, &str)]) -> Running {
        let log = folder.join("service.log");
        let output = fs::File::create(&log).unwrap();
        let child = command
            .current_dir(folder)
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let mut running = Running { child, port, log };
        running.wait();
        running
    }

    fn wait(&mut self) {
        // Imports alone take seconds on a busy machine.
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            if self.try_send("GET", "/ready", &[], "").is_some_and(|answer| answer.status == 200) {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the service ended:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the service does not get ready:\n{}", self.log());
    }

    /// What it has written.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sends a request; panics with the service's log where no answer comes.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_send(method, path, headers, body)
            .unwrap_or_else(|| panic!("no answer to {method} {path}:\n{}", self.log()))
    }

    fn try_send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        stream.write_all(request.as_bytes()).ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
