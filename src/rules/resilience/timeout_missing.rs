//! A call that may wait for ever.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A call that may wait for ever.
pub(crate) static RULE: Rule = Rule {
    id: "timeout-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An Upstream row has no timeout",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/timeout-missing.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for row in spec.upstream.iter().filter(|row| row.timeout.is_none()) {
        let upstream = bare(&row.service.value);
        let message = format!("`{}` sets no timeout for its calls to `{upstream}`", service.name);
        out.push(RULE.finding(row.route, message).help("Fill the column \"Timeout\", with `500 ms` for example"));
    }
}
