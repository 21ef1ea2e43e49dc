//! A call to an operation that the provider's contract does not have.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::closest::{MOST_SUGGESTIONS, did_you_mean};
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::{method_in, named, titles};
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A call to an operation that the provider's contract does not have.
pub(crate) static RULE: Rule = Rule {
    id: "upstream-operation-unknown",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An Upstream row names an operation that the provider does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/upstream-operation-unknown.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Vec<Diagnostic>) {
    for row in &spec.upstream {
        let Some(provider) = folder_of(context, &row.service.value).and_then(|name| context.platform.service(name)) else {
            continue;
        };
        let Some(api) = &provider.api else { continue };
        for operation in &row.operations {
            let text = bare(&operation.value);
            let is_event = provider.publishes.iter().any(|event| event.name == text);
            let is_prose = text.contains(char::is_whitespace) && method_in(text).is_none();
            if text.is_empty() || is_event || is_prose || !named(api, text).is_empty() {
                continue;
            }
            let known = if out.len() < MOST_SUGGESTIONS { titles(api) } else { Vec::new() };
            let help = did_you_mean(out.len(), text, known.iter().map(String::as_str), || {
                format!("Correct it, or add the operation to the contract of `{}`", provider.name)
            });
            let message = format!("`{}` has no operation `{text}`", provider.name);
            let finding = RULE.finding(operation.route, message).help(help);
            out.push(match route_of(context.sources, &api.origin) {
                Some(route) => finding.related(route, "the provider's contract"),
                None => finding,
            });
        }
    }
}
