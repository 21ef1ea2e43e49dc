//! A scenario that lacks a step.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A scenario that lacks a step.
pub(crate) static RULE: Rule = Rule {
    id: "scenario-incomplete",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A scenario lacks Given, When or Then",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/scenario-incomplete.md"),
    check: Check::Spec(check),
};

fn check(_: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    for scenario in &spec.scenarios {
        let has = |keyword: &str| scenario.steps.iter().any(|(found, _)| found == keyword);
        let lacking: Vec<&str> = [("given", "Given"), ("when", "When"), ("then", "Then")]
            .iter()
            .filter(|(keyword, _)| !has(keyword))
            .map(|(_, title)| *title)
            .collect();
        if !lacking.is_empty() {
            let message = format!("The scenario `{}` has no {}", scenario.title.trim(), lacking.join(" and no "));
            let help = format!("Add a line that starts with **{}**", lacking.join("**, and one with **"));
            out.push(RULE.finding(scenario.route, message).help(help));
        }
    }
}
