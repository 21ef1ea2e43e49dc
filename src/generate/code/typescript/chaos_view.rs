//! The tests that disturb a running service, as TypeScript writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{FaultCase, Found, MadeCase, Samples};
use crate::generate::code::service::ServiceCode;

use super::clients_tests::sample;
use super::layout::{Code, access, string, template, value};
use super::tests_view::shown;

/// What is made while the service is disturbed, and how it is found again.
pub(crate) fn made_view(case: &MadeCase) -> View {
    let distinct = |content: &View| {
        let names = case.distinct.iter().filter(|(name, _)| content.get(name).is_some());
        let entries =
            names.map(|(name, rest)| Code::entry(name, Code::text(format!("`${{digits}}{}`", template(rest)))));
        entries.collect::<Vec<_>>()
    };
    let whole = |constant: &str, content: &View| {
        let mut entries = vec![Code::text(format!("...{constant}"))];
        entries.extend(distinct(content));
        Code::Object(entries)
    };
    let mut view = json!({
        "url": string(&case.url),
        "body": value(&case.fixed(&case.body)).lay_out(0, "const NEW = ", ";"),
        "whole": whole("NEW", &case.body).lay_out(2, "return ", ";"),
        "numbered": !case.distinct.is_empty(),
        "status": case.status,
        "events": case.events,
        "read": null,
        "login": null});
    match &case.found {
        Found::Read { envelope, key, status } => {
            view["read"] = json!({ "envelope": shown(envelope), "key": access(key), "status": status });
        }
        Found::Login { url, status, credentials } => {
            view["login"] = json!({
                "url": string(url),
                "status": status,
                "credentials": value(&case.fixed(credentials)).lay_out(0, "const CREDENTIALS = ", ";"),
                "whole": whole("CREDENTIALS", credentials).lay_out(2, "const body = ", ";")});
        }
    }
    view
}

/// The request that depends on another service.
pub(crate) fn faults_view(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, case: &FaultCase) -> View {
    let answers = case.asked.iter().filter_map(|call| sample(code, samples, *call, true)).collect();
    let body = case.sent.body.as_ref().map(|body| value(body).lay_out(0, "const BODY = ", ";"));
    json!({
        "request": format!("{}, {}", string(&case.sent.method), string(&case.sent.url)),
        "body": body.unwrap_or_default(),
        "answers": Code::Array(answers).lay_out(0, "const ANSWERS: readonly Answer[] = ", ";"),
        "upstream": code.clients[case.client].client.service.name,
        "refused": case.refused,
        "short": case.short,
        "milliseconds": case.longest_ms})
}
