//! A file over the limits.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// A file over the limits.
pub(crate) static RULE: Rule = Rule {
    id: "file-too-large",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A file is larger than what is read",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/file-too-large.md"),
    check: Check::File(check),
};

const HELP: &str = "Split it: a contract by `$ref` to the other part, a spec by features, each in a folder of its own";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::TooLarge, &RULE, HELP, out);
}
