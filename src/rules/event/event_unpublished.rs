//! A consumed event that nobody publishes.

use super::look::{consumed, event_named, published_names};
use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::names::{bare, service_in};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumed event that nobody publishes.
pub(crate) static RULE: Rule = Rule {
    id: "event-unpublished",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An event is consumed and nobody publishes it",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-unpublished.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (service, consumed) in consumed(context) {
        let name = bare(&consumed.name.value);
        if event_named(context, name).is_some_and(|event| !event.publishers.is_empty()) {
            continue;
        }
        let help = did_you_mean(out.len(), name, published_names(context), || {
            match consumed.from.as_ref().and_then(|from| service_in(&from.value)) {
                Some(from) => format!("Add `### Event: {name}` below \"Events Published\" of `{from}`"),
                None => format!("Let one service publish `{name}`, or remove it here"),
            }
        });
        let message = format!("`{service}` consumes `{name}`, which no service publishes");
        out.push(RULE.finding(consumed.name.route, message).help(help));
    }
}
