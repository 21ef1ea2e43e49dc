//! Event contracts: `{"events": [{eventType, version, description, schema, consumers}]}`.

use super::Located;
use crate::source::{FileId, NodeKey};

/// One event contract file.
#[derive(Debug)]
pub struct EventFile {
    /// The file.
    pub file: FileId,
    /// The service whose folder it stands in; nothing for a shared one.
    pub service: Option<String>,
    /// Its events in order. A single event object instead of a list is read as a list of one.
    pub events: Vec<EventContract>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct EventContract {
    /// The entry's node.
    pub node: NodeKey,
    /// `eventType`.
    pub name: Option<Located<String>>,
    /// `version`.
    pub version: Option<Located<String>>,
    /// `description`.
    pub description: Option<Located<String>>,
    /// `topic`.
    pub topic: Option<Located<String>>,
    /// `publisher`, in a shared file.
    pub publisher: Option<Located<String>>,
    /// `consumers`.
    pub consumers: Vec<Located<String>>,
    /// `schema`.
    pub schema: Option<NodeKey>,
}
