//! Services that call each other in a circle.

use super::look::edge_route;
use crate::diagnostic::{Findings, Severity};
use crate::model::Graph;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Services that call each other in a circle.
pub(crate) static RULE: Rule = Rule {
    id: "dependency-cycle",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Services call each other in a circle",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/dependency-cycle.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for cycle in Graph::new(context.platform).synchronous_cycles() {
        let Some(first) = cycle.first() else { continue };
        let callees = cycle.iter().skip(1).chain([first]);
        let calls: Vec<(&str, &str)> = cycle.iter().zip(callees).map(|(from, to)| (*from, *to)).collect();
        let mut places = calls.iter().filter_map(|(from, to)| Some((*from, *to, edge_route(context, from, to)?)));
        let Some((_, _, route)) = places.next() else { continue };
        let message = match cycle.as_slice() {
            [alone] => format!("`{alone}` calls itself"),
            _ => format!("Services call each other in a circle: `{}` → `{first}`", cycle.join("` → `")),
        };
        let finding = RULE.finding(route, message);
        let finding = places.fold(finding, |finding, (from, to, place)| {
            finding.related(place, format!("`{from}` calls `{to}`"))
        });
        out.push(finding.help("Let one of them publish an event instead, or move what both need to a third service"));
    }
}
