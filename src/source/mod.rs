//! Files, spans and trees. Nothing here fails on bad content: what cannot be read becomes a [`Problem`] with a span, and
//! the rest is still there.
//!
//! A [`Store`] gives bytes by path (a folder, a git revision, memory). [`Sources`] holds each file that was read, its
//! text, and for YAML and JSON its [`Tree`].

mod file;
mod git;
mod json;
mod line_index;
mod load;
mod parse;
mod pointer;
mod problem;
mod reference;
mod regular;
mod resources;
mod span;
mod store;
mod tree;
mod wide_table;
mod worktree;
mod yaml;
mod yaml_error;
mod yaml_scalar;

pub use file::{Content, FileId, Format, SourceFile, Sources};
pub use git::{GitError, GitStore, history, is_revision, is_whole, prefix_of, resolve_base};
pub use json::parse_json;
pub use line_index::{LineColumn, LineIndex};
pub use load::{load, load_beside, load_listed, read_file};
pub use parse::{MAX_FILE_BYTES, Parsed};
pub use pointer::Pointer;
pub use problem::{Problem, ProblemKind};
pub use reference::RefError;
pub(crate) use reference::percent_decode;
pub use regular::read_regular;
pub use span::{NodeKey, Place, Route, Span};
pub use store::{Listing, MemoryStore, Obstacle, Store, StoreError};
pub use tree::{Kind, NodeId, NodeRef, Tree, TreeBuilder};
pub use worktree::WorktreeStore;
pub use yaml::parse_yaml;
