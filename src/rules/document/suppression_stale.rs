//! A suppression that matches no finding.

use super::ANY;
use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule};

/// A suppression that matches no finding.
pub(crate) static RULE: Rule = Rule {
    id: "suppression-stale",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A suppression matches no finding",
    subjects: ANY,
    docs: include_str!("../../../docs/rules/suppression-stale.md"),
    check: Check::Afterwards,
};
