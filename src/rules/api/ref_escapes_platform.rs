//! A reference that climbs out of the platform.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::RefError;

pub(super) static RULE: Rule = Rule {
    id: "ref-escapes-platform",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A reference that climbs out of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-escapes-platform.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for (reference, error) in support::broken(document) {
        if let (RefError::Escapes(target), Some(value)) = (error, api.object(reference.node).at("$ref")) {
            let help = "Move the document into the platform, for example below `shared/contracts/`";
            let message = format!("this reference leads out of the platform: `{target}`");
            found.push(RULE.finding(value.route(), message).help(help));
        }
    }
}
