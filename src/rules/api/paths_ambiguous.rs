//! Two paths that match the same URL, neither of them more exact.

use std::collections::BTreeMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{OpenApi, PathEntry};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "paths-ambiguous",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Two paths that match the same URL, neither of them more exact",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/paths-ambiguous.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut tree = vec![Segment::default()];
    let entries: Vec<PathEntry<'_>> = api.paths().collect();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(other) = ambiguous(&tree, entry.path).map(|other| &entries[other]) {
            let message = format!("`{}` and `{}` match the same URLs", entry.path, other.path);
            let finding = RULE.finding(entry.slot.key_route(), message);
            let finding = finding.help("Give one of them a fixed segment that the other one does not have");
            found.push(finding.related(other.slot.key_route(), "the other path"));
        }
        insert(&mut tree, entry.path, index);
    }
}

/// Steps that the search for one path may take.
const MAX_STEPS: usize = 10_000;

/// A node of the tree of segments; a parameter's key is empty.
#[derive(Default)]
struct Segment<'a> {
    next: BTreeMap<&'a str, usize>,
    path: Option<usize>,
}

/// The segments; one with a parameter in it is empty.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1).map(|segment| if segment.contains('{') { "" } else { segment })
}

fn insert<'a>(tree: &mut Vec<Segment<'a>>, path: &'a str, index: usize) {
    let mut at = 0;
    for segment in segments(path) {
        at = match tree[at].next.get(segment) {
            Some(&next) => next,
            None => {
                tree.push(Segment::default());
                let next = tree.len() - 1;
                tree[at].next.insert(segment, next);
                next
            }
        };
    }
    tree[at].path = Some(index);
}

/// An earlier path that is more exact in one segment and less in another.
fn ambiguous(tree: &[Segment<'_>], path: &str) -> Option<usize> {
    let wanted: Vec<&str> = segments(path).collect();
    let mut open = vec![(0, 0, false, false)];
    let mut steps = 0;
    while let Some((at, depth, more, less)) = open.pop() {
        steps += 1;
        if steps > MAX_STEPS {
            return None;
        }
        let Some(segment) = wanted.get(depth) else {
            if more && less && tree[at].path.is_some() {
                return tree[at].path;
            }
            continue;
        };
        if segment.is_empty() {
            open.extend(tree[at].next.iter().map(|(name, &next)| (next, depth + 1, more, less || !name.is_empty())));
        } else {
            open.extend(tree[at].next.get(segment).map(|&next| (next, depth + 1, more, less)));
            open.extend(tree[at].next.get("").map(|&next| (next, depth + 1, true, less)));
        }
    }
    None
}
