//! An event schema that is not valid JSON Schema.

use super::look::name_of;
use super::value::to_json;
use crate::diagnostic::{Findings, Severity};
use crate::document::events::{EventContract, EventFile};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, Route};

/// An event schema that is not valid JSON Schema.
pub(crate) static RULE: Rule = Rule {
    id: "event-schema-invalid",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "The schema of an event is not valid JSON Schema",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-schema-invalid.md"),
    check: Check::Event(check),
};

/// The most findings for one schema; what follows is mostly the echo of the first.
const MOST: usize = 5;

fn check(context: Context<'_>, _: &EventFile, event: &EventContract, out: &mut Findings) {
    let Some(key) = event.schema else { return };
    let schema = context.sources.node(key);
        // No text holds more nodes than half its bytes, so only schemas blown up by aliases are left out.
    let most = context.sources.file(key.file).text.len() / 2 + 1000;
    let Some(value) = to_json(schema, most) else { return };
    let name = name_of(event).unwrap_or("this event");
    let (draft, validator) = draft_of(schema.str_at("$schema").unwrap_or_default());
    for error in validator.iter_errors(&value).take(MOST) {
        let at = schema.pointer(error.instance_path().as_str()).unwrap_or(schema);
        let what = error.masked_with("this value").to_string();
        let message = format!("The schema of `{name}` is not valid JSON Schema {draft}: {what}");
        let route = Route::node(NodeKey { file: key.file, node: at.id() });
        let place = error.instance_path().as_str();
        let help = match place {
            "" => "A schema is an object, or true or false".to_owned(),
            _ => format!("Correct `{place}` of the schema"),
        };
        out.push(RULE.finding(route, message).help(help));
    }
}

/// The meta-schema that `$schema` names; 2020-12 where it names none that is known.
fn draft_of(dialect: &str) -> (&'static str, jsonschema::meta::MetaValidator<'static>) {
    let known = |draft: &str| dialect.contains(draft);
    if known("draft-04") {
        ("draft 4", jsonschema::draft4::meta::validator())
    } else if known("draft-06") {
        ("draft 6", jsonschema::draft6::meta::validator())
    } else if known("draft-07") {
        ("draft 7", jsonschema::draft7::meta::validator())
    } else if known("2019-09") {
        ("2019-09", jsonschema::draft201909::meta::validator())
    } else {
        ("2020-12", jsonschema::draft202012::meta::validator())
    }
}
