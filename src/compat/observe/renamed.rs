//! Events that only changed their names: one gone and one new of the same publisher, with the same payload.

use std::collections::BTreeSet;

use super::super::relation::{Relation, Which};
use crate::model::json::read;
use crate::model::{Event, EventDefinition, Json, Keyword, Platform, Schemas, Values};

/// Stands for the event's own name in schemas that are compared whatever the name is.
const OWN_NAME: &str = "\u{0}the event's name";

/// Each event that is gone with the new one that it became. Of several that could be it, the one with the likest name is.
pub(super) fn pairs<'e>(
    old: &Platform,
    gone: &[&'e Event],
    new: &Platform,
    fresh: &[&'e Event],
) -> Vec<(&'e Event, &'e Event)> {
    let candidates: Vec<(&Event, &Event)> = gone
        .iter()
        .flat_map(|before| fresh.iter().map(|after| (*before, *after)))
        .filter(|(before, after)| !before.publishers.is_empty() && before.publishers == after.publishers)
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let (before, after) = (nameless(&old.schemas, gone), nameless(&new.schemas, fresh));
    let mut relation = Relation::new(&before, &after);
    let mut found: Vec<(&Event, &Event)> =
        candidates.into_iter().filter(|(before, after)| same_payload(&mut relation, before, after)).collect();
    let unlike = |(before, after): &(&Event, &Event)| {
        // From 0 (the same) to 1000: whole numbers have an order.
        1000 - (strsim::jaro(&before.name, &after.name) * 1000.0) as u32
    };
    found.sort_by_cached_key(|pair| (unlike(pair), pair.0.name.clone(), pair.1.name.clone()));
    let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
    found.retain(|(before, after)| {
        let free = !taken.contains(&before.name) && !given.contains(&after.name);
        free && taken.insert(before.name.clone()) && given.insert(after.name.clone())
    });
    found.sort_by(|one, other| one.0.name.cmp(&other.0.name));
    found
}

/// The schemas with the names of the events, where a `const` or `enum` asks for them, replaced by one that all share.
fn nameless(schemas: &Schemas, events: &[&Event]) -> Schemas {
    let names: BTreeSet<&str> = events.iter().map(|event| event.name.as_str()).collect();
    let mut schemas = schemas.clone();
    let own = Json::from(&serde_json::Value::from(OWN_NAME));
    let is_name = |text: &str| text.starts_with('"') && read(text).as_str().is_some_and(|name| names.contains(name));
    for keyword in schemas.nodes.iter_mut().flat_map(|schema| &mut schema.keywords) {
        match keyword {
            Keyword::Const(value) if is_name(value.text()) => *value = own.clone(),
            Keyword::Enum(values) if values.texts().any(is_name) => {
                *values = Values::of(values.texts().map(|text| if is_name(text) { own.text() } else { text }));
            }
            _ => {}
        }
    }
    schemas
}

/// Whether the events have the same versions with the same schemas, or, where there are none, the same fields.
fn same_payload(relation: &mut Relation<'_>, before: &Event, after: &Event) -> bool {
    let mut same = |one: &EventDefinition, other: &EventDefinition| match (one.schema, other.schema) {
        (Some(from), Some(to)) => {
            let (from, to) = (relation.node(Which::Old, from), relation.node(Which::New, to));
            relation.same(from, to)
        }
        (None, None) => !one.payload.is_empty() && one.payload == other.payload,
        _ => false,
    };
    before.definitions.len() == after.definitions.len()
        && before
            .definitions
            .iter()
            .zip(&after.definitions)
            .all(|(one, other)| one.version == other.version && same(one, other))
}
