//! An exclusion that does not say who is responsible instead.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An exclusion that does not say who is responsible instead.
pub(crate) static RULE: Rule = Rule {
    id: "exclusion-without-owner",
    family: Family::Spec,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "An exclusion does not say who is responsible instead",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/exclusion-without-owner.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for exclusion in spec.not_responsible_for.iter().filter(|exclusion| exclusion.owner.is_none()) {
        let message = format!("`{}` is excluded, but nobody is named who does it", exclusion.what.trim());
        out.push(RULE.finding(exclusion.route, message).help("Name the owner in brackets: `(user-service)`"));
    }
}
