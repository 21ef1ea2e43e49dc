//! A folder as a store.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

use super::file::Format;
use super::regular::{check, failed, read_regular};
use super::store::{Listing, Obstacle, Store, StoreError};

/// Hidden names that are read all the same.
const SHOWN: [&str; 2] = [".speckit.config.json", ".agentspec"];
/// Folders that hold no sources, ignored or not.
const SKIPPED: [&str; 2] = ["target", "node_modules"];
/// The largest `.gitignore`: each of its lines is a pattern that is compiled.
const MAX_IGNORE_BYTES: u64 = 128 << 10;

/// The files below a folder, as far as `.gitignore` lets them be seen. Nothing outside of it is read: a link that leads out
/// is refused, and so is whatever is no regular file (reading a pipe could wait for ever).
#[derive(Clone, Debug)]
pub struct WorktreeStore {
    root: PathBuf,
}

impl WorktreeStore {
    /// A store of the folder `root`.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, StoreError> {
        let shown = root.as_ref().display().to_string();
        let root = root.as_ref().canonicalize().map_err(|error| failed(&shown, &error))?;
        if !root.is_dir() {
            return Err(StoreError::Failed { path: shown, reason: "it is not a folder".to_owned() });
        }
        Ok(WorktreeStore { root })
    }

    /// The folder, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The absolute path of a file in the store, its links resolved.
    fn locate(&self, path: &str) -> Result<PathBuf, StoreError> {
        let relative = Path::new(path);
        let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !plain {
            return Err(StoreError::Outside(path.to_owned()));
        }
        let blocked = |obstacle| StoreError::Blocked { path: path.to_owned(), obstacle };
        let named = self.root.join(relative);
        let is_link = || std::fs::symlink_metadata(&named).is_ok_and(|meta| meta.is_symlink());
        let full = named.canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => failed(path, &error),
            // What is listed as this character is another byte on the disk.
            io::ErrorKind::NotFound if path.contains(char::REPLACEMENT_CHARACTER) => blocked(Obstacle::Name),
            _ if is_link() => blocked(Obstacle::DeadLink),
            _ => failed(path, &error),
        })?;
        match full.starts_with(&self.root) {
            true => Ok(full),
            false if is_link() => Err(blocked(Obstacle::LinkOut)),
            false => Err(StoreError::Outside(path.to_owned())),
        }
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let parts = path.strip_prefix(&self.root).ok()?.components();
        Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    }
}

impl Store for WorktreeStore {
    fn list(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.listing()?.files)
    }

    fn listing(&self) -> Result<Listing, StoreError> {
        let above = |folder: &Path| folder.join(".git").exists();
        let in_repository = self.root.ancestors().skip(1).any(above);
        let folders = self.root.ancestors().take(if in_repository { usize::MAX } else { 1 });
        folders.into_iter().try_for_each(|folder| self.check_ignore_file(folder))?;
        // The first ignore file that cannot be read.
        let refused: Arc<Mutex<Option<StoreError>>> = Arc::default();
        let (store, notes) = (self.clone(), refused.clone());
        let is_read = move |folder: &Path| match store.check_ignore_file(folder) {
            Ok(()) => true,
            Err(error) => {
                notes.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                false
            }
        };
        std::fs::read_dir(&self.root).map_err(|error| failed(&self.root.display().to_string(), &error))?;
        // What counts is the repository's own .gitignore files, never the settings of this machine's user.
        let walk = WalkBuilder::new(&self.root)
            .hidden(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false)
            .parents(in_repository)
            .follow_links(false)
            .filter_entry(move |entry| {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                entry.depth() == 0 || is_visible(entry.file_name()) && (!is_folder || is_read(entry.path()))
            })
            .build();
        let mut listing = Listing::default();
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    listing.obstacles.extend(closed(&error).and_then(|folder| self.relative(folder)));
                    continue;
                }
            };
            let (Some(kind), Some(path)) = (entry.file_type(), self.relative(entry.path())) else { continue };
            if !kind.is_dir() && (!kind.is_symlink() || self.links_to_file(entry.path())) {
                listing.files.push(path);
            } else if entry.depth() > 0 && (!kind.is_dir() || Format::of_path(&path).is_some()) {
                listing.obstacles.push(path);
            }
        }
        listing.files.sort_unstable();
        listing.obstacles.sort_unstable();
        listing.obstacles.dedup();
        let refused = refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        refused.map_or(Ok(listing), Err)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        read_regular(&self.locate(path)?, path).map_err(|error| match error {
            StoreError::Blocked { path, obstacle: Obstacle::Folder } if Format::of_path(&path).is_none() => {
                let is_link = self.root.join(&path).is_symlink();
                let obstacle = if is_link { Obstacle::LinkedFolder } else { Obstacle::ClosedFolder };
                StoreError::Blocked { path, obstacle }
            }
            other => other,
        })
    }
}

