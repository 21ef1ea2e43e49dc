//! One command over one shape, in a process of its own.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{self, Stdio};
use std::time::{Duration, Instant};

use super::shape::{STATES, Shape};

const FACTOR: usize = 40;
/// What a run may take besides, with all that the process holds before it starts.
const BASE: usize = 30_000_000;
/// No run takes longer, not even where it is not optimised.
const LIMIT: Duration = Duration::from_secs(100);
/// The arguments of the run that a child makes, one a line.
const ARGUMENTS: &str = "AGENTSPEC_MEMORY_ARGUMENTS";
/// Where this is set, the folders of runs are kept, and their lines name them.
const KEEP: &str = "AGENTSPEC_MEMORY_KEEP";
/// Where a child writes its peak, in its folder.
const PEAK: &str = "peak";

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Validate,
    Json,
    Sarif,
    Model,
    Catalog,
    Generate,
    Plan,
    Constitution,
    Impact,
    Diff,
    DiffJson,
    DiffHtml,
    Saved,
    Breaking,
    CanDeploy,
}

impl Command {
    pub const ALL: [Command; 15] = [
        Command::Validate,
        Command::Json,
        Command::Sarif,
        Command::Model,
        Command::Catalog,
        Command::Generate,
        Command::Plan,
        Command::Constitution,
        Command::Impact,
        Command::Diff,
        Command::DiffJson,
        Command::DiffHtml,
        Command::Saved,
        Command::Breaking,
        Command::CanDeploy,
    ];

    /// The arguments of the run in the folder of both states. A comparison with a revision runs in the second.
    fn arguments(self) -> &'static str {
        match self {
            Command::Validate => "validate --root new",
            Command::Json => "validate --root new --json",
            Command::Sarif => "validate --root new --format sarif",
            Command::Model => "model --root new",
            Command::Catalog => "service-catalog --check --root new",
            Command::Generate => "generate --dry-run --root new",
            Command::Plan => "plan --root new",
            Command::Constitution => "constitution --root new",
            Command::Impact => "impact s --root new",
            Command::Diff => "diff old new",
            Command::DiffJson => "diff old new --json",
            Command::DiffHtml => "diff old new --format html",
            Command::Saved => "diff old.json new.json",
            Command::Breaking => "validate-contracts --breaking-changes-only --base HEAD --root new",
            Command::CanDeploy => "can-deploy --to HEAD --root new",
        }
    }

    fn is_against_a_revision(self) -> bool {
        matches!(self, Command::Breaking | Command::CanDeploy)
    }

    fn has_two_sides(self) -> bool {
        matches!(self, Command::Diff | Command::DiffJson | Command::DiffHtml) || self.is_against_a_revision()
    }
}

/// A command over a shape of a size.
#[derive(Clone, Debug)]
pub struct Run {
    pub shape: Shape,
    pub command: Command,
    pub size: usize,
}

impl Run {
    /// Its name.
    pub fn line(&self) -> String {
        format!("{:8} {:12} {}", self.size, format!("{:?}", self.command).to_lowercase(), self.shape.name)
    }

    /// Its line, where its process takes more than the bound.
    pub fn over(&self) -> Option<String> {
        let folder = tempfile::Builder::new().disable_cleanup(std::env::var_os(KEEP).is_some()).tempdir().unwrap();
        let allowed = FACTOR * self.prepare(folder.path())? + BASE;
        measured(&self.line(), folder.path(), self.command.arguments(), allowed)
    }

    /// Writes the files of the run, and tells how many bytes it may read; nothing where the run cannot be.
    fn prepare(&self, folder: &Path) -> Option<usize> {
        let new = folder.join(STATES[1]);
        if self.command.is_against_a_revision() {
            let old = self.shape.write(0, self.size, &new);
            commit(&new);
            return Some(old + self.shape.write(1, self.size, &new));
        }
        let written = [0, 1].map(|state| self.shape.write(state, self.size, &folder.join(STATES[state])));
        if self.command == Command::Saved {
            return STATES.iter().map(|state| save(folder, state)).sum();
        }
        Some(if self.command.has_two_sides() { written.iter().sum() } else { written[1] })
    }
}

