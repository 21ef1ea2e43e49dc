//! A saga step that nothing undoes.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A saga step that nothing undoes.
pub(crate) static RULE: Rule = Rule {
    id: "compensation-missing",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A step of a saga has no compensation",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/compensation-missing.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for saga in &spec.sagas {
        for step in &saga.steps {
            let stated = step.compensation.as_ref().map(|text| bare(&text.value)).unwrap_or_default();
            // "None (read only)" gives its reason; a bare "none" or a dash does not.
            let nothing = ["", "-", "–", "—", "none", "n/a", "no"].contains(&stated.to_lowercase().as_str());
            if nothing {
                let message = format!("Nothing undoes the step `{}` of the saga `{}`", step.name.value.trim(), saga.name.value.trim());
                let help = "Name the operation that undoes it, or write `none (reason)`";
                out.push(RULE.finding(step.route, message).help(help));
            }
        }
    }
}
