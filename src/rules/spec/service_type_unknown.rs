//! A service type that nothing is known about.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::closest::closest;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A service type that nothing is known about.
pub(crate) static RULE: Rule = Rule {
    id: "service-type-unknown",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The service type of a spec is not one that is known",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/service-type-unknown.md"),
    check: Check::Spec(check),
};

/// The types, in the words that a spec uses; the first of each group is the one to write.
const TYPES: [&str; 5] = ["API", "Event Processor", "BFF", "Gateway", "Worker"];
/// Words that tell a type in any wording.
const WORDS: [&str; 14] = [
    "api", "rest", "http", "event", "consumer", "processor", "bff", "frontend", "gateway", "worker", "job", "batch",
    "scheduled", "cron",
];

fn check(_: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let Some(kind) = &spec.kind else { return };
    let lower = kind.value.to_lowercase();
    let known = lower.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word.trim_end_matches('s')));
    if !known {
        let text = kind.value.trim();
        let help = match closest(text, TYPES) {
            Some(candidate) => format!("Did you mean `{candidate}`?"),
            None => format!("Write one of {}", TYPES.join(", ")),
        };
        out.push(RULE.finding(kind.route, format!("`{text}` is not a service type")).help(help));
    }
}
