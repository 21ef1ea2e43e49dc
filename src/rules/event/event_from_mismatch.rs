//! A consumed event that is said to come from a service which does not publish it.

use super::look::{consumed, event_named};
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::folder_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumed event that is said to come from a service which does not publish it.
pub(crate) static RULE: Rule = Rule {
    id: "event-from-mismatch",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A consumed event comes from another service than is said",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-from-mismatch.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (_, consumed) in consumed(context) {
        let Some(from) = &consumed.from else { continue };
        let Some(name) = folder_of(context, &from.value) else { continue };
        let Some(event) = event_named(context, &consumed.name.value) else { continue };
        let publishes = event.publishers.binary_search_by(|publisher| publisher.as_str().cmp(name)).is_ok();
        if !event.publishers.is_empty() && !publishes {
            let publishers = event.publishers.join("` and `");
            let message = format!("`{}` does not come from `{name}`: `{publishers}` publishes it", event.name);
            out.push(RULE.finding(from.route, message).help(format!("Write `{publishers}`")));
        }
    }
}
