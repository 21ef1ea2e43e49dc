//! A reference to a URL or an absolute path.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::RefError;

pub(super) static RULE: Rule = Rule {
    id: "ref-remote",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A reference to a URL or an absolute path",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-remote.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for (reference, error) in support::broken(document) {
        if let (RefError::Remote(target), Some(value)) = (error, api.object(reference.node).at("$ref")) {
            let help = "Copy the document into the platform, and refer to it by its path";
            let message = format!("this reference is remote, and nothing is fetched: `{target}`");
            found.push(RULE.finding(value.route(), message).help(help));
        }
    }
}
