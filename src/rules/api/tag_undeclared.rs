//! A tag that the contract does not declare.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::rules::closest::closest;

pub(super) static RULE: Rule = Rule {
    id: "tag-undeclared",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A tag that the contract does not declare",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/tag-undeclared.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let declared: Vec<&str> = api.root().items_of("tags").filter_map(|tag| tag.text("name")).collect();
    if declared.is_empty() {
        return;
    }
    for operation in api.all_operations() {
        for tag in operation.object.items_of("tags") {
            let Some(name) = tag.node().as_str().filter(|name| !declared.contains(name)) else { continue };
            let help = match closest(name, declared.iter().copied()) {
                Some(other) => format!("Did you mean `{other}`?"),
                None => format!("Add `name: {name}` to the document's `tags`"),
            };
            found.push(RULE.finding(tag.route(), format!("the tag `{name}` is not declared")).help(help));
        }
    }
}
