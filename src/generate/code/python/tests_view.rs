//! The tests that come with a service, as Python writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{
    Broken, Incomplete, ItemCase, KeptCase, ResourceCase, Samples, Sent, SessionCall, SessionCase, StepCase,
    WrongMethod,
};

use super::layout::{Code, string, value};

/// Requests that the contract refuses before any handler is called.
pub(crate) fn contract_view(samples: &Samples<'_, '_>) -> View {
    let secured: Vec<String> = samples.secured().iter().map(|sent| row(sent, Vec::new())).collect();
    let bearer = samples.bearer_secured();
    let bearer = bearer.map(|sent| format!("{}, {}", string(&sent.method), string(&sent.url)));
    let bad = samples.bad_bodies();
    json!({
        "secured": secured,
        "bearer_secured": bearer.unwrap_or_default(),
        "bad_bodies": bad.broken.iter().map(broken).collect::<Vec<_>>(),
        "incomplete": bad.incomplete.iter().map(incomplete).collect::<Vec<_>>(),
        "methods": samples.methods().iter().map(wrong_method).collect::<Vec<_>>()})
}

/// Requests to operations that have no default: method, URL and body, as elements of a list.
pub(crate) fn unknown(samples: &Samples<'_, '_>) -> Vec<String> {
    let body = |sent: &Sent| sent.body.as_ref().map_or(Code::text("None"), value);
    samples.unknown().iter().map(|sent| row(sent, vec![body(sent)])).collect()
}

/// Requests that make something and say which of them are one and the same: method, URL and body, as elements of a list.
pub(crate) fn creating(samples: &Samples<'_, '_>) -> Vec<String> {
    let body = |sent: &Sent| sent.body.as_ref().map_or(Code::text("None"), value);
    samples.keyed().iter().map(|sent| row(sent, vec![body(sent)])).collect()
}

/// Operations whose answers are kept, as elements of a list.
pub(crate) fn kept(samples: &Samples<'_, '_>) -> Vec<String> {
    samples.kept().iter().map(kept_case).collect()
}

fn kept_case(case: &KeptCase) -> String {
    let whose = if case.private { "private" } else { "public" };
    let said = case.clients.then(|| string(&format!("{whose}, max-age={}", case.seconds)));
    let mut fields = vec![
        Code::text(format!("url={}", string(&case.url))),
        Code::Labelled("body=".to_owned(), Box::new(value(&case.body))),
        Code::text(format!("key={}", string(&case.key))),
    ];
    fields.extend(case.envelope.as_ref().map(|name| Code::text(format!("envelope={}", string(name)))));
    if case.one {
        fields.push(Code::text("one=True"));
    }
    fields.extend(said.map(|said| Code::text(format!("cache_control={said}"))));
    fields.extend(case.change.as_ref().map(|change| {
        let body = change.body.as_ref().map_or(Code::text("None"), value);
        let target = Code::text(if change.one { "True" } else { "False" });
        Code::Labelled("change=".to_owned(), Box::new(tuple(vec![text(&change.method), target, body])))
    }));
    Code::group("Kept(", fields, ")").lay_out(4, "", ",")
}

/// A request as an element of a list.
fn row(sent: &Sent, more: Vec<Code>) -> String {
    tuple([vec![text(&sent.method), text(&sent.url)], more].concat()).lay_out(4, "", ",")
}

fn broken(bad: &Broken) -> String {
    let elements = vec![text(&bad.method), text(&bad.url), text(&bad.text), Code::text(bad.status.to_string())];
    tuple(elements).lay_out(4, "", ",")
}

fn incomplete(case: &Incomplete) -> String {
    let missing = Code::group("[", case.missing.iter().map(|name| text(name)).collect(), "]");
    let status = Code::text(case.status.to_string());
    tuple(vec![text(&case.method), text(&case.url), value(&case.body), missing, status]).lay_out(4, "", ",")
}

fn wrong_method(wrong: &WrongMethod) -> String {
    tuple(vec![text(&wrong.method), text(&wrong.url), text(&wrong.allowed.join(", "))]).lay_out(4, "", ",")
}

