//! A service with an API and no contract for it.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::model::{Routing, ServiceKind};
use crate::rules::route::is_closed;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A service with an API and no contract for it.
pub(crate) static RULE: Rule = Rule {
    id: "service-without-contract",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service serves an API and has no OpenAPI contract",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/service-without-contract.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let folder = format!("services/{}/contracts", service.name);
    if service.api.is_some() || is_closed(context, &folder) || is_there(context, &folder) {
        return;
    }
    let known = context.platform.service(&service.name);
    let routing = known.and_then(|known| Routing::of(context.platform, known));
    if routing.is_some_and(|routing| !routing.upstreams.is_empty()) {
        return;
    }
    let kind = known.map(|service| service.kind).unwrap_or_default();
    let serves = matches!(kind, ServiceKind::Api | ServiceKind::Bff | ServiceKind::Gateway);
    // A service that does not state its type and listens to events may well be a consumer only.
    let stated = spec.kind.is_some() || spec.consumed.is_empty();
    if serves && stated {
        let message = format!("`{}` is an {} and has no OpenAPI contract", service.name, kind.title());
        let message = message.replace("an Backend", "a Backend").replace("an Gateway", "a Gateway");
        let path = format!("{folder}/api-spec.yaml");
        let finding = RULE.finding(Route::file(spec.file), message).help(format!("Write `{path}`"));
        out.push(finding.at_missing(path));
    }
}

/// Whether a contract is there, although it may not be readable.
fn is_there(context: Context<'_>, folder: &str) -> bool {
    context.sources.below(&format!("{folder}/")).any(|(_, file)| {
        let name = file.path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default().to_lowercase();
        ["api-spec", "openapi", "api"].contains(&stem.as_str())
    })
}
