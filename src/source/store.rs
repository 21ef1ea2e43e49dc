//! Where bytes come from. A store answers by path below the platform root and never reaches outside it.

use std::collections::BTreeMap;

/// Why a store could not give a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No such file.
    #[error("there is no file {0}")]
    NotFound(String),
    /// The path leads outside the platform root.
    #[error("{0} leads outside the platform root")]
    Outside(String),
    /// The file is larger than the limit for one file.
    #[error("{path} has {size} bytes; files over {limit} bytes are not read")]
    TooLarge {
        /// The path asked for.
        path: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The system, or git, refused.
    #[error("{path} could not be read: {reason}")]
    Failed {
        /// The path asked for.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// A source of files: a folder, a git revision, or memory. Paths are relative to the platform root, with `/`.
pub trait Store: Send + Sync {
    /// Every file path that is not ignored, sorted.
    ///
    /// # Errors
    /// When the store itself cannot be listed (a missing folder, an unknown revision).
    fn list(&self) -> Result<Vec<String>, StoreError>;

    /// The bytes of one file.
    ///
    /// # Errors
    /// When the file is missing, too large, outside the root, or unreadable.
    fn read(&self, path: &str) -> Result<Vec<u8>, StoreError>;
}

/// Files in memory: for embedded examples, for tests, and for the examples of rule pages.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryStore {
    /// A store of the given files.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        MemoryStore { files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect() }
    }
}

impl Store for MemoryStore {
    fn list(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        self.files.get(path).cloned().ok_or_else(|| StoreError::NotFound(path.to_owned()))
    }
}
