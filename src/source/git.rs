//! A git revision as a store. Objects are read by child processes of git: nothing is checked out, fetched or written.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::file::Format;
use super::git_link;
use super::parse::MAX_FILE_BYTES;
use super::store::{Listing, Obstacle, Store, StoreError};
use super::worktree::is_visible;

/// Branches that are taken for the default one where the remote does not say, in this order.
const DEFAULT_BRANCHES: [&str; 4] = ["origin/main", "origin/master", "main", "master"];

/// Why a revision cannot be read. Each message ends with what helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no `git` to run.
    #[error("git is not installed, and reading the revision {0} takes it: install git, or compare with a folder")]
    NotInstalled(String),
    /// The folder is in no repository.
    #[error("{0} is in no git repository: run `git init` there, or name a folder to compare with")]
    NotARepository(String),
    /// What was given cannot be a revision.
    #[error("\"{0}\" is no name of a revision: give a branch, a tag or a commit")]
    BadName(String),
    /// The repository has no such revision.
    #[error("git knows no revision {rev}: run `{command}`, or name another one")]
    Unknown {
        /// The revision asked for.
        rev: String,
        /// The command that may bring it.
        command: String,
    },
    /// The history was cut off when the repository was cloned, and the revision is behind the cut.
    #[error(
        "this clone is shallow and lacks {0}: run `git fetch --unshallow origin` (in CI, check out with full depth)"
    )]
    Shallow(String),
    /// There is neither a default branch nor a revision given.
    #[error("no default branch was found to compare with: run `git fetch origin main`, or name a revision")]
    NoDefaultBranch,
    /// Git said something else.
    #[error("git failed: {0}")]
    Failed(String),
}

/// The files of one commit below the platform root, which may be a folder inside the repository.
#[derive(Debug)]
pub struct GitStore {
    root: PathBuf,
    rev: String,
    commit: String,
    /// Object id by path relative to the platform root.
    blobs: BTreeMap<String, String>,
    /// What stands in the place of documents.
    obstacles: BTreeMap<String, Obstacle>,
    reader: Mutex<Option<BlobReader>>,
}

impl GitStore {
    /// A store of the commit that `rev` names in the repository of the folder `root`. A commit from before the folder
    /// existed has no files.
    ///
    /// # Errors
    /// When git or the repository is missing, or the revision is not there.
    pub fn open(root: impl AsRef<Path>, rev: &str) -> Result<Self, GitError> {
        let commit = commit_of(root.as_ref(), rev)?;
        let prefix = line(run(root.as_ref(), rev, ["rev-parse", "--show-prefix"])?);
        Self::listed(root.as_ref(), rev, commit, &prefix)
    }

    /// The same of any folder of the repository that holds the folder `root`, whether it is checked out or not: `folder` is
    /// its path from the top, without a slash at its end; empty for the top itself.
    ///
    /// # Errors
    /// As [`GitStore::open`].
    pub fn open_folder(root: impl AsRef<Path>, rev: &str, folder: &str) -> Result<Self, GitError> {
        let commit = commit_of(root.as_ref(), rev)?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Self::listed(root.as_ref(), rev, commit, &prefix)
    }

    fn listed(root: &Path, rev: &str, commit: String, prefix: &str) -> Result<Self, GitError> {
        let below = if prefix.is_empty() { "." } else { prefix };
        let listing = run(root, rev, ["ls-tree", "-r", "-z", "--full-tree", &commit, "--", below])?;
        let (blobs, links) = entries(&listing, prefix);
        let obstacles = git_link::folders(blobs.keys()).into_iter().map(|path| (path, Obstacle::Folder)).collect();
        let (root, rev) = (root.to_path_buf(), rev.to_owned());
        let mut store = GitStore { root, rev, commit, blobs, obstacles, reader: Mutex::new(None) };
        store.follow(&links);
        Ok(store)
    }

    /// Puts what links to documents lead to in their place, as it is read from a folder.
    fn follow(&mut self, links: &BTreeMap<String, String>) {
        let target = |id: &String| Some(String::from_utf8_lossy(&self.object("", id).ok()?).into_owned());
        let named = links.iter().filter(|(path, _)| Format::of_path(path).is_some());
        let targets: BTreeMap<String, String> =
            named.filter_map(|(path, id)| Some((path.clone(), target(id)?))).collect();
        let is_file = |path: &str| self.blobs.contains_key(path);
        let is_link = |path: &str| links.contains_key(path);
        let ends: Vec<_> =
            targets.keys().map(|path| (path.clone(), git_link::end(path, &targets, &is_file, &is_link))).collect();
        for (path, end) in ends {
            match end {
                Some(Ok(end)) => {
                    let id = self.blobs[&end].clone();
                    self.blobs.insert(path, id);
                }
                Some(Err(obstacle)) => drop(self.obstacles.insert(path, obstacle)),
                None => {}
            }
        }
    }

