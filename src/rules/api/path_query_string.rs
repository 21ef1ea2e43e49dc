//! A path with a query string or a fragment.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "path-query-string",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A path with a query string or a fragment",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-query-string.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for entry in api.paths().filter(|entry| entry.path.contains(['?', '#'])) {
        let message = format!("`{}` holds a query string or a fragment", entry.path);
        let help = "Cut the path before it, and declare parameters with `in: query`";
        found.push(RULE.finding(entry.slot.key_route(), message).help(help));
    }
}
