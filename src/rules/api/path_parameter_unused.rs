//! A path parameter that is not in the path.

use rustc_hash::{FxHashMap, FxHashSet};

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Parameter};
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
    // One of a path item is told once, and not for each operation nor for each of the paths that refer to it.
    let (mut told, mut known) = (FxHashSet::default(), FxHashMap::default());
    for operation in api.operations() {
        let names = support::template_names(operation.path);
        let in_path = || -> Vec<Parameter<'_>> {
            operation.parameters().into_iter().filter(|parameter| parameter.location() == "path").collect()
        };
        let left = known.entry(operation.object.key()).or_insert_with(in_path);
        for parameter in left.extract_if(.., |parameter| !names.contains(&parameter.name())) {
            let name = parameter.name();
            if !told.insert(parameter.slot.key()) {
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
