//! A parameter of a path template that no parameter declares.

use rustc_hash::FxHashMap;

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Operation};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::NodeKey;

pub(super) static RULE: Rule = Rule {
    id: "path-parameter-undeclared",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A parameter of a path template that no parameter declares",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-parameter-undeclared.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    // Thousands of paths may refer to one path item.
    let mut known: FxHashMap<NodeKey, Option<Vec<&str>>> = FxHashMap::default();
    for operation in api.operations() {
        let names = support::template_names(operation.path);
        if names.is_empty() {
            continue;
        }
        let declared = known.entry(operation.object.key()).or_insert_with(|| declared(operation));
        let Some(declared) = declared else { continue };
        for name in names.iter().filter(|name| !declared.contains(name)) {
            let message = format!("`{{{name}}}` of `{}` is declared by no parameter", operation.path);
            let spare = declared.iter().filter(|other| !names.contains(other));
            let help = match support::closest_or_only(name, spare.copied()) {
                Some(other) => format!("Rename the parameter `{other}` or the template, so that they agree"),
                None => format!("Add a parameter with `name: {name}`, `in: path`, `required: true` and a schema"),
            };
            found.push(RULE.finding(operation.route(), message).help(help));
        }
    }
}

/// The names of its path parameters, where all are known.
fn declared(operation: Operation<'_>) -> Option<Vec<&str>> {
    if support::has_unknown_parameters(operation) {
        return None;
    }
    let parameters = operation.parameters().into_iter();
    Some(parameters.filter(|parameter| parameter.location() == "path").map(|parameter| parameter.name()).collect())
}
