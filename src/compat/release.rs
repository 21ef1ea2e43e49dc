//! What stands between a service of the working tree and the others as they are released: it breaks who uses it there, or
//! needs what is not offered there.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::change::{Change, Kind, Reach};
use super::consumers::Consumers;
use super::finding::changed;
use super::headline::{headline, subjects};
use super::observe::observe;
use super::verdict::{Verdict, row, verdict};
use crate::diagnostic::{Changed, GroundKind};
use crate::model::{Dependency, DependencyKind, OperationIndex, Origin, Platform, Service, Used};

/// Which way something stands between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The service breaks the other one, which uses it as it is released.
    Breaks,
    /// The service needs what the other one does not offer as it is released.
    Needs,
}

/// One thing that stands between a service and its release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Obstacle {
    /// The service that is to be released.
    pub service: String,
    /// Which way.
    pub way: Way,
    /// The service that is broken, or needed.
    pub other: String,
    /// What it is, as a sentence without a full stop.
    pub text: String,
    /// The id of the change, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Whether it is certain. What is not may break, or may be used.
    pub certain: bool,
    /// Where the working tree says it.
    pub origin: Option<Origin>,
    /// What changed, for approvals.
    #[serde(skip)]
    pub(crate) changed: Option<Changed>,
    /// Whether the other service, changed as well, moves out of the way by its own release.
    #[serde(skip)]
    pub(crate) moves: bool,
}

impl Obstacle {
    /// Whether an event moves from the service to the other one. Nothing else that is needed is said to be gone.
    pub(super) fn is_move(&self) -> bool {
        self.way == Way::Needs && self.rule == Some(EVENT_REMOVED)
    }
}

/// The id of the change that an event is gone.
const EVENT_REMOVED: &str = "event-removed";

/// Both sides of a release.
#[derive(Clone)]
pub struct Release<'a> {
    /// The platform as it is released, with its schemas.
    pub released: &'a Platform,
    /// The platform of the working tree, with its schemas.
    pub tree: &'a Platform,
    /// The services whose files differ.
    pub changed: BTreeSet<String>,
    /// What the released platform is called.
    pub name: &'a str,
}

/// Everything that stands between the changed services and their release, sorted, each once. A service whose contract changes
/// in a shared file counts as changed from then on.
pub fn obstacles(release: &mut Release<'_>) -> Vec<Obstacle> {
    let mut found: BTreeSet<Obstacle> = BTreeSet::new();
    let changes = observe(release.released, release.tree);
    let reached = changes.iter().flat_map(|change| change.reaches.iter()).map(|reach| reach.service.to_string());
    release.changed.extend(reached.filter(|service| !service.is_empty()));
    let movers = release.movers();
    release.changed.extend(movers);
    // The contracts of both sides, with what the released services say of each other, and with what those of the tree say.
    let (released, tree) = (release.released, release.tree);
    let before = Consumers::saying([released, tree], [released; 2]);
    let after = Consumers::saying([tree, released], [tree; 2]);
    for change in &changes {
        found.extend(release.broken(change, &before));
        found.extend(release.unmet(change, &after));
    }
    found.extend(release.moved_away(&before));
    for service in release.tree.services.iter().filter(|service| release.changed.contains(&service.name)) {
        found.extend(release.missing_operations(service));
        found.extend(release.missing_in_statements(service));
        found.extend(release.missing_events(service));
    }
    found.into_iter().collect()
}

/// What the finding on a change names.
fn route(change: &Change, worst: Verdict) -> Changed {
    let hit: Vec<&Reach> = change.reaches.iter().filter(|reach| verdict(change, reach.direction) == worst).collect();
    changed(change, &hit, subjects(&hit))
}

/// The operations of a service, where it has a contract.
fn index(service: Option<&Service>) -> Option<OperationIndex<'_>> {
    service.and_then(|service| service.api.as_ref()).map(OperationIndex::new)
}

fn offers(index: Option<&OperationIndex<'_>>, name: &str) -> bool {
    index.is_some_and(|index| !index.find(name).is_empty())
}

