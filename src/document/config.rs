//! `.speckit.config.json`: every key is known, typed, and changes something.

use crate::source::{FileId, Route};

/// The configuration with its defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file; nothing where there is none.
    pub file: Option<FileId>,
    /// `cache.enabled`: whether results may be kept between runs.
    pub cache_enabled: bool,
    /// `cache.retention_days`.
    pub cache_retention_days: u32,
    /// `analysis.default_mode`: `incremental` or `full`.
    pub analysis_incremental: bool,
    /// `validation.strict`: warnings exit 1.
    pub strict: bool,
    /// `validation.auto_validate`: `generate` validates first and refuses on errors.
    pub auto_validate: bool,
    /// `documentation.auto_generate_quick_ref`: `generate` writes `quick-ref.md`.
    pub auto_generate_quick_ref: bool,
    /// `documentation.token_target`: the most tokens that a generated quick-ref has.
    pub token_target: u32,
    /// `rules.<id>`: `off`, `info`, `warning` or `error`, in the order of the file.
    pub rules: Vec<(String, RuleLevel, Route)>,
    /// What is wrong with the file: unknown keys (with the closest known one) and values of the wrong type.
    pub problems: Vec<ConfigProblem>,
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// Not run.
    Off,
    /// Reported as info.
    Info,
    /// Reported as warning.
    Warning,
    /// Reported as error.
    Error,
}

/// Something wrong in the configuration.
#[derive(Clone, Debug)]
pub enum ConfigProblem {
    /// A key that does not exist; the closest one that does.
    UnknownKey {
        /// The key with its path, `validation.strct`.
        key: String,
        /// The closest known key.
        closest: Option<String>,
        /// The key.
        route: Route,
    },
    /// A value of the wrong type or out of range.
    WrongType {
        /// The key with its path.
        key: String,
        /// What is expected, as words.
        expected: &'static str,
        /// The value.
        route: Route,
    },
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: None,
            cache_enabled: true,
            cache_retention_days: 30,
            analysis_incremental: true,
            strict: false,
            auto_validate: true,
            auto_generate_quick_ref: true,
            token_target: 200,
            rules: Vec::new(),
            problems: Vec::new(),
        }
    }
}
