//! A spec without user scenarios.

use super::prose::{heading, is_blank, title_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec without user scenarios.
pub(crate) static RULE: Rule = Rule {
    id: "scenarios-missing",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A spec has no user scenario",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/scenarios-missing.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    if !spec.scenarios.is_empty() || is_blank(context.sources, spec) {
        return;
    }
    let help = "Add `### P1: title` with **Given**, **When** and **Then** below \"User Scenarios\"";
    let finding = match heading(spec, &[SectionKind::Scenarios]) {
        Some(route) => RULE.finding(route, format!("\"User Scenarios\" of `{}` holds no scenario", service.name)),
        None => RULE.finding(title_of(spec), format!("The spec of `{}` has no \"User Scenarios\"", service.name)),
    };
    out.push(finding.help(help));
}
