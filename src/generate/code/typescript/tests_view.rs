//! The tests that come with a service, as TypeScript writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{
    Incomplete, ItemCase, KeptCase, ResourceCase, Samples, Sent, SessionCall, SessionCase, StepCase,
};
use crate::generate::code::service::ServiceCode;

use super::layout::{Code, access, key, string, value};

/// Requests that the contract refuses before any handler is called, as statements; empty where there are none.
pub(crate) fn contract_view(samples: &Samples<'_, '_>) -> View {
    let secured = samples.secured().iter().map(|sent| row(sent, Vec::new())).collect();
    let bad = samples.bad_bodies();
    let bodies = bad.broken.iter().map(|bad| {
        Code::Array(vec![text(&bad.method), text(&bad.url), text(&bad.text), Code::text(bad.status.to_string())])
    });
    let methods = samples.methods();
    let methods = methods
        .iter()
        .map(|wrong| Code::Array(vec![text(&wrong.method), text(&wrong.url), text(&wrong.allowed.join(", "))]));
    let bearer = samples.bearer_secured();
    let bearer = bearer.map(|sent| format!("{}, {}", string(&sent.method), string(&sent.url)));
    json!({
        "secured": table("SECURED", secured),
        "bearer_secured": bearer.unwrap_or_default(),
        "bad_bodies": table("BAD_BODIES", bodies.collect()),
        "incomplete": incomplete(&bad.incomplete),
        "methods": table("METHODS", methods.collect())})
}

/// Bodies that lack something, as a statement; empty where there are none.
fn incomplete(cases: &[Incomplete]) -> String {
    let row = |case: &Incomplete| {
        Code::Object(vec![
            Code::entry("method", text(&case.method)),
            Code::entry("url", text(&case.url)),
            Code::entry("body", value(&case.body)),
            Code::entry("missing", Code::Array(case.missing.iter().map(|name| text(name)).collect())),
            Code::entry("status", Code::text(case.status.to_string())),
        ])
    };
    if cases.is_empty() {
        return String::new();
    }
    Code::Array(cases.iter().map(row).collect()).lay_out(0, "const INCOMPLETE: readonly Incomplete[] = ", ";")
}

/// Requests to operations that have no default: method, URL and body, as a statement; empty where there are none.
pub(crate) fn unknown(samples: &Samples<'_, '_>) -> String {
    let rows = samples.unknown();
    let rows: Vec<Code> = rows.iter().map(|sent| row(sent, sent.body.iter().map(value).collect())).collect();
    let before = "const OPERATIONS: readonly (readonly [method: string, url: string, body?: unknown])[] = ";
    if rows.is_empty() { String::new() } else { Code::Array(rows).lay_out(0, before, ";") }
}

/// Requests that make something new each time, as a statement; empty where there are none.
pub(crate) fn creating(samples: &Samples<'_, '_>) -> String {
    let body = |sent: &Sent| sent.body.as_ref().map_or(Code::text("undefined"), value);
    table("CREATING", samples.keyed().iter().map(|sent| row(sent, vec![body(sent)])).collect())
}

/// Operations whose answers are kept, as a table.
pub(crate) fn kept(samples: &Samples<'_, '_>) -> String {
    let rows: Vec<Code> = samples.kept().iter().map(kept_case).collect();
    if rows.is_empty() {
        return String::new();
    }
    Code::Array(rows).lay_out(0, "const KEPT: readonly Kept[] = ", ";")
}

fn kept_case(case: &KeptCase) -> Code {
    let mut entries = vec![
        Code::entry("url", text(&case.url)),
        Code::entry("body", value(&case.body)),
        Code::entry("key", text(&case.key)),
    ];
    entries.extend(case.envelope.as_ref().map(|name| Code::entry("envelope", text(name))));
    entries.extend(case.one.then(|| Code::text("one: true")));
    let whose = if case.private { "private" } else { "public" };
    let said = format!("{whose}, max-age={}", case.seconds);
    entries.extend(case.clients.then(|| Code::entry("cacheControl", text(&said))));
    entries.extend(case.change.as_ref().map(|change| {
        let mut fields = vec![Code::entry("method", text(&change.method))];
        fields.extend(change.one.then(|| Code::text("one: true")));
        fields.extend(change.body.as_ref().map(|body| Code::entry("body", value(body))));
        Code::entry("change", Code::Object(fields))
    }));
    Code::Object(entries)
}

/// A request as an element of a table.
fn row(sent: &Sent, more: Vec<Code>) -> Code {
    Code::Array([vec![text(&sent.method), text(&sent.url)], more].concat())
}

/// A constant with rows; empty where there are none.
fn table(name: &str, rows: Vec<Code>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    Code::Array(rows).lay_out(0, &format!("const {name} = "), " as const;")
}

