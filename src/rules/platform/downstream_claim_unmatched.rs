//! A Downstream row whose service does not use this one by its own spec.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::folder_of;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A Downstream row whose service does not use this one by its own spec.
pub(crate) static RULE: Rule = Rule {
    id: "downstream-claim-unmatched",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Downstream row names a service that does not use this one",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/downstream-claim-unmatched.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Vec<Diagnostic>) {
    for row in &spec.downstream {
        let Some(name) = folder_of(context, &row.service.value) else { continue };
        let Some(other) = context.documents.service(name).and_then(|other| other.spec()) else { continue };
        let edges = &context.platform.dependencies;
        let uses = edges.iter().any(|edge| edge.consumer == name && edge.provider == service.name);
        let calls = other.upstream.iter().any(|row| folder_of(context, &row.service.value) == Some(service.name.as_str()));
        if !uses && !calls {
            let message = format!("`{name}` is listed below `{}`, but its spec neither calls it nor consumes its events", service.name);
            let help = format!("Add a row for `{}` to the Upstream table of `{name}`, or remove this one", service.name);
            let finding = RULE.finding(row.service.route, message).help(help);
            out.push(finding.related(Route::file(other.file), format!("the spec of `{name}`")));
        }
    }
}
