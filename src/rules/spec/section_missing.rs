//! A section that every spec is expected to have.

use super::prose::{heading, is_blank, title_of};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A section that every spec is expected to have.
pub(crate) static RULE: Rule = Rule {
    id: "section-missing",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A spec lacks a section that is expected",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/section-missing.md"),
    check: Check::Spec(check),
};

/// The expected sections, each with the headings that count for it.
const EXPECTED: [(&str, &[SectionKind]); 5] = [
    ("Service Dependencies", &[SectionKind::Dependencies, SectionKind::Upstream, SectionKind::Downstream]),
    ("Events Published", &[SectionKind::EventsPublished]),
    ("Events Consumed", &[SectionKind::EventsConsumed]),
    ("Data Ownership", &[SectionKind::DataOwnership]),
    ("Non-Functional Requirements", &[SectionKind::Qualities]),
];

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    if is_blank(context.sources, spec) {
        return;
    }
    for (title, kinds) in EXPECTED {
        if heading(spec, kinds).is_none() {
            let message = format!("The spec of `{}` has no section \"{title}\"", service.name);
            let help = format!("Add `## {title}`; write \"None\" below it where there is nothing to say");
            out.push(RULE.finding(title_of(spec), message).help(help));
        }
    }
}
