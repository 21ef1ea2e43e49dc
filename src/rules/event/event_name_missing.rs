//! An entry of an event file without a name.

use std::collections::BTreeSet;

use super::look::{contracts, name_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::events::EventContract;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{FileId, Route};

/// An entry of an event file without a name.
pub(crate) static RULE: Rule = Rule {
    id: "event-name-missing",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An entry of an event file has no `eventType`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-name-missing.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut nameless = contracts(context).filter(|(_, event)| name_of(event).is_none()).peekable();
    if nameless.peek().is_none() {
        return;
    }
    let parts = referred_to(context);
    for (_, event) in nameless.filter(|(_, event)| !is_part(event, &parts)) {
        let finding = RULE.finding(Route::node(event.node), "This event has no `eventType`");
        out.push(finding.help("Add `\"eventType\": \"domain.entity.action\"`"));
    }
}

/// Whether the entry is a file's whole schema that a contract in another file refers to: a part of events, and none itself.
fn is_part(event: &EventContract, parts: &BTreeSet<FileId>) -> bool {
    event.schema == Some(event.node) && parts.contains(&event.node.file)
}

/// The files that a `$ref` in another file names.
fn referred_to(context: Context<'_>) -> BTreeSet<FileId> {
    let of_apis = context.documents.services.iter().filter_map(|service| service.api.as_ref());
    let of_events = context.documents.event_files().filter_map(|file| file.schemas.as_ref());
    let references = of_apis.chain(of_events).flat_map(|document| &document.references);
    let targets = references.filter_map(|reference| Some((reference.node.file, reference.target.as_ref().ok()?.file)));
    targets.filter(|(from, to)| from != to).map(|(_, to)| to).collect()
}
