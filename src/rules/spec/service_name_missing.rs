//! A spec that does not name its service.

use super::prose::{heading, is_blank, title_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec that does not name its service.
pub(crate) static RULE: Rule = Rule {
    id: "service-name-missing",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A spec does not name its service",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/service-name-missing.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let named = spec.name.as_ref().is_some_and(|name| !name.value.trim().is_empty());
    if named || is_blank(context.sources, spec) {
        return;
    }
    let route = heading(spec, &[SectionKind::Name]).unwrap_or_else(|| title_of(spec));
    let message = format!("The spec of `{}` does not give the service's name", service.name);
    let help = format!("Add `### Service Name` with `{}` below it", service.name);
    out.push(RULE.finding(route, message).help(help));
}
