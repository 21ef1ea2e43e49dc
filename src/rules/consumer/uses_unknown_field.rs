//! A field in `Uses` that the contract does not have.

use super::fields::{Declared, declared};
use super::look::{bodies, payloads, view};
use crate::diagnostic::{Findings, Severity};
use crate::document::spec::{ConsumedEvent, UpstreamRow, UsedItem};
use crate::document::{FieldPath, Located, Step};
use crate::model::{Operation, UsedPlace};
use crate::rules::closest::did_you_mean;
use crate::rules::names::folder_of;
use crate::rules::operations::Contracts;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A field in `Uses` that the contract does not have.
pub(crate) static RULE: Rule = Rule {
    id: "uses-unknown-field",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`Uses` names a field that the contract does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/uses-unknown-field.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut contracts = Contracts::new(context);
    for spec in context.documents.services.iter().filter_map(|service| service.spec()) {
        for row in spec.upstream.iter().filter(|row| !row.uses.is_empty()) {
            self::row(context, &mut contracts, row, out);
        }
        spec.consumed.iter().for_each(|event| consumed(context, event, out));
    }
}

/// The fields of a row. Those without an operation before them belong to each operation that the row names.
fn row<'a>(context: Context<'a>, contracts: &mut Contracts<'a>, row: &UpstreamRow, out: &mut Findings) {
    let Some(provider) = folder_of(context, &row.service.value) else { return };
    let Some(contract) = contracts.of(provider) else { return };
    let named: Vec<&Operation> = row.operations.iter().flat_map(|named| contract.find(&named.value)).collect();
    for UsedItem { text, operation, fields } in &row.uses {
        let operations = match operation {
            Some(operation) => contract.find(&operation.value),
            None if !contract.find(&text.value).is_empty() => continue,
            None => named.clone(),
        };
        for field in fields {
            let has = |operation: &&Operation| has(context, provider, operation, field);
            // One of several operations may have it.
            let known: Option<Vec<Vec<String>>> = operations.iter().map(|operation| has(operation).err()).collect();
            let Some(known) = known.filter(|known| !known.is_empty()) else { continue };
            let names: Vec<String> = operations.iter().take(3).map(|operation| format!("`{}`", operation.id)).collect();
            let bare = field.value.rsplit('.').next().unwrap_or_default();
            let help = did_you_mean(out.len(), bare, known.iter().flatten().map(String::as_str), || {
                "Correct it, or add the field to the contract; what is sent is written `request.x` or `query.x`".to_owned()
            });
            let message = format!("{} has no field `{}`", names.join(", "), field.value);
            out.push(RULE.finding(field.route, message).help(help));
        }
    }
}

/// Whether an operation has a field, parameter or header; otherwise the names that it has there.
fn has(context: Context<'_>, provider: &str, operation: &Operation, field: &Located<String>) -> Result<(), Vec<String>> {
    let Some((place, name)) = UsedPlace::parse(&field.value) else { return Err(Vec::new()) };
    let Some(view) = view(context, provider, operation) else { return Ok(()) };
    if matches!(place, UsedPlace::Request | UsedPlace::Response) {
        let path = FieldPath::parse(&name).unwrap_or_default();
        let Some(roots) = bodies(view, place, None) else {
            // An answer whose content has no schema leaves open what is there; without a body there is nothing.
            let has_body = place == UsedPlace::Response || operation.request_body.is_some();
            return if has_body { Ok(()) } else { Err(Vec::new()) };
        };
        return match declared(context.sources, &roots, &path) {
            Declared::No(known) => Err(known.into_iter().map(str::to_owned).collect()),
            Declared::Yes if roots.is_empty() && !path.steps.is_empty() => Err(Vec::new()),
            Declared::Yes => Ok(()),
        };
    }
    let key = format!("{place:?}").to_lowercase();
    let known: Vec<&str> = match place {
        UsedPlace::ResponseHeader => {
            let headers = operation.responses.iter().flat_map(|response| &response.headers);
            headers.map(|header| header.name.as_str()).collect()
        }
        _ => view.parameters().into_iter().filter(|one| one.location() == key).map(|one| one.name()).collect(),
    };
    let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(&name));
    if is_known { Ok(()) } else { Err(known.into_iter().map(str::to_owned).collect()) }
}

/// The fields of an event, from its message or from what its envelope holds.
fn consumed(context: Context<'_>, event: &ConsumedEvent, out: &mut Findings) {
    let roots = payloads(context, &event.name.value);
    if roots.is_empty() {
        return;
    }
    for field in &event.uses {
        let Some(path) = UsedPlace::parse_payload(&field.value).and_then(|path| FieldPath::parse(&path)) else { continue };
        let Declared::No(outer) = declared(context.sources, &roots, &path) else { continue };
        let mut known = outer.clone();
        let holds = |name: &&str| matches!(*name, "data" | "payload");
        let inner = outer.iter().find(|name| holds(name)).map(|name| {
            let steps = [Step::Name((*name).to_owned())].into_iter().chain(path.steps.iter().cloned());
            declared(context.sources, &roots, &FieldPath { steps: steps.collect() })
        });
        match inner {
            Some(Declared::Yes) => continue,
            Some(Declared::No(names)) => known = names,
            None => {}
        }
        let text = path.to_string();
        let bare = text.rsplit('.').next().unwrap_or_default();
        let help = did_you_mean(out.len(), bare, known, || {
            "Correct it, or add the field to the event's schema".to_owned()
        });
        out.push(RULE.finding(field.route, format!("`{}` has no field `{text}`", event.name.value)).help(help));
    }
}
