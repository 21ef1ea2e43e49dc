//! A contract that departs from the structure of its OpenAPI version.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Violation};
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "openapi-structure",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A contract that departs from the structure of its OpenAPI version",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/openapi-structure.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let finding = |violation: &Violation| {
        RULE.finding(violation.route(), violation.message(context.sources)).help(violation.help())
    };
    found.extend(document.violations.kept.iter().map(finding));
    found.extend(document.violations.left_out.iter().map(|(first, count)| Diagnostic { count: *count, ..finding(first) }));
}
