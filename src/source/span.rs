//! Where something stands: byte spans within a file, and routes that name a node of a file's tree.

use super::file::FileId;
use super::tree::NodeId;

/// A half-open range of byte offsets in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just behind the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond 4 GiB saturate (no file that large is read).
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The number of bytes covered.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The covered bytes as a range, for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A node of a file's YAML or JSON tree, unique over all files of a [`Sources`](super::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeKey {
    /// The file.
    pub file: FileId,
    /// The node in that file's tree.
    pub node: NodeId,
}

/// What a finding points at, before it is turned into lines and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Route {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub place: Place,
}

/// A place in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole; reported at its first line.
    File,
    /// A node of its YAML or JSON tree: the value.
    Node(NodeId),
    /// The key under which a node of its tree stands.
    KeyOf(NodeId),
    /// Bytes of its text.
    Span(Span),
}

impl Route {
    /// The file as a whole.
    pub fn file(file: FileId) -> Self {
        Route { file, place: Place::File }
    }

    /// A value of the file's tree.
    pub fn node(key: NodeKey) -> Self {
        Route { file: key.file, place: Place::Node(key.node) }
    }

    /// The key under which a value stands.
    pub fn key_of(key: NodeKey) -> Self {
        Route { file: key.file, place: Place::KeyOf(key.node) }
    }

    /// Bytes of the file's text.
    pub fn span(file: FileId, span: Span) -> Self {
        Route { file, place: Place::Span(span) }
    }
}
