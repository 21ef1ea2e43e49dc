//! A constitution that lacks one of its three parts.

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{Content, Route};

/// A constitution that lacks one of its three parts.
pub(crate) static RULE: Rule = Rule {
    id: "constitution-section-missing",
    family: Family::Constitution,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The constitution lacks principles, technology or standards",
    subjects: &[Subject::Constitution],
    docs: include_str!("../../../docs/rules/constitution-section-missing.md"),
    check: Check::Platform(check),
};

/// The parts, each with the words of a heading that tell it.
const PARTS: [(&str, &[&str]); 3] = [
    ("Core Principles", &["principle"]),
    ("Technology Stack", &["technolog", "stack"]),
    ("Standards", &["standard", "convention"]),
];

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(constitution) = &context.documents.constitution else { return };
    if matches!(context.sources.file(constitution.file).content, Content::Nothing) {
        return;
    }
    let route = constitution.title.as_ref().map_or(Route::file(constitution.file), |title| title.route);
    for (title, words) in PARTS {
        let found = constitution.sections.iter().any(|section| {
            let heading = section.value.to_lowercase();
            words.iter().any(|word| heading.contains(word))
        });
        if !found {
            let message = format!("The constitution has no section \"{title}\"");
            out.push(RULE.finding(route, message).help(format!("Add `## {title}` with a list of bullets")));
        }
    }
}
