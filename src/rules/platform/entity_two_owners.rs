//! An entity that two services own.

use std::collections::BTreeMap;

use super::look::specs;
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// An entity that two services own.
pub(crate) static RULE: Rule = Rule {
    id: "entity-two-owners",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An entity has more than one owner",
    subjects: &[Subject::Spec, Subject::Contracts],
    docs: include_str!("../../../docs/rules/entity-two-owners.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<String, (&str, Route)> = BTreeMap::new();
    for (service, spec) in specs(context) {
        for entity in &spec.entities {
            let name = bare(&entity.name.value);
            let key = name.to_lowercase().replace([' ', '_', '-'], "");
            match seen.get(&key) {
                Some((owner, _)) if *owner == service => {}
                Some((owner, first)) => {
                    let message = format!("The entity `{name}` has two owners, `{owner}` and `{service}`");
                    let finding = RULE.finding(entity.name.route, message);
                    let finding = finding.related(*first, format!("`{owner}` owns it too"));
                    out.push(finding.help("Leave it to one; let the other keep its id and ask, or listen to events"));
                }
                None => {
                    seen.insert(key, (service, entity.name.route));
                }
            }
        }
    }
}
