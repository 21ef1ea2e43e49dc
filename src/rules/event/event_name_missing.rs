//! An entry of an event file without a name.

use super::look::name_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::events::{EventContract, EventFile};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// An entry of an event file without a name.
pub(crate) static RULE: Rule = Rule {
    id: "event-name-missing",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An entry of an event file has no `eventType`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-name-missing.md"),
    check: Check::Event(check),
};

fn check(_: Context<'_>, _: &EventFile, event: &EventContract, out: &mut Findings) {
    if name_of(event).is_none() {
        let finding = RULE.finding(Route::node(event.node), "This event has no `eventType`");
        out.push(finding.help("Add `\"eventType\": \"domain.entity.action\"`"));
    }
}
