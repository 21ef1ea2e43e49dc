//! What a target wants to write.

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
