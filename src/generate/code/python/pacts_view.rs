//! Pacts as Python's tests write and verify them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{PactCase, Samples, path_pattern};
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode};

use super::layout::{Code, string, value};
use super::project::declared_in;

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
    samples.pact(call).iter().map(|case| interaction(client, call, case)).collect()
}

fn interaction(client: &ClientCode<'_>, call: &CallCode<'_>, case: &PactCase) -> View {
    let with_body = |content: Code, media_type: &str| {
        let arguments = vec![content, Code::text(string(media_type))];
        Code::group("request.with_body(", arguments, ")").lay_out(4, "", "")
    };
    let mut lines = Vec::new();
    if !case.query.is_empty() {
        let sent = case.query.iter().map(|(name, texts)| Code::entry(name, value(texts)));
        let sent = Code::group("{", sent.collect(), "}");
        lines.push(Code::group("request.with_query_parameters(", vec![sent], ")").lay_out(4, "", ""));
    }
    if let Some((name, key)) = &case.key {
        lines.push(format!("request.with_header({}, {})", string(name), string(key)));
    }
    lines.extend(case.body.as_ref().map(|body| with_body(value(body), &case.media_type)));
    lines.push(format!("request.will_respond_with({})", case.status));
    let shown = case.shown.as_ref();
    lines.extend(shown.map(|one| with_body(Code::group("match.like(", vec![value(one)], ")"), "application/json")));
    let labelled = |name: &str, one: &View| Code::Labelled(format!("{name}="), Box::new(value(one)));
    let mut arguments = vec![Code::text("context")];
    arguments.extend(case.arguments.iter().map(|(name, one)| labelled(name, one)));
    arguments.extend(case.body.iter().map(|body| labelled("body", body)));
    let target = format!("await clients.{}.{}(", client.module, call.operation.function);
    let asked = Code::group(target, arguments, ")");
    let refused = case.status >= 400;
    let before = if shown.is_some() { "found = " } else { "" };
    json!({
        "description": string(&case.description),
        "state": case.state.map(string).unwrap_or_default(),
        "request": format!("{}, {}", string(&case.method), string(&case.path)),
        "lines": lines,
        "missing": if refused { asked.lay_out(16, "", "") } else { String::new() },
        "asked": asked.lay_out(12, before, ""),
        "shown": shown.map(|one| value(one).lay_out(12, "assert found == ", "")
            .trim_start_matches("assert found == ").to_owned())})
}

/// Constants that those tests have themselves.
const CONSTANTS: &[&str] = &["FILES", "FOUND", "PACTS", "PROVIDER", "ROOT", "SECRET", "STORED"];

/// What the tests of the called side are rendered over.
pub(crate) fn provider(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let mut rows = Vec::new();
    let mut modules: Vec<(String, Vec<String>)> = Vec::new();
    for resource in &code.resources {
        let Some(case) = samples.stored(resource) else { continue };
        // The key is what the pattern picks.
        let path = path_pattern(&case.path);
        let path = path.strip_suffix("[^/]+").map(|path| format!("{path}([^/]+)")).unwrap_or(path);
        let (name, import) = match CONSTANTS.contains(&resource.constant.as_str()) {
            true => {
                let name = format!("{}_COLLECTION", resource.constant);
                (name.clone(), format!("{} as {name}", resource.constant))
            }
            false => (resource.constant.clone(), resource.constant.clone()),
        };
        let row = vec![Code::text(string(&path)), Code::text(name), value(&case.document)];
        rows.push(Code::group("(", row, ")").lay_out(4, "", ","));
        let module = declared_in(code, resource);
        match modules.iter_mut().find(|(known, _)| *known == module) {
            Some((_, names)) => names.push(import),
            None => modules.push((module, vec![import])),
        }
    }
    let mut imports: Vec<View> = modules
        .into_iter()
        .map(|(module, mut names)| {
            names.sort_unstable();
            json!({ "module": module, "names": names.join(", ") })
        })
        .collect();
    imports.sort_by_key(|one| one["module"].as_str().unwrap_or_default().to_owned());
    json!({ "stored": rows, "stored_imports": imports })
}
