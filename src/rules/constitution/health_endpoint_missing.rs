//! A contract without the health endpoint that the constitution demands.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::model::{Api, Method};
use crate::rules::operations::readable_api;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, Route};

/// A contract without the health endpoint that the constitution demands.
pub(crate) static RULE: Rule = Rule {
    id: "health-endpoint-missing",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A contract lacks the health endpoint that the constitution demands",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/health-endpoint-missing.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, document: &OpenApi, out: &mut Findings) {
    let Some(path) = &context.platform.standards.health_path else { return };
    let Some(api) = readable_api(context, &service.name) else { return };
    if has_get(api, path) {
        return;
    }
    let root = context.sources.node(document.root);
    let paths = root.get("paths").map(|paths| Route::key_of(NodeKey { file: document.root.file, node: paths.id() }));
    let message = format!("`{}` has no `GET {path}`, which the constitution demands of every service", service.name);
    let finding = RULE.finding(paths.unwrap_or(Route::file(document.file)), message);
    out.push(finding.help(format!("Add `{path}` with `get`, a 200 response and `security: []`")));
}

/// Whether the path is there, below the base path or any prefix (`/api/v1/health` serves `/health`).
fn has_get(api: &Api, wanted: &str) -> bool {
    let wanted = wanted.trim_end_matches('/');
    api.operations.iter().filter(|operation| operation.method == Method::Get).any(|operation| {
        let full = format!("{}{}", api.base_path, operation.path);
        let full = full.trim_end_matches('/');
        full == wanted || operation.path.trim_end_matches('/') == wanted || full.ends_with(wanted)
    })
}
