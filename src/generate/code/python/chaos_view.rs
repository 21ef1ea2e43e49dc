//! The tests that disturb a running service, as Python writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{FaultCase, Found, MadeCase, Samples};
use crate::generate::code::service::ServiceCode;

use super::clients_tests::found;
use super::layout::{Code, string, value};
use super::tests_view::index;

/// What is made while the service is disturbed, and how it is found again.
pub(crate) fn made_view(case: &MadeCase) -> View {
    let distinct = |credentials: Option<&View>| {
        let sent = |name: &String| credentials.is_none_or(|credentials| credentials.get(name).is_some());
        let names = case.distinct.iter().filter(|(name, _)| sent(name));
        let entries = names.map(|(name, rest)| Code::entry(name, Code::text(numbered(rest))));
        entries.collect::<Vec<_>>()
    };
    let whole = |constant: &str, credentials: Option<&View>| {
        let mut entries = vec![Code::text(format!("**{constant}"))];
        entries.extend(distinct(credentials));
        match entries.len() {
            1 => format!("return {constant}"),
            _ => Code::group("{", entries, "}").lay_out(4, "return ", ""),
        }
    };
    let mut view = json!({
        "url": string(&case.url),
        "body": value(&case.fixed(&case.body)).lay_out(0, "NEW: dict[str, Any] = ", ""),
        "whole": whole("NEW", None),
        "numbered": !case.distinct.is_empty(),
        "status": case.status,
        "events": case.events,
        "read": null,
        "login": null});
    match &case.found {
        Found::Read { envelope, key, status } => {
            view["read"] = json!({ "envelope": index(envelope), "key": string(key), "status": status });
        }
        Found::Login { url, status, credentials } => {
            view["login"] = json!({
                "url": string(url),
                "status": status,
                "credentials": value(&case.fixed(credentials)).lay_out(0, "CREDENTIALS: dict[str, Any] = ", ""),
                "whole": whole("CREDENTIALS", Some(credentials))});
        }
    }
    view
}

/// `f"{number:08}@example.com"`.
fn numbered(rest: &str) -> String {
    let literal = string(rest);
    let (quote, inner) = literal.split_at(1);
    format!("f{quote}{{number:08}}{}", inner.replace('{', "{{").replace('}', "}}"))
}

/// The request that depends on another service.
pub(crate) fn faults_view(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, case: &FaultCase) -> View {
    let body = case.sent.body.as_ref().map(|body| value(body).lay_out(0, "BODY: Any = ", ""));
    json!({
        "request": format!("{}, {}", string(&case.sent.method), string(&case.sent.url)),
        "body": body.unwrap_or_default(),
        "answers": case.asked.iter().filter_map(|call| found(code, samples, *call, true)).collect::<Vec<_>>(),
        "upstream": string(&code.clients[case.client].client.service.name),
        "refused": case.refused,
        "short": case.short,
        "seconds": case.longest_ms as f64 / 1000.0})
}
