//! HTTP Basic authentication.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "http-basic",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "HTTP Basic authentication",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/http-basic.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for scheme in api.objects(ObjectType::SecurityScheme).filter(|scheme| scheme.text("type") == Some("http")) {
        let is_basic = |name: &str| name.eq_ignore_ascii_case("basic");
        if let Some(place) = scheme.at("scheme").filter(|place| place.node().as_str().is_some_and(is_basic)) {
            let message = "Basic authentication sends the password with every request";
            found.push(RULE.finding(place.route(), message).help("Use tokens: `scheme: bearer`, or `type: oauth2`"));
        }
    }
}
