//! A Downstream row for a service that is not there.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::{is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A Downstream row for a service that is not there.
pub(crate) static RULE: Rule = Rule {
    id: "downstream-unknown",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Downstream row names no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/downstream-unknown.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for row in &spec.downstream {
        if let Some(name) = service_in(&row.service.value)
            && !is_service(context, name)
        {
            let message = format!("`{name}` is listed below `{}`, but no service has that name yet", service.name);
            out.push(RULE.finding(row.service.route, message).help(unknown_service_help(context, out.len(), name)));
        }
    }
}
