//! A status code of a Pact file that the contract does not declare.

use super::look::{answers, name, requests, view};
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A status code of a Pact file that the contract does not declare.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-status",
    family: Family::Consumer,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Pact expects a status code that the contract does not declare",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-status.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for request in requests(context) {
        let (Some(operation), Some(status)) = (request.operation, &request.http.status) else { continue };
        let Some(view) = view(context, request.provider, operation) else { continue };
        if view.responses().next().is_some() && answers(view, Some(&status.value)).is_empty() {
            let known: Vec<&str> = view.responses().map(|(code, _)| code).collect();
            let message = format!("`{}` declares no answer `{}`", name(operation), status.value);
            let help = format!("It declares {}; expect one of these, or add the answer to the contract", known.join(", "));
            out.push(RULE.finding(status.route, message).help(help));
        }
    }
}
