//! An operation without a response for errors.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "error-response-missing",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An operation without a response for errors",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/error-response-missing.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for operation in support::once(api.operations()).filter(|operation| support::has_responses(api, *operation)) {
        let fails = |status: &str| status.starts_with(['4', '5']) || status == "default";
        if !operation.responses().any(|(status, _)| fails(status)) {
            let message = format!("`{}` declares no response for errors", operation.label());
            let help = "Add `4XX`, `5XX` or `default` with the error format of the platform";
            found.push(RULE.finding(operation.route(), message).help(help));
        }
    }
}
