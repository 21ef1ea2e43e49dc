//! Events: what specs, event contracts and shared contracts say about them, joined by name.

use std::collections::{BTreeMap, BTreeSet};

use super::origin::{origin, text, texts};
use super::service::Platform;
use crate::document::events::{EventContract, EventFile};
use crate::document::spec::PublishedEvent;
use crate::document::{Compatibility, Documents, ServiceDocuments};
use crate::model::{Event, EventDefinition, Service};
use crate::source::{Pointer, Route, Sources};

/// The events that a service publishes: those of its spec in their order, joined with the contracts of the same name (and
/// version, where the spec gives one), then those that only contracts have.
pub(super) fn published(platform: Platform<'_>, documents: &ServiceDocuments) -> Vec<EventDefinition> {
    let sources = platform.sources;
    let own = Own::new(platform, documents);
    let in_service = documents.event_files.iter().flat_map(|file| &file.events).filter(|event| own.publishes(event));
    let shared = platform.shared.of(&own);
    let mut contracts: Vec<Option<&EventContract>> = in_service.chain(shared).map(Some).collect();
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, contract) in contracts.iter().enumerate() {
        if let Some(name) = contract.and_then(|contract| contract.name.as_ref()) {
            by_name.entry(name.as_str()).or_default().push(at);
        }
    }
    let mut definitions = Vec::new();
    for event in documents.spec().map(|spec| spec.published.as_slice()).unwrap_or_default() {
        let mut joined = false;
        let same_name = by_name.get_mut(event.name.as_str());
        let of_version = |at: &mut usize| contracts[*at].is_some_and(|contract| same_version(contract, event));
        let found: Vec<usize> = same_name.map(|list| list.extract_if(.., of_version).collect()).unwrap_or_default();
        for contract in found.into_iter().filter_map(|at| contracts[at].take()) {
            joined = true;
            definitions.push(definition(sources, &documents.name, Some(contract), Some(event)));
        }
        if !joined {
            definitions.push(definition(sources, &documents.name, None, Some(event)));
        }
    }
    let rest = contracts.into_iter().flatten().filter(|contract| contract.name.is_some());
    definitions.extend(rest.map(|contract| definition(sources, &documents.name, Some(contract), None)));
    definitions
}

fn same_version(contract: &EventContract, event: &PublishedEvent) -> bool {
    match (&contract.version, &event.version) {
        (Some(contract), Some(event)) => {
            contract.value.trim_start_matches(['v', 'V']) == event.value.trim_start_matches(['v', 'V'])
        }
        _ => true,
    }
}

/// What a service says of itself, to tell its own events from those of others.
struct Own<'p> {
    platform: Platform<'p>,
    service: &'p str,
    has_spec: bool,
    published: BTreeSet<&'p str>,
    consumed: BTreeSet<&'p str>,
}

impl<'p> Own<'p> {
    fn new(platform: Platform<'p>, documents: &'p ServiceDocuments) -> Own<'p> {
        let spec = documents.spec();
        let published = spec.into_iter().flat_map(|spec| &spec.published).map(|event| event.name.as_str());
        let consumed = spec.into_iter().flat_map(|spec| &spec.consumed).map(|event| event.name.as_str());
        Own {
            platform,
            service: &documents.name,
            has_spec: spec.is_some(),
            published: published.collect(),
            consumed: consumed.collect(),
        }
    }

    /// Whether an entry of the service's own file is an event that it publishes, and not a copy of another's that it
    /// consumes.
    fn publishes(&self, event: &EventContract) -> bool {
        if let Some(publisher) =
            event.publisher.as_ref().and_then(|name| self.platform.documents.service_named(&name.value))
        {
            return publisher == self.service;
        }
        let Some(name) = event.name.as_ref().filter(|_| self.has_spec) else { return true };
        self.published.contains(name.as_str()) || !self.consumed.contains(name.as_str())
    }
}

/// The entries of shared files by whose they are. The number is the place in the order of the files.
pub(super) struct Shared<'p> {
    by_publisher: BTreeMap<&'p str, Vec<(usize, &'p EventContract)>>,
    /// Those that name no publisher, by their own names.
    open: BTreeMap<&'p str, Vec<(usize, &'p EventContract)>>,
}

impl<'p> Shared<'p> {
    pub fn new(documents: &'p Documents) -> Shared<'p> {
        let mut shared = Shared { by_publisher: BTreeMap::new(), open: BTreeMap::new() };
        for (at, event) in documents.shared_events.iter().flat_map(|file| &file.events).enumerate() {
            let list = match (&event.publisher, &event.name) {
                (Some(publisher), _) => {
                    documents.service_named(&publisher.value).map(|name| shared.by_publisher.entry(name))
                }
                (None, name) => name.as_ref().map(|name| shared.open.entry(name.as_str())),
            };
            list.into_iter().for_each(|list| list.or_default().push((at, event)));
        }
        shared
    }

    /// The events of a service: entries that name it, and those that name nobody and that its spec publishes.
    fn of(&self, own: &Own<'_>) -> impl Iterator<Item = &'p EventContract> {
        let named = self.by_publisher.get(own.service);
        let published = own.published.iter().filter_map(|name| self.open.get(name));
        let mut found: Vec<_> = named.into_iter().chain(published).flatten().copied().collect();
        found.sort_unstable_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, event)| event)
    }
}

