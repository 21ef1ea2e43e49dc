//! A call to a service that is not there.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::{bare, is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A call to a service that is not there.
pub(crate) static RULE: Rule = Rule {
    id: "upstream-unknown",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An Upstream row names no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/upstream-unknown.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for row in &spec.upstream {
        let name = service_in(&row.service.value).unwrap_or_else(|| bare(&row.service.value));
        if !name.is_empty() && !is_service(context, name) {
            let message = format!("`{}` calls `{name}`, but no service has that name", service.name);
            let help = unknown_service_help(context, out.len(), name);
            let help = format!("{help}; what is no service of the platform is marked, `{name} (external)`");
            out.push(RULE.finding(row.service.route, message).help(help));
        }
    }
}
