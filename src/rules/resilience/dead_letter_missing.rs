//! Retries that end nowhere.

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

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

fn check(context: Context<'_>, out: &mut Vec<Diagnostic>) {
    for service in &context.platform.services {
        for event in &service.consumes {
            let Some(handling) = &event.error_handling else { continue };
            let retries = handling.retries.is_some_and(|retries| retries > 0);
            let text = handling.text.to_lowercase();
            if handling.dead_letter || !(retries || text.contains("retry") || text.contains("retries")) {
                continue;
            }
            let stated = context.documents.service(&service.name).and_then(|documents| documents.spec());
            let stated = stated.into_iter().flat_map(|spec| &spec.consumed).find(|stated| stated.name.value == event.name);
            let route = stated.and_then(|stated| stated.error_handling.as_ref()).map(|handling| handling.route);
            let Some(route) = route.or_else(|| route_of(context.sources, &event.origin)) else { continue };
            let message = format!("`{}` retries `{}` and then loses it", service.name, event.name);
            out.push(RULE.finding(route, message).help("Add \", then DLQ\", so that what still fails can be seen and replayed"));
        }
    }
}
