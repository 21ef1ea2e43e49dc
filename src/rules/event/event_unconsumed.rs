//! An event that nobody consumes.

use super::look::{event_named, published};
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An event that nobody consumes.
pub(crate) static RULE: Rule = Rule {
    id: "event-unconsumed",
    family: Family::Event,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "An event is published and nobody consumes it",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-unconsumed.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (service, published) in published(context) {
        let Some(event) = event_named(context, &published.name.value) else { continue };
        if event.consumers.is_empty() && event.declared_consumers.is_empty() {
            let message = format!("`{service}` publishes `{}`, and nobody consumes it", event.name);
            let help = "Name its consumers, or leave the event out until somebody needs it";
            out.push(RULE.finding(published.name.route, message).help(help));
        }
    }
}
