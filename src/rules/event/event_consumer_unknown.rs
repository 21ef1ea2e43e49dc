//! A listed consumer that no service is.

use super::look::{consumer_claims, contracts, name_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::events::MOST_CONSUMERS;
use crate::rules::names::{is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A listed consumer that no service is.
pub(crate) static RULE: Rule = Rule {
    id: "event-consumer-unknown",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A listed consumer is no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-consumer-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for claim in consumer_claims(context) {
        if let Some(name) = service_in(&claim.consumer.value)
            && !is_service(context, name)
        {
            let message = format!("`{name}` is listed as consumer of `{}`, but no service has that name yet", claim.event);
            let finding = RULE.finding(claim.consumer.route, message).help(unknown_service_help(context, out.len(), name));
            out.push(claim.with_others(finding));
        }
    }
    for (_, event) in contracts(context) {
        if let (Some((route, count)), Some(name)) = (event.more_consumers, name_of(event)) {
            let message = format!("`{name}` has {count} consumers after the first {MOST_CONSUMERS}: they are not read");
            out.push(RULE.finding(route, message).help("list services that are there, each once"));
        }
    }
}
