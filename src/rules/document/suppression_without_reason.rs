//! A suppression that does not say why.

use super::ANY;
use crate::diagnostic::Severity;
use crate::rules::{Check, Family, Rule};

/// A suppression that does not say why.
pub(crate) static RULE: Rule = Rule {
    id: "suppression-without-reason",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A suppression gives no reason",
    subjects: ANY,
    docs: include_str!("../../../docs/rules/suppression-without-reason.md"),
    check: Check::Afterwards,
};
