//! What the catalog shows, as its template sees it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{graph, mermaid};
use crate::diagnostic::Summary;
use crate::model::{Dependency, DependencyKind, Event, Platform, Routing, Service};
use crate::template::names;

/// Graphs with more edges are left out of the diagram: viewers refuse to draw them.
const MOST_EDGES: usize = 500;

/// Names of operations are shown up to this length, in bytes.
const LONGEST_NAME: usize = 200;

/// The whole catalog.
#[derive(Debug, Serialize)]
pub(super) struct Catalog<'a> {
    title: &'a str,
    /// The outcome of a validation.
    findings: Option<&'a Summary>,
    services: Vec<Entry<'a>>,
    /// The graph as text; nothing where it is too large to be drawn so.
    drawing: Option<String>,
    /// Edges that the drawing leaves out because they would close a circle, as provider and consumer.
    loops: Vec<(String, String)>,
    /// The graph as a Mermaid flowchart; nothing where it is too large.
    diagram: Option<String>,
    connections: Vec<Connection<'a>>,
    events: Vec<EventRow<'a>>,
    entities: Vec<EntityRow<'a>>,
}

/// One service.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    name: &'a str,
    kind: &'static str,
    /// Names of its operations, or of those that a gateway passes on.
    operations: Vec<Cow<'a, str>>,
    published: Vec<&'a str>,
    consumed: Vec<&'a str>,
    /// Services that it needs, and how.
    dependencies: Vec<Neighbour<'a>>,
    /// Services that need it, and how.
    dependents: Vec<Neighbour<'a>>,
    databases: Vec<&'a str>,
    port: u16,
    /// Paths of its spec and of its contract, from the root.
    spec: Option<&'a str>,
    contract: Option<&'a str>,
}

/// A service at the other end of edges.
#[derive(Debug, Serialize)]
struct Neighbour<'a> {
    name: &'a str,
    calls: bool,
    events: bool,
}

/// One edge.
#[derive(Debug, Serialize)]
struct Connection<'a> {
    provider: &'a str,
    consumer: &'a str,
    synchronous: bool,
    uses: &'a [String],
}

/// One version of an event.
#[derive(Debug, Serialize)]
struct EventRow<'a> {
    name: &'a str,
    version: Option<&'a str>,
    topic: Option<&'a str>,
    publishers: &'a [String],
    /// Those that handle it, then those that are listed and are no services yet.
    consumers: Vec<Cow<'a, str>>,
}

/// Data and its owner.
#[derive(Debug, Serialize)]
struct EntityRow<'a> {
    name: &'a str,
    owner: &'a str,
    databases: &'a [String],
    description: &'a str,
}

/// The catalog of a platform.
pub(super) fn of<'a>(platform: &'a Platform, findings: Option<&'a Summary>) -> Catalog<'a> {
    let drawing = graph::draw(platform);
    let edges = platform.dependencies.len();
    Catalog {
        title: names::platform_title(&platform.name),
        findings,
        services: services(platform),
        loops: drawing.as_ref().map(|drawing| drawing.loops.clone()).unwrap_or_default(),
        drawing: drawing.map(|drawing| drawing.text),
        diagram: (edges <= MOST_EDGES && !platform.services.is_empty()).then(|| mermaid::flowchart(platform)),
        connections: platform.dependencies.iter().map(connection).collect(),
        events: platform.events.iter().flat_map(|event| event_rows(platform, event)).collect(),
        entities: platform.services.iter().flat_map(entity_rows).collect(),
    }
}

/// Edges by the name at one of their ends.
type Ends<'a> = BTreeMap<&'a str, Vec<&'a Dependency>>;

fn services(platform: &Platform) -> Vec<Entry<'_>> {
    let (mut needs, mut needed): (Ends<'_>, Ends<'_>) = Default::default();
    for edge in &platform.dependencies {
        needs.entry(&edge.consumer).or_default().push(edge);
        needed.entry(&edge.provider).or_default().push(edge);
    }
    platform.services.iter().map(|service| entry(platform, service, &needs, &needed)).collect()
}

