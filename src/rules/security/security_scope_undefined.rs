//! A scope that its scheme does not declare.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "security-scope-undefined",
    family: Family::Security,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A scope that its scheme does not declare",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/security-scope-undefined.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let schemes: Vec<(&str, Vec<&str>)> = api
        .components(ObjectType::SecurityScheme)
        .filter_map(|(name, scheme)| Some((name, scheme.followed()?)))
        .filter(|(_, scheme)| scheme.text("type") == Some("oauth2"))
        .map(|(name, scheme)| {
            let flows = scheme.entries_of("flows").filter(|(flow, _)| !flow.starts_with("x-"));
            (name, flows.flat_map(|(_, flow)| flow.entries_of("scopes")).map(|(scope, _)| scope).collect())
        })
        .collect();
    for requirement in api.objects(ObjectType::SecurityRequirement) {
        for (name, wanted) in requirement.entries() {
            let Some((_, declared)) = schemes.iter().find(|(scheme, _)| *scheme == name) else { continue };
            for scope in wanted.items() {
                let Some(text) = scope.node().as_str().filter(|text| !declared.contains(text)) else { continue };
                let message = format!("the scheme `{name}` has no scope `{text}`");
                let known = declared.join("`, `");
                let help = format!("Add it to the `scopes` of the scheme's flows, or use one of `{known}`");
                found.push(RULE.finding(scope.route(), message).help(help));
            }
        }
    }
}
