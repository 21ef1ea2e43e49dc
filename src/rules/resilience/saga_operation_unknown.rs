//! A saga step that calls an operation which its service does not have.

use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::document::spec::SagaStep;
use crate::model::Method;
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::Contracts;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A saga step that calls an operation which its service does not have.
pub(crate) static RULE: Rule = Rule {
    id: "saga-operation-unknown",
    family: Family::Resilience,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A step of a saga names an operation that its service does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/saga-operation-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    let specs = context.documents.services.iter().filter_map(|service| service.spec());
    for step in specs.flat_map(|spec| &spec.sagas).flat_map(|saga| &saga.steps) {
        for cell in [&step.operation, &step.compensation].into_iter().flatten() {
            report(context, &mut contracts, step, cell, out);
        }
    }
}

fn report<'a>(
    context: Context<'a>,
    contracts: &mut Contracts<'a>,
    step: &SagaStep,
    cell: &Located<String>,
    out: &mut Findings,
) {
    let Some(name) = step.service.as_ref().and_then(|service| folder_of(context, &service.value)) else { return };
    let Some(contract) = contracts.of(name) else { return };
    let text = bare(cell.value.split('(').next().unwrap_or_default());
    let is_event = context.platform.event(text).is_some();
    // A cell of several words without a method is a sentence, such as "release the stock".
    let is_prose = text.contains(char::is_whitespace) && Method::named_in(text).is_none();
    let nothing = ["", "-", "–", "—", "none", "n/a"].contains(&text.to_lowercase().as_str());
    if nothing || is_event || is_prose || !contract.find(text).is_empty() {
        return;
    }
    let help = contract.suggest(out.len(), text, || {
        format!("Correct it, or add the operation to the contract of `{name}`")
    });
    let message = format!("`{name}` has no operation `{text}`, which the step `{}` needs", step.name.value.trim());
    out.push(RULE.finding(cell.route, message).help(help));
}
