//! What the templates of events are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::events::{Effect, Trigger};
use crate::generate::code::names::Case;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::model::Schemas;

use super::layout::{Code, prose, string, value};
use super::records_view;
use crate::generate::code::service::{OperationCode, ResourceCode, ServiceCode};

/// Flags that many templates ask for.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    json!({
        "events": code.events.any(),
        "publishes": code.events.publishes,
        "consumes": !code.events.subscriptions.is_empty()})
}

/// The modules of events.
pub(crate) fn view(schemas: &Schemas, code: &ServiceCode<'_>) -> View {
    let projections = code.events.projections.iter().map(|projection| {
        let table = string(&format!("{}_copies", projection.name));
        format!("{} = Projection({table}, key={})", projection_name(&projection.name), string(&projection.key))
    });
    let consumers: Vec<View> = code.events.subscriptions.iter().map(|one| consumer(code, one)).collect();
    let samples = code.events.subscriptions.iter().filter_map(|one| {
        let wire = &code.wires[one.wire];
        let sample = sample(schemas, code.events.wires[one.wire].schema?, Direction::Response)?;
        let valid = code.accepts(wire.definition.as_deref()?, &sample);
        let row = vec![Code::text(format!("events.{}", wire.constant)), value(&sample)];
        valid.then(|| Code::group("(", row, ")").lay_out(4, "", ","))
    });
    json!({
        "imports": records_view::imports(code),
        "name": code.service.name,
        "events": (0..code.wires.len()).map(|at| event(code, at)).collect::<Vec<_>>(),
        "consumers": consumers,
        "projections": projections.collect::<Vec<_>>(),
        "samples": samples.collect::<Vec<_>>()})
}

/// `USER_PROFILES`, for copies of `user_profile`.
pub(crate) fn projection_name(name: &str) -> String {
    format!("{}_COPIES", Case::Constant.apply(name))
}

/// `ORDER_ORDER_PLACED = Event(…)`.
fn event(code: &ServiceCode<'_>, at: usize) -> String {
    let (wire, names) = (&code.events.wires[at], &code.wires[at]);
    let mut arguments =
        vec![Code::text(format!("type={}", string(&wire.name))), Code::text(format!("topic={}", string(&wire.topic)))];
    arguments.extend(wire.version.iter().map(|version| Code::text(format!("version={}", string(version)))));
    arguments.extend(names.definition.iter().map(|name| Code::text(format!("schema={}", string(name)))));
    if !wire.without.is_empty() {
        let without = wire.without.iter().map(|name| Code::text(string(name))).collect();
        arguments.push(Code::Labelled("without=".to_owned(), Box::new(Code::group("frozenset({", without, "})"))));
    }
    Code::group("Event(", arguments, ")").lay_out(0, &format!("{} = ", names.constant), "")
}

fn consumer(code: &ServiceCode<'_>, one: &crate::generate::code::events::Subscription) -> View {
    let names = &code.wires[one.wire];
    let copies = |at: usize| projection_name(&code.events.projections[at].name);
    let statement = match one.effect {
        Effect::Put(at) => format!("await {}.put(context, message)", copies(at)),
        Effect::Forget(at) => format!("await {}.forget(context, message)", copies(at)),
        Effect::Record(at) => {
            let lines = records_view::statements(code, &code.events.records[at]);
            lines.unwrap_or_default().join("\n        ")
        }
        Effect::Unknown => String::new(),
    };
    let dead_letter = if one.dead_letter { "True" } else { "False" };
    let arguments = vec![
        Code::text(format!("events.{}", names.constant)),
        Code::text(format!("handlers.{}", names.function)),
        Code::text(format!("retries={}", one.retries)),
        Code::text(format!("dead_letter={dead_letter}")),
    ];
    json!({
        "function": names.function,
        "doc": prose(&one.action),
        "name": string(&format!("{} has no handler yet", code.events.wires[one.wire].name)),
        "statement": statement,
        "subscription": Code::group("Subscription(", arguments, ")").lay_out(8, "", ",")})
}

/// The statements that publish what an operation tells of a document.
pub(crate) fn publications(
    code: &ServiceCode<'_>,
    operation: &OperationCode<'_>,
    resource: &ResourceCode,
) -> Vec<String> {
    let own = code.events.triggers.iter().filter(|trigger| trigger.operation == operation.operation.id);
    own.flat_map(|trigger| publication(code, trigger, &resource.variable)).collect()
}

fn publication(code: &ServiceCode<'_>, trigger: &Trigger, document: &str) -> Vec<String> {
    let event = format!("events.{}", code.wires[trigger.wire].constant);
    let entries = trigger.data.iter().filter(|datum| datum.always);
    let entries =
        entries.map(|datum| Code::entry(&datum.name, Code::text(format!("{document}[{}]", string(&datum.property)))));
    let data = Code::group("{", entries.collect(), "}");
    let optional: Vec<_> = trigger.data.iter().filter(|datum| !datum.always).collect();
    let publish = |data: Code| {
        Code::group("await outbox.publish(", vec![Code::text("context"), Code::text(event.clone()), data], ")")
            .lay_out(8, "", "")
    };
    if optional.is_empty() {
        return vec![publish(data)];
    }
    let mut lines = vec![data.lay_out(8, "data: dict[str, Any] = ", "")];
    for datum in optional {
        let (name, property) = (string(&datum.name), string(&datum.property));
        lines.push(format!("if {property} in {document}:\n            data[{name}] = {document}[{property}]"));
    }
    lines.push(publish(Code::text("data")));
    lines
}
