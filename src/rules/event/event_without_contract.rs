//! An event of a spec that no contract describes.

use std::collections::BTreeSet;

use super::look::{contracts, name_of, published};
use crate::diagnostic::{Findings, Severity};
use crate::document::events::EventFile;
use crate::rules::closest::did_you_mean;
use crate::rules::names::bare;
use crate::rules::route::is_closed;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An event of a spec that no contract describes.
pub(crate) static RULE: Rule = Rule {
    id: "event-without-contract",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A published event has no entry in an event file",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-without-contract.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let known: BTreeSet<&str> = contracts(context).filter_map(|(_, event)| name_of(event)).collect();
    let unread = unread(context);
    let is_unread = |service: &str| {
        let folder = format!("services/{service}/contracts/events");
        unread.contains(&Some(service)) || unread.contains(&None) || is_closed(context, &folder)
    };
    for (service, published) in published(context) {
        let name = bare(&published.name.value);
        if !known.contains(&name) && !is_unread(service) {
            let help = did_you_mean(out.len(), name, known.iter().copied(), || {
                format!("Add it with a schema to a file below `services/{service}/contracts/events/`")
            });
            let message = format!("`{service}` publishes `{name}`, but no contract describes it");
            out.push(RULE.finding(published.name.route, message).help(help));
        }
    }
}

/// The services with an event file that cannot be read as one, and nothing for a shared one: what it holds is not known.
fn unread<'a>(context: Context<'a>) -> BTreeSet<Option<&'a str>> {
    let is_unread = |file: &&EventFile| context.sources.file(file.file).tree().is_none() || file.misplaced.is_some();
    let files = context.documents.event_files().filter(is_unread);
    let shared = is_closed(context, "shared/contracts/events").then_some(None);
    files.map(|file| file.service.as_deref()).chain(shared).collect()
}
