//! A consumed event without a word on second deliveries.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A consumed event without a word on second deliveries.
pub(crate) static RULE: Rule = Rule {
    id: "idempotency-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A consumed event does not say how a second delivery is recognised",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/idempotency-missing.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for event in spec.consumed.iter().filter(|event| event.idempotency.is_none()) {
        let name = bare(&event.name.value);
        let message = format!("`{}` does not say how it recognises a second delivery of `{name}`", service.name);
        out.push(RULE.finding(event.name.route, message).help("Add \"**Idempotency:** Skip an `eventId` that was handled before\""));
    }
}
