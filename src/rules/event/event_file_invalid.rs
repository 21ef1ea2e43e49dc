//! A file of event contracts that holds no events.

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A file of event contracts that holds no events.
pub(crate) static RULE: Rule = Rule {
    id: "event-file-invalid",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A file of event contracts holds no list of events",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-file-invalid.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for key in context.documents.event_files().filter_map(|file| file.misplaced) {
        // Only the value of `events` is judged elsewhere than at the root.
        let is_root = context.sources.root(key.file).is_some_and(|root| root.id() == key.node);
        let message = if is_root { "This file holds no events" } else { "`events` is no list of events" };
        let help = "Write `{\"events\": [{\"eventType\": \"domain.entity.action\", …}]}`, and `{\"events\": []}` while there are none";
        out.push(RULE.finding(Route::node(key), message).help(help));
    }
}
