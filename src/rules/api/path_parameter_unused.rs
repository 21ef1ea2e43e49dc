//! A path parameter that is not in the path.

use rustc_hash::FxHashSet;

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "path-parameter-unused",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A path parameter that is not in the path",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-parameter-unused.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut told = FxHashSet::default();
    for operation in api.operations() {
        let names = support::template_names(operation.path);
        for parameter in operation.parameters().into_iter().filter(|parameter| parameter.location() == "path") {
            let name = parameter.name();
            // One of a path item is told once and not for each operation.
            if names.contains(&name) || !told.insert((operation.path, parameter.slot.key())) {
                continue;
            }
            let message = format!("the path parameter `{name}` is not in `{}`", operation.path);
            let help = match support::closest_or_only(name, names.iter().copied()) {
                Some(other) => format!("Rename it to `{other}`, or remove it"),
                None => format!("Add `{{{name}}}` to the path, or remove the parameter"),
            };
            found.push(RULE.finding(parameter.slot.route(), message).help(help));
        }
    }
}