    /// The id of the commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The bytes of an object; `path` is for messages.
    fn object(&self, path: &str, id: &str) -> Result<Vec<u8>, StoreError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let blobs = match &mut *reader {
            Some(blobs) => blobs,
            none => none.insert(BlobReader::start(&self.root).map_err(|error| self.failed(path, error))?),
        };
        let outcome = blobs.read(id);
        if !matches!(outcome, Ok(Blob::Bytes(_) | Blob::Missing)) {
            // What is left in the pipe belongs to this blob: the next one takes a new process.
            *reader = None;
        }
        match outcome {
            Ok(Blob::Bytes(bytes)) => Ok(bytes),
            Ok(Blob::Missing) => Err(self.failed(path, "the repository lacks its content; run `git fetch --refetch`")),
            Ok(Blob::TooLarge(size)) => {
                Err(StoreError::TooLarge { path: path.to_owned(), size, limit: MAX_FILE_BYTES as u64 })
            }
            Err(error) => Err(self.failed(path, error)),
        }
    }

    fn failed(&self, path: &str, reason: impl ToString) -> StoreError {
        StoreError::Failed { path: format!("{path} at {}", self.rev), reason: reason.to_string() }
    }
}

impl Store for GitStore {
    fn list(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.blobs.keys().cloned().collect())
    }

    fn listing(&self) -> Result<Listing, StoreError> {
        Ok(Listing { files: self.list()?, obstacles: self.obstacles.keys().cloned().collect() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        match (self.blobs.get(path), self.obstacles.get(path)) {
            (Some(id), _) => self.object(path, id),
            (None, Some(&obstacle)) => Err(StoreError::Blocked { path: format!("{path} at {}", self.rev), obstacle }),
            (None, None) => Err(StoreError::NotFound(format!("{path} at {}", self.rev))),
        }
    }
}

/// The path from the top of the repository to a folder inside it: empty, or with a slash at its end.
///
/// # Errors
/// When git is missing or the folder is in no repository.
pub fn prefix_of(folder: impl AsRef<Path>) -> Result<String, GitError> {
    run(folder.as_ref(), "HEAD", ["rev-parse", "--show-prefix"]).map(line)
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
fn commit_of(root: &Path, rev: &str) -> Result<String, GitError> {
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
    let command = match rev.split_once('/') {
        Some((remote @ ("origin" | "upstream"), branch)) => format!("git fetch {remote} {branch}"),
        _ if rev == "HEAD" || rev.starts_with("HEAD") => "git commit".to_owned(),
        _ => format!("git fetch origin {rev}"),
    };
    GitError::Unknown { rev: rev.to_owned(), command }
}

fn is_shallow(root: &Path) -> bool {
    run(root, "HEAD", ["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| line(answer) == "true")
}

/// The regular files and the links below `prefix` that are seen, each with its object: no submodules, no hidden names.
fn entries(listing: &[u8], prefix: &str) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut blobs, mut links) = (BTreeMap::new(), BTreeMap::new());
    for entry in listing.split(|&byte| byte == 0) {
        let entry = String::from_utf8_lossy(entry);
        let Some((meta, path)) = entry.split_once('\t') else { continue };
        let Some(path) = path.strip_prefix(prefix) else { continue };
        let mut meta = meta.split(' ');
        let (mode, Some(id)) = (meta.next().unwrap_or_default(), meta.nth(1)) else { continue };
        let entries = match mode {
            "120000" => &mut links,
            mode if mode.starts_with("100") => &mut blobs,
            _ => continue,
        };
        if path.split('/').all(|part| is_visible(OsStr::new(part))) {
            entries.insert(path.to_owned(), id.to_owned());
        }
    }
    (blobs, links)
}

/// Git in the folder `root`, in English, and deaf to the variables that a hook sets.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    command.env("GIT_OPTIONAL_LOCKS", "0").env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_PREFIX");
    command.stdin(Stdio::null());
    command
}

/// Runs git and gives what it prints; `rev` is for the message where there is no git.
fn run<A: AsRef<OsStr>>(root: &Path, rev: &str, arguments: impl IntoIterator<Item = A>) -> Result<Vec<u8>, GitError> {
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

fn line(output: Vec<u8>) -> String {
    String::from_utf8_lossy(&output).trim_end_matches(['\n', '\r']).to_owned()
}

/// A running `git cat-file --batch`: an object id in, the object out.
#[derive(Debug)]
struct BlobReader {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

enum Blob {
    Bytes(Vec<u8>),
    Missing,
    TooLarge(u64),
}

impl BlobReader {
    fn start(root: &Path) -> io::Result<Self> {
        let mut command = git(root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(ask), Some(answer)) => Ok(BlobReader { child, ask, answer: BufReader::new(answer) }),
            _ => Err(io::Error::other("git gave no pipes")),
        }
    }

    fn read(&mut self, id: &str) -> io::Result<Blob> {
        writeln!(self.ask, "{id}")?;
        self.ask.flush()?;
        let mut header = String::new();
        self.answer.read_line(&mut header)?;
        // "<id> <type> <size>", or "<id> missing".
        let mut words = header.split_ascii_whitespace().skip(1);
        let size = match (words.next(), words.next().map(str::parse::<u64>)) {
            (Some("missing"), _) => return Ok(Blob::Missing),
            (Some(_), Some(Ok(size))) => size,
            _ => return Err(io::Error::other("git ended early")),
        };
        if size > MAX_FILE_BYTES as u64 {
            return Ok(Blob::TooLarge(size));
        }
        let mut bytes = vec![0; size as usize];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(Blob::Bytes(bytes))
    }
}

impl Drop for BlobReader {
    fn drop(&mut self) {
        // It may still be writing a blob that nobody wants. That it is gone already is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    fn sh(folder: &Path, arguments: &[&str]) -> String {
        let mut command = git(folder);
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        line(output.stdout)
    }

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(folder: &Path) -> String {
        sh(folder, &["add", "-A"]);
        sh(folder, &["commit", "-q", "--allow-empty", "-m", "c"]);
        sh(folder, &["rev-parse", "HEAD"])
    }

    /// A repository whose platform is the folder `platform`, with two commits on `main`.
    fn repository() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        sh(folder.path(), &["init", "-q", "-b", "main"]);
        write(folder.path(), "README.md", "first");
        commit(folder.path());
        write(folder.path(), "platform/services/ü b/api.yaml", "a: 1\n");
        write(folder.path(), "platform/.hidden/x.yaml", "a: 1\n");
        write(folder.path(), "platform/empty.yaml", "");
        write(folder.path(), "platform2/other.yaml", "");
        commit(folder.path());
        let platform = folder.path().join("platform");
        (folder, platform)
    }

    #[test]
    fn a_commit_is_read_without_a_checkout() {
        let (folder, platform) = repository();
        write(&platform, "services/ü b/api.yaml", "changed\n");
        let store = GitStore::open(&platform, "HEAD").unwrap();
        assert_eq!(store.list().unwrap(), ["empty.yaml", "services/ü b/api.yaml"]);
        assert_eq!(store.read("services/ü b/api.yaml").unwrap(), b"a: 1\n");
        assert_eq!(store.read("empty.yaml").unwrap(), b"");
        assert!(matches!(store.read("../README.md"), Err(StoreError::NotFound(_))));
        let before = GitStore::open(&platform, "HEAD~1").unwrap();
        assert_eq!(before.list().unwrap(), Vec::<String>::new());
        let whole = GitStore::open(folder.path(), "HEAD").unwrap().list().unwrap();
        assert_eq!(whole.len(), 4);
        let inner = GitStore::open_folder(&platform, "HEAD", "platform/services/ü b").unwrap();
        assert_eq!(inner.list().unwrap(), ["api.yaml"]);
        assert_eq!(inner.read("api.yaml").unwrap(), b"a: 1\n");
        assert_eq!(GitStore::open_folder(&platform, "HEAD", "").unwrap().list().unwrap(), whole);
        assert_eq!(GitStore::open_folder(&platform, "HEAD", "none").unwrap().list().unwrap(), Vec::<String>::new());
        assert_eq!(prefix_of(&platform).as_deref(), Ok("platform/"));
        assert!(is_revision(&platform, "HEAD~1") && !is_revision(&platform, "v9"));
        assert!(whole.contains(&"platform2/other.yaml".to_owned()));
    }

    #[test]
    fn what_is_missing_is_named_with_the_command_that_helps() {
        let (_folder, platform) = repository();
        let error = |rev: &str| GitStore::open(&platform, rev).unwrap_err();
        for rev in ["", "--output=x", "-h", "HEAD:platform", "a b", "a\nb"] {
            assert_eq!(error(rev), GitError::BadName(rev.to_owned()));
        }
        assert!(error("origin/main").to_string().contains("`git fetch origin main`"));
        assert!(error("v9").to_string().contains("`git fetch origin v9`"));
        let plain = tempfile::tempdir().unwrap();
        assert!(matches!(GitStore::open(plain.path(), "HEAD"), Err(GitError::NotARepository(_))));
        assert!(matches!(GitStore::open(plain.path().join("none"), "HEAD"), Err(GitError::NotARepository(_))));
        sh(plain.path(), &["init", "-q"]);
        assert!(resolve_base(plain.path(), None, false).unwrap_err().to_string().contains("`git commit`"));
    }

    #[test]
    fn the_base_is_where_the_branch_began() {
        let (folder, platform) = repository();
        let fork = sh(folder.path(), &["rev-parse", "HEAD"]);
        sh(folder.path(), &["checkout", "-q", "-b", "work"]);
        let work = commit(folder.path());
        sh(folder.path(), &["checkout", "-q", "main"]);
        write(folder.path(), "later.md", "on main");
        commit(folder.path());
        sh(folder.path(), &["checkout", "-q", "work"]);
        assert_eq!(resolve_base(&platform, None, true), Ok(fork));
        assert_eq!(resolve_base(&platform, None, false), Ok("HEAD".to_owned()));
        assert_eq!(resolve_base(&platform, Some(&work), true), Ok(work));
        sh(folder.path(), &["branch", "-m", "main", "trunk"]);
        assert_eq!(resolve_base(&platform, None, true), Err(GitError::NoDefaultBranch));
    }

    #[test]
    fn a_shallow_clone_is_told_apart() {
        let (folder, _) = repository();
        let clones = tempfile::tempdir().unwrap();
        let clone = clones.path().join("clone");
        let from = format!("file://{}", folder.path().display());
        sh(clones.path(), &["clone", "-q", "--depth", "1", &from, &clone.display().to_string()]);
        let error = GitStore::open(&clone, "HEAD~1").unwrap_err();
        assert_eq!(error, GitError::Shallow("HEAD~1".to_owned()));
        assert!(error.to_string().contains("git fetch --unshallow"));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_folders_are_as_in_a_folder() {
        use std::os::unix::fs::symlink;
        let (folder, platform) = repository();
        symlink("services/ü b/api.yaml", platform.join("same.yaml")).unwrap();
        symlink("../same.yaml", platform.join("services/again.yaml")).unwrap();
        symlink("../README.md", platform.join("out.md")).unwrap();
        symlink("none.yaml", platform.join("dead.yaml")).unwrap();
        symlink("services", platform.join("s")).unwrap();
        symlink("s/ü b/api.yaml", platform.join("unknown.yaml")).unwrap();
        write(&platform, "folder.json/a.txt", "");
        commit(folder.path());
        let (then, now) = (GitStore::open(&platform, "HEAD").unwrap(), crate::source::WorktreeStore::open(&platform));
        let (listing, now) = (then.listing().unwrap(), now.unwrap().listing().unwrap());
        assert_eq!(listing.obstacles, ["dead.yaml", "folder.json", "out.md"]);
        assert_eq!(listing.obstacles, now.obstacles);
        // A link through the link of a folder is not followed.
        assert_eq!(listing.files, now.files.into_iter().filter(|path| path != "unknown.yaml").collect::<Vec<_>>());
        assert_eq!(then.read("services/again.yaml").unwrap(), b"a: 1\n");
        assert!(matches!(then.read("out.md"), Err(StoreError::Blocked { obstacle: Obstacle::LinkOut, .. })));
    }

    #[test]
    fn a_large_blob_does_not_spoil_the_next() {
        let (folder, platform) = repository();
        let file = fs::File::create(platform.join("big.yaml")).unwrap();
        file.set_len(MAX_FILE_BYTES as u64 + 1).unwrap();
        commit(folder.path());
        let store = GitStore::open(&platform, "HEAD").unwrap();
        assert!(matches!(store.read("big.yaml"), Err(StoreError::TooLarge { .. })));
        assert_eq!(store.read("services/ü b/api.yaml").unwrap(), b"a: 1\n");
    }
}
