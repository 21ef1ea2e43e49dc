//! A request of a Pact file that no operation of the provider serves.

use std::collections::BTreeMap;

use super::look::{name, requests};
use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A request of a Pact file that no operation of the provider serves.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-operation",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A Pact sends a request that no operation of the provider serves",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-operation.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for request in requests(context).into_iter().filter(|request| request.operation.is_none()) {
        let provider = request.provider;
        let titles = names.entry(provider).or_insert_with(|| {
            let api = context.platform.service(provider).and_then(|service| service.api.as_ref());
            api.into_iter().flat_map(|api| &api.operations).map(name).collect()
        });
        let sent = format!("{} {}", request.http.method.value.to_uppercase(), request.http.path.value);
        let help = did_you_mean(out.len(), &sent, titles.iter().map(String::as_str), || {
            format!("Correct the request, or add the operation to the contract of `{provider}`")
        });
        let message = format!("`{provider}` has no operation that serves `{sent}`");
        out.push(RULE.finding(request.http.path.route, message).help(help));
    }
}
