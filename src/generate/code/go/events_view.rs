//! What the templates of events are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::events::{Effect, Subscription, Trigger};
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{ResourceCode, ServiceCode};
use crate::model::Schemas;

use super::handlers::FunctionView;
use super::layout::{align, composite, json, prose, string};
use super::names::Names;
use super::records_view;
use super::types::{FieldCode, Types, Wrap};
use super::words::exported;

/// Flags that many templates ask for.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    json!({
        "events": code.events.any(),
        "publishes": code.events.publishes,
        "consumes": !code.events.subscriptions.is_empty(),
        "copies": !code.events.projections.is_empty()})
}

/// The events, and what becomes of those that are consumed.
pub(crate) fn view(schemas: &Schemas, code: &ServiceCode<'_>, types: &Types<'_>, names: &Names) -> View {
    let projections = code.events.projections.iter().map(|projection| {
        let table = string(&format!("{}_copies", projection.name));
        vec![copies(&projection.name), format!("= messaging.NewProjection({table}, {})", string(&projection.key))]
    });
    let consumers: Vec<View> = code.events.subscriptions.iter().map(|one| consumer(code, types, names, one)).collect();
    let samples = code.events.subscriptions.iter().filter_map(|one| {
        let wire = &code.wires[one.wire];
        let sample = sample(schemas, code.events.wires[one.wire].schema?, Direction::Response)?;
        code.accepts(wire.definition.as_deref()?, &sample)
            .then(|| format!("{{contract.{}, {}}},", names.events[one.wire], json(&sample)))
    });
    let text: String =
        consumers.iter().flat_map(|one| one["lines"].as_array()).flatten().map(View::to_string).collect();
    let standard = ["context", "encoding/json", "errors"].into_iter().filter(|package| {
        *package == "context" || text.contains(&format!("{}.", package.rsplit('/').next().unwrap_or(package)))
    });
    let (values, copied) = (text.contains("values."), text.contains("copies."));
    json!({
        "standard": standard.collect::<Vec<_>>(),
        "values": values,
        "copied": copied,
        "streamed": text.contains("streams."),
        "events": (0..code.wires.len()).map(|at| event(code, names, at)).collect::<Vec<_>>(),
        "consumers": consumers,
        "handles": consumers.iter().any(|one| one["lines"].as_array().is_some_and(|lines| !lines.is_empty())),
        "projections": align(&projections.collect::<Vec<_>>()),
        "samples": samples.collect::<Vec<_>>()})
}

/// The variable of copies in their package.
pub(crate) fn copies(name: &str) -> String {
    exported(name)
}

/// `OrderOrderPlaced = messaging.Event{…}`.
fn event(code: &ServiceCode<'_>, names: &Names, at: usize) -> Vec<String> {
    let (wire, own) = (&code.events.wires[at], &code.wires[at]);
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut pairs = vec![pair("Type", string(&wire.name)), pair("Topic", string(&wire.topic))];
    pairs.extend(wire.version.iter().map(|version| pair("Version", string(version))));
    if let Some(definition) = &own.definition {
        pairs.push(pair("Schema", string(definition)));
        pairs.push(pair("Schemas", "Schemas".to_owned()));
    }
    if !wire.without.is_empty() {
        let without: Vec<String> = wire.without.iter().map(|name| string(name)).collect();
        pairs.push(pair("Without", format!("[]string{{{}}}", without.join(", "))));
    }
    let source = composite(&format!("{} = messaging.Event", names.events[at]), &pairs);
    source.lines().map(str::to_owned).collect()
}

fn consumer(code: &ServiceCode<'_>, types: &Types<'_>, names: &Names, one: &Subscription) -> View {
    let method = &names.consumers[one.wire];
    let table = |at: usize| copies(&code.events.projections[at].name);
    let lines = match one.effect {
        Effect::Put(at) => vec![format!("return copies.{}.Put(ctx, unit, message)", table(at))],
        Effect::Forget(at) => vec![format!("return copies.{}.Forget(ctx, unit, message)", table(at))],
        Effect::Record(at) => {
            records_view::statements(code, types, names, &code.events.records[at]).unwrap_or_default()
        }
        Effect::Unknown => Vec::new(),
    };
    let dead_letter = if one.dead_letter { ", DeadLetter: true" } else { "" };
    json!({
    "method": method,
    "doc": prose(&one.action),
    "type": code.events.wires[one.wire].name,
    "error": string(&format!("{} has no handler yet", code.events.wires[one.wire].name)),
    "lines": lines,
    "subscription": format!(
        "{{Event: {}, Handle: handlers.{method}, Retries: {}{dead_letter}}},",
        names.events[one.wire], one.retries
    )})
}

/// A function that publishes what an event tells of a document.
pub(crate) fn publisher(
    types: &Types<'_>,
    resource: &ResourceCode,
    variable: &str,
    event: &str,
    trigger: &Trigger,
    name: &str,
) -> FunctionView {
    let definition = types.object(&resource.model);
    let fields: Vec<FieldCode> = definition.map(|definition| types.fields(definition)).unwrap_or_default();
    let field = |property: &str| fields.iter().find(|field| field.json == property);
    let model = definition.map_or("", |definition| types.name(definition));
    let mut pairs = Vec::new();
    let mut optional = Vec::new();
    for datum in &trigger.data {
        let Some(field) = field(&datum.property) else { continue };
        let place = format!("{variable}.{}", field.name);
        match (datum.always, field.kind.wrap) {
            (false, Wrap::Both) => optional.push((format!("{place}.Present()"), &datum.name, place)),
            (false, Wrap::Optional | Wrap::OrNull) => optional.push((format!("{place} != nil"), &datum.name, place)),
            _ => pairs.push((string(&datum.name), place)),
        }
    }
    let data = composite("map[string]any", &pairs);
    let mut lines =
        vec![format!("func {name}(ctx context.Context, unit *work.Unit, {variable} *contract.{model}) error {{")];
    if optional.is_empty() {
        lines.push(format!("return messaging.Publish(ctx, unit, contract.{event}, {data})"));
    } else {
        lines.push(format!("data := {data}"));
        for (condition, name, place) in optional {
            lines.push(format!("if {condition} {{\n\tdata[{}] = {place}\n}}", string(name)));
        }
        lines.push(format!("return messaging.Publish(ctx, unit, contract.{event}, data)"));
    }
    let body = lines.iter().skip(1).flat_map(|statement| statement.lines()).map(|line| format!("\t{line}"));
    let lines: Vec<String> = lines.iter().take(1).cloned().chain(body).chain(["}".to_owned()]).collect();
    FunctionView { name: name.to_owned(), lines }
}