impl WorktreeStore {
    /// Looks at the `.gitignore` of a folder before the walk reads it, as everything else is looked at before it is read.
    fn check_ignore_file(&self, folder: &Path) -> Result<(), StoreError> {
        let place = folder.join(".gitignore");
        let Some(found) = std::fs::metadata(&place).ok().filter(|found| !found.is_dir()) else { return Ok(()) };
        let shown = self.relative(&place).unwrap_or_else(|| place.display().to_string());
        check(&found, &shown, MAX_IGNORE_BYTES)?;
        let is_outside = || place.canonicalize().is_ok_and(|target| !target.starts_with(&self.root));
        if folder.starts_with(&self.root) && is_outside() { Err(StoreError::Outside(shown)) } else { Ok(()) }
    }

    /// Whether a link leads to a file that stands inside the root, and is not hidden there.
    fn links_to_file(&self, link: &Path) -> bool {
        let Ok(target) = link.canonicalize() else { return false };
        target.starts_with(&self.root) && target.is_file()
    }
}

/// The folder that a walk could not enter.
fn closed(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => closed(err),
        _ => None,
    }
}

/// Whether a name below the root is read at all, ignored or not.
pub(super) fn is_visible(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return true };
    if name.starts_with('.') { SHOWN.contains(&name) } else { !SKIPPED.contains(&name) }
}

#[cfg(test)]
mod tests {
    use super::super::parse::MAX_FILE_BYTES;
    use super::*;
    use std::fs;

