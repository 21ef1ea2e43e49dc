//! Pacts as Python's tests write and verify them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{NOBODY, Samples};
use crate::generate::code::clients::idempotency_key;
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode};
use crate::model::ParameterLocation;

use super::clients_tests::pattern;
use super::layout::{Code, string, value};

/// A key for requests that are one and the same.
const KEY: &str = "8d1c2f4e-93a5-4b0e-8a51-2f6c7d8e9f00";

/// What the tests of the caller's side are rendered over.
pub(crate) fn consumer(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let pact = |client: &ClientCode<'_>| {
        let calls: Vec<View> = client.calls.iter().flat_map(|call| interactions(samples, client, call)).collect();
        (!calls.is_empty()).then(|| {
            json!({
                "module": client.module,
                "consumer": string(&code.service.name),
                "provider": string(&client.client.service.name),
                "calls": calls})
        })
    };
    let pacts: Vec<View> = code.clients.iter().filter_map(pact).collect();
    let text = View::Array(pacts.clone()).to_string();
    json!({ "pacts": pacts, "missing": text.contains("\"missing\":\"await") })
}

fn interactions(samples: &Samples<'_, '_>, client: &ClientCode<'_>, call: &CallCode<'_>) -> Vec<View> {
    let Some(case) = samples.client_case(call) else { return Vec::new() };
    let operation = &call.operation;
    let id = &operation.operation.id;
    let (path, query) = case.target.split_once('?').unwrap_or((&case.target, ""));
    let mut lines = Vec::new();
    if !query.is_empty() {
        let named = |name: &str| case.arguments.iter().find(|(argument, _)| argument == name).map(|(_, one)| one);
        let own = operation.arguments.iter().filter(|one| one.parameter.location == ParameterLocation::Query);
        let sent = own.filter_map(|one| Some(Code::entry(&one.parameter.name, value(&texts(named(&one.name)?)))));
        let sent = Code::group("{", sent.collect(), "}");
        lines.push(Code::group("request.with_query_parameters(", vec![sent], ")").lay_out(4, "", ""));
    }
    let key = idempotency_key(operation.operation);
    if let Some(key) = key {
        lines.push(format!("request.with_header({}, {})", string(&key.name), string(KEY)));
    }
    if let Some(body) = &case.body {
        let media_type = operation.body.as_ref().and_then(|body| body.content.first()).map_or("", |(name, _)| name);
        let arguments = vec![value(body), Code::text(string(media_type))];
        lines.push(Code::group("request.with_body(", arguments, ")").lay_out(4, "", ""));
    }
    lines.push(format!("request.will_respond_with({})", case.answer.status));
    let content = case.answer.content.as_ref().map(|content| samples.looked_at(call, content));
    if let Some(content) = &content {
        let matched = Code::group("match.like(", vec![value(content)], ")");
        let arguments = vec![matched, Code::text("\"application/json\"")];
        lines.push(Code::group("request.with_body(", arguments, ")").lay_out(4, "", ""));
    }
    let mut given = case.arguments.clone();
    if let Some(argument) = key.and_then(|key| operation.argument(&key.name)) {
        given.push((argument.name.clone(), json!(KEY)));
    }
    let target = format!("await clients.{}.{}(", client.module, operation.function);
    let asked = |given: &[(String, View)]| {
        let labelled = |name: &str, one: &View| Code::Labelled(format!("{name}="), Box::new(value(one)));
        let mut arguments = vec![Code::text("context")];
        arguments.extend(given.iter().map(|(name, one)| labelled(name, one)));
        arguments.extend(case.body.iter().map(|body| labelled("body", body)));
        Code::group(target.clone(), arguments, ")")
    };
    let request = |path: &str| format!("{}, {}", string(&case.method), string(path));
    let missing = samples.may_be_missing(call);
    let before = if content.is_some() { "found = " } else { "" };
    let mut found = vec![json!({
        "description": string(id),
        "state": missing.as_ref().map(|_| string("it is there")).unwrap_or_default(),
        "request": request(path),
        "lines": lines,
        "missing": "",
        "asked": asked(&given).lay_out(12, before, ""),
        "shown": content.as_ref().map(|content| value(content).lay_out(12, "assert found == ", "")
            .trim_start_matches("assert found == ").to_owned())})];
    if let Some(name) = missing {
        let path = operation.path.replace(&format!("{{{name}}}"), NOBODY);
        found.push(json!({
            "description": string(&format!("{id} of nothing")),
            "state": string("it is not there"),
            "request": request(&path),
            "lines": ["request.will_respond_with(404)"],
            "asked": "",
            "shown": "",
            "missing": asked(&[(name, json!(NOBODY))]).lay_out(16, "", "")}));
    }
    found
}

/// The values of a parameter of the query, as texts.
fn texts(one: &View) -> View {
    match one {
        View::Array(items) => View::Array(items.iter().map(texts).collect()),
        View::String(_) => one.clone(),
        other => View::String(other.to_string()),
    }
}

/// What the tests of the called side are rendered over.
pub(crate) fn provider(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let mut rows = Vec::new();
    let mut groups: Vec<(usize, Vec<&str>)> = Vec::new();
    for resource in &code.resources {
        let Some(case) = samples.stored(resource) else { continue };
        // The key is what the pattern picks.
        let path = pattern(&case.path);
        let path = path.strip_suffix("[^/]+").map(|path| format!("{path}([^/]+)")).unwrap_or(path);
        let row = vec![Code::text(string(&path)), Code::text(resource.constant.clone()), value(&case.document)];
        rows.push(Code::group("(", row, ")").lay_out(4, "", ","));
        match groups.iter_mut().find(|(group, _)| *group == resource.group) {
            Some((_, names)) => names.push(&resource.constant),
            None => groups.push((resource.group, vec![&resource.constant])),
        }
    }
    let mut imports: Vec<View> = groups
        .into_iter()
        .map(|(group, mut names)| {
            names.sort_unstable();
            json!({ "module": code.groups[group].module, "names": names.join(", ") })
        })
        .collect();
    imports.sort_by_key(|one| one["module"].as_str().unwrap_or_default().to_owned());
    json!({ "stored": rows, "stored_imports": imports })
}
