//! A service that assumes that others never fail.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A service that assumes that others never fail.
pub(crate) static RULE: Rule = Rule {
    id: "no-fault-tolerance",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service calls others and nowhere says what happens when they fail",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/no-fault-tolerance.md"),
    check: Check::Spec(check),
};

/// Below this number of calls the rules on single rows say it all.
const LEAST_CALLS: usize = 2;

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let prepared = spec.upstream.iter().any(|row| row.failure_mode.is_some() || row.timeout.is_some() || row.retries.is_some());
    if spec.upstream.len() < LEAST_CALLS || prepared {
        return;
    }
    let heading = spec.sections.iter().find(|(kind, _)| *kind == SectionKind::Upstream).map(|(_, route)| *route);
    let route = heading.unwrap_or(spec.upstream[0].route);
    let count = spec.upstream.len();
    let message = format!("`{}` calls {count} services without a failure mode, a timeout or retries for any", service.name);
    out.push(RULE.finding(route, message).help("Add the columns \"Failure Mode\" and \"Timeout\" to the table"));
}
