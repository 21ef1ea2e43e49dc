//! A `pattern` that is no regular expression.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::document::schema_check::{Pattern, PatternError};

pub(super) static RULE: Rule = Rule {
    id: "pattern-invalid",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A `pattern` that is no regular expression",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pattern-invalid.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut known: FxHashMap<&str, Option<String>> = FxHashMap::default();
    for schema in api.schemas_with(&["pattern", "patternProperties"]) {
        let pattern = schema.at("pattern").and_then(|value| Some((value.node().as_str()?, value.route())));
        let keys = schema.entries_of("patternProperties").map(|(key, value)| (key, value.key_route()));
        for (text, route) in pattern.into_iter().chain(keys) {
            let reason = known.entry(text).or_insert_with(|| match Pattern::check(text) {
                Err(PatternError::Invalid(reason)) => Some(reason),
                _ => None,
            });
            if let Some(reason) = reason {
                let message = format!("`{text}` is no regular expression: {reason}");
                let help = "Correct it; a plain character that is special takes a backslash";
                found.push(RULE.finding(route, message).help(help));
            }
        }
    }
}