/// The line of a platform that has this template, where its generation takes more than the bound.
pub fn template_over(name: &str, text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("constitution.md", "# Shop\n\n## Core Principles\n\n- All services expose health checks\n"),
        ("services/s/specs/001-s/spec.md", "# S\n\n## Service Name\n\ns\n"),
        (".speckit.config.json", "{\"validation\":{\"auto_validate\":false}}"),
        (".agentspec/templates/docs/quick-ref.md.j2", text),
    ];
    for (path, text) in files {
        let path = folder.path().join("new").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let written: usize = files.iter().map(|(_, text)| text.len()).sum();
    measured(
        &format!("template of {name}"),
        folder.path(),
        "generate docs --dry-run --root new",
        FACTOR * written + BASE,
    )
}

/// Makes a run, and gives its line where it takes more than it may.
fn measured(name: &str, folder: &Path, arguments: &str, allowed: usize) -> Option<String> {
    let start = Instant::now();
    let taken = peak_of(folder, arguments);
    let time = start.elapsed();
    let (megabytes, most) = (taken as f64 / 1e6, allowed as f64 / 1e6);
    let line = format!("{name:60} {megabytes:6.1} of {most:6.1} MB {:6.1} s", time.as_secs_f64());
    println!("{line}");
    if std::env::var_os(KEEP).is_some() {
        println!("{}", folder.display());
    }
    (taken > allowed || time > LIMIT).then_some(line)
}

/// Prints the model of a state to a file beside it, and tells its size; nothing where there is no model to print.
fn save(folder: &Path, state: &str) -> Option<usize> {
    let path = folder.join(format!("{state}.json"));
    let out = fs::File::create(&path).unwrap();
    let arguments = ["model", "--root", state];
    let status = process::Command::new(env!("CARGO_BIN_EXE_agentspec"))
        .current_dir(folder)
        .args(arguments)
        .stdout(out)
        .stderr(Stdio::null())
        .status();
    let size = fs::metadata(path).unwrap().len() as usize;
    (status.unwrap().success() && size > 0).then_some(size)
}

/// The peak of a process that makes a run in a folder, in bytes.
fn peak_of(folder: &Path, arguments: &str) -> usize {
    let mut child = process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "run_one", "--ignored", "--nocapture"]).env(ARGUMENTS, arguments).current_dir(folder);
    let output = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {told}");
    fs::read_to_string(folder.join(PEAK)).unwrap().parse().unwrap()
}

/// What a child does: the run, and then it writes its peak. An optimised build measures the program itself. One that is not
/// is several times as large, which says nothing of its files, so that the child runs it within, where it knows its own pages.
pub fn child() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let arguments = arguments.split(' ').map(OsString::from);
    let taken = if cfg!(debug_assertions) {
        let _ = agentspec::cli::run(std::iter::once("agentspec".into()).chain(arguments));
        peak()
    } else {
        let mut program = process::Command::new(env!("CARGO_BIN_EXE_agentspec"));
        let status = program.args(arguments).stdout(Stdio::null()).status().unwrap();
        assert!(status.code().is_some(), "{status}");
        peak_of_children()
    };
    fs::write(PEAK, taken.unwrap().to_string()).unwrap();
}

fn commit(folder: &Path) {
    let settings = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    for arguments in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "--message", "old"]] {
        let mut git = process::Command::new("git");
        let done = git.current_dir(folder).args(settings).args(arguments).status().unwrap();
        assert!(done.success(), "git {arguments:?}");
    }
}

/// The most memory that this process has held, in bytes, where its own pages count as those of an optimised program do.
pub fn peak() -> Option<usize> {
    const PROGRAM: usize = 13_000_000;
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let figure = |name: &str| -> Option<usize> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    };
    let (peak, own) = (figure("VmHWM")?, figure("RssFile")?);
    Some(peak - own.saturating_sub(PROGRAM))
}

/// The most memory that a process held which this one has waited for, in bytes.
#[cfg(target_os = "linux")]
fn peak_of_children() -> Option<usize> {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN);
    Some(usage.ok()?.max_rss() as usize * 1024)
}

#[cfg(not(target_os = "linux"))]
fn peak_of_children() -> Option<usize> {
    None
}
