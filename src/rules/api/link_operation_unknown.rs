//! A link to an operation that does not exist.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::rules::closest::closest;

pub(super) static RULE: Rule = Rule {
    id: "link-operation-unknown",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A link to an operation that does not exist",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/link-operation-unknown.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let ids: FxHashSet<&str> = api.all_operations().filter_map(|operation| operation.id()).collect();
    for link in api.objects(ObjectType::Link) {
        let Some(target) = link.at("operationId") else { continue };
        let Some(id) = target.node().as_str().filter(|id| !ids.contains(id)) else { continue };
        let help = match closest(id, ids.iter().copied()) {
            Some(other) => format!("Did you mean `{other}`?"),
            None => "Give the `operationId` of an operation in this contract".to_owned(),
        };
        found.push(RULE.finding(target.route(), format!("no operation has the id `{id}`")).help(help));
    }
}
