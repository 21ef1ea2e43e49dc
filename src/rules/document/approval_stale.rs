//! An approval matches no change.

use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule, Subject};

/// An approval matches no change.
pub(crate) static RULE: Rule = Rule {
    id: "approval-stale",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An approval matches no change",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/approval-stale.md"),
    check: Check::Afterwards,
};
