//! Observes what differs between two models. Nothing here knows what is breaking.

mod api;
mod branches;
mod describe;
mod event;
mod media;
mod node;
mod object;
mod operation;
mod reached;
mod renamed;
mod schema;
mod security;

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::change::{Change, Reach};
use crate::model::Platform;

/// What is told more than once, because operations share it, becomes one change that reaches all of them.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut known: IndexMap<String, Change> = IndexMap::with_capacity(changes.len());
    for change in changes {
        let bare = Change { reaches: Arc::default(), ..change.clone() };
        match known.entry(format!("{bare:?}")) {
            indexmap::map::Entry::Vacant(free) => drop(free.insert(change)),
            indexmap::map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                let all: BTreeSet<Reach> = known.reaches.iter().chain(change.reaches.iter()).cloned().collect();
                known.reaches = all.into_iter().collect();
            }
        }
    }
    known.into_values().collect()
}

/// Every change from `old` to `new`, in a fixed order: operations by service and path, then events, then schemas.
pub fn observe(old: &Platform, new: &Platform) -> Vec<Change> {
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas);
    let mut changes = api::observe(old, new, &mut schemas);
    changes.extend(event::observe(old, new, &mut schemas));
    let mut changes = merged(changes);
    changes.extend(schemas.finish());
    changes
}

/// The changes of the payloads of those events from `old` to `new`, and nothing else.
pub fn observe_payloads(old: &Platform, new: &Platform, events: &[&str]) -> Vec<Change> {
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas);
    event::observe_payloads(old, new, events, &mut schemas);
    schemas.finish()
}