fn definition(
    sources: &Sources,
    publisher: &str,
    contract: Option<&EventContract>,
    event: Option<&PublishedEvent>,
) -> EventDefinition {
    let in_contract = |field: fn(&EventContract) -> Option<String>| contract.and_then(field);
    let in_spec = |field: fn(&PublishedEvent) -> Option<String>| event.and_then(field);
    let mut consumers: Vec<String> = event.map(|event| texts(&event.consumers)).unwrap_or_default();
    let mut seen: BTreeSet<String> = consumers.iter().cloned().collect();
    let listed = contract.map(|contract| texts(&contract.consumers)).unwrap_or_default();
    consumers.extend(listed.into_iter().filter(|name| seen.insert(name.clone())));
    EventDefinition {
        name: in_spec(|event| Some(event.name.value.clone()))
            .or(in_contract(|contract| text(&contract.name)))
            .unwrap_or_default(),
        version: in_contract(|contract| text(&contract.version)).or(in_spec(|event| text(&event.version))),
        description: in_contract(|contract| text(&contract.description)).unwrap_or_default(),
        publisher: (!publisher.is_empty()).then(|| publisher.to_owned()),
        topic: in_spec(|event| text(&event.topic)).or(in_contract(|contract| text(&contract.topic))),
        compatibility: in_contract(|contract| text(&contract.compatibility))
            .or(in_spec(|event| text(&event.compatibility)))
            .and_then(|mode| Compatibility::parse(&mode)),
        trigger: in_spec(|event| text(&event.trigger)),
        payload: event.map(|event| texts(&event.payload)).unwrap_or_default(),
        consumers,
        schema: None,
        contract: contract.map(|contract| origin(sources, Route::node(contract.node))),
        spec: event.map(|event| origin(sources, event.name.route)),
    }
}

/// The service's folder name, or the name as written where there is no such service.
fn canonical(platform: Platform<'_>, written: &str) -> String {
    platform.documents.service_named(written).unwrap_or(written).to_owned()
}

/// Every event of the platform, sorted by name.
pub(super) fn join(platform: Platform<'_>, services: &[Service]) -> Vec<Event> {
    let mut events: BTreeMap<String, Joined> = BTreeMap::new();
    for service in services {
        for definition in &service.publishes {
            let event = events.entry(definition.name.clone()).or_default();
            event.publishers.insert(service.name.clone());
            event.define(platform, definition.clone());
        }
        for consumed in &service.consumes {
            events.entry(consumed.name.clone()).or_default().consumers.insert(service.name.clone());
        }
    }
    for definition in unclaimed(platform, services) {
        let event = events.entry(definition.name.clone()).or_default();
        event.define(platform, definition);
    }
    events.into_iter().map(|(name, joined)| joined.event(name)).collect()
}

/// Contracts of events that no service publishes: shared ones without a known publisher, and copies of another's event.
fn unclaimed(platform: Platform<'_>, services: &[Service]) -> Vec<EventDefinition> {
    let files = platform.documents.services.iter().flat_map(|service| &service.event_files);
    let files: Vec<&EventFile> = files.chain(&platform.documents.shared_events).collect();
    let claimed: BTreeSet<(&str, Option<&Pointer>)> = services
        .iter()
        .flat_map(|service| &service.publishes)
        .filter_map(|definition| definition.contract.as_ref())
        .map(|contract| (&*contract.file, contract.pointer.as_ref()))
        .collect();
    let mut definitions = Vec::new();
    for event in files.into_iter().flat_map(|file| &file.events).filter(|event| event.name.is_some()) {
        let publisher = event.publisher.as_ref().map(|name| canonical(platform, &name.value)).unwrap_or_default();
        let definition = definition(platform.sources, &publisher, Some(event), None);
        let own = definition.contract.as_ref().map(|contract| (&*contract.file, contract.pointer.as_ref()));
        if own.is_none_or(|own| !claimed.contains(&own)) {
            definitions.push(definition);
        }
    }
    definitions
}

#[derive(Default)]
struct Joined {
    publishers: BTreeSet<String>,
    consumers: BTreeSet<String>,
    declared: BTreeSet<String>,
    definitions: Vec<EventDefinition>,
}

impl Joined {
    fn define(&mut self, platform: Platform<'_>, definition: EventDefinition) {
        self.declared.extend(definition.consumers.iter().map(|name| canonical(platform, name)));
        self.definitions.push(definition);
    }

    fn event(self, name: String) -> Event {
        Event {
            name,
            publishers: self.publishers.into_iter().collect(),
            consumers: self.consumers.into_iter().collect(),
            declared_consumers: self.declared.into_iter().collect(),
            definitions: self.definitions,
        }
    }
}
