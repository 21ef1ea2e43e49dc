//! How much memory a validator takes. It keeps for each schema the path to it, for `not` a copy of what it holds, and patterns
//! compiled.

use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::document::schema_check::Pattern;

/// Schemas, values and names in definitions; more are not asked about.
const MOST_NODES: usize = 2_000_000;
/// Bytes of all paths.
const MOST_PATHS: usize = 8 << 20;
/// Nodes that are copied.
const MOST_COPIES: usize = 20_000;
/// What patterns cost, each by its counts ([`Pattern::cost`]).
const MOST_PATTERNS: u64 = 5_000;
/// What a pattern costs at least, and how many times more one that names Unicode's properties does.
const PATTERN: u64 = 10;
const UNICODE: u64 = 20;

/// What a validator for these definitions weighs, in nodes; nothing where that is too much.
pub(super) fn of(definitions: &[(&str, &Value)]) -> Option<usize> {
    let (mut nodes, mut paths, mut copies, mut cost) = (0, 0, 0, 0);
    let mut patterns = FxHashSet::default();
    for (name, body) in definitions {
        // A node, the length of its path, and the copies of it.
        let mut pending = vec![(*body, name.len() + 10, 0)];
        while let Some((next, path, copied)) = pending.pop() {
            nodes += 1;
            paths += path;
            copies += copied;
            if nodes > MOST_NODES || paths > MOST_PATHS || copies > MOST_COPIES || cost > MOST_PATTERNS {
                return None;
            }
            match next {
                Value::Object(members) => {
                    for (key, member) in members {
                        let of_key = match (key.as_str(), member) {
                            ("pattern", Value::String(pattern)) => Some(pattern.as_str()),
                            ("patternProperties", Value::Object(named)) => {
                                named.keys().for_each(|name| cost = cost.saturating_add(weigh(name, &mut patterns)));
                                None
                            }
                            _ => None,
                        };
                        cost = cost.saturating_add(of_key.map_or(0, |pattern| weigh(pattern, &mut patterns)));
                        pending.push((member, path + key.len() + 1, copied + usize::from(key == "not")));
                    }
                }
                Value::Array(items) => pending.extend(items.iter().map(|item| (item, path + 4, copied))),
                _ => {}
            }
        }
    }
    Some(nodes + copies + paths / 64 + usize::try_from(cost).ok()? * 5)
}

/// How many values there are in one.
pub(super) fn nodes(value: &Value) -> usize {
    let (mut nodes, mut pending) = (0, vec![value]);
    while let Some(next) = pending.pop() {
        nodes += 1;
        match next {
            Value::Object(members) => pending.extend(members.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    nodes
}

/// What a pattern costs that was not met before.
fn weigh<'d>(pattern: &'d str, known: &mut FxHashSet<&'d str>) -> u64 {
    let times = if pattern.contains("\\p") || pattern.contains("\\P") { UNICODE } else { 1 };
    let length = u64::try_from(pattern.len() / 20).unwrap_or(u64::MAX);
    let cost = Pattern::cost(pattern).saturating_add(PATTERN).saturating_add(length).saturating_mul(times);
    if known.insert(pattern) { cost } else { 0 }
}
