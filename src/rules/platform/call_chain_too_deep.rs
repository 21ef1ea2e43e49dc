//! A chain of calls that is longer than allowed.

use super::look::edge_route;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Graph, depth_of_calls};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A chain of calls that is longer than allowed.
pub(crate) static RULE: Rule = Rule {
    id: "call-chain-too-deep",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A chain of synchronous calls is longer than the constitution allows",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/call-chain-too-deep.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let graph = Graph::new(context.platform);
    let most = context.platform.standards.max_call_depth as usize;
    // Parts of a longer chain are reported with the whole; a chain out of a cycle starts within it.
    for chain in graph.longest_synchronous_chains() {
        if chain.len().saturating_sub(1) > most {
            report(context, &chain, most, out);
        }
    }
}

fn report(context: Context<'_>, chain: &[&str], most: usize, out: &mut Findings) {
    let pairs = chain.windows(2).filter_map(|pair| Some((pair[0], pair[1], edge_route(context, pair[0], pair[1])?)));
    let mut places = pairs.collect::<Vec<_>>().into_iter();
    let Some((_, _, route)) = places.next() else { return };
    let stated = states_depth(context);
    let by = if stated { "the constitution allows" } else { "the default allows" };
    let message = format!("A chain of {} calls, {by} {most}: `{}`", chain.len() - 1, chain.join("` → `"));
    let mut finding = RULE.finding(route, message);
    if stated {
        finding.severity = Severity::Error;
    }
    let finding = places.fold(finding, |finding, (from, to, place)| finding.related(place, format!("`{from}` calls `{to}`")));
    out.push(finding.help("Keep a copy of what is far away from events, or call it directly"));
}

/// Whether the constitution itself says how deep calls may go.
fn states_depth(context: Context<'_>) -> bool {
    let mut bullets = context.documents.constitution.iter().flat_map(|constitution| &constitution.bullets);
    bullets.any(|bullet| depth_of_calls(&bullet.entry.key, &bullet.entry.value).is_some())
}
