//! The same value twice in an `enum`.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::document::schema_check::sort_key;

pub(super) static RULE: Rule = Rule {
    id: "enum-duplicate",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The same value twice in an `enum`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/enum-duplicate.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for schema in api.schemas_with(&["enum"]) {
        let Some(values) = schema.at("enum") else { continue };
        let mut first: FxHashMap<String, Object<'_>> = FxHashMap::default();
        for value in values.items() {
            let Some(key) = sort_key(value.node()) else { continue };
            match first.entry(key) {
                Entry::Vacant(entry) => _ = entry.insert(value),
                Entry::Occupied(entry) => {
                    let text = value.node().scalar().unwrap_or_default();
                    let message = format!("`{text}` stands twice in this `enum`");
                    let finding = RULE.finding(value.route(), message).help("Remove the second one");
                    found.push(finding.related(entry.get().route(), "first listed here"));
                }
            }
        }
    }
}
