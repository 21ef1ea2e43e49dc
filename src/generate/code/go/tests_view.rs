//! What the templates of tests are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{
    Incomplete, ItemCase, KeptCase, ResourceCase, Samples, Sent, SessionCall, SessionCase, StepCase,
};
use crate::generate::code::service::ResourceCode;
use crate::template::names::Scope;

use super::layout::{json as literal, raw, string};
use super::words::{exported, unexported};

/// What the contract refuses.
pub(crate) fn contract_view(samples: &Samples<'_, '_>) -> View {
    let row = |sent: &Sent| format!("{{{}, {}}},", string(&sent.method), string(&sent.url));
    let secured: Vec<String> = samples.secured().iter().map(row).collect();
    let bearer = samples.bearer_secured().map(|sent| format!("{}, {}", string(&sent.method), string(&sent.url)));
    let bad = samples.bad_bodies();
    let broken = bad.broken.iter();
    let broken = broken
        .map(|bad| format!("{{{}, {}, {}, {}}},", string(&bad.method), string(&bad.url), raw(&bad.text), bad.status));
    let methods = samples.methods();
    let methods = methods.iter().map(|wrong| {
        format!("{{{}, {}, {}}},", string(&wrong.method), string(&wrong.url), string(&wrong.allowed.join(", ")))
    });
    json!({
        "secured": secured,
        "bearer_secured": bearer.unwrap_or_default(),
        "bad_bodies": broken.collect::<Vec<_>>(),
        "incomplete": bad.incomplete.iter().map(incomplete).collect::<Vec<_>>(),
        "methods": methods.collect::<Vec<_>>()})
}

fn incomplete(case: &Incomplete) -> String {
    let missing: Vec<String> = case.missing.iter().map(|name| string(name)).collect();
    let (method, url, body) = (string(&case.method), string(&case.url), literal(&case.body));
    format!("{{{method}, {url}, {body}, []string{{{}}}, {}}},", missing.join(", "), case.status)
}

/// Requests to operations that have no default.
pub(crate) fn unknown(samples: &Samples<'_, '_>) -> Vec<String> {
    samples.unknown().iter().map(row).collect()
}

/// Requests that make something and say which of them are one and the same.
pub(crate) fn creating(samples: &Samples<'_, '_>) -> Vec<String> {
    samples.keyed().iter().map(row).collect()
}

/// Operations whose answers are kept.
pub(crate) fn kept(samples: &Samples<'_, '_>) -> Vec<String> {
    samples.kept().iter().map(kept_case).collect()
}

fn kept_case(case: &KeptCase) -> String {
    let mut fields = vec![format!("url: {}", string(&case.url)), format!("body: {}", literal(&case.body))];
    fields.extend(case.envelope.as_ref().map(|name| format!("envelope: {}", string(name))));
    fields.push(format!("key: {}", string(&case.key)));
    fields.extend(case.one.then(|| "one: true".to_owned()));
    let whose = if case.private { "private" } else { "public" };
    fields.extend(case.clients.then(|| format!("cacheControl: \"{whose}, max-age={}\"", case.seconds)));
    if let Some(change) = &case.change {
        fields.push(format!("method: {}", string(&change.method)));
        fields.extend(change.one.then(|| "changesOne: true".to_owned()));
        fields.extend(change.body.as_ref().map(|body| format!("change: {}", literal(body))));
    }
    format!("{{{}}},", fields.join(", "))
}

/// A request: method, URL and body.
fn row(sent: &Sent) -> String {
    let body = sent.body.as_ref().map_or("\"\"".to_owned(), literal);
    format!("{{{}, {}, {body}}},", string(&sent.method), string(&sent.url))
}

/// What the names of a resource's tests, and of what they use, begin with. The tests of all resources are in one package, and
/// names like `user_1` and `user1` give the same words.
pub(crate) struct TestNames {
    title: String,
    variable: String,
}

