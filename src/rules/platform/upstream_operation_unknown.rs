//! A call to an operation that the provider's contract does not have.

use super::look::specs;
use crate::diagnostic::{Findings, Severity};
use crate::model::Method;
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::Contracts;
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
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    for row in specs(context).flat_map(|(_, spec)| &spec.upstream) {
        let Some(provider) = folder_of(context, &row.service.value) else { continue };
        let Some(contract) = contracts.of(provider) else { continue };
        for operation in &row.operations {
            let text = bare(&operation.value);
            let is_prose = text.contains(char::is_whitespace) && Method::named_in(text).is_none();
            if text.is_empty() || is_prose || publishes(context, provider, text) || !contract.find(text).is_empty() {
                continue;
            }
            let help = contract.suggest(out.len(), text, || {
                format!("Correct it, or add the operation to the contract of `{provider}`")
            });
            let message = format!("`{provider}` has no operation `{text}`");
            let finding = RULE.finding(operation.route, message).help(help);
            out.push(match route_of(context.sources, &contract.api().origin) {
                Some(route) => finding.related(route, "the provider's contract"),
                None => finding,
            });
        }
    }
}

/// Whether the service publishes an event of that name.
fn publishes(context: Context<'_>, service: &str, name: &str) -> bool {
    let event = context.platform.event(name);
    event.is_some_and(|event| event.publishers.binary_search_by(|publisher| publisher.as_str().cmp(service)).is_ok())
}
