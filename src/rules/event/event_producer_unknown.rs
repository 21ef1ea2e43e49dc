//! A consumed event that is said to come from a service which is not there.

use super::look::consumed;
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::{bare, is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumed event that is said to come from a service which is not there.
pub(crate) static RULE: Rule = Rule {
    id: "event-producer-unknown",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A consumed event is said to come from no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-producer-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (_, consumed) in consumed(context) {
        let Some(from) = &consumed.from else { continue };
        if let Some(name) = service_in(&from.value)
            && !is_service(context, name)
        {
            let event = bare(&consumed.name.value);
            let message = format!("`{event}` is said to come from `{name}`, but no service has that name");
            out.push(RULE.finding(from.route, message).help(unknown_service_help(context, out.len(), name)));
        }
    }
}
