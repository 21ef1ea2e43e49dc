//! A failure that the contract forces, and does not declare.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Operation};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "forced-response-undeclared",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A failure that the contract forces, and does not declare",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/forced-response-undeclared.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for operation in api.operations() {
        let has_errors = operation.responses().any(|(status, _)| status.starts_with(['4', '5']));
        if !has_errors || operation.declares_any(&["4XX", "default"]) {
            continue;
        }
        for (keys, cause) in forced(operation) {
            if !operation.declares_any(keys) {
                let message = format!("`{}` declares no `{}`, and {cause}", operation.label(), keys.join("` or `"));
                let help = format!("Add `{}`, `4XX` or `default` to its responses", keys[0]);
                found.push(RULE.finding(operation.route(), message).help(help));
            }
        }
    }
}

/// The failures of which one response must be declared, with the cause.
fn forced(operation: Operation<'_>) -> Vec<(&'static [&'static str], &'static str)> {
    let mut forced: Vec<(&'static [&'static str], &'static str)> = Vec::new();
    let parameters = operation.parameters();
    if operation.request_body().is_some() {
        forced.push((&["400", "422"], "has a body that may be wrong"));
    } else if parameters.iter().any(|parameter| can_be_wrong(parameter.object)) {
        forced.push((&["400", "422"], "has a parameter that may be wrong"));
    }
    if operation.is_secured() {
        forced.push((&["401", "403"], "needs authentication"));
    }
    if operation.path.ends_with('}') || operation.path.contains("}/") {
        forced.push((&["404", "410"], "names a resource that may not exist"));
    }
    forced
}

/// Whether a value may be sent for a parameter that its schema refuses. Any text is a string, so a bare one cannot be
/// wrong; a required one outside the path can be missing.
fn can_be_wrong(parameter: crate::document::openapi::Object<'_>) -> bool {
    let missing = parameter.flag("required") && parameter.text("in") != Some("path");
    let Some(schema) = parameter.get("schema") else { return missing };
    let narrow = ["pattern", "enum", "format", "minLength", "maxLength", "const"];
    missing || schema.text("type") != Some("string") || narrow.iter().any(|field| schema.at(field).is_some())
}
