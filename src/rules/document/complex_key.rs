//! A mapping key that is not a scalar.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// A mapping key that is not a scalar.
pub(crate) static RULE: Rule = Rule {
    id: "complex-key",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A mapping key is a list or a mapping",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/complex-key.md"),
    check: Check::File(check),
};

const HELP: &str = "Use a string as key; JSON and OpenAPI know no other";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::ComplexKey, &RULE, HELP, out);
}
