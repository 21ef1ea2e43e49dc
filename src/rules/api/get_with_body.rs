//! A request body where the method has none.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "get-with-body",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A request body where the method has none",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/get-with-body.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let bodiless = ["get", "head", "delete", "trace"];
    for operation in api.all_operations().filter(|operation| bodiless.contains(&operation.method)) {
        if let Some(body) = operation.object.at("requestBody") {
            let (label, method) = (operation.label(), operation.method.to_uppercase());
            let message = format!("`{label}` has a request body, which {method} does not have");
            found.push(RULE.finding(body.key_route(), message).help("Send it in parameters, or use POST"));
        }
    }
}
