//! A `nullable` that has no effect.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Version};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "nullable-without-type",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A `nullable` that has no effect",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/nullable-without-type.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for schema in api.schemas_with(&["nullable"]).filter(|schema| schema.flag("nullable")) {
        let (message, help) = match api.version() {
            Version::V31 => {
                ("`nullable` means nothing in OpenAPI 3.1", "Write `type: [string, 'null']`, with the type it has")
            }
            Version::V30 if schema.at("type").is_none() => {
                ("`nullable` has no effect without a `type` beside it", "Add the `type`")
            }
            Version::V30 => continue,
        };
        let place = schema.at("nullable").unwrap_or(schema);
        found.push(RULE.finding(place.key_route(), message).help(help));
    }
}
