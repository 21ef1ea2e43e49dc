//! A suppression of a rule that does not exist.

use super::ANY;
use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule};

/// A suppression of a rule that does not exist.
pub(crate) static RULE: Rule = Rule {
    id: "suppression-unknown-rule",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A suppression names a rule that does not exist",
    subjects: ANY,
    docs: include_str!("../../../docs/rules/suppression-unknown-rule.md"),
    check: Check::Afterwards,
};
