//! An operation in a `Uses` column that the provider does not have.

use crate::diagnostic::{Findings, Severity};
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::Contracts;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An operation in a `Uses` column that the provider does not have.
pub(crate) static RULE: Rule = Rule {
    id: "uses-unknown-operation",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A `Uses` column names an operation that the provider does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/uses-unknown-operation.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    let specs = context.documents.services.iter().filter_map(|service| service.spec());
    for row in specs.flat_map(|spec| &spec.upstream) {
        let Some(provider) = folder_of(context, &row.service.value) else { continue };
        let Some(contract) = contracts.of(provider) else { continue };
        for operation in row.uses.iter().filter_map(|item| item.operation.as_ref()) {
            let text = bare(&operation.value);
            if !contract.find(text).is_empty() || context.platform.event(text).is_some() {
                continue;
            }
            let help = contract.suggest(out.len(), text, || {
                format!("Correct it, or add the operation to the contract of `{provider}`")
            });
            out.push(RULE.finding(operation.route, format!("`{provider}` has no operation `{text}`")).help(help));
        }
    }
}
