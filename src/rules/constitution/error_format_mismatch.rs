//! An error that is not sent as problem details although the constitution demands it.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::model::{Origin, Response};
use crate::rules::operations::{is_operational, title};
use crate::rules::route::{key_route_of, node_of};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, Route, Sources};

/// An error that is not sent as problem details although the constitution demands it.
pub(crate) static RULE: Rule = Rule {
    id: "error-format-mismatch",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An error response is not problem details although the constitution demands it",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/error-format-mismatch.md"),
    check: Check::Api(check),
};

const PROBLEM: &str = "application/problem+json";

fn check(context: Context<'_>, service: &ServiceDocuments, _: &OpenApi, out: &mut Findings) {
    if !context.platform.standards.problem_details {
        return;
    }
    let Some(api) = context.platform.service(&service.name).and_then(|service| service.api.as_ref()) else { return };
    // A shared response is reported once, at its definition.
    let mut seen: BTreeSet<&Origin> = BTreeSet::new();
    let mut lists = FxHashSet::default();
    let mut is_new = |address: usize| lists.insert(address);
    for operation in api.operations.iter().filter(|operation| !is_operational(&operation.path)) {
        if !is_new(operation.responses.as_ptr().addr()) {
            continue;
        }
        let errors = operation.responses.iter().filter(|response| is_error(&response.status));
        let errors = errors.filter(|response| is_new(response.content.as_ptr().addr()));
        for (response, found) in errors.filter_map(|response| Some((response, mismatch(response)?))) {
            if !seen.insert(&response.origin) {
                continue;
            }
            let Some(route) = media_route(context.sources, &response.origin, found) else { continue };
            let message =
                format!("The error {} of `{}` is sent as `{found}`, not as `{PROBLEM}`", response.status, title(api, operation));
            out.push(RULE.finding(route, message).help(format!("Write `{PROBLEM}` (RFC 9457) as its media type")));
        }
    }
}

/// The place of a media type of a response, or of the response where it cannot be found there.
fn media_route(sources: &Sources, response: &Origin, media: &str) -> Option<Route> {
    let node = node_of(sources, response).and_then(|node| node.get("content")?.get(media));
    match (sources.id_of(&response.file), node) {
        (Some(file), Some(node)) => Some(Route::key_of(NodeKey { file, node: node.id() })),
        _ => key_route_of(sources, response),
    }
}

/// The first media type of a response with content of which none is problem details.
fn mismatch(response: &Response) -> Option<&str> {
    let is_problem = |name: &str| name.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(PROBLEM));
    let first = response.content.first()?;
    (!response.content.iter().any(|media| is_problem(&media.name))).then_some(first.name.as_str())
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5']) || status == "default"
}
