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
            let (message, help) = match target.starts_with('/') && !target.starts_with("//") {
                true => (
                    format!("this reference is an absolute path, which is another file on each machine: `{target}`"),
                    "Write the way from this file, such as `../../../shared/contracts/schemas.yaml`; what stands outside of the \
                     platform is copied into it",
                ),
                false => (
                    format!("this reference is remote, and nothing is fetched: `{target}`"),
                    "Copy the document into the platform, and refer to it by its path",
                ),
            };
            found.push(RULE.finding(value.route(), message).help(help));
        }
    }
}
