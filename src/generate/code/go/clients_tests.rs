//! The tests of clients, as Go writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{ClientCase, ReferenceCase, Sample, Samples, path_pattern};
use crate::generate::code::clients::{Copied, Failure};
use crate::generate::code::service::ServiceCode;

use super::clients::{ClientPackage, literal as composite_of};
use super::events_view::copies;
use super::fit::literal;
use super::layout::{indented, json as raw, string};
use super::words::exported;

/// What the templates of tests are rendered over.
pub(crate) fn view(code: &ServiceCode<'_>, clients: &[ClientPackage<'_>], samples: &Samples<'_, '_>) -> View {
    let calls = clients.iter().flat_map(|client| (0..client.names.len()).map(move |at| (client, at)));
    let cases: Vec<View> = calls.filter_map(|(client, at)| case(code, samples, client, at)).collect();
    let is = |kind: &str| cases.iter().any(|case| case["kind"] == kind);
    let text = View::Array(cases.clone()).to_string();
    let mut packages: Vec<String> = clients
        .iter()
        .filter(|client| text.contains(&format!("{}.", client.package)))
        .map(|client| format!("contract/clients/{}", client.package))
        .collect();
    packages.sort_unstable();
    if is("copy") {
        packages.extend(["contract/copies", "runtime/messaging"].map(str::to_owned));
    }
    if is("cached") {
        packages.push("runtime/security".to_owned());
    }
    let found = samples.asked().into_iter().filter_map(|call| found(code, samples, call, true));
    json!({
        "cases": cases,
        "test_packages": packages,
        "test_json": text.contains("json.RawMessage"),
        "refusals": is("refuse"),
        "token_case": token_case(code, samples),
        "found": found.collect::<Vec<_>>(),
        "referring": samples.referring().iter().filter_map(|one| referring(code, samples, one)).collect::<Vec<_>>()})
}

/// `apptest.Reply{…}`: what a call is answered that finds something.
pub(crate) fn found(
    code: &ServiceCode<'_>,
    samples: &Samples<'_, '_>,
    call: (usize, usize),
    path: bool,
) -> Option<String> {
    let call = &code.clients[call.0].calls[call.1];
    let case = samples.client_case(call)?;
    let pattern = path_pattern(&call.operation.path);
    Some(reply(&case.answer, path.then_some(pattern.as_str())))
}

fn reply(sample: &Sample, path: Option<&str>) -> String {
    let mut pairs = vec![("Status".to_owned(), sample.status.to_string())];
    pairs.extend(sample.content.as_ref().map(|content| ("Content".to_owned(), raw(content))));
    pairs.extend(path.map(|path| ("Path".to_owned(), string(path))));
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("Reply{{{}}}", pairs.join(", "))
}

/// That a token is refused which the service that issued it refuses.
fn token_case(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let Some(check) = &code.token_check else { return View::Null };
    let (Some(found), Some(sent)) = (found(code, samples, check.call, false), samples.bearer_secured()) else {
        return View::Null;
    };
    let (refused, failed) = match code.clients[check.call.0].calls[check.call.1].call.failure {
        Failure::Refuse(status @ (401 | 403)) => (status, status),
        Failure::Refuse(status) => (401, status),
        Failure::Degrade => (401, 0),
        Failure::Fail | Failure::Cached(_) | Failure::Copy(_) => (401, 503),
    };
    let row = |reply: &str, status: u16| format!("{{apptest.{reply}, {status}}}");
    json!({
        "rows": [row(&found, 0), row("Reply{Status: 401}", refused), row("Reply{Status: 500}", failed)],
        "request": format!("{}, {}", string(&sent.method), string(&sent.url))})
}

/// That a new document must refer to something that there is.
fn referring(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, case: &ReferenceCase) -> Option<View> {
    let before = case.before.iter().filter_map(|call| found(code, samples, *call, true));
    let before: Vec<String> = before.map(|reply| format!("apptest.{reply}")).collect();
    let header =
        case.sent.headers.iter().map(|(name, value)| format!("header.Set({}, {})", string(name), string(value)));
    Some(json!({
        "title": exported(&format!("{} {}", case.function, case.property)),
        "requests": before.len() + 1,
        "before": before,
        "body": raw(case.sent.body.as_ref()?),
        "header": header.collect::<Vec<_>>(),
        "request": format!("{}, {}", string(&case.sent.method), string(&case.sent.url)),
        "status": case.status}))
}

