//! Revisions by name: which commit is meant, which one to compare with, and what to say where there is none.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Branches that are taken for the default one where the remote does not say, in this order.
const DEFAULT_BRANCHES: [&str; 4] = ["origin/main", "origin/master", "main", "master"];

/// Why a revision cannot be read. Each message ends with what helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no `git` to run.
    #[error(
        "git is not installed, and reading the revision {0} takes it: install git, or compare folders with `agentspec diff`"
    )]
    NotInstalled(String),
    /// The folder is in no repository.
    #[error("{0} is in no git repository: run `git init` there, or compare folders with `agentspec diff`")]
    NotARepository(String),
    /// What was given cannot be a revision.
    #[error("\"{0}\" is no name of a revision: give a branch, a tag or a commit")]
    BadName(String),
    /// The repository has no such revision; it may be a folder.
    #[error("git knows no revision {rev}: {help}, or name another one")]
    Unknown {
        /// The revision asked for.
        rev: String,
        /// What may bring it, tells what there is, or compares with the folder.
        help: String,
    },
    /// The history was cut off when the repository was cloned, and the revision is behind the cut.
    #[error(
        "this clone is shallow and lacks {0}: run `git fetch --unshallow origin` (in CI, check out with full depth)"
    )]
    Shallow(String),
    /// Files of the commit were left out when it was checked out, so that they would count as removed.
    #[error(
        "this checkout is sparse and lacks {0}: run `git sparse-checkout disable`, or bring its folder with `git sparse-checkout add`"
    )]
    Sparse(String),
    /// There is neither a default branch nor a revision given.
    #[error("no default branch was found to compare with: run `git fetch origin main`, or name a revision")]
    NoDefaultBranch,
    /// Git said something else.
    #[error("git failed: {0}")]
    Failed(String),
}

/// The path from the top of the repository to a folder inside it: empty, or with a slash at its end.
///
/// # Errors
/// When git is missing or the folder is in no repository.
pub fn prefix_of(folder: impl AsRef<Path>) -> Result<String, GitError> {
    run(folder.as_ref(), "HEAD", ["rev-parse", "--show-prefix"]).map(line)
}

/// Makes sure that no wanted file below a folder was left out by a sparse checkout. `wanted` is asked for paths relative to the
/// folder.
///
/// # Errors
/// When one was, git is missing or the folder is in no repository.
pub fn is_whole(folder: impl AsRef<Path>, wanted: &dyn Fn(&str) -> bool) -> Result<(), GitError> {
    let folder = folder.as_ref();
    let listing = run(folder, "HEAD", ["ls-files", "-t", "-z", "--", "."])?;
    let listing = String::from_utf8_lossy(&listing);
    let mut left_out = listing.split('\0').filter_map(|entry| entry.strip_prefix("S "));
    let missing = left_out.find(|path| wanted(path) && !folder.join(path).exists());
    missing.map_or(Ok(()), |path| Err(GitError::Sparse(path.to_owned())))
}

/// Whether the repository of a folder has such a revision.
pub fn is_revision(folder: impl AsRef<Path>, rev: &str) -> bool {
    commit_of(folder.as_ref(), rev).is_ok()
}

/// The revision to compare with: the given one; else in CI the point where this branch left the default branch; else the
/// last commit.
///
/// # Errors
/// When git or the repository is missing, or the revision is not there.
pub fn resolve_base(root: impl AsRef<Path>, explicit: Option<&str>, in_ci: bool) -> Result<String, GitError> {
    let root = root.as_ref();
    if let Some(rev) = explicit {
        return commit_of(root, rev).map(|_| rev.to_owned());
    }
    if !in_ci {
        return commit_of(root, "HEAD").map(|_| "HEAD".to_owned());
    }
    let head = commit_of(root, "HEAD")?;
    let branch = default_branch(root)?;
    let base = run(root, &branch, ["merge-base", &head, &commit_of(root, &branch)?]).map(line);
    base.map_err(|error| match error {
        GitError::Failed(_) if is_shallow(root) => GitError::Shallow(format!("the commit shared with {branch}")),
        GitError::Failed(_) => GitError::Failed(format!("HEAD and {branch} share no commit; name a revision")),
        other => other,
    })
}

