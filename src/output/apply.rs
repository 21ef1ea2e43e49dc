//! Carries actions out: each file through a temporary one beside it and a rename, so that there is never half a file;
//! then the contents that later merges need, then the lock. Whatever stops in between leaves whole files, and the next
//! run goes on from there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::action::{Action, ActionKind, LockChange, Side};
use super::decide::inspect;
use super::disk::Disk;
use super::error::OutputError;
use super::lock::{Locks, base_path, bases, read};
use super::plan::{Ownership, Plan};
use super::root::{Root, metadata};

/// What was done, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files that were written.
    pub written: Vec<String>,
    /// Files that were removed.
    pub removed: Vec<String>,
    /// Files that wait for a person: conflicts, edited stale files, dead code, and files that changed since they were
    /// inspected.
    pub left: Vec<String>,
}

/// Carries out what was decided.
///
/// # Errors
/// When the system refuses to write; what was written until then is whole and known to the lock.
pub fn apply(root: &Path, actions: &[Action<'_>]) -> Result<Applied, OutputError> {
    let root = Root::open(root)?;
    let mut locks = Locks::load(&root)?;
    // No action needs another one to be done before it: a place that is in the way of a path blocks that path.
    let outcomes: Vec<_> = actions.par_iter().map(|action| carry_out(&root, action)).collect();
    let (mut applied, mut done, mut failures) = (Applied::default(), Vec::new(), Vec::new());
    for (action, outcome) in actions.iter().zip(outcomes) {
        let path = action.path.to_string();
        match outcome {
            Ok(Outcome::Left) => {
                applied.left.push(path);
                continue;
            }
            Ok(Outcome::Written) => applied.written.push(path),
            Ok(Outcome::Removed) => applied.removed.push(path),
            Ok(Outcome::Stays) => {}
            Err(error) => {
                failures.push(error);
                continue;
            }
        }
        done.push(action);
    }
    applied.removed.iter().for_each(|path| root.prune(path));
    for action in &done {
        match &action.lock {
            LockChange::Leave => {}
            LockChange::Set(entry) => locks.set(&action.service, entry.clone()),
            LockChange::Drop => locks.drop(&action.path),
        }
    }
    keep_bases(&root, &done)?;
    write_locks(&root, &locks)?;
    failures.into_iter().next().map_or(Ok(applied), Err)
}

/// Chooses a side for one path of the plan and carries that out alone.
///
/// # Errors
/// When nothing at that path can be decided, or the system refuses.
pub fn resolve(root: &Path, plan: &Plan, path: &str, side: Side) -> Result<Applied, OutputError> {
    let action = inspect(root, plan)?.into_iter().find(|action| action.path == path);
    let unknown = || OutputError::NothingToResolve {
        path: path.to_owned(),
        reason: "no target plans it; give the path relative to the platform root".to_owned(),
    };
    apply(root, &[action.ok_or_else(unknown)?.resolved(side)?])
}

/// Writes one file that no plan has and no lock knows: whole or not at all, and never outside the root.
///
/// # Errors
/// When the path leads out of the root, or the system refuses.
pub fn write(root: &Path, path: &str, content: &[u8]) -> Result<(), OutputError> {
    write_file(&Root::open(root)?, path, content, false)
}

/// The place of a file that another program writes, whose folder is there afterwards.
///
/// # Errors
/// When the path leads out of the root, a link or anything else that is no file stands there, or the system refuses.
pub fn place(root: &Path, path: &str) -> Result<PathBuf, OutputError> {
    let refused = |reason: String| OutputError::Path { path: path.to_owned(), reason };
    let place = Root::open(root)?.prepare(path)?;
    match metadata(&place).map_err(refused)? {
        Some(found) if !found.is_file() => Err(refused("it is a link or no regular file; remove it".to_owned())),
        _ => Ok(place),
    }
}

/// What became of an action.
enum Outcome {
    /// The file waits for a person.
    Left,
    /// It is as planned, or the user's, and is not touched.
    Stays,
    Written,
    Removed,
}

/// Does one action on its file.
fn carry_out(root: &Root, action: &Action<'_>) -> Result<Outcome, OutputError> {
    let path = &action.path;
    let changes = action.content.is_some() || action.kind == ActionKind::Remove;
    if changes {
        let now = Disk::read(root, path);
        if matches!(now, Disk::Blocked { .. }) || now.seen() != action.disk.seen() {
            return Ok(Outcome::Left);
        }
    }
    if matches!(action.kind, ActionKind::Conflict | ActionKind::StaleEdited | ActionKind::Dead) {
        return Ok(Outcome::Left);
    }
    if action.kind == ActionKind::Remove {
        let place = root.locate(path).map_err(|reason| OutputError::Path { path: path.to_string(), reason })?;
        fs::remove_file(place).map_err(|error| OutputError::io(path, "removed", &error))?;
        return Ok(Outcome::Removed);
    }
    let Some(content) = action.content() else { return Ok(Outcome::Stays) };
    let crlf = matches!(&action.disk, Disk::Text(text) if text.crlf);
    let content = if crlf { Cow::Owned(content.replace('\n', "\r\n")) } else { Cow::Borrowed(content) };
    let executable = action.planned.is_some_and(|planned| planned.executable);
    write_file(root, path, content.as_bytes(), executable)?;
    Ok(Outcome::Written)
}

/// Writes a whole file or none.
fn write_file(root: &Root, path: &str, content: &[u8], executable: bool) -> Result<(), OutputError> {
    let place = root.prepare(path)?;
    let failed = |error: std::io::Error| OutputError::io(path, "written", &error);
    let folder = place.parent().unwrap_or(&place);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".agentspec-").suffix(".tmp");
    let new = new_permissions(executable);
    if let Some(new) = &new {
        builder.permissions(new.clone());
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    if let Ok(old) = fs::metadata(&place) {
        file.as_file().set_permissions(kept_permissions(old.permissions(), executable)).map_err(failed)?;
    }
    file.persist(&place).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The permissions of a new file, before the user's mask takes its share.
#[cfg(unix)]
fn new_permissions(executable: bool) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(if executable { 0o777 } else { 0o666 }))
}

