//! A saga step of a service that is not there.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::{is_service, service_in, unknown_service_help};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A saga step of a service that is not there.
pub(crate) static RULE: Rule = Rule {
    id: "saga-service-unknown",
    family: Family::Resilience,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A step of a saga names no service of the platform",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/saga-service-unknown.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for saga in &spec.sagas {
        for step in &saga.steps {
            let Some(service) = &step.service else { continue };
            if let Some(name) = service_in(&service.value)
                && !is_service(context, name)
            {
                let saga = saga.name.value.trim();
                let message = format!("The saga `{saga}` needs `{name}`, but no service has that name");
                out.push(RULE.finding(service.route, message).help(unknown_service_help(context, out.len(), name)));
            }
        }
    }
}
