//! Why files could not be inspected or written.

/// What stops an inspection or an application as a whole. What stops a single file is an action of its own.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// A planned path is not one that may be written.
    #[error("{path:?} cannot be written: {reason}")]
    Path {
        /// The path as it was planned.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two planned files claim one path.
    #[error("{path} is planned by {first} and by {second}; only one target may write it")]
    Twice {
        /// The path.
        path: String,
        /// The target that comes first.
        first: String,
        /// The other one.
        second: String,
    },
    /// A planned file that is to be merged has no marked region.
    #[error("template {template} marks no region in {path}: {reason}")]
    Region {
        /// The path.
        path: String,
        /// The template it comes from.
        template: String,
        /// What is wrong with its markers.
        reason: String,
    },
    /// The lock is of a version that is not known.
    #[error("{path} has version {version}, and this agentspec knows version 1; use a newer agentspec")]
    LockVersion {
        /// The lock's path.
        path: String,
        /// The version it has.
        version: String,
    },
    /// Nothing at that path waits for a decision.
    #[error("there is nothing to resolve at {path}: {reason}")]
    NothingToResolve {
        /// The path asked for.
        path: String,
        /// Why.
        reason: String,
    },
    /// The system refused.
    #[error("{path} could not be {action}: {reason}")]
    Io {
        /// Path relative to the platform root.
        path: String,
        /// What was tried, as a participle.
        action: &'static str,
        /// What the system said.
        reason: String,
    },
}

impl OutputError {
    pub(super) fn io(path: &str, action: &'static str, error: &std::io::Error) -> OutputError {
        OutputError::Io { path: path.to_owned(), action, reason: error.to_string() }
    }
}
