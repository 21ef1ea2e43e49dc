//! A scenario whose When names an operation that the contract does not have.

use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::model::Method;
use crate::rules::operations::Contracts;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A scenario whose When names an operation that the contract does not have.
pub(crate) static RULE: Rule = Rule {
    id: "scenario-operation-unknown",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The When of a scenario names an operation that the contract does not have",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/scenario-operation-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    for service in &context.documents.services {
        let Some(spec) = service.spec() else { continue };
        for scenario in &spec.scenarios {
            let mut within = "";
            for (keyword, words) in &scenario.steps {
                within = if keyword == "and" { within } else { keyword };
                if within == "when" {
                    report(&mut contracts, &service.name, words, out);
                }
            }
        }
    }
}

/// Reports each operation of a step that the service does not have.
fn report<'a>(contracts: &mut Contracts<'a>, service: &'a str, step: &Located<String>, out: &mut Findings) {
    let Some(contract) = contracts.of(service) else { return };
    for name in Method::operations_in(&step.value) {
        if contract.find(&name).is_empty() {
            let help = contract.suggest(out.len(), &name, || {
                format!("Name an operation of `{service}`, or add this one to its contract")
            });
            out.push(RULE.finding(step.route, format!("`{service}` has no operation `{name}`")).help(help));
        }
    }
}
