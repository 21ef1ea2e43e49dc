//! A variable of a server URL that is not declared.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "server-variable-undeclared",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A variable of a server URL that is not declared",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/server-variable-undeclared.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for server in api.objects(ObjectType::Server) {
        let Some(url) = server.at("url") else { continue };
        let declared = server.node().get("variables");
        for name in support::template_names(url.node().as_str().unwrap_or_default()) {
            if declared.is_none_or(|declared| declared.get(name).is_none()) {
                let message = format!("the variable `{name}` of this URL is not declared");
                let help = format!("Add `{name}` with a `default` to the server's `variables`");
                found.push(RULE.finding(url.route(), message).help(help));
            }
        }
    }
}
