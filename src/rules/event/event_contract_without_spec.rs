//! A contract for an event that the service's spec does not publish.

use super::look::name_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::events::{EventContract, EventFile};
use crate::rules::closest::did_you_mean;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A contract for an event that the service's spec does not publish.
pub(crate) static RULE: Rule = Rule {
    id: "event-contract-without-spec",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An event contract has no entry in the service's spec",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-contract-without-spec.md"),
    check: Check::Event(check),
};

fn check(context: Context<'_>, file: &EventFile, event: &EventContract, out: &mut Vec<Diagnostic>) {
    let (Some(service), Some(name)) = (file.service.as_deref(), name_of(event)) else { return };
    let Some(spec) = context.documents.service(service).and_then(|service| service.spec()) else { return };
    let mut published = spec.published.iter().map(|published| bare(&published.name.value));
    if !published.clone().any(|published| published == name) {
        let help = did_you_mean(name, &mut published, || format!("Add `### Event: {name}` below \"Events Published\""));
        let route = event.name.as_ref().map_or(Route::node(event.node), |name| name.route);
        let message = format!("The spec of `{service}` does not publish `{name}`, which has a contract here");
        out.push(RULE.finding(route, message).help(help).related(Route::file(spec.file), "the spec"));
    }
}
