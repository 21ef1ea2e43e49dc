//! A configuration value of the wrong type or out of range.

use crate::diagnostic::{Findings, Severity};
use crate::document::config::ConfigProblem;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A configuration value of the wrong type or out of range.
pub(crate) static RULE: Rule = Rule {
    id: "config-wrong-type",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A value of the configuration has the wrong type",
    subjects: &[Subject::Config],
    docs: include_str!("../../../docs/rules/config-wrong-type.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for problem in &context.documents.config.problems {
        if let ConfigProblem::WrongType { key, expected, route } = problem {
            let what = if key.is_empty() { "the configuration".to_owned() } else { format!("`{key}`") };
            let message = format!("{what} must be {expected}");
            out.push(RULE.finding(*route, message).help("Correct the value; until then the default holds"));
        }
    }
}
