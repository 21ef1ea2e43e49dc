//! Bytes that are not UTF-8.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// Bytes that are not UTF-8.
pub(crate) static RULE: Rule = Rule {
    id: "not-utf8",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A file is not UTF-8",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/not-utf8.md"),
    check: Check::File(check),
};

const HELP: &str = "Save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::NotUtf8, &RULE, HELP, out);
}
