//! A compatibility mode that does not exist.

use super::look::{contracts, published};
use crate::diagnostic::{Findings, Severity};
use crate::document::compatibility::{Compatibility, states_event_compatibility};
use crate::document::words::plain;
use crate::document::Located;
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A compatibility mode that does not exist.
pub(crate) static RULE: Rule = Rule {
    id: "event-compatibility-unknown",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An event, or the constitution for all of them, names a compatibility mode that does not exist",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-compatibility-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let bullets = context.documents.constitution.iter().flat_map(|constitution| &constitution.bullets);
    let entries = bullets.map(|bullet| &bullet.entry);
    for entry in entries.filter(|entry| states_event_compatibility(&plain(&entry.key))) {
        judge(&entry.value, entry.route, out);
    }
    let in_specs = published(context).filter_map(|(_, event)| event.compatibility.as_ref());
    let in_contracts = contracts(context).filter_map(|(_, event)| event.compatibility.as_ref());
    for Located { value, route } in in_specs.chain(in_contracts) {
        judge(value, *route, out);
    }
}

fn judge(written: &str, route: crate::source::Route, out: &mut Findings) {
    if Compatibility::parse(written).is_some() {
        return;
    }
    let names = Compatibility::NAMES;
    let help = did_you_mean(out.len(), &written.to_lowercase(), names, || format!("Write one of {}", names.join(", ")));
    out.push(RULE.finding(route, format!("There is no compatibility mode `{written}`")).help(help));
}
