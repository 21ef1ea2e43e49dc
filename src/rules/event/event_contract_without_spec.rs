//! A contract for an event that the service's spec does not publish.

use std::collections::BTreeSet;

use super::look::name_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::events::EventContract;
use crate::document::spec::Spec;
use crate::rules::closest::did_you_mean;
use crate::rules::names::{bare, folder_of};
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
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    // Of a spec that is empty or cannot be read something else is said.
    if spec.sections.is_empty() {
        return;
    }
    let published: BTreeSet<&str> = spec.published.iter().map(|published| bare(&published.name.value)).collect();
    let consumed: BTreeSet<&str> = spec.consumed.iter().map(|consumed| bare(&consumed.name.value)).collect();
    // A copy of what another service publishes, to which this one listens.
    let publisher = |event: &EventContract| folder_of(context, &event.publisher.as_ref()?.value);
    let is_copy = |event: &EventContract, name: &str| match publisher(event) {
        Some(publisher) => publisher != service.name,
        None => consumed.contains(name),
    };
    for event in service.event_files.iter().flat_map(|file| &file.events) {
        let Some(name) = name_of(event).filter(|name| !published.contains(name)) else { continue };
        if is_copy(event, name) {
            continue;
        }
        let help = did_you_mean(out.len(), name, published.iter().copied(), || {
            format!("Add `### Event: {name}` below \"Events Published\"")
        });
        let route = event.name.as_ref().map_or(Route::node(event.node), |name| name.route);
        let message = format!("The spec of `{}` does not publish `{name}`, which has a contract here", service.name);
        out.push(RULE.finding(route, message).help(help).related(Route::file(spec.file), "the spec"));
    }
}