#[cfg(not(unix))]
fn new_permissions(_executable: bool) -> Option<Permissions> {
    None
}

/// The permissions of a replaced file: those it had, and whoever may read it may run it where it is to be run.
#[cfg(unix)]
fn kept_permissions(old: Permissions, executable: bool) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    let mode = old.mode();
    if executable { Permissions::from_mode(mode | ((mode & 0o444) >> 2)) } else { old }
}

#[cfg(not(unix))]
fn kept_permissions(old: Permissions, _executable: bool) -> Permissions {
    old
}

/// Keeps the planned contents that a later merge starts from.
fn keep_bases(root: &Root, done: &[&Action<'_>]) -> Result<(), OutputError> {
    // Many services may have the same file.
    let mut wanted = BTreeMap::new();
    for action in done {
        let (LockChange::Set(entry), Some(planned)) = (&action.lock, action.planned) else { continue };
        if entry.ownership != Ownership::Scaffold {
            wanted.insert(entry.hash.as_str(), planned.content.as_str());
        }
    }
    wanted.into_par_iter().try_for_each(|(hash, content)| {
        let path = base_path(hash);
        match read(root, &path)? {
            Some(kept) if kept == content => Ok(()),
            _ => write_file(root, &path, content.as_bytes(), false),
        }
    })
}

/// Writes the locks that differ, then drops the contents that no lock names.
fn write_locks(root: &Root, locks: &Locks) -> Result<(), OutputError> {
    for (path, text) in locks.files() {
        let old = read(root, &path)?;
        match text {
            _ if old == text => {}
            Some(text) => write_file(root, &path, text.as_bytes(), false)?,
            None => remove(root, &path)?,
        }
    }
    let named: BTreeSet<&str> = locks.entries().map(|(_, entry)| entry.hash.as_str()).collect();
    let unnamed = bases(root)?.into_iter().filter(|hash| !named.contains(hash.as_str()));
    unnamed.map(|hash| base_path(&hash)).try_for_each(|path| remove(root, &path))
}

fn remove(root: &Root, path: &str) -> Result<(), OutputError> {
    let place = root.locate(path).map_err(|reason| OutputError::Path { path: path.to_owned(), reason })?;
    fs::remove_file(place).map_err(|error| OutputError::io(path, "removed", &error))?;
    root.prune(path);
    Ok(())
}
