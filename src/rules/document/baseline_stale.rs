//! An entry of the baseline that matches no finding.

use super::ANY;
use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule};

/// An entry of the baseline that matches no finding.
pub(crate) static RULE: Rule = Rule {
    id: "baseline-stale",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An entry of the baseline matches no finding",
    subjects: ANY,
    docs: include_str!("../../../docs/rules/baseline-stale.md"),
    check: Check::Afterwards,
};