    fn platform(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x: 1\n").unwrap();
        }
        folder
    }

    #[test]
    fn lists_what_is_not_ignored() {
        let folder = platform(&[
            "constitution.md",
            ".speckit.config.json",
            ".agentspec/templates/a.md",
            ".git/config",
            ".hidden/x.yaml",
            "services/a/api.yaml",
            "services/a/target/out.yaml",
            "services/a/node_modules/m.yaml",
            "services/a/generated/g.yaml",
        ]);
        fs::write(folder.path().join("services/a/.gitignore"), "generated/\n").unwrap();
        let store = WorktreeStore::open(folder.path()).unwrap();
        let listed = [".agentspec/templates/a.md", ".speckit.config.json", "constitution.md", "services/a/api.yaml"];
        assert_eq!(store.list().unwrap(), listed);
        assert_eq!(store.read("services/a/api.yaml").unwrap(), b"x: 1\n");
    }

    #[test]
    fn the_ignore_files_of_the_repository_around_count() {
        let folder = platform(&["sub/a.yaml", "sub/b.log", "out/demo/a.yaml"]);
        fs::write(folder.path().join(".gitignore"), "*.log\n/out\n").unwrap();
        let listed = |below: &str| WorktreeStore::open(folder.path().join(below)).unwrap().list().unwrap();
        assert_eq!(listed("sub"), ["a.yaml", "b.log"]);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(listed("sub"), ["a.yaml"]);
        // A platform that is named as the root is read, though it stands in an ignored folder.
        assert_eq!(listed("out/demo"), ["a.yaml"]);
    }

    #[test]
    fn refuses_paths_that_lead_out() {
        let folder = platform(&["a/b.yaml"]);
        let store = WorktreeStore::open(folder.path().join("a")).unwrap();
        for path in ["", "../a/b.yaml", "/etc/hostname", "./b.yaml", "x/../../a/b.yaml"] {
            assert_eq!(store.read(path), Err(StoreError::Outside(path.to_owned())));
        }
        assert_eq!(store.read("c.yaml"), Err(StoreError::NotFound("c.yaml".to_owned())));
        assert!(matches!(WorktreeStore::open(folder.path().join("none")), Err(StoreError::NotFound(_))));
        assert!(matches!(WorktreeStore::open(folder.path().join("a/b.yaml")), Err(StoreError::Failed { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_inside_the_root() {
        use std::os::unix::fs::symlink;
        let folder = platform(&["in/a.yaml", "out/secret.yaml"]);
        let root = folder.path().join("in");
        symlink(folder.path().join("out/secret.yaml"), root.join("leak.yaml")).unwrap();
        symlink(folder.path().join("out"), root.join("folder")).unwrap();
        symlink("a.yaml", root.join("same.yaml")).unwrap();
        symlink(".", root.join("loop")).unwrap();
        symlink("none.yaml", root.join("dead.yaml")).unwrap();
        symlink("self.md", root.join("self.md")).unwrap();
        fs::create_dir(root.join("place.json")).unwrap();
        let store = WorktreeStore::open(&root).unwrap();
        let listing = store.listing().unwrap();
        assert_eq!(listing.files, ["a.yaml", "same.yaml"]);
        assert_eq!(listing.obstacles, ["dead.yaml", "folder", "leak.yaml", "loop", "place.json", "self.md"]);
        assert!(store.read("same.yaml").is_ok());
        assert_eq!(store.read("folder/secret.yaml"), Err(StoreError::Outside("folder/secret.yaml".to_owned())));
        for (path, obstacle) in [
            ("leak.yaml", Obstacle::LinkOut),
            ("dead.yaml", Obstacle::DeadLink),
            ("self.md", Obstacle::DeadLink),
            ("place.json", Obstacle::Folder),
            ("folder", Obstacle::LinkOut),
            ("loop", Obstacle::LinkedFolder),
        ] {
            assert_eq!(store.read(path), Err(StoreError::Blocked { path: path.to_owned(), obstacle }));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_is_said_to_be_so() {
        use std::os::unix::ffi::OsStrExt;
        let folder = platform(&["a.yaml"]);
        fs::write(folder.path().join(OsStr::from_bytes(b"b\xfc.yaml")), "").unwrap();
        let store = WorktreeStore::open(folder.path()).unwrap();
        let path = store.list().unwrap()[1].clone();
        assert_eq!(store.read(&path), Err(StoreError::Blocked { path, obstacle: Obstacle::Name }));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_at_once() {
        let folder = platform(&["a.yaml"]);
        let pipe = folder.path().join("pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let store = WorktreeStore::open(folder.path()).unwrap();
        assert!(matches!(store.read("pipe.yaml"), Err(StoreError::Blocked { obstacle: Obstacle::Special, .. })));
        assert!(matches!(store.read("."), Err(StoreError::Outside(_))));
    }

    #[cfg(unix)]
    #[test]
    fn ignore_files_are_looked_at_before_they_are_read() {
        use std::os::unix::fs::symlink;
        for below in ["", "services/a/"] {
            let folder = platform(&["services/a/api.yaml", "services/rules"]);
            let (root, shown) = (folder.path(), format!("{below}.gitignore"));
            let listed = || WorktreeStore::open(root).unwrap().list();
            symlink("/dev/zero", root.join(&shown)).unwrap();
            assert!(matches!(listed(), Err(StoreError::Blocked { path, .. }) if path == shown));
            fs::remove_file(root.join(&shown)).unwrap();
            symlink("/etc/passwd", root.join(&shown)).unwrap();
            assert_eq!(listed(), Err(StoreError::Outside(shown.clone())));
            fs::remove_file(root.join(&shown)).unwrap();
            symlink(root.join("services/rules"), root.join(&shown)).unwrap();
            assert!(listed().is_ok());
        }
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let folder = platform(&["a.yaml"]);
        let file = fs::File::create(folder.path().join("big.yaml")).unwrap();
        file.set_len(MAX_FILE_BYTES as u64 + 1).unwrap();
        let store = WorktreeStore::open(folder.path()).unwrap();
        assert!(matches!(store.read("big.yaml"), Err(StoreError::TooLarge { .. })));
    }
}
