//! A configuration key that does not exist.

use crate::diagnostic::{Findings, Severity};
use crate::document::config::ConfigProblem;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A configuration key that does not exist.
pub(crate) static RULE: Rule = Rule {
    id: "config-unknown-key",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A key of the configuration does not exist",
    subjects: &[Subject::Config],
    docs: include_str!("../../../docs/rules/config-unknown-key.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for problem in &context.documents.config.problems {
        if let ConfigProblem::UnknownKey { key, closest, route } = problem {
            let help = match closest {
                Some(closest) => format!("Did you mean `{closest}`?"),
                None => "Remove the key; nothing reads it".to_owned(),
            };
            out.push(RULE.finding(*route, format!("`{key}` is not a configuration key")).help(help));
        }
    }
}
