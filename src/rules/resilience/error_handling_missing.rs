//! A consumed event without a word on failure.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumed event without a word on failure.
pub(crate) static RULE: Rule = Rule {
    id: "error-handling-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A consumed event has no error handling",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/error-handling-missing.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for event in spec.consumed.iter().filter(|event| event.error_handling.is_none()) {
        let name = bare(&event.name.value);
        let message = format!("`{}` does not say what happens when it fails to handle `{name}`", service.name);
        out.push(RULE.finding(event.name.route, message).help("Add \"**Error Handling:** Retry 3 times, then DLQ\""));
    }
}
