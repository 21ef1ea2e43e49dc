//! A repeated call that does its work twice.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::document::spec::UpstreamRow;
use crate::model::{Method, Operation, ParameterLocation};
use crate::rules::names::{bare, folder_of};
use crate::rules::operations::{Contract, Contracts, title};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A repeated call that does its work twice.
pub(crate) static RULE: Rule = Rule {
    id: "retry-without-idempotency",
    family: Family::Resilience,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An Upstream row retries a POST or PATCH that is not idempotent",
    subjects: &[Subject::Spec, Subject::Contracts],
    docs: include_str!("../../../docs/rules/retry-without-idempotency.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    for service in &context.documents.services {
        let rows = service.spec().map(|spec| spec.upstream.as_slice()).unwrap_or_default();
        for row in rows.iter().filter(|row| retries(row) && !says_idempotent(row)) {
            let Some(provider) = folder_of(context, &row.service.value) else { continue };
            let contract = contracts.of(provider);
            for call in &row.operations {
                if let Some(unsafe_call) = repeats_work(contract.as_deref(), bare(&call.value)) {
                    out.push(finding(&service.name, provider, row, &unsafe_call));
                }
            }
        }
    }
}

fn finding(service: &str, provider: &str, row: &UpstreamRow, unsafe_call: &str) -> Diagnostic {
    let message = format!("`{service}` retries `{unsafe_call}` of `{provider}`, which may then do its work twice");
    let route = row.retries.as_ref().map_or(row.route, |retries| retries.route);
    RULE.finding(route, message).help("Let the operation take an `Idempotency-Key` header, or do not retry it")
}

/// Whether the Retries cell names a number over zero.
fn retries(row: &UpstreamRow) -> bool {
    let Some(cell) = &row.retries else { return false };
    let digits: String = cell.value.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse::<u64>().is_ok_and(|count| count > 0)
}

/// Whether a cell of the row says that the call is idempotent.
fn says_idempotent(row: &UpstreamRow) -> bool {
    let cells = [&row.retries, &row.purpose, &row.failure_mode];
    cells.into_iter().flatten().any(|cell| cell.value.to_lowercase().contains("idempoten"))
}

/// The first operation that the text names and that may do its work twice (RFC 9110, section 9.2.2).
fn repeats_work(contract: Option<&Contract<'_>>, text: &str) -> Option<String> {
    let found = contract.map(|contract| (contract.api(), contract.find(text)));
    match found {
        Some((api, operations)) if !operations.is_empty() => {
            operations.into_iter().find(|operation| is_unsafe(operation)).map(|operation| title(api, operation))
        }
        _ => matches!(Method::named_in(text), Some(Method::Post | Method::Patch)).then(|| text.to_owned()),
    }
}

fn is_unsafe(operation: &Operation) -> bool {
    let keyed = operation.parameters.iter().any(|parameter| {
        parameter.location == ParameterLocation::Header && parameter.name.to_lowercase().contains("idempotency")
    });
    matches!(operation.method, Method::Post | Method::Patch) && !keyed
}
