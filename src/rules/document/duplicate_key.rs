//! The same key twice in one mapping.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// The same key twice in one mapping.
pub(crate) static RULE: Rule = Rule {
    id: "duplicate-key",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A mapping has the same key twice",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/duplicate-key.md"),
    check: Check::File(check),
};

const HELP: &str = "Remove one of the two, or merge what stands under them";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::DuplicateKey, &RULE, HELP, out);
}
