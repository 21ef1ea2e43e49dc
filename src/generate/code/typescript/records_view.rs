//! Statements that store what an event tells.

use crate::generate::code::events::Effect;
use crate::generate::code::records::{Given, Record};
use crate::generate::code::service::{ResourceCode, ServiceCode};
use crate::generate::code::streams;

use super::events_view::{copies_import, projection_name};
use super::layout::{Code, access, annotation, string, value};

/// The collection that a record goes to.
fn collection<'c>(code: &'c ServiceCode<'_>, record: &Record) -> Option<&'c ResourceCode> {
    code.resources.iter().find(|one| one.resource.path == record.collection)
}

/// The records of a service that are written.
fn records<'c>(code: &'c ServiceCode<'_>) -> impl Iterator<Item = (&'c Record, &'c ResourceCode)> {
    code.events.subscriptions.iter().filter_map(|one| match one.effect {
        Effect::Record(at) => code.events.records.get(at).and_then(|record| Some((record, collection(code, record)?))),
        _ => None,
    })
}

/// Whether events store documents of a collection.
pub(crate) fn is_recorded(code: &ServiceCode<'_>, resource: &ResourceCode) -> bool {
    records(code).any(|(_, one)| one.constant == resource.constant)
}

/// The statements of one record; nothing where no operation works on its collection.
pub(crate) fn statements(code: &ServiceCode<'_>, record: &Record) -> Option<Vec<String>> {
    let resource = collection(code, record)?;
    let mut lines = Vec::new();
    if let Some((at, key)) = &record.copy {
        let name = &code.events.projections[*at].name;
        let arguments = vec![Code::text("context"), Code::text(format!("String(message.data{})", access(key)))];
        let open = format!("await {}.get", projection_name(name));
        lines.push(Code::Call(open, arguments).lay_out(4, "const known = ", ";"));
        let text = string(&format!("There is no copy of this {} yet.", name.replace('_', " ")));
        lines.push(format!("if (known === undefined) {{\n      throw new Error({text});\n    }}"));
    }
    let now = record.fields.iter().filter(|(_, given)| *given == Given::Now).count() > 1;
    if now {
        lines.push("const now = timestamp();".to_owned());
    }
    let entries = record.fields.iter().map(|(name, given)| {
        let expression = match given {
            Given::NewId => Code::text("newId()"),
            Given::NextNumber => Code::text(format!("await {}.nextNumber(context)", resource.constant)),
            Given::Now => Code::text(if now { "now" } else { "timestamp()" }),
            Given::Data(name) => Code::text(format!("String(message.data{})", access(name))),
            Given::Copy(name) => Code::text(format!("String(known{})", access(name))),
            Given::Constant(constant) => value(constant),
        };
        Code::entry(name, expression)
    });
    let before = format!("const {}: {} = ", resource.variable, annotation(&resource.model, "models."));
    lines.push(Code::Object(entries.collect()).lay_out(4, &before, ";"));
    lines.push(format!("await {}.add(context, {});", resource.constant, resource.variable));
    Some(lines)
}

/// The imports of the module of consumers besides its interface, in their order.
pub(crate) fn imports(code: &ServiceCode<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let copies = copies_import(code);
    if !copies.is_empty() {
        found.push(format!("import {{ {copies} }} from \"../contract/copies.ts\";"));
    }
    if records(code).next().is_some() {
        found.push("import type * as models from \"../contract/models.ts\";".to_owned());
    }
    let mut streams: Vec<&str> =
        records(code).filter(|(_, one)| streams::is_stream(one)).map(|(_, one)| one.constant.as_str()).collect();
    streams.sort_unstable();
    streams.dedup();
    if !streams.is_empty() {
        found.push(format!("import {{ {} }} from \"../contract/streams.ts\";", streams.join(", ")));
    }
    let given =
        |wanted: Given| records(code).any(|(record, _)| record.fields.iter().any(|(_, given)| *given == wanted));
    let values: Vec<&str> = [(Given::NewId, "newId"), (Given::Now, "timestamp")]
        .into_iter()
        .filter_map(|(wanted, name)| given(wanted).then_some(name))
        .collect();
    if !values.is_empty() {
        found.push(format!("import {{ {} }} from \"../runtime/values.ts\";", values.join(", ")));
    }
    let mut collections: Vec<String> = records(code)
        .filter(|(_, one)| !streams::is_stream(one))
        .map(|(_, one)| format!("import {{ {} }} from \"./{}.ts\";", one.constant, code.groups[one.group].module))
        .collect();
    collections.sort();
    collections.dedup();
    found.extend(collections);
    found
}
