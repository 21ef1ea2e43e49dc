//! Reading a file of the disk: a regular one of a size that can be held, and nothing else.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use super::parse::MAX_FILE_BYTES;
use super::store::{Obstacle, StoreError};

/// The bytes of the file at `place`, links followed; `path` is what messages call it. Whether it may stand there is for the
/// caller to know. This is the only way in which files of a platform are read.
///
/// # Errors
/// When there is none, it is no regular file (reading a pipe or a device could last for ever), it is too large, or the system
/// refuses.
pub fn read_regular(place: &Path, path: &str) -> Result<Vec<u8>, StoreError> {
    let limit = MAX_FILE_BYTES as u64;
    let failed = |error: io::Error| failed(path, &error);
    // Before opening, for to open a pipe is to wait for its writer.
    let size = check(&std::fs::metadata(place).map_err(failed)?, path, limit)?;
    let file = File::open(place).map_err(failed)?;
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    check_size(bytes.len() as u64, path, limit)?;
    Ok(bytes)
}

/// The size of a regular file of at most `limit` bytes.
pub(super) fn check(found: &Metadata, path: &str, limit: u64) -> Result<u64, StoreError> {
    if !found.is_file() {
        let obstacle = if found.is_dir() { Obstacle::Folder } else { Obstacle::Special };
        return Err(StoreError::Blocked { path: path.to_owned(), obstacle });
    }
    check_size(found.len(), path, limit)
}

fn check_size(size: u64, path: &str, limit: u64) -> Result<u64, StoreError> {
    if size > limit { Err(StoreError::TooLarge { path: path.to_owned(), size, limit }) } else { Ok(size) }
}

/// What the system said, for people.
pub(super) fn failed(path: &str, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::NotFound(path.to_owned()),
        io::ErrorKind::PermissionDenied => StoreError::Failed {
            path: path.to_owned(),
            reason: "permission denied; check its mode and owner".to_owned(),
        },
        _ => StoreError::Failed { path: path.to_owned(), reason: error.to_string() },
    }
}
