//! An exclusion that leaves something to a service that is not there.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::{is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An exclusion that leaves something to a service that is not there.
pub(crate) static RULE: Rule = Rule {
    id: "exclusion-owner-unknown",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An exclusion names an owner that is no service",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/exclusion-owner-unknown.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for exclusion in &spec.not_responsible_for {
        let Some(owner) = exclusion.owner.as_deref() else { continue };
        let Some(name) = owner.split_whitespace().next().and_then(service_in) else { continue };
        // A single word, or one that ends like a service, is a name; "the finance team" is not.
        let is_name = name.ends_with("-service") || service_in(owner) == Some(name);
        if is_name && !is_service(context, name) {
            let message = format!("`{}` is left to `{name}`, but no service has that name", exclusion.what.trim());
            out.push(RULE.finding(exclusion.route, message).help(unknown_service_help(context, out.len(), name)));
        }
    }
}
