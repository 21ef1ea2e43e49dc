//! A tag that is declared twice.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "tag-duplicate",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A tag that is declared twice",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/tag-duplicate.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut seen: Vec<(&str, Object<'_>)> = Vec::new();
    for tag in api.root().items_of("tags") {
        let Some(name) = tag.text("name") else { continue };
        match seen.iter().find(|(other, _)| *other == name) {
            None => seen.push((name, tag)),
            Some((_, earlier)) => {
                let finding = RULE.finding(tag.route(), format!("the tag `{name}` is declared twice"));
                found.push(finding.help("Remove one of them").related(earlier.route(), "first declared here"));
            }
        }
    }
}
