//! A secret that is sent in the URL.

use heck::ToKebabCase;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "credentials-in-url",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A secret that is sent in the URL",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/credentials-in-url.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for parameter in api.objects(ObjectType::Parameter) {
        let in_url = matches!(parameter.text("in"), Some("query" | "path"));
        let Some(name) = parameter.text("name").filter(|name| in_url && is_secret(name)) else { continue };
        let message = format!("`{name}` is sent in the URL, where it is logged");
        let help = "Send it in a header (`Authorization`), or in the request body";
        found.push(RULE.finding(parameter.route(), message).help(help));
    }
}

/// Names of secrets in kebab-case. A bare `token` may be one of pagination, and is left alone in front of other words.
const SECRETS: &[&str] = &[
    "password", "passwd", "pwd", "secret", "client-secret", "access-token", "refresh-token", "auth-token", "id-token",
    "api-key", "apikey", "api-token", "private-key", "session-id", "credentials", "jwt", "token",
];

fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name.to_kebab_case().as_str())
}
