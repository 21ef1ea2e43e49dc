//! Observes what differs between two models. Nothing here knows what is breaking.

mod api;
mod branches;
mod describe;
mod event;
mod media;
mod node;
mod object;
mod operation;
mod renamed;
mod schema;
mod security;

use super::change::Change;
use crate::model::Platform;

/// Every change from `old` to `new`, in a fixed order: operations by service and path, then events, then schemas.
pub fn observe(old: &Platform, new: &Platform) -> Vec<Change> {
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas);
    let mut changes = api::observe(old, new, &mut schemas);
    changes.extend(event::observe(old, new, &mut schemas));
    changes.extend(schemas.finish());
    changes
}

/// The changes of the payloads of those events from `old` to `new`, and nothing else.
pub fn observe_payloads(old: &Platform, new: &Platform, events: &[&str]) -> Vec<Change> {
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas);
    event::observe_payloads(old, new, events, &mut schemas);
    schemas.finish()
}
