//! Observes what differs between two models. Nothing here knows what is breaking, but for `gathered`, which counts what is
//! alike and must not count a break as something harmless.

mod annotation;
mod api;
mod branches;
mod bundle;
mod describe;
mod element;
mod event;
mod extension;
mod gathered;
mod later;
mod media;
mod node;
mod object;
mod operation;
mod parameter;
mod reached;
mod renamed;
mod schema;
mod security;
mod single;
mod spread;
mod told;

use super::change::Change;
use crate::model::Platform;
use gathered::{Counted, Gathered};
pub(super) use media::key as media_key;
pub(super) use security::identity;

/// Every change from `old` to `new`, in a fixed order: operations by service and path with their parts, then events, then schemas; of those
/// that are alike the first, and at the end one that stands for the others.
pub fn observe(old: &Platform, new: &Platform) -> Vec<Change> {
    observe_all(old, new, 0, Box::new(|_| {}))
}

/// The same with `more` of a kind, calling `on_counted` with each change for which another stands.
pub(super) fn observe_all<'a>(
    old: &'a Platform,
    new: &'a Platform,
    more: usize,
    on_counted: Counted<'a>,
) -> Vec<Change> {
    let operations = |side: &Platform| -> usize {
        side.services.iter().filter_map(|service| Some(service.api.as_ref()?.operations.len())).sum()
    };
    let size = [old, new].map(|side| side.schemas.nodes.len() + operations(side)).iter().sum();
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas, Gathered::new(size, more, on_counted));
    api::observe(old, new, &mut schemas);
    event::observe(old, new, &mut schemas);
    bundle::observe(old, new, &mut schemas);
    schemas.finish()
}

/// The changes of the payloads of those events from `old` to `new`, and nothing else.
pub fn observe_payloads(old: &Platform, new: &Platform, events: &[&str]) -> Vec<Change> {
    let size = old.schemas.nodes.len() + new.schemas.nodes.len();
    let mut schemas = schema::Comparison::new(&old.schemas, &new.schemas, Gathered::new(size, 0, Box::new(|_| {})));
    event::observe_payloads(old, new, events, &mut schemas);
    schemas.finish()
}
