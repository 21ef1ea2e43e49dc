//! Pacts as TypeScript's tests write and verify them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{PactCase, Samples, path_pattern};
use crate::generate::code::service::{CallCode, ClientCode, ResourceCode, ServiceCode};

use super::layout::{Code, string, value};

/// What the tests of the caller's side are rendered over.
pub(crate) fn consumer(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let pact = |client: &ClientCode<'_>| {
        let cases = client.calls.iter().flat_map(|call| samples.pact(call).into_iter().map(move |case| (call, case)));
        let cases: Vec<View> = cases.map(|(call, case)| interaction(client, call, &case)).collect();
        (!cases.is_empty()).then(|| {
            json!({
                "title": super::layout::template(&client.client.service.name),
                "provider": string(&client.client.service.name),
                "consumer": string(&code.service.name),
                "calls": cases})
        })
    };
    let pacts: Vec<View> = code.clients.iter().filter_map(pact).collect();
    let any = |name: &str| {
        let calls = pacts.iter().filter_map(|pact| pact["calls"].as_array()).flatten();
        calls.into_iter().any(|call| call[name] == true)
    };
    json!({ "missing": any("missing"), "shown": any("shown"), "like": any("like"), "pacts": pacts })
}

fn interaction(client: &ClientCode<'_>, call: &CallCode<'_>, case: &PactCase) -> View {
    let text = |text: &str| Code::text(string(text));
    let statement =
        |method: &str, arguments: Vec<Code>| Code::Call(format!("interaction.{method}"), arguments).lay_out(2, "", ";");
    let mut lines = Vec::new();
    lines.extend(case.state.map(|state| statement("given", vec![text(state)])));
    lines.push(statement("withRequest", vec![text(&case.method), text(&case.path)]));
    for (name, found) in &case.query {
        let values = match found {
            View::Array(values) => values.iter().filter_map(View::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        };
        for (at, one) in values.into_iter().enumerate() {
            lines.push(statement("withQuery", vec![text(name), Code::text(at.to_string()), text(one)]));
        }
    }
    if let Some((name, key)) = &case.key {
        lines.push(statement("withRequestHeader", vec![text(name), Code::text("0"), text(key)]));
    }
    if let Some(body) = &case.body {
        let sent = Code::Call("JSON.stringify".to_owned(), vec![value(body)]);
        lines.push(statement("withRequestBody", vec![sent, text(&case.media_type)]));
    }
    lines.push(statement("withStatus", vec![Code::text(case.status.to_string())]));
    let shown = case.shown.as_ref();
    if let Some(shown) = shown {
        let like = Code::Call("like".to_owned(), vec![value(shown)]);
        lines.push(statement("withResponseBody", vec![like, text("application/json")]));
    }
    let input = case.arguments.iter().map(|(name, one)| Code::entry(name, value(one)));
    let input: Vec<Code> = input.chain(case.body.iter().map(|body| Code::entry("body", value(body)))).collect();
    let mut arguments = vec![Code::text("context")];
    if !input.is_empty() {
        arguments.push(Code::Object(input));
    }
    let asked = Code::Call(format!("context.clients.{}.{}", client.module, call.operation.function), arguments);
    let refused = case.status >= 400;
    let check = match shown {
        _ if refused => Code::Call("await assert.rejects".to_owned(), vec![asked, Code::text("Refused")]),
        None => Code::Labelled("await ".to_owned(), Box::new(asked)),
        Some(shown) => {
            let found = Code::Labelled("await ".to_owned(), Box::new(asked));
            Code::Call("assert.deepEqual".to_owned(), vec![found, value(shown)])
        }
    };
    json!({
        "description": string(&case.description),
        "lines": lines,
        "missing": refused,
        "shown": refused || shown.is_some(),
        "like": shown.is_some(),
        "check": check.lay_out(4, "", ";")})
}

/// What the tests of the called side are rendered over.
pub(crate) fn provider(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let row = |resource: &ResourceCode| {
        let case = samples.stored(resource)?;
        // The key is what the pattern picks.
        let path = path_pattern(&case.path);
        let path = path.strip_suffix("[^/]+").map(|path| format!("^{path}([^/]+)$")).unwrap_or(path);
        let key = Code::text(string(&resource.resource.key));
        let mut options = vec![Code::entry("key", key.clone())];
        let mut class = "Collection";
        if let Some(sourcing) = resource.event_sourcing {
            class = "EventSourced";
            options.push(Code::entry("snapshotEvery", Code::text(sourcing.snapshot_every.to_string())));
        }
        let arguments = vec![Code::text(string(&resource.table)), Code::Object(options)];
        Some(Code::Object(vec![
            Code::entry("path", Code::text(format!("/{}/", path.replace('/', "\\/")))),
            Code::entry("collection", Code::Call(format!("new {class}<Document>"), arguments)),
            Code::entry("key", key),
            Code::entry("document", value(&case.document)),
        ]))
    };
    let rows: Vec<Code> = code.resources.iter().filter_map(row).collect();
    let stored = match rows.is_empty() {
        true => String::new(),
        false => Code::Array(rows).lay_out(0, "const STORED: Stored[] = ", ";"),
    };
    let uses = |class: &str| stored.contains(&format!("new {class}<"));
    let (rows, streams) = (uses("Collection"), uses("EventSourced"));
    json!({ "stored": stored, "stored_rows": rows, "stored_streams": streams })
}
