//! Statements that store what an event tells.

use crate::generate::code::events::Effect;
use crate::generate::code::records::{Given, Record};
use crate::generate::code::service::{ResourceCode, ServiceCode};

use super::events_view::projection_name;
use super::layout::{Code, string, value};
use super::models::annotation;
use super::project::declared_in;

/// How far the statements of a method are indented.
const INDENT: usize = 8;

/// The collection that a record goes to.
fn collection<'c>(code: &'c ServiceCode<'_>, record: &Record) -> Option<&'c ResourceCode> {
    code.resources.iter().find(|one| one.resource.path == record.collection)
}

/// The statements of one record; nothing where no operation works on its collection.
pub(crate) fn statements(code: &ServiceCode<'_>, record: &Record) -> Option<Vec<String>> {
    let resource = collection(code, record)?;
    let mut lines = Vec::new();
    if let Some((at, key)) = &record.copy {
        let name = &code.events.projections[*at].name;
        let arguments = vec![Code::text("context"), Code::text(format!("message.data[{}]", string(key)))];
        let open = format!("await {}.get(", projection_name(name));
        lines.push(Code::group(open, arguments, ")").lay_out(INDENT, "known = ", ""));
        let text = string(&format!("There is no copy of this {} yet.", name.replace('_', " ")));
        lines.push(format!("if known is None:\n            raise LookupError({text})"));
    }
    let now = record.fields.iter().filter(|(_, given)| *given == Given::Now).count() > 1;
    if now {
        lines.push("now = timestamp()".to_owned());
    }
    let entries = record.fields.iter().map(|(name, given)| {
        let expression = match given {
            Given::NewId => Code::text("new_id()"),
            Given::NextNumber => Code::text(format!("await {}.next_number(context)", resource.constant)),
            Given::Now => Code::text(if now { "now" } else { "timestamp()" }),
            Given::Data(name) => Code::text(format!("message.data[{}]", string(name))),
            Given::Copy(name) => Code::text(format!("known[{}]", string(name))),
            Given::Constant(constant) => value(constant),
        };
        Code::entry(name, expression)
    });
    let before = format!("{}: {} = ", resource.variable, annotation(&resource.model, "models."));
    lines.push(Code::group("{", entries.collect(), "}").lay_out(INDENT, &before, ""));
    lines.push(format!("await {}.add(context, {})", resource.constant, resource.variable));
    Some(lines)
}

/// The imports of the module of consumers, in their order.
pub(crate) fn imports(code: &ServiceCode<'_>) -> Vec<String> {
    let package = super::package(code.service);
    let effects = || code.events.subscriptions.iter().map(|one| one.effect);
    let records: Vec<&Record> = effects()
        .filter_map(|effect| match effect {
            Effect::Record(at) => code.events.records.get(at).filter(|record| collection(code, record).is_some()),
            _ => None,
        })
        .collect();
    let mut copies: Vec<String> = effects()
        .filter_map(|effect| match effect {
            Effect::Put(at) | Effect::Forget(at) => Some(at),
            Effect::Record(at) => code.events.records[at].copy.as_ref().map(|(at, _)| *at),
            Effect::Unknown => None,
        })
        .map(|at| projection_name(&code.events.projections[at].name))
        .collect();
    copies.sort();
    copies.dedup();
    let mut found = Vec::new();
    if !records.is_empty() {
        found.push(format!("from {package}.contract import models"));
    }
    found.push(format!("from {package}.contract.consumers import EventHandlers"));
    if !copies.is_empty() {
        found.push(format!("from {package}.contract.copies import {}", copies.join(", ")));
    }
    let mut collections: Vec<(String, &str)> = records
        .iter()
        .filter_map(|record| collection(code, record))
        .map(|one| (declared_in(code, one), one.constant.as_str()))
        .collect();
    collections.sort();
    collections.dedup();
    for of_module in collections.chunk_by(|one, other| one.0 == other.0) {
        let names: Vec<&str> = of_module.iter().map(|(_, name)| *name).collect();
        found.push(format!("from {package}.{} import {}", of_module[0].0, names.join(", ")));
    }
    if effects().any(|effect| effect != Effect::Unknown) {
        found.push(format!("from {package}.runtime.context import Context"));
        found.push(format!("from {package}.runtime.events import Message"));
    }
    let given = |wanted: Given| records.iter().any(|record| record.fields.iter().any(|(_, given)| *given == wanted));
    let values: Vec<&str> = [(Given::NewId, "new_id"), (Given::Now, "timestamp")]
        .into_iter()
        .filter_map(|(wanted, name)| given(wanted).then_some(name))
        .collect();
    if !values.is_empty() {
        found.push(format!("from {package}.runtime.values import {}", values.join(", ")));
    }
    found
}
