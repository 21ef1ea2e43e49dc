//! A path without the prefix that the constitution demands.

use std::collections::BTreeSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::operations::is_operational;
use crate::rules::route::parent_key_route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A path without the prefix that the constitution demands.
pub(crate) static RULE: Rule = Rule {
    id: "path-prefix-missing",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A path lacks the version prefix that the constitution demands",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-prefix-missing.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, _: &OpenApi, out: &mut Findings) {
    let standards = &context.platform.standards;
    let Some(prefix) = &standards.path_prefix else { return };
    let Some(api) = context.platform.service(&service.name).and_then(|service| service.api.as_ref()) else { return };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for operation in &api.operations {
        let path = operation.path.as_str();
        let full = format!("{}{path}", api.base_path);
        let is_health = standards.health_path.as_ref().is_some_and(|health| path == health);
        if is_health || is_operational(path) || has_prefix(&full, prefix) || !seen.insert(path) {
            continue;
        }
        let Some(route) = parent_key_route_of(context.sources, &operation.origin) else { continue };
        let message = format!("The path `{full}` does not start with `{prefix}`, as the constitution demands");
        let wanted = format!("{}{full}", prefix.trim_end_matches('/'));
        out.push(RULE.finding(route, message).help(format!("Write `{wanted}`, or give the server URL that prefix")));
    }
}

/// Whether a path starts with the prefix, segment by segment; any version stands for the one of the prefix.
fn has_prefix(path: &str, prefix: &str) -> bool {
    let segments = |text: &str| text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (path, prefix) = (segments(path), segments(prefix));
    let same = |(found, wanted): (&String, &String)| found == wanted || (is_version(found) && is_version(wanted));
    path.len() >= prefix.len() && path.iter().zip(&prefix).all(same)
}

/// `v1`, `v2`, `v1beta1`; in a prefix also `{version}` and `vN`.
fn is_version(segment: &str) -> bool {
    let lower = segment.to_lowercase();
    let digit = lower.strip_prefix('v').and_then(|rest| rest.chars().next());
    digit.is_some_and(|c| c.is_ascii_digit() || lower.len() == 2) || lower == "{version}" || lower == "v{n}"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_version_will_do() {
        assert!(has_prefix("/api/v2/orders", "/api/v1/") && has_prefix("/api/v1", "/api/v1/"));
        assert!(has_prefix("/api/v3/orders", "/api/vN/") && has_prefix("/api/v3/orders", "/api/{version}/"));
        assert!(!has_prefix("/orders", "/api/v1/") && !has_prefix("/api/orders", "/api/v1/"));
        assert!(!has_prefix("/api/vendors", "/api/v1/"));
    }
}
