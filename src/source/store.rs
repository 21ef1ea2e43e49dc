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
    /// What stands there is no file that can be read.
    #[error("{path} could not be read: {obstacle}")]
    Blocked {
        /// The path asked for.
        path: String,
        /// What stands there.
        obstacle: Obstacle,
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

/// What can stand where a file is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// A folder.
    #[error("a folder stands in its place")]
    Folder,
    /// A link to nothing, or to itself.
    #[error("the link leads nowhere")]
    DeadLink,
    /// A link out of the platform root.
    #[error("the link leads out of the platform, and nothing outside of it is read")]
    LinkOut,
    /// A pipe, a socket or a device: reading it could wait for ever.
    #[error("it is not a regular file")]
    Special,
    /// A link to a folder where a folder is looked for.
    #[error("it is a link to a folder, and no such link is followed")]
    LinkedFolder,
    /// A folder that the system does not let be entered.
    #[error("permission denied")]
    ClosedFolder,
    /// A file where a folder is looked for.
    #[error("a file stands in its place")]
    File,
    /// A file whose path cannot be told.
    #[error("its name, or that of a folder above it, is not UTF-8")]
    Name,
}

impl Obstacle {
    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Obstacle::Folder => "Rename the folder, and put the file in its place",
            Obstacle::DeadLink => "Mend the link, or put the file in its place",
            Obstacle::LinkOut => "Put a copy of the file in the place of the link",
            Obstacle::LinkedFolder => "Put the folder itself in the place of the link; single files may be links",
            Obstacle::ClosedFolder => "Let it be read and entered: check its mode and owner",
            Obstacle::File => "Rename the file, and make the folder",
            Obstacle::Special => "Put a regular file in its place",
            Obstacle::Name => "Rename it: letters, digits, `-` and `_` are safe everywhere",
        }
    }
}

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Every file path that is not ignored, sorted.
    pub files: Vec<String>,
    /// Paths at which neither a file nor a folder that may be entered stands (links to folders, nowhere or out, pipes), and
    /// folders with the name of a document. Sorted.
    pub obstacles: Vec<String>,
}

/// A source of files: a folder, a git revision, or memory. Paths are relative to the platform root, with `/`.
pub trait Store: Send + Sync {
    /// Every file path that is not ignored, sorted.
    ///
    /// # Errors
    /// When the store itself cannot be listed (a missing folder, an unknown revision).
    fn list(&self) -> Result<Vec<String>, StoreError>;

    /// The same with what stands in the place of files.
    ///
    /// # Errors
    /// As [`Store::list`].
    fn listing(&self) -> Result<Listing, StoreError> {
        Ok(Listing { files: self.list()?, obstacles: Vec::new() })
    }

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
