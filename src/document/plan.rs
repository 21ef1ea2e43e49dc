//! `plan.md` and `tasks.md`.

use super::Located;
use crate::source::{FileId, Route};

/// A technical plan: its title and sections.
#[derive(Debug)]
pub struct Plan {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Second-level headings.
    pub sections: Vec<Located<String>>,
}

/// A task list.
#[derive(Debug)]
pub struct Tasks {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Tasks in order, of both forms: `### Task 1.1: title` with bullets, and `- [ ] T001 title`.
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its number (`1.1`, `T001`), where it has one.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// Whether it is ticked; nothing where there is no box.
    pub done: Option<bool>,
    /// Its `key: value` bullets (File, Dependencies, Type, Acceptance), keys in lower case.
    pub fields: Vec<(String, Located<String>)>,
    /// The heading or bullet.
    pub route: Route,
}
