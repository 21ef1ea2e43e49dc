//! A git revision as a store. Objects are read by child processes of git: nothing is checked out, fetched or written.

mod blobs;
mod link;
mod revision;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::file::Format;
use super::parse::MAX_FILE_BYTES;
use super::store::{Listing, Obstacle, Store, StoreError};
use super::worktree::is_visible;
use blobs::{Blob, BlobReader};
use revision::{commit_of, line, run};

pub use revision::{GitError, history, is_revision, is_whole, prefix_of, resolve_base};

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
        let obstacles = link::folders(blobs.keys()).into_iter().map(|path| (path, Obstacle::Folder)).collect();
        let (root, rev) = (root.to_path_buf(), rev.to_owned());
        let mut store = GitStore { root, rev, commit, blobs, obstacles, reader: Mutex::new(None) };
        store.follow(&links);
        Ok(store)
    }

    /// Puts what links to documents lead to in their place, as it is read from a folder.
    fn follow(&mut self, links: &BTreeMap<String, String>) {
        let target = |id: &String| Some(String::from_utf8_lossy(&self.object("", id).ok()?).into_owned());
        let targets: BTreeMap<String, String> =
            links.iter().filter_map(|(path, id)| Some((path.clone(), target(id)?))).collect();
        let is_file = |path: &str| self.blobs.contains_key(path);
        let is_link = |path: &str| links.contains_key(path);
        let ends: Vec<_> =
            targets.keys().map(|path| (path.clone(), link::end(path, &targets, &is_file, &is_link))).collect();
        for (path, end) in ends {
            let is_document = Format::of_path(&path).is_some();
            match end {
                Some(Err(Obstacle::DeadLink)) | None if !is_document => {
                    self.obstacles.insert(path, Obstacle::LinkedFolder);
                }
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
