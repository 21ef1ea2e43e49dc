//! An event contract without a version.

use super::look::name_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::events::{EventContract, EventFile};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An event contract without a version.
pub(crate) static RULE: Rule = Rule {
    id: "event-version-missing",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An event contract has no version",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-version-missing.md"),
    check: Check::Event(check),
};

fn check(_: Context<'_>, _: &EventFile, event: &EventContract, out: &mut Findings) {
    let (Some(name), Some(located), None) = (name_of(event), &event.name, &event.version) else { return };
    let finding = RULE.finding(located.route, format!("`{name}` has no version"));
    out.push(finding.help("Add `\"version\": \"v1\"`"));
}
