//! A parameter of a path template that no parameter declares.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

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
    for operation in api.operations() {
        let names = support::template_names(operation.path);
        if names.is_empty() || support::has_unknown_parameters(operation) {
            continue;
        }
        let parameters = operation.parameters();
        let declared: Vec<&str> =
            parameters.iter().filter(|parameter| parameter.location() == "path").map(|p| p.name()).collect();
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
