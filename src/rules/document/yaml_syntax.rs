//! YAML that does not parse.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// YAML that does not parse.
pub(crate) static RULE: Rule = Rule {
    id: "yaml-syntax",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A YAML file does not parse",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/yaml-syntax.md"),
    check: Check::File(check),
};

const HELP: &str = "Mend the syntax at this place; check the indentation and the quotes above it";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::YamlSyntax, &RULE, HELP, out);
}
