//! The provider of a Pact file that is no service of the platform.

use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::names::services;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// The provider of a Pact file that is no service of the platform.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-provider",
    family: Family::Consumer,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The provider of a Pact file is no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-provider.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for provider in context.documents.pacts.iter().filter_map(|pact| pact.provider.as_ref()) {
        if context.documents.service_named(&provider.value).is_none() {
            let message = format!("`{}` is no service of this platform, so nothing of this Pact is checked", provider.value);
            let help = did_you_mean(out.len(), &provider.value, services(context), || {
                "Correct the name, or keep Pacts with providers outside of the platform in another folder".to_owned()
            });
            out.push(RULE.finding(provider.route, message).help(help));
        }
    }
}
