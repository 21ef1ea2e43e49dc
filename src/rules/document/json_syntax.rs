//! JSON that does not parse (RFC 8259).

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// JSON that does not parse (RFC 8259).
pub(crate) static RULE: Rule = Rule {
    id: "json-syntax",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A JSON file does not parse",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/json-syntax.md"),
    check: Check::File(check),
};

const HELP: &str = "Mend the syntax at this place; comments and trailing commas are not JSON";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::JsonSyntax, &RULE, HELP, out);
}
