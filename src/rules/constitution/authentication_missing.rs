//! An operation that everybody may call although the constitution names how callers authenticate.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::model::{Method, Operation};
use crate::rules::operations::{is_operational, title};
use crate::rules::route::{key_route_of, node_of};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An operation that everybody may call although the constitution names how callers authenticate.
pub(crate) static RULE: Rule = Rule {
    id: "authentication-missing",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An operation needs no authentication although the constitution demands it",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/authentication-missing.md"),
    check: Check::Api(check),
};

/// Words of a path or id of operations that are called before one is authenticated.
const ENTRANCES: [&str; 20] = [
    "login", "logout", "signin", "register", "registration", "signup", "token", "refresh", "validate", "verify",
    "introspect", "password", "reset", "session", "oauth", "jwks", "webhook", "webhooks", "callback", "public",
];

fn check(context: Context<'_>, service: &ServiceDocuments, _: &OpenApi, out: &mut Findings) {
    if !context.platform.standards.authentication_required {
        return;
    }
    let Some(api) = context.platform.service(&service.name).and_then(|service| service.api.as_ref()) else { return };
    let scheme = context.platform.technology.authentication.as_deref().unwrap_or("a scheme");
    for operation in &api.operations {
        let open = operation.security.is_empty() || operation.security.iter().any(Vec::is_empty);
        if !open || is_operational(&operation.path) || is_deliberate(context, operation) {
            continue;
        }
        let Some(route) = key_route_of(context.sources, &operation.origin) else { continue };
        let message = format!("`{}` needs no authentication, the constitution demands {scheme}", title(api, operation));
        let help = match &operation.security[..] {
            [] => "Add `security` with a scheme of `components.securitySchemes`, to the operation or the document",
            [only] if only.is_empty() => "Write a scheme of `components.securitySchemes` in the place of `{}` in `security`",
            _ => "Remove `{}` from `security`: it lets callers in without a credential",
        };
        out.push(RULE.finding(route, message).help(help));
    }
}

/// Whether the operation itself says that it is open, and is one that may be: it reads, or one calls it to get in.
fn is_deliberate(context: Context<'_>, operation: &Operation) -> bool {
    let stated = node_of(context.sources, &operation.origin).is_some_and(|node| node.get("security").is_some());
    let reads = matches!(operation.method, Method::Get | Method::Head | Method::Options);
    stated && (reads || is_entrance(&operation.path) || is_entrance(&operation.id))
}

/// Whether a path or id is called before one is authenticated.
pub(super) fn is_entrance(text: &str) -> bool {
    let spaced = text.chars().fold(String::new(), |mut spaced, c| {
        if c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
        spaced
    });
    spaced.split(|c: char| !c.is_alphanumeric()).any(|word| ENTRANCES.contains(&word))
        || ENTRANCES.iter().any(|word| spaced.replace(' ', "").contains(&format!("/{word}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entrances_are_told_by_whole_words() {
        assert!(is_entrance("/api/v1/auth/login") && is_entrance("registerUser") && is_entrance("refreshToken"));
        assert!(!is_entrance("/api/v1/orders") && !is_entrance("createOrder"));
    }
}
