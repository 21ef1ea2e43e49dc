//! Observes what differs between two models. Nothing here knows what is breaking.

mod annotation;
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

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::change::{Change, Reach};
use crate::model::Platform;

/// What is told more than once, because operations share it, becomes one change that reaches all of them.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut known: IndexMap<Change, BTreeSet<Reach>, FxBuildHasher> = IndexMap::default();
    for mut change in changes {
        let reaches = std::mem::take(&mut change.reaches);
        known.entry(change).or_default().extend(reaches.iter().cloned());
    }
    known.into_iter().map(|(change, reaches)| Change { reaches: reaches.into_iter().collect(), ..change }).collect()
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