fn case(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, client: &ClientPackage<'_>, at: usize) -> Option<View> {
    let (call, names) = client.call(at);
    let case = samples.client_case(call)?;
    let refuses = match call.call.failure {
        Failure::Refuse(status) => status,
        _ => 0,
    };
    let answers = client.returns(at).is_some();
    let mut failures = vec!["{Status: 500}".to_owned()];
    failures.extend(case.wrong.as_ref().map(|wrong| reply(wrong, None).replacen("Reply", "", 1)));
    if matches!(refuses, 401 | 403) {
        failures.push("{Status: 401}".to_owned());
    }
    let asked = asked(client, at, &case.arguments, case.body.as_ref());
    let key = call.operation.arguments.iter().find(|argument| call.operation.is_key(argument));
    // What is read of the answer, as its type may have no more.
    let shown = case.answer.content.as_ref().map(|content| samples.looked_at(call, content));
    let mut view = json!({
    "title": format!("{}{}", client.field, names.method),
    "reply": format!("apptest.{}", reply(&case.answer, None)),
    "answers": answers,
    "shown": shown.as_ref().map(raw).unwrap_or_default(),
    "error": if answers { "_, err" } else { "err" },
    "call": indented(&asked, 2),
    "deep_call": indented(&asked, 3),
    "deeper_call": indented(&asked, 4),
    "method": string(&case.method),
    "target": string(&case.target),
    "key": key.map(|key| string(&key.parameter.name)).unwrap_or_default(),
    "failures": failures,
    "status": refuses,
    "kind": match call.call.failure {
        Failure::Refuse(_) => "refuse",
        Failure::Degrade => "degrade",
        Failure::Cached(_) if answers => "cached",
        Failure::Copy(_) if answers => "copy",
        Failure::Fail | Failure::Cached(_) | Failure::Copy(_) => "fail",
    }});
    if let Failure::Copy(copied) = &call.call.failure {
        let projection = &code.events.projections[copied.projection];
        let key = &case.arguments.first()?.1;
        view["copies"] = json!(copies(&projection.name));
        view["copy"] = json!(raw(&copy(&projection.key, key, copied, &case)));
        view["copied"] = json!(raw(&result(&projection.key, key, copied, &case)));
    }
    // A success without content has nothing to show.
    if answers && shown.is_none() {
        view["shown"] = json!(string("null"));
    }
    Some(view)
}

/// `called.UserService.GetUser(ctx, unit, userservice.GetUserCall{…})`.
pub(crate) fn asked(
    client: &ClientPackage<'_>,
    at: usize,
    arguments: &[(String, View)],
    body: Option<&View>,
) -> String {
    let fields = client.fields(at);
    let mut values = Vec::new();
    for field in &fields {
        let given = match field.argument {
            Some(argument) => arguments.iter().find(|(name, _)| *name == argument.name).map(|(_, value)| value),
            None => body,
        };
        let Some(value) = given else { continue };
        let made = literal(&client.types, value, &field.kind);
        let made = made.unwrap_or_else(|| format!("apptest.Value[{}](t, {})", field.kind.text(), raw(value)));
        values.push((field.name.clone(), made));
    }
    let call = format!("{}.{}", client.package, client.names[at].call);
    let given = if fields.is_empty() { String::new() } else { format!(", {}", composite_of(&call, &values)) };
    format!("called.{}.{}(ctx, unit{given})", client.field, client.names[at].method)
}

/// A local copy of what the call is answered.
fn copy(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> View {
    let mut object = serde_json::Map::new();
    object.insert(key.to_owned(), id.clone());
    for (name, of_copy) in copied.properties.iter().filter(|(_, of_copy)| of_copy != key) {
        object.insert(of_copy.clone(), shown(case, name));
    }
    View::Object(object)
}

/// What the call makes of that copy.
fn result(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> View {
    let entry = |(name, of_copy): &(String, String)| {
        (name.clone(), if of_copy == key { id.clone() } else { shown(case, name) })
    };
    View::Object(copied.properties.iter().map(entry).collect())
}

fn shown(case: &ClientCase, name: &str) -> View {
    case.answer.content.as_ref().and_then(|content| content.get(name)).cloned().unwrap_or(View::Null)
}
