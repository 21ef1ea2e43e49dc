//! The consumer of a Pact file that is no service of the platform.

use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::names::services;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// The consumer of a Pact file that is no service of the platform.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-consumer",
    family: Family::Consumer,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "The consumer of a Pact file is no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-consumer.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for consumer in context.documents.pacts.iter().filter_map(|pact| pact.consumer.as_ref()) {
        if context.documents.service_named(&consumer.value).is_none() {
            let message = format!("`{}` is no service of this platform", consumer.value);
            let help = did_you_mean(out.len(), &consumer.value, services(context), || {
                "It is listed under this name among those whom a change hits; leave it so where it stands outside".to_owned()
            });
            out.push(RULE.finding(consumer.route, message).help(help));
        }
    }
}
