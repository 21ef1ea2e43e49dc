//! A spec whose service name is not the name of its folder.

use crate::diagnostic::{Edit, Findings, Fix, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec whose service name is not the name of its folder.
pub(crate) static RULE: Rule = Rule {
    id: "service-name-mismatch",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "The service name of a spec is not the name of its folder",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/service-name-mismatch.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let Some(name) = &spec.name else { return };
    let text = bare(&name.value);
    if text != service.name {
        let message = format!("The spec calls the service `{text}`, its folder `{}`", service.name);
        let fix = Fix {
            description: format!("Write `{}`", service.name),
            edits: vec![Edit { route: name.route, span: None, replacement: service.name.clone() }],
        };
        let help = format!("Write `{}`, or rename the folder to `services/{text}`", service.name);
        out.push(RULE.finding(name.route, message).help(help).fix(fix));
    }
}
