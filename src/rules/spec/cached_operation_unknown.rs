//! A row under "Caching" whose answers cannot be kept.

use crate::diagnostic::{Findings, Severity};
use crate::document::spec::CachedOperation;
use crate::model::Method;
use crate::rules::names::bare;
use crate::rules::operations::{Contracts, title};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A row under "Caching" whose answers cannot be kept.
pub(crate) static RULE: Rule = Rule {
    id: "cached-operation-unknown",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A row under Caching names no `GET` operation of the service, or no time",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/cached-operation-unknown.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    for service in &context.documents.services {
        let Some(model) = context.platform.service(&service.name) else { continue };
        // The model has the rows in the order of the document.
        let rows = service.spec().map(|spec| spec.caching.as_slice()).unwrap_or_default();
        for (row, kept) in rows.iter().zip(&model.caching) {
            operation(&mut contracts, &service.name, row, out);
            if kept.seconds.is_none() {
                let (route, message) = match &row.kept_for {
                    Some(time) => (time.route, format!("`{}` is no time that answers can be kept for", time.value)),
                    None => (row.route, format!("It is not said for how long answers of `{}` are kept", kept.operation)),
                };
                out.push(RULE.finding(route, message).help("Write a time from a second to a year, such as `60 s`"));
            }
        }
    }
}

fn operation<'a>(contracts: &mut Contracts<'a>, service: &'a str, row: &CachedOperation, out: &mut Findings) {
    let Some(contract) = contracts.of(service) else { return };
    let text = bare(&row.operation.value);
    let found = contract.find(text);
    if found.is_empty() {
        let help = contract.suggest(out.len(), text, || {
            format!("Correct it, or add the operation to the contract of `{service}`")
        });
        out.push(RULE.finding(row.operation.route, format!("`{service}` has no operation `{text}`")).help(help));
    } else if found.iter().all(|operation| operation.method != Method::Get) {
        let named = title(contract.api(), found[0]);
        let message = format!("`{named}` is no `GET`, so that its answers are not kept");
        out.push(RULE.finding(row.operation.route, message).help("Name a `GET` operation, or remove the row"));
    }
}
