//! A path parameter that is not required.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "path-parameter-optional",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A path parameter that is not required",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-parameter-optional.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for parameter in api.objects(ObjectType::Parameter).filter(|parameter| parameter.text("in") == Some("path")) {
        if !parameter.flag("required") {
            let place = parameter.at("required").map_or_else(|| parameter.route(), |value| value.route());
            let name = parameter.text("name").unwrap_or_default();
            let message = format!("the path parameter `{name}` is not required");
            found.push(RULE.finding(place, message).help("Add `required: true`"));
        }
    }
}
