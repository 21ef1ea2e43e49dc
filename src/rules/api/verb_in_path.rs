//! A verb in a path.

use heck::ToKebabCase;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "verb-in-path",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A verb in a path",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/verb-in-path.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for entry in api.paths() {
        let segments = entry.path.split('/').filter(|segment| !segment.contains('{'));
        if let Some((segment, verb)) = segments.filter_map(|segment| Some((segment, verb_of(segment)?))).next() {
            let message = format!("`{segment}` in `{}` says `{verb}`, which is the method's to say", entry.path);
            let help = "Name the resource in the path, and choose the method that says the verb";
            found.push(RULE.finding(entry.slot.key_route(), message).help(help));
        }
    }
}

/// Verbs that are never a resource's name.
const ALONE: &[&str] = &["get", "create", "update", "delete", "fetch", "retrieve", "remove", "insert"];
/// Verbs when a noun follows.
const BEFORE_A_NOUN: &[&str] = &["post", "put", "patch", "add", "list", "set", "modify", "edit"];

/// The verb that a segment begins with.
fn verb_of(segment: &str) -> Option<&'static str> {
    let words = segment.to_kebab_case();
    let (first, rest) = words.split_once('-').unwrap_or((&words, ""));
    let in_list = |list: &'static [&'static str]| list.iter().copied().find(|verb| *verb == first);
    in_list(ALONE).or_else(|| in_list(BEFORE_A_NOUN).filter(|_| !rest.is_empty()))
}
