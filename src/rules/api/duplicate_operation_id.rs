//! Two operations with one `operationId`.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, Operation};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-operation-id",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Two operations with one `operationId`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/duplicate-operation-id.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut first: FxHashMap<&str, Operation<'_>> = FxHashMap::default();
    for operation in api.all_operations() {
        let Some(id) = operation.object.at("operationId") else { continue };
        let Some(text) = id.node().as_str() else { continue };
        match first.entry(text) {
            Entry::Vacant(entry) => _ = entry.insert(operation),
            // A path item that two paths share has each operation once.
            Entry::Occupied(entry) if entry.get().object.key() == operation.object.key() => {}
            Entry::Occupied(entry) => {
                let earlier = entry.get();
                let (label, other) = (operation.label(), earlier.label());
                let message = format!("`{label}` has the `operationId` of `{other}`: `{text}`");
                let place = earlier.object.at("operationId").unwrap_or(earlier.object);
                let finding = RULE.finding(id.route(), message).help("Give one of them an id of its own");
                found.push(finding.related(place.route(), "first given here"));
            }
        }
    }
}
