//! The tests that disturb a running service, as Go writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{FaultCase, Found, MadeCase, Samples};
use crate::generate::code::service::ServiceCode;

use super::clients_tests::found;
use super::layout::{json as literal, raw, string};

/// What stands for the digits while JSON is written.
const PLACE: &str = "@digits@";

/// What is made while the service is disturbed, and how it is found again.
pub(crate) fn made_view(case: &MadeCase) -> View {
    let mut view = json!({
        "url": string(&case.url),
        "body": numbered(&case.body, &case.distinct),
        "numbered": !case.distinct.is_empty(),
        "status": case.status,
        "events": case.events,
        "read": null,
        "login": null});
    match &case.found {
        Found::Read { envelope, key, status } => {
            view["read"] = json!({
                "envelope": envelope.as_deref().map(string),
                "key": string(key),
                "status": status});
        }
        Found::Login { url, status, credentials } => {
            view["login"] =
                json!({ "url": string(url), "status": status, "body": numbered(credentials, &case.distinct) });
        }
    }
    view
}

/// `` `{"email":"` + digits + `@example.com"}` ``.
fn numbered(content: &View, distinct: &[(String, String)]) -> String {
    let mut content = content.clone();
    for (name, rest) in distinct {
        if let Some(value) = content.get_mut(name) {
            *value = View::from(format!("{PLACE}{rest}"));
        }
    }
    let text = content.to_string();
    text.split(PLACE).map(raw).collect::<Vec<_>>().join(" + digits + ")
}

/// The request that depends on another service.
pub(crate) fn faults_view(code: &ServiceCode<'_>, samples: &Samples<'_, '_>, case: &FaultCase) -> View {
    let replies = case.asked.iter().filter_map(|call| found(code, samples, *call, true));
    let body = case.sent.body.as_ref().map_or("\"\"".to_owned(), literal);
    json!({
        "request": format!("{}, {}, {body}", string(&case.sent.method), string(&case.sent.url)),
        "replies": replies.map(|reply| format!("apptest.{reply}")).collect::<Vec<_>>(),
        "upstream": code.clients[case.client].client.service.name,
        "refused": case.refused,
        "short": case.short,
        "milliseconds": case.longest_ms})
}