impl Release<'_> {
    /// The released services that a change of the tree breaks.
    pub(super) fn broken(&self, change: &Change, users: &Consumers<'_>) -> Vec<Obstacle> {
        let mut found = Vec::new();
        let Some(worst) = change.reaches.iter().map(|reach| verdict(change, reach.direction)).max() else {
            return found;
        };
        for reach in change.reaches.iter() {
            let verdict = verdict(change, reach.direction);
            if verdict == Verdict::Compatible || reach.service.is_empty() {
                continue;
            }
            for other in users.affected(change, &[reach]).consumers {
                let moves = self.changed.contains(&other) && !self.still_uses(&other, change, reach);
                found.push(Obstacle {
                    service: reach.service.to_string(),
                    way: Way::Breaks,
                    text: format!("{}, which `{other}` uses at {}", headline(change, &[reach]), self.name),
                    other,
                    rule: Some(row(change).id),
                    certain: verdict == Verdict::BreaksConsumers,
                    origin: change.new_origin.clone(),
                    changed: Some(route(change, worst)),
                    moves,
                });
            }
        }
        found
    }

    /// Services of the tree that were written after a change which is not released.
    fn unmet(&self, change: &Change, users: &Consumers<'_>) -> Vec<Obstacle> {
        // What is not there at all is looked up for itself.
        if matches!(change.kind, Kind::Operation | Kind::Event | Kind::EventName) {
            return Vec::new();
        }
        let back = change.mirrored();
        let mut found = Vec::new();
        for reach in change.reaches.iter() {
            if verdict(&back, reach.direction) != Verdict::BreaksConsumers {
                continue;
            }
            let provider = self.provider(reach);
            let both_ways = verdict(change, reach.direction) == Verdict::BreaksConsumers;
            let impact = users.affected(&back, &[reach]);
            // A pact names what it uses, and nothing else.
            let is_named = matches!(change.kind, Kind::Property | Kind::Header | Kind::Response);
            let by_pact = |service: &str| {
                impact.grounds.iter().any(|one| is_named && one.consumer == service && one.kind == GroundKind::Pact)
            };
            let written_for_it = |service: &&String| self.changed.contains(*service) && *service != provider;
            for service in impact.consumers.iter().filter(written_for_it).cloned() {
                // Otherwise an addition is needed for certain only by who did not use the operation before.
                let certain = both_ways || by_pact(&service) || !self.used_before(&service, reach);
                found.push(Obstacle {
                    way: Way::Needs,
                    other: provider.to_owned(),
                    text: format!("`{provider}` is not released: {}", headline(change, &[reach])),
                    service,
                    rule: Some(row(change).id),
                    certain,
                    origin: change.new_origin.clone(),
                    changed: None,
                    moves: true,
                });
            }
        }
        found
    }

    /// Who offers in the tree what is reached: an event may have moved since.
    fn provider<'s>(&'s self, reach: &'s Reach) -> &'s str {
        let event = self.tree.event(&reach.key).filter(|_| reach.direction.is_event());
        event.and_then(|event| event.publishers.first()).map_or(&reach.service, String::as_str)
    }

    /// Whether a service as it is released uses what is reached.
    fn used_before(&self, service: &str, reach: &Reach) -> bool {
        let edges = self.released.dependencies.iter();
        let mut edges = edges.filter(|edge| edge.consumer == service && edge.provider == reach.service);
        let mut events = self.released.event(&reach.key).into_iter().flat_map(|event| &event.consumers);
        edges.any(|edge| edge.uses.is_empty() || edge.uses.iter().any(|one| *one == reach.key))
            || events.any(|name| name == service)
    }

    /// Whether a service of the tree still names what a change takes away.
    fn still_uses(&self, service: &str, change: &Change, reach: &Reach) -> bool {
        let Some(service) = self.tree.service(service) else { return false };
        match change.kind {
            Kind::Event | Kind::EventName => service.consumes.iter().any(|event| event.name == reach.key),
            Kind::Operation => {
                let Some(index) = index(self.released.service(&reach.service)) else { return false };
                let named = self.rows(service).filter(|(edge, _)| edge.provider == reach.service);
                let mut named = named.flat_map(|(_, operations)| operations);
                named.any(|name| index.find(name).iter().any(|operation| operation.id == reach.key))
            }
            _ => false,
        }
    }

    /// The calls of a service of the tree: each edge with the operations that its rows name.
    fn rows<'s>(&'s self, service: &'s Service) -> impl Iterator<Item = (&'s Dependency, Vec<&'s str>)> {
        let own = self.tree.dependencies.iter().filter(|edge| edge.consumer == service.name);
        own.filter(|edge| edge.kind == DependencyKind::Synchronous).map(|edge| {
            let rows = service.upstream.iter().filter(|row| row.origin == edge.origin || row.service == edge.provider);
            (edge, rows.flat_map(|row| row.operations.iter().map(String::as_str)).collect())
        })
    }

    /// Services and operations that a service of the tree calls and that are not released.
    fn missing_operations(&self, service: &Service) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for (edge, operations) in self.rows(service) {
            let need = |text: String, is_coming: bool| Obstacle {
                service: service.name.clone(),
                way: Way::Needs,
                other: edge.provider.clone(),
                text,
                rule: None,
                certain: true,
                origin: Some(edge.origin.clone()),
                changed: None,
                moves: is_coming && self.changed.contains(&edge.provider),
            };
            let Some(provider) = self.released.service(&edge.provider) else {
                found.push(need(format!("there is no `{}` at {}", edge.provider, self.name), true));
                continue;
            };
            let (now, then) = (index(Some(provider)), index(self.tree.service(&edge.provider)));
            for name in operations.into_iter().filter(|name| !offers(now.as_ref(), name)) {
                let text = format!("`{}` does not offer `{}` at {}", edge.provider, name.trim_matches('`'), self.name);
                found.push(need(text, offers(then.as_ref(), name)));
            }
        }
        found
    }

    /// Operations that pacts and `Uses` of a service of the tree name, beside its rows, and that are not released.
    fn missing_in_statements(&self, service: &Service) -> Vec<Obstacle> {
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (edge, operations) in self.rows(service) {
            let Some(index) = index(self.tree.service(&edge.provider)) else { continue };
            let named = operations.into_iter().flat_map(|name| index.find(name));
            seen.extend(named.map(|operation| (edge.provider.as_str(), operation.id.as_str())));
        }
        let mut found = Vec::new();
        for usage in self.tree.usages.iter().filter(|usage| usage.consumer == service.name) {
            let (Used::Operation(id), Some(provider)) = (&usage.used, self.released.service(&usage.provider)) else {
                continue;
            };
            let there = self.tree.service(&usage.provider).and_then(|service| service.api.as_ref());
            let Some(operation) = there.and_then(|api| api.operations.iter().find(|one| one.id == *id)) else {
                continue;
            };
            let name = format!("{} {}", operation.method.key().to_ascii_uppercase(), operation.path);
            if !seen.insert((&usage.provider, id)) || offers(index(Some(provider)).as_ref(), &name) {
                continue;
            }
            found.push(Obstacle {
                service: service.name.clone(),
                way: Way::Needs,
                other: usage.provider.clone(),
                text: format!("`{}` does not offer `{name}` at {}", usage.provider, self.name),
                rule: None,
                certain: true,
                origin: Some(usage.origin.clone()),
                changed: None,
                moves: self.changed.contains(&usage.provider),
            });
        }
        found
    }

    /// Events that a service of the tree consumes and that nobody publishes beside it: what it publishes itself comes with it,
    /// and what it published does not.
    fn missing_events(&self, service: &Service) -> Vec<Obstacle> {
        let is_published = |name: &str| {
            let own = service.publishes.iter().any(|definition| definition.name == name);
            own || self.released.event(name).is_some_and(|event| match &event.publishers[..] {
                [] => !event.definitions.is_empty(),
                publishers => publishers.iter().any(|publisher| *publisher != service.name),
            })
        };
        let missing = service.consumes.iter().filter(|event| !is_published(&event.name));
        let need = |event: &crate::model::ConsumedEvent| {
            let publisher = self.tree.event(&event.name).and_then(|event| event.publishers.first().cloned());
            let is_coming = publisher.is_some();
            let other = publisher.or(event.from.clone()).unwrap_or_default();
            let published = self.released.event(&event.name).is_some_and(|event| !event.publishers.is_empty());
            let nobody = if published { "nobody else" } else { "nobody" };
            Obstacle {
                service: service.name.clone(),
                way: Way::Needs,
                text: format!("{nobody} publishes `{}` at {}", event.name, self.name),
                rule: None,
                certain: true,
                origin: Some(event.origin.clone()),
                changed: None,
                moves: is_coming && self.changed.contains(&other),
                other,
            }
        };
        missing.map(need).collect()
    }
}
