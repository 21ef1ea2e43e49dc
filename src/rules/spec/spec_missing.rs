//! A service without a spec.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::route::any_below;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::ProblemKind;

/// A service without a spec.
pub(crate) static RULE: Rule = Rule {
    id: "spec-missing",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A service has no spec",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/spec-missing.md"),
    check: Check::Service(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    let name = &service.name;
    if service.spec().is_some() || is_unreadable(context, name) {
        return;
    }
    let folder = service.specs.last().map_or_else(|| format!("001-{name}"), |folder| folder.name.clone());
    let path = format!("services/{name}/specs/{folder}/spec.md");
    if let Some(route) = any_below(context, &format!("services/{name}/")) {
        let finding = RULE.finding(route, format!("The service `{name}` has no spec"));
        out.push(finding.at_missing(path.clone()).help(format!("Write `{path}`")));
    }
}

/// Whether the folder of a service's specs, or something in it, cannot be read: what it holds is not known.
fn is_unreadable(context: Context<'_>, name: &str) -> bool {
    let mut files = context.sources.below(&format!("services/{name}/specs"));
    files.any(|(_, file)| file.problems.iter().any(|problem| problem.kind == ProblemKind::Unreadable))
}
