//! A file that could not be opened or read.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// A file that could not be opened or read.
pub(crate) static RULE: Rule = Rule {
    id: "file-unreadable",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A file could not be read",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/file-unreadable.md"),
    check: Check::File(check),
};

const HELP: &str = "Mend its permissions, or remove it";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::Unreadable, &RULE, HELP, out);
}