fn entry<'a>(platform: &'a Platform, service: &'a Service, needs: &Ends<'a>, needed: &Ends<'a>) -> Entry<'a> {
    let own = service.api.iter().flat_map(|api| &api.operations);
    let passed_on = Routing::of(platform, service).map(|routing| routing.upstreams).unwrap_or_default();
    let operations = own.chain(passed_on.into_iter().flat_map(|one| one.operations).map(|(operation, _)| operation));
    let published: BTreeSet<&str> = service.publishes.iter().map(|event| event.name.as_str()).collect();
    let consumed: BTreeSet<&str> = service.consumes.iter().map(|event| event.name.as_str()).collect();
    let at = |ends: &Ends<'a>| ends.get(service.name.as_str()).cloned().unwrap_or_default();
    Entry {
        name: &service.name,
        kind: service.kind.title(),
        operations: operations.map(|operation| names::short(&operation.id, LONGEST_NAME)).collect(),
        published: published.into_iter().collect(),
        consumed: consumed.into_iter().collect(),
        dependencies: neighbours(at(needs), |edge| &edge.provider),
        dependents: neighbours(at(needed), |edge| &edge.consumer),
        databases: service.ownership.databases.iter().map(String::as_str).collect(),
        port: service.deployment.port,
        spec: service.spec.as_ref().map(|spec| &*spec.origin.file),
        contract: service.api.as_ref().map(|api| &*api.origin.file),
    }
}

fn neighbours<'a>(edges: Vec<&'a Dependency>, other: impl Fn(&'a Dependency) -> &'a String) -> Vec<Neighbour<'a>> {
    let mut found: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for edge in edges {
        let (calls, events) = found.entry(other(edge)).or_default();
        match edge.kind {
            DependencyKind::Synchronous => *calls = true,
            DependencyKind::Asynchronous => *events = true,
        }
    }
    found.into_iter().map(|(name, (calls, events))| Neighbour { name, calls, events }).collect()
}

fn connection(edge: &Dependency) -> Connection<'_> {
    Connection {
        provider: &edge.provider,
        consumer: &edge.consumer,
        synchronous: edge.kind == DependencyKind::Synchronous,
        uses: &edge.uses,
    }
}

/// A row for each version; one without a version for an event that nobody defines.
fn event_rows<'a>(platform: &'a Platform, event: &'a Event) -> Vec<EventRow<'a>> {
    let planned = event.declared_consumers.iter().filter(|name| platform.service(name).is_none());
    let planned = planned.map(|name| Cow::Owned(format!("{name} (not there yet)")));
    let consumers: Vec<_> = event.consumers.iter().map(|name| Cow::Borrowed(name.as_str())).chain(planned).collect();
    let row = |version, topic| EventRow {
        name: &event.name,
        version,
        topic,
        publishers: &event.publishers,
        consumers: consumers.clone(),
    };
    let mut versions: BTreeMap<Option<&str>, Option<&str>> = BTreeMap::new();
    for definition in &event.definitions {
        let topic = versions.entry(definition.version.as_deref()).or_default();
        *topic = topic.or(definition.topic.as_deref());
    }
    // What the spec says of the topic holds for the contract's version, where the spec names none.
    let unversioned = versions.get(&None).copied().flatten();
    if versions.len() > 1 {
        versions.remove(&None);
    }
    if versions.is_empty() {
        return vec![row(None, None)];
    }
    versions.into_iter().map(|(version, topic)| row(version, topic.or(unversioned))).collect()
}

fn entity_rows(service: &Service) -> impl Iterator<Item = EntityRow<'_>> {
    service.ownership.entities.iter().map(|entity| EntityRow {
        name: &entity.name,
        owner: &service.name,
        databases: &service.ownership.databases,
        description: &entity.description,
    })
}
