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
        let wanted = with_prefix(&full, prefix);
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

/// The path with the prefix in the place of what it begins with: another prefix of a version, which stays the one it is, or
/// the same first segments.
fn with_prefix(path: &str, prefix: &str) -> String {
    let segments = |text: &str| text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (path, mut prefix) = (segments(path), segments(prefix));
    let versioned = path.iter().take(LEADING).position(|segment| is_version(segment));
    if let (Some(at), Some(own)) = (versioned, prefix.iter().position(|segment| is_version(segment))) {
        prefix[own].clone_from(&path[at]);
    }
    let shared = path.iter().zip(&prefix).take_while(|(found, wanted)| found == wanted).count();
    let rest = &path[versioned.map_or(shared, |at| at + 1)..];
    format!("/{}", [prefix.as_slice(), rest].concat().join("/"))
}

/// A version stands among so many segments at the beginning of a path.
const LEADING: usize = 3;

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

    #[test]
    fn another_prefix_is_replaced() {
        assert_eq!(with_prefix("/orders", "/api/v1/"), "/api/v1/orders");
        assert_eq!(with_prefix("/api/v1/users", "/rest/v1/"), "/rest/v1/users");
        assert_eq!(with_prefix("/v2/users/{id}", "/api/v1"), "/api/v2/users/{id}");
        assert_eq!(with_prefix("/api/users", "/api/v1/"), "/api/v1/users");
        assert_eq!(with_prefix("/api/v1/users", "/rest/"), "/rest/users");
        assert_eq!(with_prefix("/", "/api/v1/"), "/api/v1");
    }
}
