//! A server URL that ends in a slash.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "server-trailing-slash",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A server URL that ends in a slash",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/server-trailing-slash.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for server in api.objects(ObjectType::Server) {
        let Some(url) = server.at("url") else { continue };
        let Some(text) = url.node().as_str().filter(|text| text.len() > 1 && text.ends_with('/')) else { continue };
        let help = format!("Write `{}`", text.trim_end_matches('/'));
        found.push(RULE.finding(url.route(), format!("the server URL `{text}` ends in a slash")).help(help));
    }
}
