//! An operation that says nothing about itself.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "summary-missing",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An operation that says nothing about itself",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/summary-missing.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for operation in api.operations() {
        let texts = [operation.object.text("summary"), operation.object.text("description")];
        if texts.iter().flatten().all(|text| text.trim().is_empty()) {
            let message = format!("`{}` has neither `summary` nor `description`", operation.label());
            let help = "Add a `summary` of a few words: what the caller gets";
            found.push(RULE.finding(operation.route(), message).help(help));
        }
    }
}
