//! A field of a Pact file that the contract does not have.

use super::fields::{Declared, declared};
use super::look::{bodies, messages, name, payloads, requests, view};
use crate::diagnostic::{Findings, Severity};
use crate::document::{FieldPath, Located};
use crate::model::UsedPlace;
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::NodeKey;

/// A field of a Pact file that the contract does not have.
pub(crate) static RULE: Rule = Rule {
    id: "pact-unknown-field",
    family: Family::Consumer,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A Pact reads or sends a field that the contract does not have",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/pact-unknown-field.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for request in requests(context) {
        let Some(operation) = request.operation else { continue };
        let Some(view) = view(context, request.provider, operation) else { continue };
        let status = request.http.status.as_ref().map(|status| status.value.as_str());
        for (place, side, fields) in [
            (UsedPlace::Request, "request", &request.http.sent),
            (UsedPlace::Response, "response", &request.http.received),
        ] {
            let (Some(fields), Some(roots)) = (fields, bodies(view, place, status)) else { continue };
            look(context, &roots, fields, &format!("the {side} of `{}`", name(operation)), out);
        }
    }
    for taken in messages(context) {
        let (Some(event), Some(fields)) = (taken.event, &taken.message.fields) else { continue };
        look(context, &payloads(context, event), fields, &format!("`{event}`"), out);
    }
}

fn look(context: Context<'_>, roots: &[NodeKey], fields: &[Located<FieldPath>], holder: &str, out: &mut Findings) {
    if roots.is_empty() {
        return;
    }
    for field in fields {
        let Declared::No(known) = declared(context.sources, roots, &field.value) else { continue };
        let path = field.value.to_string();
        let last = path.rsplit('.').next().unwrap_or_default();
        let help = did_you_mean(out.len(), last, known, || {
            "Correct the Pact, or add the field to the contract".to_owned()
        });
        out.push(RULE.finding(field.route, format!("{holder} has no field `{path}`")).help(help));
    }
}
