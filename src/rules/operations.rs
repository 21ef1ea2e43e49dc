//! Operations as a table cell names them: `POST /api/v1/orders`, `/orders/{id}`, or an operation id.

use crate::model::{Api, Method, Operation};

/// A cell's words taken apart.
struct Wanted<'t> {
    method: Option<Method>,
    rest: &'t str,
}

/// Every operation of `api` that `text` names: one by id or by method and path, all methods of a bare path. Names of
/// path parameters, a trailing slash and the base path of the server do not matter.
pub(crate) fn named<'a>(api: &'a Api, text: &str) -> Vec<&'a Operation> {
    let wanted = wanted(text);
    let matches = |operation: &&Operation| {
        let method = wanted.method.is_none_or(|method| method == operation.method);
        method && (operation.id.eq_ignore_ascii_case(wanted.rest) || is_path(api, operation, wanted.rest))
    };
    api.operations.iter().filter(matches).collect()
}

/// The method that a cell names, where it names one.
pub(crate) fn method_in(text: &str) -> Option<Method> {
    wanted(text).method
}

/// Method and full path, as messages show an operation.
pub(crate) fn title(api: &Api, operation: &Operation) -> String {
    format!("{} {}{}", operation.method.key().to_uppercase(), api.base_path, operation.path)
}

/// Every way to name an operation of `api`, for suggestions.
pub(crate) fn titles(api: &Api) -> Vec<String> {
    let ids = api.operations.iter().filter(|operation| operation.named).map(|operation| operation.id.clone());
    api.operations.iter().map(|operation| title(api, operation)).chain(ids).collect()
}

fn wanted(text: &str) -> Wanted<'_> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "`*\"'.".contains(c));
    if let Some((first, rest)) = text.split_once(char::is_whitespace)
        && let Some(method) = Method::parse(first)
    {
        return Wanted { method: Some(method), rest: rest.trim().trim_matches('`') };
    }
    Wanted { method: None, rest: text }
}

fn is_path(api: &Api, operation: &Operation, wanted: &str) -> bool {
    if !wanted.starts_with('/') {
        return false;
    }
    let full = || shape(&api.base_path).chain(shape(&operation.path));
    shape(wanted).eq(shape(&operation.path)) || shape(wanted).eq(full())
}

/// The segments of a path; every parameter looks the same.
fn shape(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split('?').next().unwrap_or(path);
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| if segment.starts_with(['{', ':', '<']) { "{}" } else { segment })
}

/// Whether a path is for probes, metrics or the contract itself, which standards for business paths do not concern.
pub(crate) fn is_operational(path: &str) -> bool {
    let known = ["health", "healthz", "ready", "readyz", "readiness", "live", "livez", "liveness", "metrics", "ping"];
    let last = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default().to_lowercase();
    known.contains(&last.as_str())
        || path.starts_with("/.well-known/")
        || last == "openapi.json"
        || last == "docs"
        || path.split('/').any(|segment| segment == "health")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn operation(id: &str, method: Method, path: &str) -> Operation {
        Operation {
            id: id.to_owned(),
            named: true,
            method,
            path: path.to_owned(),
            summary: None,
            description: None,
            tags: Vec::new(),
            parameters: Vec::new(),
            request_body: None,
            responses: Vec::new(),
            security: Vec::new(),
            deprecated: false,
            sunset: None,
            stability: None,
            callbacks: Vec::new(),
            behaviour: None,
            origin: Origin::default(),
        }
    }

    #[test]
    fn finds_operations_by_every_way_to_write_them() {
        let operations =
            vec![operation("getOrder", Method::Get, "/orders/{id}"), operation("x", Method::Delete, "/orders/{id}")];
        let api = Api { base_path: "/api/v1".to_owned(), operations, ..Api::default() };
        assert_eq!(named(&api, "`GET /api/v1/orders/{orderId}`").len(), 1);
        assert_eq!(named(&api, "get /orders/:id/").len(), 1);
        assert_eq!(named(&api, "/orders/{id}").len(), 2);
        assert_eq!(named(&api, "getorder").len(), 1);
        assert!(named(&api, "POST /orders/{id}").is_empty());
        assert!(named(&api, "the orders").is_empty());
    }

    #[test]
    fn probes_are_operational() {
        assert!(is_operational("/api/v1/health") && is_operational("/metrics") && is_operational("/health/live"));
        assert!(!is_operational("/api/v1/orders"));
    }
}
