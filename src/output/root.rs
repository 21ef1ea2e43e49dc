//! The platform's folder, and the way from a planned path to a place in it. No path leads out of it: not by `..`, not by
//! an absolute path, not through a symbolic link.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::OutputError;

/// The longest path that is written; beyond it some systems refuse.
const LONGEST: usize = 1024;

/// The folder that nothing leaves.
#[derive(Debug)]
pub(super) struct Root {
    canonical: PathBuf,
    /// Folders that are there, with their places: a platform has hundreds, and each holds dozens of files.
    known: Mutex<BTreeMap<String, PathBuf>>,
}

impl Root {
    pub fn open(root: &Path) -> Result<Root, OutputError> {
        match fs::canonicalize(root) {
            Ok(canonical) if canonical.is_dir() => Ok(Root { canonical, known: Mutex::default() }),
            Ok(_) => Err(OutputError::Path {
                path: root.to_string_lossy().into_owned(),
                reason: "the platform root is not a folder".to_owned(),
            }),
            Err(error) => Err(OutputError::io(&root.to_string_lossy(), "opened", &error)),
        }
    }

    /// The place of a checked path, though it does not exist yet. Folders that are links are followed inside the root
    /// only.
    ///
    /// # Errors
    /// The reason, for people, why there can be no file there.
    pub fn locate(&self, path: &str) -> Result<PathBuf, String> {
        check(path)?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok(self.folder(folder)?.join(name))
    }

    /// The same, with the folder there afterwards.
    ///
    /// # Errors
    /// The reason why there can be no file there, or what the system refuses.
    pub fn prepare(&self, path: &str) -> Result<PathBuf, OutputError> {
        let place = self.locate(path).map_err(|reason| OutputError::Path { path: path.to_owned(), reason })?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !self.known().contains_key(folder) {
            let above = place.parent().unwrap_or(&self.canonical);
            fs::create_dir_all(above).map_err(|error| OutputError::io(path, "written", &error))?;
        }
        Ok(place)
    }

    /// The place of a folder of a checked path.
    fn folder(&self, folder: &str) -> Result<PathBuf, String> {
        if let Some(place) = self.known().get(folder) {
            return Ok(place.clone());
        }
        let mut place = self.canonical.clone();
        let mut parts = folder.split('/').filter(|part| !part.is_empty());
        let mut so_far = String::new();
        while let Some(part) = parts.next() {
            place.push(part);
            so_far.push_str(if so_far.is_empty() { "" } else { "/" });
            so_far.push_str(part);
            match metadata(&place)? {
                Some(found) if found.is_symlink() => place = self.follow(&place, &so_far)?,
                Some(found) if !found.is_dir() => return Err(format!("`{so_far}` is a file, not a folder")),
                Some(_) => {}
                // There is nothing below what is not there, and it may become anything yet.
                None => return Ok(parts.fold(place, |place, part| place.join(part))),
            }
        }
        self.known().insert(folder.to_owned(), place.clone());
        Ok(place)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, PathBuf>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder behind a link, where it stands inside the root and outside of git's own folder.
    fn follow(&self, link: &Path, shown: &str) -> Result<PathBuf, String> {
        let outside = || format!("`{shown}` is a link that leads outside the platform root");
        let target = fs::canonicalize(link).map_err(|_| format!("`{shown}` is a link that leads nowhere"))?;
        let inside = target.strip_prefix(&self.canonical).map_err(|_| outside())?;
        let in_git = inside.components().any(|part| is_git(&part.as_os_str().to_string_lossy()));
        if in_git || !target.is_dir() { Err(outside()) } else { Ok(target) }
    }

    /// Removes the folders above a removed file that are empty now, up to the root.
    pub fn prune(&self, path: &str) {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            let Ok(place) = self.locate(above) else { return };
            if fs::remove_dir(place).is_err() {
                return;
            }
            self.known().clear();
            folder = above;
        }
    }
}

/// What stands at a place, links not followed; nothing where nothing stands.
pub(super) fn metadata(place: &Path) -> Result<Option<Metadata>, String> {
    match fs::symlink_metadata(place) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("it could not be looked at: {error}")),
    }
}

/// Whether a path may be planned: relative, with `/`, of plain names, and not into the folders of git or of the lock.
pub(super) fn check_planned(path: &str) -> Result<(), String> {
    check(path)?;
    let first = path.split('/').take(2).collect::<Vec<_>>();
    match first.as_slice() {
        [top, below] if top.eq_ignore_ascii_case(".agentspec") && ["lock", "base"].contains(below) => {
            Err("the lock's own folder is written by nothing else".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether a name may be that of a file.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let reason = match name {
        "" => "it has an empty part",
        "." | ".." => "it has a `.` or `..`",
        _ if name.contains(|c: char| c.is_control()) => "it has a control character",
        _ if name.contains(['/', '\\', ':']) => "it has a `/`, `\\` or `:` in a name",
        _ if name.ends_with([' ', '.']) => "a part ends with a space or a full stop, which some systems drop",
        _ if is_git(name) => "git's own folder is not written to",
        _ => return Ok(()),
    };
    Err(reason.to_owned())
}

fn check(path: &str) -> Result<(), String> {
    if path.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    path.split('/').try_for_each(check_name)?;
    match Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        true => Ok(()),
        false => Err("it is not a relative path".to_owned()),
    }
}

fn is_git(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_could_lead_out_are_refused() {
        for path in ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", "./a", "C:/a", "a\\..\\b", "a\0b", "a\nb"] {
            assert!(check_planned(path).is_err(), "{path:?}");
        }
        for path in [".git/hooks/pre-commit", "a/.GIT/config", ".agentspec/lock/platform.lock", ".agentspec/base/ab/c"]
        {
            assert!(check_planned(path).is_err(), "{path:?}");
        }
        for path in ["a", "a/b.c", ".github/workflows/ci.yaml", ".agentspec/templates/a", "a b/ü"] {
            assert_eq!(check_planned(path), Ok(()), "{path:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_only() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir_all(folder.path().join("real/.git")).unwrap();
        let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        link(outside.path(), "out");
        link(Path::new("real"), "in");
        link(Path::new("real/.git"), "git");
        link(Path::new("gone"), "dangling");
        let root = Root::open(folder.path()).unwrap();
        assert!(root.locate("in/a").unwrap().ends_with("real/a"));
        for path in ["out/a", "out/b/c", "git/a", "dangling/a"] {
            assert!(root.locate(path).is_err(), "{path}");
        }
    }
}
