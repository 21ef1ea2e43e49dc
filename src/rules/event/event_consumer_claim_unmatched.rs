//! A listed consumer whose spec does not consume the event.

use std::collections::BTreeSet;

use super::look::{consumed, consumer_claims};
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::{bare, folder_of};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A listed consumer whose spec does not consume the event.
pub(crate) static RULE: Rule = Rule {
    id: "event-consumer-claim-unmatched",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A listed consumer does not consume the event by its own spec",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-consumer-claim-unmatched.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let known: BTreeSet<(&str, &str)> =
        consumed(context).map(|(service, consumed)| (service, bare(&consumed.name.value))).collect();
    for claim in consumer_claims(context) {
        let event = claim.event;
        let Some(name) = folder_of(context, &claim.consumer.value) else { continue };
        let Some(spec) = context.documents.service(name).and_then(|service| service.spec()) else { continue };
        if !known.contains(&(name, event)) {
            let message = format!("`{name}` is listed as consumer of `{event}`, but its spec does not consume it");
            let help = format!("Add `### Event: {event}` below \"Events Consumed\" of `{name}`, or remove it here");
            let finding = RULE.finding(claim.consumer.route, message).help(help);
            out.push(claim.with_others(finding).related(Route::file(spec.file), "the consumer's spec"));
        }
    }
}
