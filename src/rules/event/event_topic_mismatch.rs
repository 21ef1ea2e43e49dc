//! A consumer that listens to another topic than the event is published on.

use std::collections::BTreeMap;

use super::look::{consumed, contracts, name_of, published};
use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumer that listens to another topic than the event is published on.
pub(crate) static RULE: Rule = Rule {
    id: "event-topic-mismatch",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A consumer listens to another topic than the event is published on",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-topic-mismatch.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut stated: BTreeMap<&str, &Located<String>> = BTreeMap::new();
    let mut by_owner: BTreeMap<(&str, &str), &Located<String>> = BTreeMap::new();
    for (service, event) in published(context) {
        if let Some(topic) = &event.topic {
            let name = bare(&event.name.value);
            stated.entry(name).or_insert(topic);
            by_owner.entry((service, name)).or_insert(topic);
        }
    }
    for (service, contract) in contracts(context) {
        let (Some(name), Some(topic)) = (name_of(contract), &contract.topic) else { continue };
        let in_spec = service.and_then(|service| by_owner.get(&(service, name)));
        compare(name, in_spec.copied(), topic, "the spec publishes on", out);
        stated.entry(name).or_insert(topic);
    }
    for (_, event) in consumed(context) {
        let name = bare(&event.name.value);
        if let Some(topic) = &event.topic {
            compare(name, stated.get(name).copied(), topic, "it is published on", out);
        }
    }
}

fn compare(
    name: &str,
    published: Option<&Located<String>>,
    found: &Located<String>,
    what: &str,
    out: &mut Findings,
) {
    let Some(published) = published else { return };
    let (expected, topic) = (bare(&published.value), bare(&found.value));
    if expected != topic {
        let message = format!("The topic of `{name}` is `{topic}` here, but {what} `{expected}`");
        let finding = RULE.finding(found.route, message).related(published.route, "the publisher's topic");
        out.push(finding.help(format!("Write `{expected}`")));
    }
}
