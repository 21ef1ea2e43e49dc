//! A waiver without its rule, its reason or its end.

use crate::diagnostic::{Findings, Severity};
use crate::rules::waiver::is_date;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A waiver without its rule, its reason or its end.
pub(crate) static RULE: Rule = Rule {
    id: "waiver-incomplete",
    family: Family::Constitution,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A waiver lacks its rule, reason or end date, and holds nothing back",
    subjects: &[Subject::Constitution],
    docs: include_str!("../../../docs/rules/waiver-incomplete.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(constitution) = &context.documents.constitution else { return };
    for waiver in &constitution.waivers {
        let mut lacking = Vec::new();
        if waiver.rule.is_none() {
            lacking.push("rule");
        }
        if waiver.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            lacking.push("reason");
        }
        if !waiver.until.as_deref().is_some_and(is_date) {
            lacking.push("end date (YYYY-MM-DD)");
        }
        if !lacking.is_empty() {
            let name = waiver.rule.as_ref().map_or_else(String::new, |rule| format!(" of `{}`", rule.value));
            let message = format!("The waiver{name} has no {}, and holds nothing back", lacking.join(" and no "));
            let help = "Write `rule-id (service): reason, until 2027-01-31`";
            out.push(RULE.finding(waiver.route, message).help(help));
        }
    }
}
