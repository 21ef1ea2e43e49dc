//! Platforms in folders of their own, and the real binary run on them.
#![allow(dead_code, reason = "each test file uses its share")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use tempfile::TempDir;

/// No run of the binary takes this long unless it hangs, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The root of this repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A run that has ended.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 for a signal, such as that of the timeout.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    fn of(output: &Output) -> Run {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The run, which must have ended with that code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// Standard output as the one JSON document that it must be, with nothing said beside it.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }

    /// The findings of a JSON report.
    #[track_caller]
    pub fn findings(&self) -> Vec<serde_json::Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }

    /// The rules of the findings of a JSON report, in order.
    #[track_caller]
    pub fn rules(&self) -> Vec<String> {
        self.findings().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    }
}

/// The binary, in an environment that is the same everywhere.
pub fn command() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("agentspec").unwrap();
    for name in ["CI", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GIT_DIR", "GIT_WORK_TREE", "RAYON_NUM_THREADS"] {
        command.env_remove(name);
    }
    command.timeout(PATIENCE);
    command
}

/// Runs the binary in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(&command().current_dir(folder).args(arguments).output().unwrap())
}

/// Runs the binary in a folder with variables of the environment.
pub fn run_in_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    Run::of(&command().current_dir(folder).envs(variables.iter().copied()).args(arguments).output().unwrap())
}

/// Runs the binary with the current folder somewhere else than any platform.
pub fn run(arguments: &[&str]) -> Run {
    let nowhere = tempfile::tempdir().unwrap();
    run_in(nowhere.path(), arguments)
}

/// A platform in a folder that goes when the test ends.
pub struct Platform {
    folder: TempDir,
}

impl Platform {
    /// An empty folder.
    pub fn empty() -> Platform {
        Platform { folder: tempfile::tempdir().unwrap() }
    }

    /// A copy of a folder of this repository.
    pub fn copy(path: &str) -> Platform {
        let platform = Platform::empty();
        for (path, bytes) in tree(&repository().join(path)) {
            platform.write_bytes(&path, &bytes);
        }
        platform
    }

    /// A copy of the example.
    pub fn example() -> Platform {
        Platform::copy("examples/ecommerce")
    }

    /// A platform of one event-free service with a contract, without findings of severity error.
    pub fn small() -> Platform {
        let platform = Platform::empty();
        platform.write("constitution.md", "# Shop\n\n## Core Principles\n\n- All services expose health checks\n");
        platform.service("user-service", "| None | – | – |");
        platform
    }

    /// Writes a service of a few operations, with the given rows of its Upstream table (Service, API, Failure Mode).
    pub fn service(&self, name: &str, upstream: &str) {
        self.write(&format!("services/{name}/specs/001-first/spec.md"), &spec(name, upstream, "", ""));
        self.write(&format!("services/{name}/contracts/api-spec.yaml"), &CONTRACT.replace("NAME", name));
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces the first place where `from` stands; it must stand somewhere.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Every file with its bytes.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.root())
    }

    /// Runs the binary with this platform as `--root`.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let root = self.root().to_str().unwrap();
        run(&[arguments, &["--root", root]].concat())
    }

    /// Runs the binary with this platform as `--root` and variables of the environment.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = command();
        command.envs(variables.iter().copied()).args(arguments).arg("--root").arg(self.root());
        Run::of(&command.output().unwrap())
    }

    /// Git in this folder, which must succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(self.root(), arguments)
    }

    /// Makes the folder a repository, and what stands there its first commit.
    pub fn commit(&self) -> &Platform {
        if !self.path(".git").exists() {
            self.git(&["init", "-q", "-b", "main"]);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a commit"]);
        self
    }
}

/// Git in a folder, deaf to the settings of this machine's user.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=tester", "-c", "user.email=tester@example.com"]);
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Every file below a folder with its bytes, but for those of git; links are not followed.
pub fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A spec with what every service must have. `published` and `consumed` are the bodies of their sections.
pub fn spec(name: &str, upstream: &str, published: &str, consumed: &str) -> String {
    format!(
        "# {name}\n\n## Service Overview\n\n**Service Name:** {name}\n\n**Service Type:** API\n\n\
         ### Service Boundary\n\n**Responsible for:**\n- What {name} does\n\n\
         ## User Scenarios\n\n### P1: Using it\n\n**Given** a caller\n**When** it asks\n**Then** the answer is 200\n\n\
         ## Service Dependencies\n\n### Upstream Services\n\n\
         | Service | API | Failure Mode |\n|---|---|---|\n{upstream}\n\n\
         ## Events Published\n\n{published}\n\n## Events Consumed\n\n{consumed}\n\n\
         ## Data Ownership\n\n**Database:** {name}-db\n\n\
         ## Non-Functional Requirements\n\n- Monitoring: metrics at /metrics\n\n## Acceptance Criteria\n\n- [ ] It answers\n"
    )
}

const CONTRACT: &str = "\
openapi: 3.1.0
info:
  title: NAME
  version: 1.0.0
servers:
  - url: http://localhost:8080
paths:
  /api/v1/things:
    get:
      operationId: listThings
      description: All things.
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        '503': {description: Not now.}
  /health:
    get:
      operationId: getHealth
      description: Liveness.
      responses:
        '200': {description: Alive.}
        '503': {description: Not now.}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        name: {type: string}
";