/// The tests of a resource's life.
pub(crate) fn resource_view(case: &ResourceCase) -> View {
    let kept = Code::group("[", case.kept.iter().map(|name| text(name)).collect(), "]");
    json!({
        "label": case.label,
        "body": value(&case.body).lay_out(0, "NEW: dict[str, Any] = ", ""),
        "url": string(&case.url),
        "created": case.created,
        "created_envelope": index(&case.created_envelope),
        "key": string(&case.key),
        "kept": kept.lay_out(0, "KEPT: list[str] = ", ""),
        "missing": string(&case.missing),
        "read": case.read.as_ref().map(item),
        "list": case.list.as_ref().map(|list| json!({ "status": list.status, "items": index(&list.items) })),
        "replace": case.replace.as_ref().map(item),
        "patch": case.patch.as_ref().map(|patch| json!({
            "status": patch.status,
            "envelope": index(&patch.envelope),
            "content": patch.content,
            "change": value(&patch.change).lay_out(0, "CHANGE: dict[str, Any] = ", ""),
            "media_type": (patch.media_type != "application/json").then(|| string(&patch.media_type))})),
        "delete": case.delete.as_ref().map(item),
        "steps": case.steps.as_ref().map(steps),
        "conflict": case.conflict})
}

fn item(case: &ItemCase) -> View {
    let body = case.body.as_ref().map(|body| value(body).lay_out(0, "CHANGED: dict[str, Any] = ", ""));
    json!({
        "status": case.status,
        "envelope": index(&case.envelope),
        "content": case.content,
        "body": body.unwrap_or_default(),
        "shown": case.shown})
}

/// Steps, ways that are allowed and ways that are refused, as statements.
fn steps(case: &StepCase) -> View {
    let declared = case.steps.iter().map(|(name, (method, body))| {
        Code::entry(name, tuple(vec![text(method), body.as_ref().map_or(Code::text("None"), value)]))
    });
    let way = |names: &[String]| Code::group("[", names.iter().map(|name| text(name)).collect(), "]");
    let allowed = case.allowed.iter().map(|(names, state)| tuple(vec![way(names), text(state)]));
    let refused = case.refused.iter().map(|(names, status)| tuple(vec![way(names), Code::text(status.to_string())]));
    let list = |rows: Vec<Code>, before: &str| Code::group("[", rows, "]").lay_out(0, before, "");
    json!({
        "steps": Code::group("{", declared.collect(), "}").lay_out(0, "STEPS: dict[str, tuple[str, Any]] = ", ""),
        "allowed": list(allowed.collect(), "ALLOWED = "),
        "refused": if case.refused.is_empty() { String::new() } else { list(refused.collect(), "REFUSED = ") },
        "state": index(&case.state)})
}

/// The tests of accounts and tokens.
pub(crate) fn sessions_view(case: &SessionCase) -> View {
    json!({
        "account": value(&case.account).lay_out(0, "ACCOUNT: dict[str, Any] = ", ""),
        "credentials": value(&case.credentials).lay_out(0, "CREDENTIALS: dict[str, Any] = ", ""),
        "password": string(&case.password),
        "register": call(&case.register),
        "login": call(&case.login),
        "refresh": case.refresh.as_ref().map(call),
        "validate": case.validate.as_ref().map(call),
        "logout": case.logout.as_ref().map(call)})
}

fn call(call: &SessionCall) -> View {
    let way = |names: &[String]| names.iter().map(|name| format!("[{}]", string(name))).collect::<String>();
    json!({
        "url": string(&call.url),
        "status": call.status,
        "token": call.token.as_deref().map(string).unwrap_or_default(),
        "shown": way(&call.shown),
        "refresh": way(&call.refresh)})
}

/// `["data"]`, or nothing.
pub(crate) fn index(name: &Option<String>) -> String {
    name.as_ref().map_or(String::new(), |name| format!("[{}]", string(name)))
}

fn text(text: &str) -> Code {
    Code::text(string(text))
}

fn tuple(elements: Vec<Code>) -> Code {
    Code::group("(", elements, ")")
}
