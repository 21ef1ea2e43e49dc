//! Retries that end nowhere.

use std::collections::BTreeMap;

use crate::diagnostic::{Findings, Severity};
use crate::model::ErrorHandling;
use crate::rules::names::bare;
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// Retries that end nowhere.
pub(crate) static RULE: Rule = Rule {
    id: "dead-letter-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A consumed event is retried and then lost",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/dead-letter-missing.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for service in &context.platform.services {
        let spec = context.documents.service(&service.name).and_then(|documents| documents.spec());
        let stated = spec.into_iter().flat_map(|spec| &spec.consumed);
        let lines: BTreeMap<&str, Route> =
            stated.filter_map(|event| Some((bare(&event.name.value), event.error_handling.as_ref()?.route))).collect();
        for event in &service.consumes {
            let Some(handling) = event.error_handling.as_ref().filter(|handling| loses(handling)) else { continue };
            let line = lines.get(event.name.as_str()).copied();
            let Some(route) = line.or_else(|| route_of(context.sources, &event.origin)) else { continue };
            let message = format!("`{}` retries `{}` and then loses it", service.name, event.name);
            let help = format!("Write \"{}, then DLQ\", so that what still fails can be seen and replayed", handling.text);
            out.push(RULE.finding(route, message).help(help));
        }
    }
}

/// Whether a failing message is tried again, and nothing is said of what comes after.
fn loses(handling: &ErrorHandling) -> bool {
    let text = handling.text.to_lowercase();
    let retries = handling.retries.is_some_and(|retries| retries > 0) || text.contains("retry") || text.contains("retries");
    retries && !handling.dead_letter
}
