//! The tests of clients, as TypeScript writes them.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::cases::{ClientCase, ReferenceCase, Sample, Samples, path_pattern};
use crate::generate::code::clients::{Copied, Failure};
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode};

use super::clients_view::kind_of;
use super::events_view::projection_name;
use super::layout::{Code, string, template, value};

/// What the tests of clients are rendered over.
pub(crate) fn view(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let calls = code.clients.iter().flat_map(|client| client.calls.iter().map(move |call| (client, call)));
    let cases: Vec<View> = calls.filter_map(|(client, call)| case(code, samples, client, call)).collect();
    let token = code.token_check.as_ref().and_then(|check| sample(code, samples, check.call, false));
    let referring: Vec<View> = samples.referring().iter().filter_map(|case| refers(code, samples, case)).collect();
    let checks = token.is_some() && samples.bearer_secured().is_some();
    let everything: Vec<Code> =
        samples.asked().into_iter().filter_map(|call| sample(code, samples, call, true)).collect();
    let found = if everything.is_empty() { None } else { Some(Code::Array(everything)) };
    json!({
        "test_imports": imports(&cases, checks, !referring.is_empty()),
        "checks": checks,
        "found_token": token.map(|token| token.lay_out(2, "const found = ", ";")).unwrap_or_default(),
        "found": found.map(|found| found.lay_out(0, "export const FOUND: Found[] = ", ";")).unwrap_or_default(),
        "referring": referring,
        "cases": cases})
}

