//! An API that has no place for a second version.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::model::{Api, Operation, ParameterLocation};
use crate::rules::operations::is_operational;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, Route};

/// An API that has no place for a second version.
pub(crate) static RULE: Rule = Rule {
    id: "unversioned-api",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Nothing in an API tells its version to a caller",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/unversioned-api.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, document: &OpenApi, out: &mut Findings) {
    // Where the constitution demands a prefix, `path-prefix-missing` speaks, path by path.
    if context.platform.standards.path_prefix.is_some() {
        return;
    }
    let Some(api) = context.platform.service(&service.name).and_then(|service| service.api.as_ref()) else { return };
    let mut business = api.operations.iter().filter(|operation| !is_operational(&operation.path)).peekable();
    let mut seen = FxHashSet::default();
    if business.peek().is_none() || business.any(|operation| tells_version(api, operation, &mut seen)) {
        return;
    }
    let root = context.sources.node(document.root);
    let paths = root.get("paths").map(|paths| Route::key_of(NodeKey { file: document.root.file, node: paths.id() }));
    let message = format!("The API of `{}` tells no version to its callers", service.name);
    let finding = RULE.finding(paths.unwrap_or(Route::file(document.file)), message);
    out.push(finding.help("Put the version into the path (`/api/v1/…`) or into the server's URL"));
}

/// By the path or the server's, by a header or query parameter, or by a media type (`application/vnd.shop.v1+json`). Lists
/// and names that several operations share are looked at once: `seen` has their addresses.
fn tells_version(api: &Api, operation: &Operation, seen: &mut FxHashSet<usize>) -> bool {
    let path = format!("{}{}", api.base_path, operation.path);
    let in_path = path.split('/').any(is_version);
    let mut is_new = |address: usize| seen.insert(address);
    let parameters = Some(&operation.parameters).filter(|list| is_new(list.as_ptr().addr()));
    let in_parameter = parameters.into_iter().flat_map(|list| list.iter()).any(|parameter| {
        let sent = matches!(parameter.location, ParameterLocation::Header | ParameterLocation::Query);
        sent && is_new(parameter.name.as_ptr().addr()) && parameter.name.to_lowercase().contains("version")
    });
    let responses = Some(&operation.responses).filter(|list| is_new(list.as_ptr().addr()));
    let contents = responses.into_iter().flat_map(|list| list.iter()).map(|response| &response.content);
    let in_media = contents.filter(|list| is_new(list.as_ptr().addr())).flatten().any(|media| {
        media.name.contains("version=") || media.name.split(['.', '+', '/']).any(is_version)
    });
    in_path || in_parameter || in_media
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