/// Methods of every object: where a type does not declare a property of that name, the method is meant.
const METHODS: &[&str] =
    &["hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// The tests of a resource's life.
pub(crate) fn resource_view(case: &ResourceCase) -> View {
    let one = [&case.read, &case.replace, &case.delete].into_iter().any(Option::is_some);
    json!({
        "label": case.label,
        "body": value(&case.body).lay_out(0, "const NEW = ", ";"),
        "url": string(&case.url),
        "created": case.created,
        "created_envelope": shown(&case.created_envelope),
        "key": access(&case.key),
        "kept": case.kept.iter().map(|name| access(name)).collect::<Vec<_>>(),
        "inherited": case.kept.iter().filter(|name| METHODS.contains(&name.as_str())).collect::<Vec<_>>(),
        "missing": Code::text(string(&case.missing)).lay_out(0, "const MISSING = ", ";"),
        "items": one || case.patch.is_some() || case.steps.is_some(),
        "read": case.read.as_ref().map(item),
        "list": case.list.as_ref().map(|list| json!({ "status": list.status, "items": shown(&list.items) })),
        "replace": case.replace.as_ref().map(item),
        "patch": case.patch.as_ref().map(|patch| json!({
            "status": patch.status,
            "envelope": shown(&patch.envelope),
            "content": patch.content,
            "change": value(&patch.change).lay_out(0, "const CHANGE = ", ";"),
            "media_type": (patch.media_type != "application/json").then(|| string(&patch.media_type))})),
        "delete": case.delete.as_ref().map(item),
        "steps": case.steps.as_ref().map(steps),
        "conflict": case.conflict})
}

fn item(case: &ItemCase) -> View {
    let body = case.body.as_ref().map(|body| value(body).lay_out(0, "const CHANGED = ", ";"));
    json!({
        "status": case.status,
        "envelope": shown(&case.envelope),
        "content": case.content,
        "body": body.unwrap_or_default(),
        "shown": case.shown})
}

/// Steps, ways that are allowed and ways that are refused, as statements.
fn steps(case: &StepCase) -> View {
    let declared = case.steps.iter().map(|(name, (method, body))| {
        let mut entries = vec![Code::entry("method", text(method))];
        entries.extend(body.iter().map(|body| Code::entry("body", value(body))));
        Code::entry(name, Code::Object(entries))
    });
    let way = |names: &[String]| Code::Array(names.iter().map(|name| text(name)).collect());
    let allowed = case.allowed.iter().map(|(names, state)| Code::Array(vec![way(names), text(state)]));
    let refused =
        case.refused.iter().map(|(names, status)| Code::Array(vec![way(names), Code::text(status.to_string())]));
    json!({
        "steps": Code::Object(declared.collect()).lay_out(0, "const STEPS = ", ";"),
        "allowed": table("ALLOWED", allowed.collect()),
        "refused": table("REFUSED", refused.collect()),
        "state": shown(&case.state)})
}

/// The tests of accounts and tokens.
pub(crate) fn sessions_view(case: &SessionCase) -> View {
    json!({
        "account": value(&case.account).lay_out(0, "const ACCOUNT = ", ";"),
        "credentials": value(&case.credentials).lay_out(0, "const CREDENTIALS = ", ";"),
        "password": access(&case.password),
        "password_name": key(&case.password),
        "register": call(&case.register),
        "login": call(&case.login),
        "refresh": case.refresh.as_ref().map(call),
        "validate": case.validate.as_ref().map(call),
        "logout": case.logout.as_ref().map(call)})
}

fn call(call: &SessionCall) -> View {
    let way = |names: &[String]| names.iter().map(|name| access(name)).collect::<String>();
    json!({
        "url": string(&call.url),
        "status": call.status,
        "token": call.token.as_deref().map(key).unwrap_or_default(),
        "shown": way(&call.shown),
        "refresh": way(&call.refresh)})
}

/// What the tests of events need: imports, and how contexts and consumers are made.
pub(crate) fn events_view(code: &ServiceCode<'_>, samples: &str) -> View {
    let (publishes, consumes) = (code.events.publishes, !code.events.subscriptions.is_empty());
    let list = |names: &[(&str, bool)]| {
        names.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    let parts = code.auth.is_some() || !code.clients.is_empty();
    let data =
        [("type Data", consumes), ("decode", !samples.is_empty()), ("encode", consumes), ("type Message", consumes)];
    let mut data = data.to_vec();
    data.sort_by_key(|(name, _)| name.trim_start_matches("type ").to_lowercase());
    json!({
    "samples": samples,
    "broker_import": list(&[("LocalBus", publishes), ("Rejected", consumes)]),
    "events_import": list(&data),
    "consumer": if parts { "await consumerOf(t, database, things)" } else { "consumerOf(database, things)" },
    "dropping": match parts {
        true => "await consumerOf(t, database, things, false)",
        false => "consumerOf(database, things, false)",
    }})
}

/// `.data`, or nothing.
pub(crate) fn shown(name: &Option<String>) -> String {
    name.as_deref().map(access).unwrap_or_default()
}

fn text(text: &str) -> Code {
    Code::text(string(text))
}
