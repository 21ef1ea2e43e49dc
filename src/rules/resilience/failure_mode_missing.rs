//! A call without a word on failure.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A call without a word on failure.
pub(crate) static RULE: Rule = Rule {
    id: "failure-mode-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An Upstream row has no failure mode",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/failure-mode-missing.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for row in spec.upstream.iter().filter(|row| row.failure_mode.is_none()) {
        let upstream = bare(&row.service.value);
        let message = format!("`{}` does not say what it does when `{upstream}` does not answer", service.name);
        out.push(RULE.finding(row.route, message).help("Fill the column \"Failure Mode\": an error, a cached value, a default"));
    }
}
