//! An event version that two contract entries define.

use std::collections::BTreeMap;

use super::look::{contracts, name_of};
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// An event version that two contract entries define.
pub(crate) static RULE: Rule = Rule {
    id: "event-duplicate-definition",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Two contract entries define the same version of an event",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-duplicate-definition.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<(&str, &str), Route> = BTreeMap::new();
    for (_, event) in contracts(context) {
        let Some(name) = name_of(event) else { continue };
        let version = event.version.as_ref().map(|version| bare(&version.value)).unwrap_or_default();
        let route = event.name.as_ref().map_or(Route::node(event.node), |name| name.route);
        match seen.get(&(name, version)) {
            Some(first) => {
                let message = format!("`{name}` {version} is defined twice").replace("  ", " ");
                let finding = RULE.finding(route, message).related(*first, "the first definition");
                out.push(finding.help("Keep one of the two, or give the newer one a new version"));
            }
            None => {
                seen.insert((name, version), route);
            }
        }
    }
}
