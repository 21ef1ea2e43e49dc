//! A query parameter of a Pact file that the contract does not have.

use super::look::{name, requests};
use crate::diagnostic::{Findings, Severity};
use crate::model::ParameterLocation;
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A query parameter of a Pact file that the contract does not have.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-parameter",
    family: Family::Consumer,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Pact sends a query parameter that the contract does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-parameter.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for request in requests(context) {
        let Some(operation) = request.operation else { continue };
        let in_query = operation.parameters.iter().filter(|one| one.location == ParameterLocation::Query);
        let known: Vec<&str> = in_query.map(|parameter| parameter.name.as_str()).collect();
        for parameter in &request.http.query {
            // `filter[name]` is how a parameter `filter` is sent that is an object.
            let bare = parameter.value.split('[').next().unwrap_or_default();
            if known.iter().any(|known| *known == parameter.value || *known == bare || known.strip_suffix("[]") == Some(bare)) {
                continue;
            }
            let help = did_you_mean(out.len(), &parameter.value, known.iter().copied(), || {
                "Leave it out, or add the parameter to the contract".to_owned()
            });
            let message = format!("`{}` has no query parameter `{}`", name(operation), parameter.value);
            out.push(RULE.finding(parameter.route, message).help(help));
        }
    }
}
