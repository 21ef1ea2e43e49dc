//! A second YAML document in one file.

use super::problem::report;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, ProblemKind};

/// A second YAML document in one file.
pub(crate) static RULE: Rule = Rule {
    id: "multiple-yaml-documents",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A YAML file holds a second document, which is not read",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/multiple-yaml-documents.md"),
    check: Check::File(check),
};

const HELP: &str = "Move what stands behind `---` to a file of its own";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    report(context, file, ProblemKind::MultipleDocuments, &RULE, HELP, out);
}
