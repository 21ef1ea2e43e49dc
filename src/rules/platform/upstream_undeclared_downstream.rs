//! A caller that the provider does not list.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::names::folder_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A caller that the provider does not list.
pub(crate) static RULE: Rule = Rule {
    id: "upstream-undeclared-downstream",
    family: Family::Platform,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "A service calls another that does not list it below Downstream",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/upstream-undeclared-downstream.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Vec<Diagnostic>) {
    for row in &spec.upstream {
        let Some(provider) = folder_of(context, &row.service.value) else { continue };
        let Some(other) = context.documents.service(provider).and_then(|other| other.spec()) else { continue };
        let Some((_, heading)) = other.sections.iter().find(|(kind, _)| *kind == SectionKind::Downstream) else {
            continue;
        };
        if !other.downstream.iter().any(|row| folder_of(context, &row.service.value) == Some(service.name.as_str())) {
            let message = format!("`{}` calls `{provider}`, which does not list it below Downstream", service.name);
            let finding = RULE.finding(row.service.route, message).related(*heading, "the provider's table");
            out.push(finding.help(format!("Add a row for `{}` to the Downstream table of `{provider}`", service.name)));
        }
    }
}
