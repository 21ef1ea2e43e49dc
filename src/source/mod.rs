//! Files, spans and trees. Nothing here fails on bad content: what cannot be read becomes a [`Problem`] with a span, and
//! the rest is still there.
//!
//! A [`Store`] gives bytes by path (a folder, a git revision, memory). [`Sources`] holds each file that was read, its
//! text, and its tree: [`Tree`] for YAML and JSON, [`Markdown`](markdown::Markdown) for prose.

mod file;
mod line_index;
mod problem;
mod span;
mod store;
mod tree;

pub use file::{Content, FileId, Format, SourceFile, Sources};
pub use line_index::{LineColumn, LineIndex};
pub use problem::{Problem, ProblemKind};
pub use span::{NodeKey, Place, Route, Span};
pub use store::{MemoryStore, Store, StoreError};
pub use tree::{Kind, NodeId, NodeRef, Tree, TreeBuilder};
