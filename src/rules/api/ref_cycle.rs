//! References that lead only to each other.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::NodeKey;

pub(super) static RULE: Rule = Rule {
    id: "ref-cycle",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "References that lead only to each other",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-cycle.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let is_reference = |key: &NodeKey| context.sources.node(*key).str_at("$ref").is_some();
    let next: FxHashMap<NodeKey, NodeKey> = document
        .references
        .iter()
        .filter_map(|reference| Some((reference.node, *reference.target.as_ref().ok()?)))
        .filter(|(_, target)| is_reference(target))
        .collect();
    let mut done: FxHashSet<NodeKey> = FxHashSet::default();
    for start in document.references.iter().map(|reference| reference.node) {
        let mut path = Vec::new();
        let mut at = start;
        while let Some(&to) = next.get(&at).filter(|_| done.insert(at)) {
            path.push(at);
            at = to;
        }
        // What only leads into a ring is no part of it.
        let Some(entry) = path.iter().position(|&key| key == at) else { continue };
        let ring = &path[entry..];
        let count = ring.len();
        let message = match count {
            1 => "this reference names itself".to_owned(),
            _ => format!("this reference leads back to itself through nothing but {count} references"),
        };
        let help = "Write the schema or object in one of them";
        let mut finding = RULE.finding(api.object(at).route(), message).help(help);
        for &other in ring.iter().skip(1).take(4) {
            finding = finding.related(api.object(other).route(), "which goes on here");
        }
        found.push(finding);
    }
}
