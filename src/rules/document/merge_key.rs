//! The key `<<`, which merges in YAML 1.1 and not in 1.2.

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, Route};

/// The key `<<`, which merges in YAML 1.1 and not in 1.2.
pub(crate) static RULE: Rule = Rule {
    id: "merge-key",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A YAML file uses the merge key `<<`, which YAML 1.2 has not",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/merge-key.md"),
    check: Check::File(check),
};

const KEY: &str = "<<";

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    let Some(tree) = context.sources.file(file).tree() else { return };
    let keys = tree.ids().map(|id| tree.node(id)).filter(|node| node.is_mapping());
    let keys = keys.filter_map(|node| node.entry(KEY)).filter(|(_, value)| value.is_mapping() || value.is_sequence());
    // In quotes it is a name like any other.
    let spans = keys.map(|(key, _)| key.span()).filter(|span| span.range().len() == KEY.len());
    if let Some(first) = spans.min() {
        let message = "The merge key `<<` is no part of YAML 1.2: nothing is merged, and it is a key like any other";
        let help = "Write the fields out, or share the whole with `$ref`; a plain alias (`key: *name`) is fine";
        out.push(RULE.finding(Route::span(file, first), message).help(help));
    }
}
