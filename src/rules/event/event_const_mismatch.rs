//! A schema that fixes another name or version than the event has.

use super::look::name_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::document::events::{EventContract, EventFile};
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, NodeRef, Route};

/// A schema that fixes another name or version than the event has.
pub(crate) static RULE: Rule = Rule {
    id: "event-const-mismatch",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "The schema of an event fixes another name or version",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-const-mismatch.md"),
    check: Check::Event(check),
};

const NAMES: [&str; 3] = ["eventType", "event_type", "type"];
const VERSIONS: [&str; 3] = ["eventVersion", "event_version", "version"];

fn check(context: Context<'_>, _: &EventFile, event: &EventContract, out: &mut Findings) {
    let Some(key) = event.schema else { return };
    let Some(name) = name_of(event) else { return };
    let schema = context.sources.node(key);
    let mut compare = |properties: &[&str], stated: &Option<Located<String>>, what: &str| {
        let Some(stated) = stated else { return };
        for fixed in properties.iter().filter_map(|property| fixed_in(schema, property)) {
            let found = fixed.scalar().unwrap_or_default();
            if found != bare(&stated.value) {
                let message = format!(
                    "The schema of `{name}` fixes the {what} `{found}`, the event states `{}`",
                    bare(&stated.value)
                );
                let route = Route::node(NodeKey { file: key.file, node: fixed.id() });
                let finding = RULE.finding(route, message).related(stated.route, format!("the event's {what}"));
                out.push(finding.help(format!("Write `{}` in both places", bare(&stated.value))));
            }
        }
    };
    compare(&NAMES, &event.name, "name");
    compare(&VERSIONS, &event.version, "version");
}

/// The one value that a schema allows for a top-level property: its `const`, or an `enum` of one.
fn fixed_in<'s>(schema: NodeRef<'s>, property: &str) -> Option<NodeRef<'s>> {
    let parts = schema.get("allOf").into_iter().flat_map(NodeRef::items);
    let found = std::iter::once(schema).chain(parts).find_map(|part| part.get("properties")?.get(property))?;
    let only = found.get("enum").filter(|values| values.len() == 1).and_then(|values| values.items().next());
    found.get("const").or(only).filter(|value| value.scalar().is_some())
}
