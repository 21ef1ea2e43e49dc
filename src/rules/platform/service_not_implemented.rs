//! A service that is described and has no code yet, on a platform where others have.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::route::any_below;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A service that is described and has no code yet, on a platform where others have.
pub(crate) static RULE: Rule = Rule {
    id: "service-not-implemented",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service is described and has no code yet, though others have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/service-not-implemented.md"),
    check: Check::Service(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    // Before the first service is built, that none is built says nothing.
    if service.has_source || !context.documents.services.iter().any(|other| other.has_source) {
        return;
    }
    let name = &service.name;
    let title = service.spec().and_then(|spec| spec.title.as_ref()).map(|title| title.route);
    let route = title.or_else(|| service.spec().map(|spec| Route::file(spec.file)));
    let Some(route) = route.or_else(|| any_below(context, &format!("services/{name}/"))) else { return };
    let message = format!("`{name}` is not implemented yet: `services/{name}/src` holds no file");
    out.push(RULE.finding(route, message).help(format!("Run `agentspec generate --service {name}`")));
}
