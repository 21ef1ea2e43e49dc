//! A body in a response that has none.

use rustc_hash::FxHashSet;

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "no-content-with-body",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A body in a response that has none",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/no-content-with-body.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut told = FxHashSet::default();
    for operation in support::once(api.all_operations()) {
        let bodiless = |status: &str| status.starts_with('1') || ["204", "205", "304"].contains(&status);
        for (status, response) in operation.responses().filter(|(status, _)| bodiless(status)) {
            let content = response.at("content").filter(|content| !content.node().is_empty());
            if let Some(content) = content.filter(|content| told.insert(content.key())) {
                let message = format!("a response with the status {status} has no body");
                found.push(RULE.finding(content.key_route(), message).help("Remove `content`, or answer `200`"));
            }
        }
    }
}
