//! A payload field of the spec that the schema does not declare.

use std::collections::{BTreeMap, BTreeSet};

use super::look::{contracts, name_of, published};
use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeKey, NodeRef, Route, Sources};

/// A payload field of the spec that the schema does not declare.
pub(crate) static RULE: Rule = Rule {
    id: "event-payload-undeclared",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A payload field of the spec is not in the event's schema",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-payload-undeclared.md"),
    check: Check::Platform(check),
};

/// So many fields of one payload are looked up; nobody writes more.
const MOST_FIELDS: usize = 1000;

fn check(context: Context<'_>, out: &mut Findings) {
    let sources = context.sources;
    let schemas = Schemas::new(context);
    for (service, published) in published(context) {
        let name = bare(&published.name.value);
        let Some(schema) = schemas.of(service, name) else { continue };
        let message = properties(sources, schema);
        let data = message.iter().find(|(name, _)| matches!(*name, "data" | "payload"));
        let declared = data.map_or_else(|| message.clone(), |(_, data)| properties(sources, *data));
        if declared.is_empty() {
            continue;
        }
        for field in published.payload.iter().take(MOST_FIELDS) {
            let path = field_path(&field.value);
            // The envelope's own fields may be listed beside those of the data.
            let known = holds(sources, &declared, &path) || holds(sources, &message, &path);
            if path.is_empty() || known {
                continue;
            }
            let text = path.join(".");
            let help = did_you_mean(out.len(), &text, declared.iter().map(|(name, _)| *name), || {
                format!("Add `{text}` to the schema's properties, or remove it from the payload")
            });
            let headline = format!("The payload field `{text}` of `{name}` is not in its schema");
            out.push(RULE.finding(field.route, headline).help(help).related(Route::key_of(schema), "the schema"));
        }
    }
}

/// Schemas of events by name.
struct Schemas<'a> {
    /// Those that a service has itself, with its name.
    own: BTreeMap<(&'a str, &'a str), NodeKey>,
    any: BTreeMap<&'a str, NodeKey>,
}

impl<'a> Schemas<'a> {
    fn new(context: Context<'a>) -> Schemas<'a> {
        let mut schemas = Schemas { own: BTreeMap::new(), any: BTreeMap::new() };
        for (owner, event) in contracts(context) {
            let (Some(name), Some(schema)) = (name_of(event), event.schema) else { continue };
            schemas.any.insert(name, schema);
            if let Some(owner) = owner {
                schemas.own.insert((owner, name), schema);
            }
        }
        schemas
    }

    /// The schema of an event: the service's own one, or else another's or a shared one.
    fn of(&self, service: &str, name: &str) -> Option<NodeKey> {
        self.own.get(&(service, name)).or_else(|| self.any.get(name)).copied()
    }
}

/// `items[].sku: string` as `items`, `sku`; nothing for a sentence.
fn field_path(text: &str) -> Vec<String> {
    let text = text.trim().trim_start_matches(['`', '*', '"']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '-' | '$' | '?');
    let end = text.find(|c: char| !plain(c)).unwrap_or(text.len());
    let rest = text[end..].trim_start_matches(['`', '*', '"']).trim_start();
    if !(rest.is_empty() || rest.starts_with([':', '(', '-', '–', '—', ',', '='])) {
        return Vec::new();
    }
    let parts = text[..end].trim_end_matches(['.', '?', '-']).split('.');
    let parts: Vec<String> = parts.map(|part| part.trim_end_matches(['[', ']', '?']).to_owned()).collect();
    if parts.iter().any(String::is_empty) { Vec::new() } else { parts }
}

/// Whether a path of fields is declared. What stands below a schema without properties is open.
fn holds(sources: &Sources, declared: &[(&str, NodeKey)], path: &[String]) -> bool {
    let mut level = declared.to_vec();
    for part in path {
        let Some((_, next)) = level.iter().find(|(name, _)| name == part) else { return false };
        level = properties(sources, item_of(sources, *next));
        if level.is_empty() {
            return true;
        }
    }
    true
}

/// The items' schema of an array, or the schema itself.
fn item_of(sources: &Sources, key: NodeKey) -> NodeKey {
    let key = sources.follow(key).unwrap_or(key);
    sources.node(key).get("items").map_or(key, |items| NodeKey { file: key.file, node: items.id() })
}

/// Every property that a schema declares, through references and compositions; each schema is visited once.
fn properties(sources: &Sources, key: NodeKey) -> Vec<(&str, NodeKey)> {
    let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![key]);
    while let Some(key) = open.pop() {
        if !seen.insert(key) {
            continue;
        }
        let node = sources.node(key);
        let here = |node: NodeRef<'_>| NodeKey { file: key.file, node: node.id() };
        open.extend(sources.follow(key));
        let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| node.get(keyword));
        open.extend(parts.flat_map(NodeRef::items).map(here));
        let declared = node.get("properties").into_iter().flat_map(NodeRef::fields);
        found.extend(declared.map(|(name, property)| (name, here(property))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_field_names_as_people_write_them() {
        assert_eq!(field_path("orderId"), ["orderId"]);
        assert_eq!(field_path("`items[]`: the lines"), ["items"]);
        assert_eq!(field_path("items[].sku (string)"), ["items", "sku"]);
        assert!(field_path("everything about the order").is_empty());
    }
}
