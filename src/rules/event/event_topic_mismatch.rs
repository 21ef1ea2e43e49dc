//! A consumer that listens to another topic than the event is published on.

use super::look::{consumed, contracts, name_of, published};
use crate::diagnostic::{Diagnostic, Severity};
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

fn check(context: Context<'_>, out: &mut Vec<Diagnostic>) {
    for (service, event) in published(context) {
        let name = bare(&event.name.value);
        let contract = contracts(context).filter(|(owner, contract)| *owner == Some(service) && name_of(contract) == Some(name));
        for (_, contract) in contract {
            compare(name, event.topic.as_ref(), contract.topic.as_ref(), "the spec publishes on", out);
        }
    }
    for (_, event) in consumed(context) {
        let name = bare(&event.name.value);
        let stated = published(context).find(|(_, published)| bare(&published.name.value) == name);
        let topic = stated.and_then(|(_, published)| published.topic.as_ref()).or_else(|| {
            contracts(context).filter(|(_, contract)| name_of(contract) == Some(name)).find_map(|(_, c)| c.topic.as_ref())
        });
        compare(name, topic, event.topic.as_ref(), "it is published on", out);
    }
}

fn compare(
    name: &str,
    published: Option<&Located<String>>,
    found: Option<&Located<String>>,
    what: &str,
    out: &mut Vec<Diagnostic>,
) {
    let (Some(published), Some(found)) = (published, found) else { return };
    let (expected, topic) = (bare(&published.value), bare(&found.value));
    if expected != topic {
        let message = format!("The topic of `{name}` is `{topic}` here, but {what} `{expected}`");
        let finding = RULE.finding(found.route, message).related(published.route, "the publisher's topic");
        out.push(finding.help(format!("Write `{expected}`")));
    }
}
