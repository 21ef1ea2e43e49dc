//! A security requirement that names no scheme.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "security-scheme-undefined",
    family: Family::Security,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A security requirement that names no scheme",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/security-scheme-undefined.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let schemes: Vec<&str> = api.components(ObjectType::SecurityScheme).map(|(name, _)| name).collect();
    for requirement in api.objects(ObjectType::SecurityRequirement) {
        for (name, scopes) in requirement.entries().filter(|(name, _)| !schemes.contains(name)) {
            let help = match schemes.as_slice() {
                [] => format!("Declare `{name}` in `components.securitySchemes`"),
                known => format!("Declare `{name}`, or use one of `{}`", known.join("`, `")),
            };
            found.push(RULE.finding(scopes.key_route(), format!("no security scheme is called `{name}`")).help(help));
        }
    }
}
