//! Nesting beyond the limit.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// Nesting beyond the limit.
pub(crate) static RULE: Rule = Rule {
    id: "nested-too-deep",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A file nests deeper than 512 levels",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/nested-too-deep.md"),
    check: Check::File(check),
};

const HELP: &str = "Flatten the structure, or name its parts and refer to them";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::TooDeep, &RULE, HELP, out);
}