/// The commits of `rev`'s history in which something at or below `paths` changed, newest first and at most `most` of them.
/// Of a merge only the first parent is followed: those are the versions that the branch itself had.
///
/// # Errors
/// When git or the repository is missing, the revision is not there, or the history was cut off.
pub fn history(root: impl AsRef<Path>, rev: &str, paths: &[String], most: usize) -> Result<Vec<String>, GitError> {
    let root = root.as_ref();
    let commit = commit_of(root, rev)?;
    if is_shallow(root) {
        return Err(GitError::Shallow(format!("the history of {}", paths.join(", "))));
    }
    let mut arguments =
        vec!["log".to_owned(), "--first-parent".to_owned(), "--no-show-signature".to_owned(), "--format=%H".to_owned()];
    arguments.extend([format!("--max-count={most}"), commit, "--".to_owned()]);
    arguments.extend(paths.iter().map(|path| format!(":(literal){path}")));
    let listing = run(root, rev, arguments)?;
    Ok(String::from_utf8_lossy(&listing).lines().map(str::to_owned).collect())
}

/// The default branch of the remote, as it was last heard of.
fn default_branch(root: &Path) -> Result<String, GitError> {
    if let Ok(name) = run(root, "HEAD", ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]) {
        return Ok(line(name));
    }
    let found = DEFAULT_BRANCHES.into_iter().find(|branch| commit_of(root, branch).is_ok());
    found.map(str::to_owned).ok_or(GitError::NoDefaultBranch)
}

/// The id of the commit that a revision names.
pub(super) fn commit_of(root: &Path, rev: &str) -> Result<String, GitError> {
    if rev.is_empty() || rev.starts_with('-') || rev.chars().any(|c| c.is_control() || c == ' ' || c == ':') {
        return Err(GitError::BadName(rev.to_owned()));
    }
    let found = run(root, rev, ["rev-parse", "--verify", "--quiet", &format!("{rev}^{{commit}}")]);
    found.map(line).map_err(|error| match error {
        // Quiet, git only says so by its exit code.
        GitError::Failed(reason) if reason.is_empty() => unknown(root, rev),
        other => other,
    })
}

fn unknown(root: &Path, rev: &str) -> GitError {
    if is_shallow(root) {
        return GitError::Shallow(rev.to_owned());
    }
    // `HEAD~3`, `main@{1}`: a name, and a way from there.
    let way = [rev.find(['~', '^']), rev.find("@{")].into_iter().flatten().min();
    let (name, way) = rev.split_at(way.unwrap_or(rev.len()));
    let name = if ["", "@"].contains(&name) { "HEAD" } else { name };
    let goes_on = !way.is_empty() && commit_of(root, name).is_ok();
    let help = match name.split_once('/') {
        _ if goes_on && way.starts_with("@{") => format!("`git reflog {name}` lists what it was before"),
        _ if goes_on => format!("`git log {name}` lists its commits"),
        _ if name == "HEAD" => "there is no commit yet: run `git commit`".to_owned(),
        Some((remote @ ("origin" | "upstream"), branch)) => format!("run `git fetch {remote} {branch}`"),
        _ if Path::new(rev).is_dir() => format!("run `agentspec diff {rev} {}`", root.display()),
        _ => format!("run `git fetch origin {name}`"),
    };
    GitError::Unknown { rev: rev.to_owned(), help }
}

fn is_shallow(root: &Path) -> bool {
    run(root, "HEAD", ["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| line(answer) == "true")
}

/// Git in the folder `root`, in English, and deaf to the variables that a hook sets.
pub(super) fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    command.env("GIT_OPTIONAL_LOCKS", "0").env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_PREFIX");
    command.stdin(Stdio::null());
    command
}

/// Runs git and gives what it prints; `rev` is for the message where there is no git.
pub(super) fn run<A: AsRef<OsStr>>(
    root: &Path,
    rev: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Vec<u8>, GitError> {
    let output = git(root).args(arguments).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GitError::NotInstalled(rev.to_owned()),
        _ => GitError::Failed(error.to_string()),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if said.contains("not a git repository") || said.contains("cannot change to") {
        return Err(GitError::NotARepository(root.display().to_string()));
    }
    Err(GitError::Failed(said))
}

pub(super) fn line(output: Vec<u8>) -> String {
    String::from_utf8_lossy(&output).trim_end_matches(['\n', '\r']).to_owned()
}
