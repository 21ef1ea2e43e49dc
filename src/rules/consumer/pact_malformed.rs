//! A Pact file that is not as the specification says.

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A Pact file that is not as the specification says.
pub(crate) static RULE: Rule = Rule {
    id: "pact-malformed",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A Pact file is not as the specification says",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-malformed.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for fault in context.documents.pacts.iter().flat_map(|pact| &pact.faults) {
        let help = "Write the file again with the consumer's Pact tests; versions 1 to 4 of the specification are read";
        out.push(RULE.finding(fault.route, format!("This Pact cannot be used: {}", fault.message)).help(help));
    }
}
