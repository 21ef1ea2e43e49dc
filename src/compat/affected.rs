//! Joins a change with the services that use what it reaches.

use std::collections::BTreeSet;

use super::change::{Direction, Reach};
use crate::diagnostic::Impact;
use crate::model::{Dependency, DependencyKind, Platform};

/// Whom the reached operations and events hit. The old model counts as well as the new one: who used what is gone still
/// runs. A consumer that names operations is hit by these and by no other; one that names none is hit by all.
pub fn affected(old: &Platform, new: &Platform, reaches: &[&Reach]) -> Impact {
    let mut consumers = BTreeSet::new();
    let mut unaffected = BTreeSet::new();
    // An operation that is gone cannot be named any more: what a consumer declared of it in the base still tells.
    let was_known = |one: &&Dependency| {
        let same = |other: &Dependency| {
            (&other.consumer, &other.provider, other.kind) == (&one.consumer, &one.provider, one.kind)
        };
        !(one.uses.is_empty() && old.dependencies.iter().any(same))
    };
    for dependency in old.dependencies.iter().chain(new.dependencies.iter().filter(was_known)) {
        for reach in reaches {
            match uses(dependency, reach) {
                Some(true) => consumers.insert(dependency.consumer.clone()),
                Some(false) => unaffected.insert(dependency.consumer.clone()),
                None => false,
            };
        }
    }
    for reach in reaches.iter().filter(|reach| reach.direction.is_event()) {
        let events = [old, new].into_iter().filter_map(|platform| platform.event(&reach.key));
        consumers.extend(events.flat_map(|event| event.consumers.iter().chain(&event.declared_consumers)).cloned());
    }
    for reach in reaches {
        consumers.remove(&reach.service);
        unaffected.remove(&reach.service);
    }
    let transitive = transitive(old, new, &consumers, reaches);
    unaffected.retain(|name| !consumers.contains(name));
    Impact {
        consumers: consumers.into_iter().collect(),
        transitive: transitive.into_iter().collect(),
        unaffected: unaffected.into_iter().collect(),
    }
}

/// Whether an edge uses what is reached; nothing where it has nothing to do with the service.
fn uses(dependency: &Dependency, reach: &Reach) -> Option<bool> {
    if dependency.provider != reach.service {
        return None;
    }
    match (dependency.kind, reach.direction) {
        (DependencyKind::Synchronous, Direction::Request | Direction::Response) => {
            Some(dependency.uses.is_empty() || dependency.uses.contains(&reach.key))
        }
        (DependencyKind::Asynchronous, Direction::Event | Direction::Replay) => {
            Some(dependency.uses.is_empty() || dependency.uses.contains(&reach.key))
        }
        _ => None,
    }
}

/// Services that need one that is hit, and are not hit themselves.
fn transitive(old: &Platform, new: &Platform, hit: &BTreeSet<String>, reaches: &[&Reach]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut stack: Vec<String> = hit.iter().cloned().collect();
    while let Some(name) = stack.pop() {
        for dependency in old.dependencies.iter().chain(&new.dependencies) {
            let consumer = &dependency.consumer;
            let is_source = reaches.iter().any(|reach| reach.service == *consumer);
            if dependency.provider == name && !hit.contains(consumer) && !is_source && found.insert(consumer.clone()) {
                stack.push(consumer.clone());
            }
        }
    }
    found
}
