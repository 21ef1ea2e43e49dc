//! OpenAPI 3.0 and 3.1 as thin views over the tree. One walk, driven by tables of object types, visits each reachable
//! object once (through `$ref`, over files), notes what is structurally wrong, and lists the objects by type, so that a
//! rule goes over "all schemas" or "all operations" without walking again.

use crate::source::{FileId, NodeKey};

/// The version of the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0.x.
    V30,
    /// OpenAPI 3.1.x.
    V31,
}

/// One OpenAPI document with everything that is reachable from it.
#[derive(Debug)]
pub struct OpenApi {
    /// The document's file.
    pub file: FileId,
    /// Its dialect; nothing where `openapi` is missing or names another version.
    pub version: Option<Version>,
    /// The topmost object.
    pub root: NodeKey,
}
