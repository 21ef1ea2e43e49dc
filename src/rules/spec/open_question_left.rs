//! A question that is still open.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A question that is still open.
pub(crate) static RULE: Rule = Rule {
    id: "open-question-left",
    family: Family::Spec,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "A question of the spec is still open",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/open-question-left.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for question in &spec.open_questions {
        let message = format!("The spec of `{}` leaves a question open: {}", service.name, question.value.trim());
        out.push(RULE.finding(question.route, message).help("Answer it in the section it concerns, then remove it here"));
    }
}
