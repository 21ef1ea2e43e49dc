//! A platform that mostly waits although its constitution prefers events.

use crate::diagnostic::{Findings, Severity};
use crate::model::DependencyKind;
use crate::rules::constitution::PREFERS_EVENTS;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A platform that mostly waits although its constitution prefers events.
pub(crate) static RULE: Rule = Rule {
    id: "synchronous-everywhere",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Most dependencies are calls although the constitution prefers events",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/synchronous-everywhere.md"),
    check: Check::Platform(check),
};

/// Fewer dependencies than this are no pattern.
const LEAST_EDGES: usize = 4;

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(constitution) = &context.documents.constitution else { return };
    let preference = constitution.bullets.iter().find(|bullet| {
        let text = format!("{}: {}", bullet.entry.key, bullet.entry.value).to_lowercase();
        PREFERS_EVENTS.iter().any(|words| text.contains(words))
    });
    let Some(preference) = preference else { return };
    let edges = &context.platform.dependencies;
    let calls = edges.iter().filter(|edge| edge.kind == DependencyKind::Synchronous).count();
    if edges.len() >= LEAST_EDGES && calls * 3 > edges.len() * 2 {
        let message = format!("The constitution prefers events, but {calls} of {} dependencies are calls that wait", edges.len());
        let help = "Look for calls that only copy data or tell news, and let their provider publish an event instead";
        out.push(RULE.finding(preference.entry.route, message).help(help));
    }
}
