//! A platform without a constitution.

use crate::diagnostic::{Findings, Severity};
use crate::rules::route::any_below;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A platform without a constitution.
pub(crate) static RULE: Rule = Rule {
    id: "constitution-missing",
    family: Family::Constitution,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The platform has no constitution",
    subjects: &[Subject::Constitution],
    docs: include_str!("../../../docs/rules/constitution-missing.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    if context.documents.constitution.is_some() || context.sources.id_of("constitution.md").is_some() {
        return;
    }
    if let Some(route) = any_below(context, "") {
        let finding = RULE.finding(route, "The platform has no constitution").at_missing("constitution.md");
        out.push(finding.help("Write `constitution.md` with \"Core Principles\", \"Technology Stack\" and \"Standards\""));
    }
}