/// These names, in the order of the resources.
pub(crate) fn test_names(resources: &[ResourceCode]) -> Vec<TestNames> {
    let mut taken = Scope::new();
    let names = resources.iter().map(|resource| {
        let title = exported(&resource.table);
        let unique = taken.unique(&title, "");
        TestNames { variable: format!("{}{}", unexported(&resource.table), &unique[title.len()..]), title: unique }
    });
    names.collect()
}

/// The tests of a resource's life.
pub(crate) fn resource_view(case: &ResourceCase, names: &TestNames) -> View {
    let kept: Vec<String> = case.kept.iter().map(|name| string(name)).collect();
    json!({
        "label": case.label,
        "title": names.title,
        "variable": names.variable,
        "body": literal(&case.body),
        "url": string(&case.url),
        "created": case.created,
        "created_envelope": more(&case.created_envelope),
        "key": string(&case.key),
        "kept": kept.join(", "),
        "missing": string(&case.missing),
        "read": case.read.as_ref().map(item),
        "list": case.list.as_ref().map(|list| json!({ "status": list.status, "items": more(&list.items) })),
        "replace": case.replace.as_ref().map(item),
        "patch": case.patch.as_ref().map(|patch| json!({
            "status": patch.status,
            "envelope": more(&patch.envelope),
            "content": patch.content,
            "change": literal(&patch.change),
            "media_type": (patch.media_type != "application/json").then(|| string(&patch.media_type))})),
        "delete": case.delete.as_ref().map(item),
        "steps": case.steps.as_ref().map(steps),
        "conflict": case.conflict})
}

fn item(case: &ItemCase) -> View {
    json!({
        "status": case.status,
        "envelope": more(&case.envelope),
        "content": case.content,
        "body": case.body.as_ref().map(literal).unwrap_or_default(),
        "shown": case.shown})
}

/// Steps, ways that are allowed and ways that are refused.
fn steps(case: &StepCase) -> View {
    let pairs: Vec<(String, String)> = case
        .steps
        .iter()
        .map(|(name, (method, body))| {
            let body = body.as_ref().map_or("\"\"".to_owned(), literal);
            (string(name), format!("{{{}, {body}}}", string(method)))
        })
        .collect();
    let way = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| string(name)).collect();
        format!("[]string{{{}}}", names.join(", "))
    };
    let allowed = case.allowed.iter().map(|(names, state)| format!("{{{}, {}}},", way(names), string(state)));
    let refused = case.refused.iter().map(|(names, status)| format!("{{{}, {status}}},", way(names)));
    json!({
        "steps": super::layout::entries(&pairs),
        "allowed": allowed.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "state": case.state.as_deref().map(string)})
}

/// The tests of accounts and tokens.
pub(crate) fn sessions_view(case: &SessionCase) -> View {
    let mut wrong = case.credentials.clone();
    let password = case.credentials[case.password.as_str()].as_str().unwrap_or_default();
    wrong[case.password.as_str()] = View::from(format!("{password}!"));
    json!({
        "account": literal(&case.account),
        "credentials": literal(&case.credentials),
        "wrong": literal(&wrong),
        "secret": raw(&View::from(password).to_string()),
        "register": call(&case.register),
        "login": call(&case.login),
        "refresh": case.refresh.as_ref().map(call),
        "validate": case.validate.as_ref().map(call),
        "logout": case.logout.as_ref().map(call)})
}

fn call(call: &SessionCall) -> View {
    let way = |names: &[String]| names.iter().map(|name| format!(", {}", string(name))).collect::<String>();
    json!({
        "url": string(&call.url),
        "status": call.status,
        "token": call.token.as_deref().map(string).unwrap_or_default(),
        "shown": way(&call.shown),
        "refresh": way(&call.refresh)})
}

/// `, "data"`, or nothing.
fn more(name: &Option<String>) -> String {
    name.as_ref().map_or(String::new(), |name| format!(", {}", string(name)))
}
