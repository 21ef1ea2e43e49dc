//! Carries actions out: each file through a temporary one beside it and a rename, so that there is never half a file;
//! then the contents that later merges need, then the lock. Whatever stops in between leaves whole files, and the next
//! run goes on from there.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::io::Write;
use std::path::Path;

use super::action::{Action, ActionKind, LockChange, Side};
use super::decide::inspect;
use super::disk::Disk;
use super::error::OutputError;
use super::lock::{Locks, base_path, bases, read};
use super::plan::{Ownership, Plan};
use super::root::Root;

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
    let mut applied = Applied::default();
    let mut done = Vec::new();
    let result = actions.iter().try_for_each(|action| {
        if carry_out(&root, action, &mut applied)? {
            done.push(action);
        }
        Ok(())
    });
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
    result.map(|()| applied)
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

/// Does one action on its file; whether the lock may say so.
fn carry_out(root: &Root, action: &Action<'_>, applied: &mut Applied) -> Result<bool, OutputError> {
    let path = action.path.to_string();
    let changes = action.content.is_some() || action.kind == ActionKind::Remove;
    let now = if changes { Disk::read(root, &path) } else { action.disk.clone() };
    let moved = matches!(now, Disk::Blocked { .. }) || now.seen() != action.disk.seen();
    match action.kind {
        _ if changes && moved => applied.left.push(path),
        ActionKind::Conflict | ActionKind::StaleEdited | ActionKind::Dead => applied.left.push(path),
        ActionKind::Remove => {
            let place = root.locate(&path).map_err(|reason| OutputError::Path { path: path.clone(), reason })?;
            fs::remove_file(place).map_err(|error| OutputError::io(&path, "removed", &error))?;
            applied.removed.push(path);
            return Ok(true);
        }
        _ => {
            if let Some(content) = action.content() {
                let crlf = matches!(&action.disk, Disk::Text(text) if text.crlf);
                let content = if crlf { content.replace('\n', "\r\n") } else { content.to_owned() };
                let executable = action.planned.is_some_and(|planned| planned.executable);
                write_file(root, &path, content.as_bytes(), executable)?;
                applied.written.push(path);
            }
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a whole file or none.
fn write_file(root: &Root, path: &str, content: &[u8], executable: bool) -> Result<(), OutputError> {
    let place = root.locate(path).map_err(|reason| OutputError::Path { path: path.to_owned(), reason })?;
    let failed = |error: std::io::Error| OutputError::io(path, "written", &error);
    let folder = place.parent().unwrap_or(&place);
    fs::create_dir_all(folder).map_err(failed)?;
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
    for action in done {
        let (LockChange::Set(entry), Some(planned)) = (&action.lock, action.planned) else { continue };
        let path = base_path(&entry.hash);
        if entry.ownership != Ownership::Scaffold && read(root, &path)?.as_deref() != Some(&planned.content) {
            write_file(root, &path, planned.content.as_bytes(), false)?;
        }
    }
    Ok(())
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
