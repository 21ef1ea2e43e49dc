//! Where a side of a comparison stands: a path, or a path at a revision of git.

use std::path::{Component, Path, PathBuf};

use crate::document;
use crate::source::{GitError, GitStore, Store, StoreError, WorktreeStore, is_revision, is_whole, prefix_of};

/// Why a side cannot be found or read. Each message ends with what helps.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// No such path, and nothing that looks like a revision.
    #[error("there is no file or folder {0}: name one, or a revision with a path as `REF:PATH`")]
    NoSuchPath(String),
    /// A revision without a path.
    #[error("there is no file or folder {0}: for the revision {0} write `{0}:` or `{0}:PATH`")]
    BareRevision(String),
    /// No path at all.
    #[error("a path is empty: name a file or folder; the current folder is `.`")]
    Empty,
    /// An address in a network.
    #[error("{0} is an address, and nothing is fetched: download it, and name the file")]
    Address(String),
    /// The path leads out of the repository.
    #[error("{0} leads outside of the repository: name a path inside it")]
    Outside(String),
    /// Neither side exists.
    #[error("there is neither {old} nor {new}: check the paths, and `git log --stat` for where the file was")]
    Neither {
        /// The old side.
        old: String,
        /// The new side.
        new: String,
    },
    /// Git could not give the revision.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that does not parse.
    #[error(
        "{label} cannot be compared, it does not parse: {place}: {problem}; mend it, or name another revision or file"
    )]
    Unreadable {
        /// The side.
        label: String,
        /// `file:line:column`.
        place: String,
        /// What the reader said.
        problem: String,
    },
    /// A file that holds no contract.
    #[error(
        "{label} is {nature}: name an OpenAPI 3.0 or 3.1 document (`openapi: 3…`), an event contract (`eventType` and \
         `schema`, or a JSON Schema), or a model that `agentspec model` printed"
    )]
    NoContract {
        /// The side.
        label: String,
        /// What it is.
        nature: String,
    },
    /// A saved model that does not fit.
    #[error("{label} cannot be compared: {reason}; save it again: `agentspec model > FILE`")]
    Saved {
        /// The side.
        label: String,
        /// What is wrong with it.
        reason: crate::model::SavedError,
    },
    /// One file has an API, the other events.
    #[error("{api} is an OpenAPI document and {event} an event contract: name two files of one kind")]
    Kinds {
        /// The side with the API.
        api: String,
        /// The side with events.
        event: String,
    },
    /// One side is a single contract, or contracts without a platform; the other holds several that cannot be told to be
    /// the same.
    #[error(
        "{few} and {many} are not of one kind, so what belongs together cannot be told: name two folders alike, or one \
         contract on each side, such as {example}"
    )]
    Unlike {
        /// The side with one contract, or without a platform.
        few: String,
        /// The other side.
        many: String,
        /// A contract of that side.
        example: String,
    },
}

/// The files of a side.
pub(super) enum Place {
    /// One file: its folder's store and its name.
    File(Box<dyn Store>, String),
    /// A folder.
    Folder(Box<dyn Store>),
    /// Nothing: the path did not exist at that revision.
    Missing,
}

/// A place with the way to it from the top of the repository, with a slash at its end where it is not empty.
pub(super) type Found = (Place, String);

/// Finds what an argument names, seen from the folder `here`. A path that exists wins over a revision.
pub(super) fn find(argument: &str, here: &Path) -> Result<Found, SideError> {
    let path = here.join(argument);
    check(argument, &path)?;
    if path.exists() {
        return on_disk(&path);
    }
    match argument.split_once(':') {
        Some((rev, path)) if !is_drive(rev, path) => at_revision(rev, path, here),
        _ if is_revision(here, argument) => Err(SideError::BareRevision(argument.to_owned())),
        _ => Err(SideError::NoSuchPath(argument.to_owned())),
    }
}

/// Refuses an argument that can name no path.
pub(super) fn check(argument: &str, path: &Path) -> Result<(), SideError> {
    let is_scheme = |text: &str| text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_address = || argument.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme));
    match argument {
        "" => Err(SideError::Empty),
        _ if is_address() && !path.exists() => Err(SideError::Address(argument.to_owned())),
        _ => Ok(()),
    }
}

/// Whether a path with a colon begins with the letter of a drive.
fn is_drive(letter: &str, rest: &str) -> bool {
    letter.len() == 1 && letter.as_bytes()[0].is_ascii_alphabetic() && rest.starts_with(['\\', '/'])
}

