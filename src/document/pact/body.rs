//! The fields that an example of a body holds.

use std::collections::BTreeSet;

use super::rules::Matchers;
use crate::document::{FieldPath, Located, Step};
use crate::source::{FileId, Kind, NodeKey, NodeRef, Route};

/// So many fields of one body are told apart; an example with more is a dump of data.
const MOST_FIELDS: usize = 2000;
/// So many nodes of one body are looked at: the items of a long list all say the same.
const MOST_NODES: usize = 20_000;
/// What lies below so many steps, or below names of so many bytes together, is used as a whole: each field holds its path.
const DEEPEST: usize = 30;
const LONGEST: usize = 1000;

/// The body of a request or an answer, or the contents of a message; nothing where there is none. Version 4 wraps what
/// it carries: `{"contentType", "encoded", "content"}`.
pub(super) fn example<'t>(holder: NodeRef<'t>, key: &str, wrapped: bool) -> Option<NodeRef<'t>> {
    let body = holder.get(key)?;
    let body = if wrapped && body.is_mapping() { body.get("content")? } else { body };
    (body.kind() != Kind::Null).then_some(body)
}

/// Whether fields below a path are not told apart.
fn is_deep(path: &FieldPath) -> bool {
    let names = path.steps.iter().map(|step| if let Step::Name(name) = step { name.len() } else { 0 });
    path.steps.len() >= DEEPEST || names.sum::<usize>() > LONGEST
}

/// The innermost fields of an example, each once, and those that only matching rules name. An empty object or list, and
/// what is no JSON, is used as a whole. What a rule says of every value of a map holds for any key.
pub(super) fn fields(file: FileId, example: NodeRef<'_>, matchers: &Matchers) -> Vec<Located<FieldPath>> {
    let mut found: Vec<Located<FieldPath>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<(NodeRef<'_>, FieldPath)> = vec![(example, FieldPath::default())];
    let mut looked = 0;
    while let Some((node, path)) = open.pop() {
        looked += 1;
        if found.len() >= MOST_FIELDS || looked > MOST_NODES {
            break;
        }
        let below = |step: Step| {
            let mut steps = path.steps.clone();
            steps.push(step);
            FieldPath { steps }
        };
        let first = open.len();
        if is_deep(&path) {
            // Nothing below it is told apart.
        } else if node.is_mapping() {
            let any = matchers.is_map(&path);
            let step = |name: &str| if any { Step::Any } else { Step::Name(name.to_owned()) };
            open.extend(node.fields().take(MOST_FIELDS).map(|(name, value)| (value, below(step(name)))));
        } else if node.is_sequence() {
            open.extend(node.items().take(MOST_FIELDS).map(|item| (item, below(Step::Items))));
        }
        // The first field of the file is taken from the stack first.
        open[first..].reverse();
        if open.len() == first && seen.insert(path.clone()) {
            let key = NodeKey { file, node: node.id() };
            let route =
                if matches!(path.steps.last(), Some(Step::Name(_))) { Route::key_of(key) } else { Route::node(key) };
            found.push(Located::new(path, route));
        }
    }
    let further = matchers.paths().filter(|rule| {
        !rule.value.steps.is_empty()
            && !rule.value.steps.contains(&Step::Any)
            && !found.iter().any(|known| known.value.starts(&rule.value) || rule.value.starts(&known.value))
    });
    let further: Vec<_> = further.cloned().collect();
    found.extend(further);
    found
}
