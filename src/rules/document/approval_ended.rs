//! An approval is over on the day that was given.

use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule, Subject};

/// An approval is over on the day that was given.
pub(crate) static RULE: Rule = Rule {
    id: "approval-ended",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An approval is over on the day that was given",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/approval-ended.md"),
    check: Check::Afterwards,
};
