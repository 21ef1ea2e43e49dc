//! The tests of clients, as Python writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{ClientCase, ReferenceCase, Sample, Samples, path_pattern};
use crate::generate::code::clients::{Copied, Failure};
use crate::generate::code::names::Case;
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode};

use super::events_view::projection_name;
use super::layout::{Code, string, value};

/// What `conftest.py` and the tests of clients are rendered over.
pub(crate) fn view(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, package: &str) -> View {
    let calls = code.clients.iter().flat_map(|client| client.calls.iter().map(move |call| (client, call)));
    let cases: Vec<View> = calls.filter_map(|(client, call)| case(code, samples, client, call)).collect();
    let mut copies: Vec<&str> = cases.iter().filter_map(|case| case["copies"].as_str()).collect();
    copies.sort_unstable();
    copies.dedup();
    let is = |kinds: &[&str]| cases.iter().any(|case| kinds.iter().any(|kind| case["kind"] == *kind));
    let token = code.token_check.as_ref().and_then(|check| found(code, samples, check.call, false));
    let referring = referring(code, samples);
    let checks = token.is_some() && samples.bearer_secured().is_some();
    let own = if checks || !referring.is_empty() { "connected, running" } else { "connected" };
    json!({
        "cases": cases,
        "copies_import": match copies.is_empty() {
            true => String::new(),
            false => format!("from {package}.contract.copies import {}", copies.join(", ")),
        },
        "refuses": is(&["refuse"]),
        "unavailable": is(&["fail", "cached", "copy"]),
        "imports_of_tests": own,
        "checks": checks,
        "found_token": token.unwrap_or_default(),
        "found": samples.asked().into_iter().filter_map(|call| found(code, samples, call, true)).collect::<Vec<_>>(),
        "referring": referring})
}

/// `Answer(200, {…}, path="…")`: what a call is answered that finds something.
pub(crate) fn found(
    code: &ServiceCode<'_>,
    samples: &Samples<'_, '_>,
    call: (usize, usize),
    path: bool,
) -> Option<String> {
    let call = &code.clients[call.0].calls[call.1];
    let case = samples.client_case(call)?;
    let pattern = path_pattern(&call.operation.path);
    let answer = answer(&case.answer, path.then_some(pattern.as_str()));
    Some(
        answer.lay_out(if path { 4 } else { 8 }, "", ",").trim_end_matches(',').to_owned()
            + if path { "," } else { "" },
    )
}

fn answer(sample: &Sample, path: Option<&str>) -> Code {
    let mut elements = vec![Code::text(sample.status.to_string())];
    elements.extend(sample.content.as_ref().map(value));
    elements.extend(path.map(|path| Code::text(format!("path={}", string(path)))));
    Code::group("Answer(", elements, ")")
}

/// The tests that a new document must refer to something that there is.
fn referring(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> Vec<View> {
    let case = |case: &ReferenceCase| {
        // Whatever else is asked before is there.
        let before = case.before.iter().filter_map(|call| found(code, samples, *call, true));
        let before: String = before.map(|row| format!("{row} ")).collect();
        Some(json!({
            "name": format!("{}_{}", case.function, Case::Snake.apply(&case.property)),
            "before": before,
            "body": value(case.sent.body.as_ref()?).lay_out(4, "body: Any = ", ""),
            "request": format!("{}, {}", string(&case.sent.method), string(&case.sent.url)),
            "status": case.status}))
    };
    samples.referring().iter().filter_map(case).collect()
}

fn case(
    code: &ServiceCode<'_>,
    samples: &Samples<'_, '_>,
    client: &ClientCode<'_>,
    call: &CallCode<'_>,
) -> Option<View> {
    let case = samples.client_case(call)?;
    let name = format!("{}_{}", client.module, call.operation.function);
    let refuses = match call.call.failure {
        Failure::Refuse(status) => status,
        _ => 0,
    };
    let mut failures = vec![Code::text("Answer(500)")];
    failures.extend(case.wrong.as_ref().map(|wrong| answer(wrong, None)));
    if matches!(refuses, 401 | 403) {
        failures.push(Code::text("Answer(401)"));
    }
    let parametrized = vec![Code::text("\"failure\""), Code::group("[", failures, "]")];
    let parameters = vec![Code::text("context: Context"), Code::text("failure: Answer")];
    let asked = asked(client, call, &case);
    let mut view = json!({
    "name": name,
    "answer": answer(&case.answer, None).lay_out(4, "answer = ", ""),
    "content": case.answer.content.is_some(),
    "method": string(&case.method),
    "target": string(&case.target),
    "keyed": case.keyed,
    "parametrize": Code::group("@pytest.mark.parametrize(", parametrized, ")").lay_out(0, "", ""),
    "head": Code::group(format!("async def test_{name}_without_an_answer("), parameters, ")")
        .lay_out(0, "", " -> None:"),
    "status": refuses,
    "call": asked.lay_out(8, "", ""),
    "found": asked.lay_out(8, "found = ", ""),
    "deep_call": asked.lay_out(12, "", ""),
    "deep_found": asked.lay_out(12, "found = ", ""),
    "kind": match call.call.failure {
        Failure::Fail => "fail",
        Failure::Refuse(_) => "refuse",
        Failure::Degrade => "degrade",
        Failure::Cached(_) => "cached",
        Failure::Copy(_) => "copy",
    }});
    if let Failure::Copy(copied) = &call.call.failure {
        let projection = &code.events.projections[copied.projection];
        let key = case.arguments.first()?.1.clone();
        view["copies"] = json!(projection_name(&projection.name));
        view["copy"] = json!(copy(&projection.key, &key, copied, &case).lay_out(4, "copy = ", ""));
        view["copied"] = json!(result(&projection.key, &key, copied, &case));
    }
    Some(view)
}

/// `await clients.user_service.get_user(context, user_id="…")`.
fn asked(client: &ClientCode<'_>, call: &CallCode<'_>, case: &ClientCase) -> Code {
    let labelled = |name: &str, one: &View| Code::Labelled(format!("{name}="), Box::new(value(one)));
    let mut arguments = vec![Code::text("context")];
    arguments.extend(case.arguments.iter().map(|(name, one)| labelled(name, one)));
    arguments.extend(case.body.iter().map(|body| labelled("body", body)));
    Code::group(format!("await clients.{}.{}(", client.module, call.operation.function), arguments, ")")
}

/// A local copy of what the call is answered.
fn copy(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> Code {
    let mut entries = vec![Code::entry(key, value(id))];
    let content = case.answer.content.as_ref();
    for (name, of_copy) in copied.properties.iter().filter(|(_, of_copy)| of_copy != key) {
        entries.push(Code::entry(of_copy, value(content.and_then(|content| content.get(name)).unwrap_or(&View::Null))));
    }
    Code::group("{", entries, "}")
}

/// What the call makes of that copy.
fn result(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> String {
    let content = case.answer.content.as_ref();
    let entry = |(name, of_copy): &(String, String)| {
        let found = content.and_then(|content| content.get(name)).unwrap_or(&View::Null);
        Code::entry(name, value(if of_copy == key { id } else { found }))
    };
    Code::group("{", copied.properties.iter().map(entry).collect(), "}").lay_out(4, "assert found == ", "")
}
