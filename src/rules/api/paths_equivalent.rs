//! Two paths that differ only in a parameter's name.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, PathEntry};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "paths-equivalent",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Two paths that differ only in a parameter's name",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/paths-equivalent.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut first: FxHashMap<String, PathEntry<'_>> = FxHashMap::default();
    for entry in api.paths() {
        match first.entry(support::anonymous(entry.path)) {
            Entry::Vacant(vacant) => _ = vacant.insert(entry),
            // The same text twice is a duplicate key of the file.
            Entry::Occupied(earlier) if earlier.get().path == entry.path => {}
            Entry::Occupied(earlier) => {
                let message = format!("`{}` is the same path as `{}`", entry.path, earlier.get().path);
                let help = "Move its operations to the first one";
                let finding = RULE.finding(entry.slot.key_route(), message).help(help);
                found.push(finding.related(earlier.get().slot.key_route(), "first declared here"));
            }
        }
    }
}
