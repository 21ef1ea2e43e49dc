//! A spec that does not say what its service is responsible for.

use super::prose::{heading, is_blank, title_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec that does not say what its service is responsible for.
pub(crate) static RULE: Rule = Rule {
    id: "service-boundary-missing",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A spec does not say what its service is responsible for",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/service-boundary-missing.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    if !spec.responsible_for.is_empty() || is_blank(context.sources, spec) {
        return;
    }
    let help = "Add `### Service Boundary` with a list below \"**Responsible for:**\"";
    let finding = match heading(spec, &[SectionKind::Boundary]) {
        Some(route) => {
            RULE.finding(route, format!("\"Service Boundary\" of `{}` lists nothing that it is responsible for", service.name))
        }
        None => {
            let route = heading(spec, &[SectionKind::Overview]).unwrap_or_else(|| title_of(spec));
            RULE.finding(route, format!("The spec of `{}` has no \"Service Boundary\"", service.name))
        }
    };
    out.push(finding.help(help));
}
