//! An array whose items are not described.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, OpenApi, Version};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "array-without-items",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An array whose items are not described",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/array-without-items.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    if api.version() != Version::V30 {
        return;
    }
    let is_bare = |schema: &Object<'_>| schema.text("type") == Some("array") && schema.at("items").is_none();
    for schema in api.schemas_with(&["type"]).filter(is_bare) {
        let route = schema.at("type").unwrap_or(schema).route();
        let help = "Add `items` with a schema; `items: {}` allows anything";
        found.push(RULE.finding(route, "this array has no `items`").help(help));
    }
}
