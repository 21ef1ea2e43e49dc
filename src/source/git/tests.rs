use std::fs;

use tempfile::TempDir;

use super::revision::git;
use super::*;

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
    assert!(error("v9~2").to_string().contains("`git fetch origin v9`"));
    for (rev, help) in [("HEAD~9", "`git log HEAD`"), ("@{9}", "`git reflog HEAD`"), ("main@{9}", "`git reflog main`")]
    {
        let said = error(rev).to_string();
        assert!(said.contains(&format!("no revision {rev}: {help}")), "{said}");
    }
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
    assert_eq!(listing.obstacles, ["dead.yaml", "folder.json", "out.md", "s"]);
    assert!(matches!(then.read("s"), Err(StoreError::Blocked { obstacle: Obstacle::LinkedFolder, .. })));
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