fn on_disk(path: &Path) -> Result<Found, SideError> {
    let (folder, name) = if path.is_dir() { (path.to_path_buf(), None) } else { split(path) };
    let store = Box::new(WorktreeStore::open(&folder)?);
    // Only for reports that name files of the repository: without one there is no way to tell.
    let prefix = prefix_of(&folder).unwrap_or_default();
    let place = name.map_or_else(|| Place::Folder(store.clone()), |name| Place::File(store.clone(), name));
    Ok((place, prefix))
}

fn split(path: &Path) -> (PathBuf, Option<String>) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder.to_path_buf(), path.file_name().map(|name| name.to_string_lossy().into_owned()))
}

/// What stands under `path` at a revision: seen from `here`, or else from the top of the repository.
fn at_revision(rev: &str, path: &str, here: &Path) -> Result<Found, SideError> {
    let prefix = prefix_of(here)?;
    let path = path.replace('\\', "/");
    let from_here = inside(&prefix, &path);
    // As git has it, a path that begins with a dot is seen from here alone; and so is none at all.
    let from_top = inside("", &path).filter(|_| !path.is_empty() && !path.starts_with('.'));
    if from_here.is_none() && from_top.is_none() {
        return Err(SideError::Outside(format!("{rev}:{path}")));
    }
    for candidate in from_here.into_iter().chain(from_top) {
        let store = GitStore::open_folder(here, rev, &candidate)?;
        if !store.list()?.is_empty() {
            let prefix = if candidate.is_empty() { candidate } else { candidate + "/" };
            return Ok((Place::Folder(Box::new(store)), prefix));
        }
        let (folder, name) = candidate.rsplit_once('/').unwrap_or(("", &candidate));
        let store = GitStore::open_folder(here, rev, folder)?;
        if store.list()?.iter().any(|path| path == name) {
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            return Ok((Place::File(Box::new(store), name.to_owned()), prefix));
        }
    }
    Ok((Place::Missing, String::new()))
}

/// The same path at a revision, and as it stands now: a folder is seen from itself, so that any repository will do.
pub(super) fn since(rev: &str, path: &Path) -> Result<(Found, Found), SideError> {
    let shown = || path.display().to_string();
    let (folder, below) = if path.is_dir() { (path.to_path_buf(), None) } else { split(path) };
    if !folder.is_dir() {
        return Err(SideError::NoSuchPath(shown()));
    }
    let old = at_revision_exactly(rev, below.as_deref().unwrap_or_default(), &folder)?;
    if below.is_none() {
        is_whole(&folder, &document::read::wanted)?;
    }
    let new = match (path.exists(), &old.0) {
        (true, _) => on_disk(path)?,
        // What is gone now was deleted; what never was is a slip.
        (false, Place::Missing) => return Err(SideError::NoSuchPath(shown())),
        (false, _) => (Place::Missing, old.1.clone()),
    };
    Ok((old, new))
}

fn at_revision_exactly(rev: &str, name: &str, folder: &Path) -> Result<Found, SideError> {
    let store = GitStore::open(folder, rev)?;
    let prefix = prefix_of(folder)?;
    let listing = store.list()?;
    let place = match name {
        "" if listing.is_empty() => Place::Missing,
        "" => Place::Folder(Box::new(store)),
        name if listing.iter().any(|path| path == name) => Place::File(Box::new(store), name.to_owned()),
        _ => Place::Missing,
    };
    Ok((place, prefix))
}

/// A path seen from `prefix` as one from the top, without a slash at its end; nothing where it leads out.
fn inside(prefix: &str, path: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let path = Path::new(prefix).join(path);
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_prefix_and_stay_inside() {
        assert_eq!(inside("a/b/", "c.yaml").as_deref(), Some("a/b/c.yaml"));
        assert_eq!(inside("a/b/", "../c.yaml").as_deref(), Some("a/c.yaml"));
        assert_eq!(inside("a/b/", "./").as_deref(), Some("a/b"));
        assert_eq!(inside("", "").as_deref(), Some(""));
        assert_eq!(inside("a/", "../../c"), None);
        assert_eq!(inside("a/", "/etc"), None);
    }

    #[test]
    fn the_letter_of_a_drive_is_no_revision() {
        assert!(is_drive("C", "\\api.yaml") && is_drive("d", "/api.yaml"));
        assert!(!is_drive("v", "api.yaml") && !is_drive("main", "/api.yaml"));
    }
}
