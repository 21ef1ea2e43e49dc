//! A level for a rule that does not exist.

use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::{self, Check, Context, Family, Rule, Subject};

/// A level for a rule that does not exist.
pub(crate) static RULE: Rule = Rule {
    id: "config-unknown-rule",
    family: Family::Document,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The configuration sets the level of a rule that does not exist",
    subjects: &[Subject::Config],
    docs: include_str!("../../../docs/rules/config-unknown-rule.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for (id, _, route) in &context.documents.config.rules {
        if rules::find(id).is_none() {
            let help = did_you_mean(out.len(), id, rules::all().map(|rule| rule.id), || {
                "Remove the entry; `agentspec list` shows every rule".to_owned()
            });
            out.push(RULE.finding(*route, format!("There is no rule `{id}`")).help(help));
        }
    }
}
