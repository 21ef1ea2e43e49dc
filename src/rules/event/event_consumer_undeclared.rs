//! A consumer that the publisher does not know of.

use super::look::{consumed, event_named};
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumer that the publisher does not know of.
pub(crate) static RULE: Rule = Rule {
    id: "event-consumer-undeclared",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service consumes an event whose publisher does not list it",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-consumer-undeclared.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (service, consumed) in consumed(context) {
        let Some(event) = event_named(context, &consumed.name.value) else { continue };
        // A publisher that lists nobody leaves its event open to all.
        let listed = &event.declared_consumers;
        if event.publishers.is_empty() || listed.is_empty() || listed.binary_search_by(|name| name.as_str().cmp(service)).is_ok() {
            continue;
        }
        let publishers = event.publishers.join("` and `");
        let message = format!("`{service}` consumes `{}`, but `{publishers}` does not list it as consumer", event.name);
        let help = format!("Add `{service}` to the consumers of `{}`, in the spec or contract of `{publishers}`", event.name);
        out.push(RULE.finding(consumed.name.route, message).help(help));
    }
}
