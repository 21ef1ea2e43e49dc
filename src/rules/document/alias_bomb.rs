//! Aliases that would expand without end.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// Aliases that would expand without end.
pub(crate) static RULE: Rule = Rule {
    id: "alias-bomb",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "YAML aliases that stand for more than is read of a file",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/alias-bomb.md"),
    check: Check::File(check),
};

const HELP: &str = "Write the repeated part once and refer to it, or leave out a level of aliases";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::AliasBomb, &RULE, HELP, out);
}
