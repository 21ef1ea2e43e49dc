//! References that lead only to each other.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, RefError};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    id: "ref-cycle",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "References that lead only to each other",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-cycle.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Vec<Diagnostic>) {
    let api = document.view(context.sources);
    let next: FxHashMap<NodeKey, NodeKey> = document
        .references
        .iter()
        .filter(|reference| context.sources.follow(reference.node) == Err(RefError::Cycle))
        .filter_map(|reference| Some((reference.node, *reference.target.as_ref().ok()?)))
        .collect();
    let mut told: FxHashSet<NodeKey> = FxHashSet::default();
    for start in document.references.iter().map(|reference| reference.node).filter(|node| next.contains_key(node)) {
        let mut ring = vec![start];
        let mut at = start;
        while let Some(&to) = next.get(&at).filter(|to| **to != start && told.insert(**to)) {
            ring.push(to);
            at = to;
        }
        // What only leads into a ring is no part of it.
        if next.get(&at) != Some(&start) {
            continue;
        }
        told.insert(start);
        let count = ring.len();
        let message = match count {
            1 => "this reference names itself".to_owned(),
            _ => format!("this reference leads back to itself through nothing but {count} references"),
        };
        let mut finding = RULE.finding(api.object(start).route(), message).help("Write the schema or object in one of them");
        for &other in ring.iter().skip(1).take(4) {
            finding = finding.related(api.object(other).route(), "which goes on here");
        }
        found.push(finding);
    }
}
