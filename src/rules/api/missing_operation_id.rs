//! An operation without `operationId`.

use heck::ToLowerCamelCase;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "missing-operation-id",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An operation without `operationId`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/missing-operation-id.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for operation in api.operations().filter(|operation| operation.object.at("operationId").is_none()) {
        let message = format!("`{}` has no `operationId`", operation.label());
        let help = format!("Add `operationId: {}`", suggested_id(operation.method, operation.path));
        found.push(RULE.finding(operation.route(), message).help(help));
    }
}

/// A name made of the method and the path's segments; parameters are left out.
fn suggested_id(method: &str, path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty() && !segment.contains('{'));
    let words: Vec<&str> = std::iter::once(method).chain(segments).collect();
    words.join("-").to_lower_camel_case()
}
