//! An event that is said to come from a service which is not there.

use super::look::{consumed, contracts, name_of};
use crate::document::Located;
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::{bare, is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, NodeRef, Place, Route};

/// An event that is said to come from a service which is not there.
pub(crate) static RULE: Rule = Rule {
    id: "event-producer-unknown",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An event is said to come from no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-producer-unknown.md"),
    check: Check::Platform(check),
};

/// Keys of event contracts whose value is a service. An `owner` may be a team, a `source` anything.
const KEYS: [&str; 3] = ["publisher", "producer", "publishedBy"];

fn check(context: Context<'_>, out: &mut Findings) {
    for (_, consumed) in consumed(context) {
        if let Some(from) = &consumed.from {
            told(context, bare(&consumed.name.value), from, out);
        }
    }
    for (_, event) in contracts(context) {
        if let Some(publisher) = event.publisher.as_ref().filter(|publisher| is_service_key(context, publisher.route)) {
            told(context, name_of(event).unwrap_or("an event"), publisher, out);
        }
    }
}

fn told(context: Context<'_>, event: &str, from: &Located<String>, out: &mut Findings) {
    let Some(name) = service_in(&from.value).filter(|name| !is_service(context, name)) else { return };
    let message = format!("`{event}` is said to come from `{name}`, but no service has that name");
    out.push(RULE.finding(from.route, message).help(unknown_service_help(context, out.len(), name)));
}

fn is_service_key(context: Context<'_>, value: Route) -> bool {
    let Place::Node(node) = value.place else { return false };
    let key = context.sources.node(NodeKey { file: value.file, node }).key();
    key.and_then(NodeRef::scalar).is_some_and(|key| KEYS.contains(&key))
}
