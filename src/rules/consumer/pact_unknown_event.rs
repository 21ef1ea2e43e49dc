//! A message of a Pact file that names no event.

use super::look::{Taken, messages};
use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A message of a Pact file that names no event.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-event",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A message of a Pact file names no event of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-event.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for Taken { provider, message, event, answers } in messages(context) {
        let Some(name) = message.names.first() else { continue };
        // What answers a message of the consumer need not be an event.
        if event.is_some() || answers {
            continue;
        }
        let names = context.platform.events.iter().map(|event| event.name.as_str());
        let help = did_you_mean(out.len(), &name.value, names, || {
            format!("Name the event in the contents (`eventType`) or metadata, or let `{provider}` publish it")
        });
        out.push(RULE.finding(name.route, format!("`{}` is no event of this platform", name.value)).help(help));
    }
}
