//! Pacts as Go's tests write and verify them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{PactCase, Samples, path_pattern};
use crate::generate::code::service::ServiceCode;

use super::clients::ClientPackage;
use super::clients_tests::asked;
use super::layout::{composite, indented, json as raw, string};

/// What the tests of the caller's side are rendered over.
pub(crate) fn consumer(code: &ServiceCode<'_>, clients: &[ClientPackage<'_>], samples: &Samples<'_, '_>) -> View {
    let mut pacts = Vec::new();
    for client in clients {
        let cases = (0..client.names.len())
            .flat_map(|at| samples.pact(client.call(at).0).into_iter().map(move |one| (at, one)));
        let calls: Vec<View> = cases.enumerate().map(|(number, (at, case))| call(client, at, &case, number)).collect();
        if !calls.is_empty() {
            pacts.push(json!({
                "field": client.field,
                "consumer": string(&code.service.name),
                "provider": string(&client.code.client.service.name),
                "calls": calls}));
        }
    }
    let text = View::Array(pacts.clone()).to_string();
    let mut packages: Vec<&str> = clients
        .iter()
        .map(|client| client.package.as_str())
        .filter(|package| text.contains(&format!("{package}.")))
        .collect();
    packages.sort_unstable();
    let standard = [("net/http", "http."), ("net/url", "url.")].into_iter();
    let standard: Vec<&str> = standard.filter(|(_, name)| text.contains(name)).map(|(path, _)| path).collect();
    json!({
        "pacts": pacts,
        "pact_json": text.contains("json.RawMessage"),
        "pact_missing": text.contains("\"missing\":true"),
        "pact_standard": standard,
        "pact_packages": packages})
}

fn call(client: &ClientPackage<'_>, at: usize, case: &PactCase, number: usize) -> View {
    let asked = asked(client, at, &case.arguments, case.body.as_ref().filter(|_| case.status < 400));
    json!({
        "interaction": indented(&interaction(case), 2),
        "missing": case.status >= 400,
        "shown": case.shown.as_ref().map(raw).unwrap_or_default(),
        "variable": if number == 0 { "found".to_owned() } else { format!("found{}", number + 1) },
        "error": if client.returns(at).is_some() { "_, err" } else { "err" },
        "call": indented(&asked, 2)})
}

/// `pacttest.Interaction{…}`.
fn interaction(case: &PactCase) -> String {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut request = vec![pair("Method", string(&case.method)), pair("Path", string(&case.path))];
    if !case.query.is_empty() && case.status < 400 {
        let query: Vec<String> =
            case.query.iter().map(|(name, value)| format!("{}: {{{}}}", string(name), texts(value))).collect();
        request.push(pair("Query", format!("url.Values{{{}}}", query.join(", "))));
    }
    if let Some((name, key)) = &case.key {
        request.push(pair("Headers", format!("http.Header{{{}: {{{}}}}}", string(name), string(key))));
    }
    if let Some(body) = &case.body {
        request.push(pair("Body", format!("pacttest.JSON({}, {})", string(&case.media_type), raw(body))));
    }
    let response = match &case.shown {
        Some(shown) => format!("pacttest.Like({}, {})", case.status, raw(shown)),
        None => format!("pacttest.Response{{Status: {}}}", case.status),
    };
    let mut pairs = vec![pair("Description", string(&case.description))];
    let state = case.state.map(|state| format!("[]pacttest.State{{{{Name: {}}}}}", string(state)));
    pairs.extend(state.map(|state| pair("ProviderStates", state)));
    pairs.push(pair("Request", super::clients::literal("pacttest.Request", &request)));
    pairs.push(pair("Response", response));
    composite("pacttest.Interaction", &pairs)
}

/// The values of a parameter of the query.
fn texts(value: &View) -> String {
    let all: Vec<String> = match value {
        View::Array(items) => items.iter().filter_map(View::as_str).map(string).collect(),
        one => one.as_str().map(string).into_iter().collect(),
    };
    all.join(", ")
}

/// What the tests of the called side are rendered over.
pub(crate) fn provider(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> View {
    let rows = code.resources.iter().filter_map(|resource| {
        let case = samples.stored(resource)?;
        // The key is what the pattern picks.
        let path = path_pattern(&case.path);
        let path = path.strip_suffix("[^/]+").map(|path| format!("{path}([^/]+)")).unwrap_or(path);
        let pairs = [
            ("Path".to_owned(), string(&path)),
            ("Table".to_owned(), string(&resource.table)),
            ("Key".to_owned(), string(&resource.resource.key)),
            ("Document".to_owned(), raw(&case.document)),
        ];
        Some(indented(&composite("pacttest.Stored", &pairs), 2))
    });
    json!({ "stored": rows.collect::<Vec<_>>() })
}