/// What the module of tests imports, for what its tests use.
fn imports(cases: &[View], checks: bool, refers: bool) -> Vec<String> {
    let is = |kinds: &[&str]| cases.iter().any(|case| kinds.iter().any(|kind| case["kind"] == *kind));
    let copies = cases.iter().filter_map(|case| case["copies"].as_str()).collect::<BTreeSet<_>>();
    let copies: Vec<&str> = copies.into_iter().collect();
    let support =
        [("asHandler", !cases.is_empty()), ("clientFor", checks || refers), ("credentials", checks || refers)];
    let support: Vec<&str> = support.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
    let from =
        |names: &[&str], file: &str| (!names.is_empty()).then(|| format!("{{ {} }} from \"{file}\"", names.join(", ")));
    let when = |used: bool, names: &[&str], file: &str| from(if used { names } else { &[] }, file);
    [
        from(&copies, "../src/contract/copies.ts"),
        when(is(&["cached"]), &["Context"], "../src/runtime/context.ts"),
        when(is(&["refuse"]), &["Problem"], "../src/runtime/problems.ts"),
        when(is(&["fail", "cached", "copy"]), &["Unavailable"], "../src/runtime/upstream.ts"),
        from(&support, "./support.ts"),
        from(&["serving"], "./upstreams.ts"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `{ status: 200, content: {…}, path: "…" }`: what a call is answered that finds something.
pub(crate) fn sample(
    code: &ServiceCode<'_>,
    samples: &Samples<'_, '_>,
    call: (usize, usize),
    path: bool,
) -> Option<Code> {
    let call = &code.clients[call.0].calls[call.1];
    let case = samples.client_case(call)?;
    let pattern = path_pattern(&call.operation.path);
    Some(answer(&case.answer, path.then_some(pattern.as_str())))
}

fn answer(sample: &Sample, path: Option<&str>) -> Code {
    let mut entries = vec![Code::entry("status", Code::text(sample.status.to_string()))];
    entries.extend(sample.content.as_ref().map(|content| Code::entry("content", value(content))));
    entries.extend(path.map(|path| Code::entry("path", Code::text(string(path)))));
    Code::Object(entries)
}

/// The test that a new document must refer to something that there is.
fn refers(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, case: &ReferenceCase) -> Option<View> {
    let before: Vec<Code> = case.before.iter().filter_map(|call| sample(code, samples, *call, true)).collect();
    let names: Vec<String> = (1..=before.len()).map(|number| format!("found{number}")).collect();
    let before = before.iter().zip(&names).map(|(one, name)| one.lay_out(2, &format!("const {name} = "), ";"));
    let headers = case.sent.headers.iter().map(|(name, one)| Code::entry(name, Code::text(string(one))));
    let headers: Vec<String> = headers.map(|header| format!(", {}", header.lay_out(0, "", ""))).collect();
    Some(json!({
        "name": string(&format!("what {} refers to must exist: {}", case.function, case.property)),
        "before": before.collect::<Vec<_>>(),
        "serving": format!("t, {}{{ status: 404 }}", names.iter().map(|name| format!("{name}, ")).collect::<String>()),
        "headers": headers.concat(),
        "body": value(case.sent.body.as_ref()?).lay_out(2, "const body = ", ";"),
        "request": format!("{}, {}", string(&case.sent.method), string(&case.sent.url)),
        "status": case.status}))
}

fn case(
    code: &ServiceCode<'_>,
    samples: &Samples<'_, '_>,
    client: &ClientCode<'_>,
    call: &CallCode<'_>,
) -> Option<View> {
    let case = samples.client_case(call)?;
    let title = format!("{}: {}", client.client.service.name, call.operation.function);
    let status = match call.call.failure {
        Failure::Refuse(status) => status,
        _ => 0,
    };
    let failing = |status: u16| Code::Object(vec![Code::entry("status", Code::text(status.to_string()))]);
    let mut failures = vec![failing(500)];
    failures.extend(case.wrong.as_ref().map(|wrong| answer(wrong, None)));
    if matches!(status, 401 | 403) {
        failures.push(failing(401));
    }
    let failures = Code::Array(failures).lay_out(0, "for (const failure of ", ") {");
    let asked = asked(client, call, "context", &case);
    let mut view = json!({
        "name": string(&title),
        "title": template(&title),
        "answer": answer(&case.answer, None).lay_out(2, "const answer = ", ";"),
        "deep_answer": answer(&case.answer, None).lay_out(4, "const answer = ", ";"),
        "content": case.answer.content.is_some(),
        "method": string(&case.method),
        "target": string(&case.target),
        "keyed": case.keyed,
        "failures": failures,
        "status": status,
        "call": asked.lay_out(4, "await ", ";"),
        "found": asked.lay_out(4, "const found = await ", ";"),
        "middle_call": asked.lay_out(6, "await ", ";"),
        "middle_found": asked.lay_out(6, "const found = await ", ";"),
        "deep_found": asked.lay_out(8, "const found = await ", ";"),
        "asked": asked.lay_out(6, "const asked = ", ";"),
        "other": self::asked(client, call, "other", &case).lay_out(6, "const asked = ", ";"),
        "kind": kind_of(call)});
    if let Failure::Copy(copied) = &call.call.failure {
        let projection = &code.events.projections[copied.projection];
        let key = case.arguments.first()?.1.clone();
        let found = Code::Labelled("await ".to_owned(), Box::new(asked.clone()));
        let equal =
            Code::Call("assert.deepEqual".to_owned(), vec![found, result(&projection.key, &key, copied, &case)]);
        view["copies"] = json!(projection_name(&projection.name));
        view["copy"] = json!(copy(&projection.key, &key, copied, &case).lay_out(6, "const data = ", ";"));
        view["copied"] = json!(equal.lay_out(6, "", ";"));
    }
    Some(view)
}

/// `context.clients.userService.getUser(context, { userId: "…" })`.
fn asked(client: &ClientCode<'_>, call: &CallCode<'_>, context: &str, case: &ClientCase) -> Code {
    let input = case.arguments.iter().map(|(name, one)| Code::entry(name, value(one)));
    let input: Vec<Code> = input.chain(case.body.iter().map(|body| Code::entry("body", value(body)))).collect();
    let mut arguments = vec![Code::text(context)];
    if !input.is_empty() {
        arguments.push(Code::Object(input));
    }
    Code::Call(format!("context.clients.{}.{}", client.module, call.operation.function), arguments)
}

/// A local copy of what the call is answered.
fn copy(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> Code {
    let mut entries = vec![Code::entry(key, value(id))];
    let content = case.answer.content.as_ref();
    for (name, of_copy) in copied.properties.iter().filter(|(_, of_copy)| of_copy != key) {
        entries.push(Code::entry(of_copy, value(content.and_then(|content| content.get(name)).unwrap_or(&View::Null))));
    }
    Code::Object(entries)
}

/// What the call makes of that copy.
fn result(key: &str, id: &View, copied: &Copied, case: &ClientCase) -> Code {
    let content = case.answer.content.as_ref();
    let entry = |(name, of_copy): &(String, String)| {
        let found = content.and_then(|content| content.get(name)).unwrap_or(&View::Null);
        Code::entry(name, value(if of_copy == key { id } else { found }))
    };
    Code::Object(copied.properties.iter().map(entry).collect())
}
