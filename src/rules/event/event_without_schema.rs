//! An event contract without a schema.

use super::look::name_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::events::{EventContract, EventFile};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An event contract without a schema.
pub(crate) static RULE: Rule = Rule {
    id: "event-without-schema",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An event contract has no schema",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-without-schema.md"),
    check: Check::Event(check),
};

fn check(context: Context<'_>, _: &EventFile, event: &EventContract, out: &mut Findings) {
    let (Some(name), Some(located)) = (name_of(event), &event.name) else { return };
    let says_nothing = event.schema.is_none_or(|schema| {
        let schema = context.sources.node(schema);
        schema.is_mapping() && schema.is_empty()
    });
    if says_nothing {
        let finding = RULE.finding(located.route, format!("`{name}` has no schema"));
        out.push(finding.help("Add `schema`: a JSON Schema of the whole message, with `data` for its payload"));
    }
}
