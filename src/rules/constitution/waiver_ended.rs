//! A waiver is over on the day that was given.

use crate::diagnostic::{Findings, Severity};
use crate::document::date::Date;
use crate::rules::waiver::{end_of, is_complete};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A waiver is over on the day that was given.
pub(crate) static RULE: Rule = Rule {
    id: "waiver-ended",
    family: Family::Constitution,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A waiver is over on the day that was given",
    subjects: &[Subject::Constitution],
    docs: include_str!("../../../docs/rules/waiver-ended.md"),
    check: Check::Dated(check),
};

fn check(context: Context<'_>, today: Date, out: &mut Findings) {
    let stated = context.documents.constitution.iter().flat_map(|constitution| &constitution.waivers);
    for waiver in stated.filter(|waiver| is_complete(waiver)) {
        if let (Some(rule), Some(end)) = (&waiver.rule, end_of(waiver).filter(|end| *end < today)) {
            let message = format!("The waiver of `{}` ended on {end}, and holds nothing back", rule.value);
            let help = "Mend what it held back, or agree on another day and write it here; then remove the waiver";
            out.push(RULE.finding(waiver.route, message).help(help));
        }
    }
}
