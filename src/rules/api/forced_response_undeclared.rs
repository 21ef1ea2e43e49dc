//! A failure that the contract forces, and does not declare.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Operation};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::NodeKey;

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
    // Thousands of paths may refer to one path item.
    let mut known: FxHashMap<NodeKey, Vec<Forced>> = FxHashMap::default();
    for operation in api.operations() {
        let names_resource = operation.path.ends_with('}') || operation.path.contains("}/");
        let left = known.entry(operation.object.key()).or_insert_with(|| undeclared(operation));
        for forced in left.extract_if(.., |forced| !forced.by_path || names_resource) {
            let (keys, cause) = (forced.keys, forced.cause);
            let message = format!("`{}` declares no `{}`, and {cause}", operation.label(), keys.join("` or `"));
            let help = format!("Add `{}`, `4XX` or `default` to its responses", keys[0]);
            found.push(RULE.finding(operation.route(), message).help(help));
        }
    }
}

/// A failure that happens whatever the service does.
struct Forced {
    /// Of these responses one must be declared.
    keys: &'static [&'static str],
    cause: &'static str,
    /// Whether it happens only where the path has a parameter.
    by_path: bool,
}

/// The failures that are forced, and not declared. Where no errors at all are declared, other rules say so.
fn undeclared(operation: Operation<'_>) -> Vec<Forced> {
    let has_errors = operation.responses().any(|(status, _)| status.starts_with(['4', '5']));
    if !has_errors || operation.declares_any(&["4XX", "default"]) {
        return Vec::new();
    }
    let mut forced = Vec::new();
    let mut add = |keys, cause, by_path| forced.push(Forced { keys, cause, by_path });
    if operation.request_body().is_some() {
        add(&["400", "422"], "has a body that may be wrong", false);
    } else if operation.parameters().iter().any(|parameter| can_be_wrong(parameter.object)) {
        add(&["400", "422"], "has a parameter that may be wrong", false);
    }
    if operation.is_secured() {
        add(&["401", "403"], "needs authentication", false);
    }
    add(&["404", "410"], "names a resource that may not exist", true);
    forced.retain(|one| !operation.declares_any(one.keys));
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
