//! An operation without a response for success.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "success-response-missing",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An operation without a response for success",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/success-response-missing.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for operation in support::once(api.all_operations()).filter(|operation| support::has_responses(api, *operation)) {
        let succeeds = |status: &str| status.starts_with(['2', '3']) || status == "101" || status == "default";
        if !operation.responses().any(|(status, _)| succeeds(status)) {
            let message = format!("`{}` declares no response for success", operation.label());
            let help = "Add the response that a good request gets, such as `200`";
            found.push(RULE.finding(operation.route(), message).help(help));
        }
    }
}
