//! The unified difference that an action makes.

use similar::TextDiff;

use super::action::{Action, ActionKind, Side};

/// Larger texts are not compared line by line.
const LARGEST: usize = 2 << 20;

/// What an action changes, as a unified diff with `a/` and `b/` before the path; empty where nothing changes. For a
/// conflict it is what `--resolve ours` would change.
pub fn diff(action: &Action<'_>) -> String {
    let before = action.before();
    let ours = || action.clone().resolved(Side::Ours).ok();
    let resolved = if action.kind == ActionKind::Conflict { ours() } else { None };
    let after = resolved.as_ref().unwrap_or(action).content();
    let removed = action.kind == ActionKind::Remove;
    if after.is_none() && !removed {
        return String::new();
    }
    let from = if before.is_some() { format!("a/{}", action.path) } else { "/dev/null".to_owned() };
    let to = if removed { "/dev/null".to_owned() } else { format!("b/{}", action.path) };
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if before == after {
        return String::new();
    }
    if before.len().max(after.len()) > LARGEST {
        return format!("--- {from}\n+++ {to}\n(too large to be shown line by line)\n");
    }
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&from, &to).to_string()
}
