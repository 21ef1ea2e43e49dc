//! What a target wants to write.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Whose a file is once it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// Ours: written again at each run, merged where a person edited it.
    Generated,
    /// The user's from the moment it was written once.
    Scaffold,
    /// Both: a marked region is ours, the rest the user's.
    Merged,
}

/// Operations and events by name, each with the texts that the functions and tests for it begin with.
pub type Parts = BTreeMap<String, BTreeSet<String>>;

/// One file of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFile {
    /// Relative to the platform root, with `/`; never outside it.
    pub path: String,
    /// Whose it is.
    pub ownership: Ownership,
    /// The whole content, with `\n` line ends and one at the end.
    pub content: String,
    /// The template it was rendered from, for the lock; the path below `templates/`.
    pub template: String,
    /// The target that wants it (`code`, `kubernetes`, …).
    pub target: &'static str,
    /// The service it belongs to; nothing for files of the platform.
    pub service: Option<String>,
    /// Whether it may be run.
    pub executable: bool,
    /// The text on disk that `content` was made from and holds all of, with `\n` line ends. Where the file still reads
    /// so, `content` replaces it without a merge.
    pub made_from: Option<String>,
    /// What of a scaffold is for which operation or event, so that it can be told when these are gone; empty for other files.
    pub parts: Parts,
}

/// What all targets of a run want to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files, sorted by path; no path twice.
    pub files: Vec<PlannedFile>,
    /// Targets and services that this plan covers: only their stale files are removed. An empty service is the platform.
    pub covers: Vec<(&'static str, String)>,
    /// What a target leaves out, and what to do about it; a sentence each.
    pub notes: Vec<String>,
}
