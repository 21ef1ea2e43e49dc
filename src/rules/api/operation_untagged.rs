//! An operation without a tag beside others that have one.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Operation};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "operation-untagged",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An operation without a tag beside others that have one",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/operation-untagged.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let is_tagged = |operation: &Operation<'_>| operation.object.items_of("tags").next().is_some();
    if !api.operations().any(|operation| is_tagged(&operation)) {
        return;
    }
    for operation in api.operations().filter(|operation| !is_tagged(operation)) {
        let message = format!("`{}` has no tag, and other operations do", operation.label());
        found.push(RULE.finding(operation.route(), message).help("Add `tags` with the group it belongs to"));
    }
}
