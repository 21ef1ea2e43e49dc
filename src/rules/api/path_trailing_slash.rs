//! A path that ends in a slash.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "path-trailing-slash",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A path that ends in a slash",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-trailing-slash.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for entry in api.paths().filter(|entry| entry.path.len() > 1 && entry.path.ends_with('/')) {
        let help = format!("Write `{}`", entry.path.trim_end_matches('/'));
        found.push(RULE.finding(entry.slot.key_route(), format!("`{}` ends in a slash", entry.path)).help(help));
    }
}
