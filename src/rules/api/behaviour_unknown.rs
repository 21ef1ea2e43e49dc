//! An `x-behaviour` that says nothing to the generators.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, OpenApi};
use crate::model::{BEHAVIOUR_FIELDS, BEHAVIOURS};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "behaviour-unknown",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An `x-behaviour` that no generator knows",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/behaviour-unknown.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    for operation in document.view(context.sources).operations() {
        let Some(stated) = operation.object.at("x-behaviour") else { continue };
        let named = if stated.node().is_mapping() { stated.at("name") } else { Some(stated) };
        if let Some(named) = named {
            name(named, &operation.label(), found);
        }
        for (field, value) in stated.entries().filter(|(field, _)| !BEHAVIOUR_FIELDS.contains(field)) {
            let message = format!("`{field}` is no field of `x-behaviour`, and says nothing");
            let help = match support::closest_or_only(field, BEHAVIOUR_FIELDS.iter().copied()) {
                Some(close) => format!("Did you mean `{close}`?"),
                None => format!("It may have {}", BEHAVIOUR_FIELDS.join(", ")),
            };
            found.push(RULE.finding(value.key_route(), message).help(help));
        }
    }
}

/// Reports a name that is not known.
fn name(named: Object<'_>, operation: &str, found: &mut Findings) {
    let text = named.node().scalar().unwrap_or_default();
    if BEHAVIOURS.contains(&text) {
        return;
    }
    let message = match named.node().scalar() {
        Some(text) => format!("`{text}` is no behaviour, so `{operation}` answers 501"),
        None => format!("the behaviour of `{operation}` is neither a name nor an object with one"),
    };
    let help = match support::closest_or_only(text, BEHAVIOURS.iter().copied()) {
        Some(close) => format!("Did you mean `{close}`? `agentspec plan` shows what each operation does"),
        None => format!("Name one of {}", BEHAVIOURS.join(", ")),
    };
    found.push(RULE.finding(named.route(), message).help(help));
}
