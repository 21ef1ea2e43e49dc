//! An API key that is sent in the query string.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "api-key-in-query",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An API key that is sent in the query string",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/api-key-in-query.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for scheme in api.objects(ObjectType::SecurityScheme).filter(|scheme| scheme.text("type") == Some("apiKey")) {
        if let Some(place) = scheme.at("in").filter(|place| place.node().as_str() == Some("query")) {
            let message = "this API key is sent in the query string, where it is logged";
            found.push(RULE.finding(place.route(), message).help("Send it in a header: `in: header`"));
        }
    }
}
