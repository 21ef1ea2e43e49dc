//! A saga step that calls an operation which its service does not have.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::spec::{SagaStep, Spec};
use crate::document::{Located, ServiceDocuments};
use crate::rules::closest::{MOST_SUGGESTIONS, did_you_mean};
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::{method_in, named, titles};
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
    check: Check::Spec(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, spec: &Spec, out: &mut Vec<Diagnostic>) {
    for step in spec.sagas.iter().flat_map(|saga| &saga.steps) {
        for cell in [&step.operation, &step.compensation].into_iter().flatten() {
            report(context, step, cell, out);
        }
    }
}

fn report(context: Context<'_>, step: &SagaStep, cell: &Located<String>, out: &mut Vec<Diagnostic>) {
    let name = step.service.as_ref().and_then(|service| folder_of(context, &service.value));
    let Some(service) = name.and_then(|name| context.platform.service(name)) else { return };
    let Some(api) = &service.api else { return };
    let text = bare(cell.value.split('(').next().unwrap_or_default());
    let is_event = context.platform.event(text).is_some();
    // A cell of several words without a method is a sentence, such as "release the stock".
    let is_prose = text.contains(char::is_whitespace) && method_in(text).is_none();
    let nothing = ["", "-", "–", "—", "none", "n/a"].contains(&text.to_lowercase().as_str());
    if nothing || is_event || is_prose || !named(api, text).is_empty() {
        return;
    }
    let known = if out.len() < MOST_SUGGESTIONS { titles(api) } else { Vec::new() };
    let help = did_you_mean(out.len(), text, known.iter().map(String::as_str), || {
        format!("Correct it, or add the operation to the contract of `{}`", service.name)
    });
    let message = format!("`{}` has no operation `{text}`, which the step `{}` needs", service.name, step.name.value.trim());
    out.push(RULE.finding(cell.route, message).help(help));
}
