//! A service that talks too much with another one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::service_in;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A service that talks too much with another one.
pub(crate) static RULE: Rule = Rule {
    id: "chatty-service",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service calls many operations of another one",
    subjects: &[Subject::Spec, Subject::Contracts],
    docs: include_str!("../../../docs/rules/chatty-service.md"),
    check: Check::Spec(check),
};

/// More operations of one upstream than this are a conversation.
const MOST_OPERATIONS: usize = 5;

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let mut counts: Vec<(&str, Route, BTreeSet<&str>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &spec.upstream {
        let Some(name) = service_in(&row.service.value) else { continue };
        let at = *places.entry(name).or_insert_with(|| {
            counts.push((name, row.service.route, BTreeSet::new()));
            counts.len() - 1
        });
        counts[at].2.extend(row.operations.iter().map(|operation| operation.value.as_str()));
    }
    for (name, route, operations) in counts.iter().filter(|(.., operations)| operations.len() > MOST_OPERATIONS) {
        let message = format!("`{}` calls {} operations of `{name}`", service.name, operations.len());
        let help = format!("Offer one coarser operation in `{name}`, keep a copy of its data from events, or merge the two");
        out.push(RULE.finding(*route, message).help(help));
    }
}
