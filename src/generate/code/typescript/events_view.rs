//! What the templates of events are rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::events::{Effect, Subscription, Trigger};
use crate::generate::code::names::Case;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{OperationCode, ServiceCode};
use crate::model::Schemas;

use super::layout::{Code, access, prose, string, value};
use super::records_view;

/// Flags that many templates ask for.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    json!({
        "events": code.events.any(),
        "publishes": code.events.publishes,
        "consumes": !code.events.subscriptions.is_empty(),
        "copies": !code.events.projections.is_empty()})
}

/// The modules of events.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    let projections = code.events.projections.iter().map(|projection| {
        let table = Code::text(string(&format!("{}_copies", projection.name)));
        let key = Code::Object(vec![Code::entry("key", Code::text(string(&projection.key)))]);
        let before = format!("const {} = ", projection_name(&projection.name));
        Code::Call("new Projection".to_owned(), vec![table, key]).lay_out(0, &before, ";")
    });
    let consumers: Vec<View> = code.events.subscriptions.iter().map(|one| consumer(code, one)).collect();
    let handled: Vec<&View> = consumers.iter().filter(|one| one["statement"] != "").collect();
    let subscriptions = code.events.subscriptions.iter().map(|one| subscription(code, one)).collect();
    json!({
        "events": (0..code.wires.len()).map(|at| event(code, at)).collect::<Vec<_>>(),
        "handles": !handled.is_empty(),
        "handled": handled,
        "subscriptions": Code::Array(subscriptions).lay_out(2, "return ", ";"),
        "consumers": consumers,
        "imports": records_view::imports(code),
        "projections": projections.collect::<Vec<_>>()})
}

/// The copies that handlers of events keep or look into.
pub(super) fn copies_import(code: &ServiceCode<'_>) -> String {
    let used = code.events.subscriptions.iter().filter_map(|one| match one.effect {
        Effect::Put(at) | Effect::Forget(at) => Some(at),
        Effect::Record(at) => code.events.records[at].copy.as_ref().map(|(copy, _)| *copy),
        Effect::Unknown => None,
    });
    let names = used.map(|at| projection_name(&code.events.projections[at].name));
    names.collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// Messages that the service consumes, each with its event, as a statement; empty where there is none.
pub(crate) fn samples(schemas: &Schemas, code: &ServiceCode<'_>) -> String {
    let rows = code.events.subscriptions.iter().filter_map(|one| {
        let wire = &code.wires[one.wire];
        let sample = sample(schemas, code.events.wires[one.wire].schema?, Direction::Response)?;
        let valid = code.accepts(wire.definition.as_deref()?, &sample);
        valid.then(|| Code::Array(vec![Code::text(format!("events.{}", wire.constant)), value(&sample)]))
    });
    let rows: Vec<Code> = rows.collect();
    if rows.is_empty() { String::new() } else { Code::Array(rows).lay_out(0, "const SAMPLES = ", " as const;") }
}

/// `USER_PROFILES`, for copies of `user_profile`.
pub(crate) fn projection_name(name: &str) -> String {
    format!("{}_COPIES", Case::Constant.apply(name))
}

/// `export const ORDER_ORDER_PLACED: Event = {…};`.
fn event(code: &ServiceCode<'_>, at: usize) -> String {
    let (wire, names) = (&code.events.wires[at], &code.wires[at]);
    let text = |text: &str| Code::text(string(text));
    let mut entries = vec![Code::entry("type", text(&wire.name)), Code::entry("topic", text(&wire.topic))];
    entries.extend(wire.version.iter().map(|version| Code::entry("version", text(version))));
    entries.extend(names.definition.iter().map(|name| Code::entry("schema", text(name))));
    if !wire.without.is_empty() {
        entries.push(Code::entry("without", Code::Array(wire.without.iter().map(|name| text(name)).collect())));
    }
    Code::Object(entries).lay_out(0, &format!("export const {}: Event = ", names.constant), ";")
}

fn consumer(code: &ServiceCode<'_>, one: &Subscription) -> View {
    let copies = |at: usize| projection_name(&code.events.projections[at].name);
    let statement = match one.effect {
        Effect::Put(at) => format!("await {}.put(context, message);", copies(at)),
        Effect::Forget(at) => format!("await {}.forget(context, message);", copies(at)),
        Effect::Record(at) => {
            let lines = records_view::statements(code, &code.events.records[at]);
            lines.unwrap_or_default().join("\n    ")
        }
        Effect::Unknown => String::new(),
    };
    json!({
        "function": code.wires[one.wire].function,
        "doc": prose(&one.action),
        "statement": statement})
}

fn subscription(code: &ServiceCode<'_>, one: &Subscription) -> Code {
    let names = &code.wires[one.wire];
    let entry = |name: &str, text: String| Code::Labelled(format!("{name}: "), Box::new(Code::text(text)));
    Code::Object(vec![
        entry("event", format!("events.{}", names.constant)),
        entry("handle", format!("handlers.{}", names.function)),
        entry("retries", one.retries.to_string()),
        entry("deadLetter", one.dead_letter.to_string()),
    ])
}

/// The statements that publish what an operation tells of a document.
pub(crate) fn publications(code: &ServiceCode<'_>, operation: &OperationCode<'_>, document: &str) -> Vec<String> {
    let own = code.events.triggers.iter().filter(|trigger| trigger.operation == operation.operation.id);
    own.map(|trigger| publication(code, trigger, document)).collect()
}

/// What a document does not have is undefined, which JSON leaves out.
fn publication(code: &ServiceCode<'_>, trigger: &Trigger, document: &str) -> String {
    let entries = trigger.data.iter().map(|datum| {
        let source = format!("{document}{}", access(&datum.property));
        Code::entry(&datum.name, Code::text(source))
    });
    let event = Code::text(format!("events.{}", code.wires[trigger.wire].constant));
    let arguments = vec![Code::text("context"), event, Code::Object(entries.collect())];
    Code::Call("await publish".to_owned(), arguments).lay_out(4, "", ";")
}
