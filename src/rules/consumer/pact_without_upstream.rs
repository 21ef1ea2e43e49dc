//! A Pact with a service that the consumer's Upstream table does not name.

use std::collections::BTreeSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::pact::Exchange;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A Pact with a service that the consumer's Upstream table does not name.
pub(crate) static RULE: Rule = Rule {
    id: "pact-without-upstream",
    family: Family::Consumer,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Pact calls a service that the consumer's Upstream table does not name",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-without-upstream.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let documents = context.documents;
    let rows: BTreeSet<(&str, &str)> = context
        .platform
        .services
        .iter()
        .flat_map(|service| service.upstream.iter().map(move |row| (service, row)))
        .filter_map(|(service, row)| Some((service.name.as_str(), documents.service_named(&row.service)?)))
        .collect();
    for pact in &documents.pacts {
        let (Some(by), Some(of)) = (&pact.consumer, &pact.provider) else { continue };
        let names = (documents.service_named(&by.value), documents.service_named(&of.value));
        let (Some(consumer), Some(provider)) = names else { continue };
        // Without a spec there is no table in which a row could be missing.
        let has_spec = documents.service(consumer).is_some_and(|service| service.spec().is_some());
        let calls = pact.interactions.iter().any(|one| matches!(one.exchange, Exchange::Http(_)));
        if has_spec && calls && consumer != provider && !rows.contains(&(consumer, provider)) {
            let message = format!("`{consumer}` calls `{provider}` here, and its Upstream table does not name it");
            let help = format!(
                "Add a row for `{provider}` to \"Upstream Services\" in the spec of `{consumer}`: only rows make edges between services"
            );
            out.push(RULE.finding(of.route, message).help(help));
        }
    }
}
