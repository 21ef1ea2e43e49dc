//! Events: what specs, event contracts and shared contracts say about them, joined by name.

use std::collections::{BTreeMap, BTreeSet};

use super::origin::{origin, text, texts};
use super::service::Platform;
use crate::document::ServiceDocuments;
use crate::document::events::{EventContract, EventFile};
use crate::document::spec::PublishedEvent;
use crate::model::{Event, EventDefinition, Service};
use crate::source::{Route, Sources};

/// The events that a service publishes: those of its spec in their order, joined with the contracts of the same name (and
/// version, where the spec gives one), then those that only contracts have.
pub(super) fn published(platform: Platform<'_>, documents: &ServiceDocuments) -> Vec<EventDefinition> {
    let sources = platform.sources;
    let mut contracts: Vec<(&EventContract, bool)> = Vec::new();
    for file in &documents.event_files {
        contracts
            .extend(file.events.iter().filter(|event| is_own(platform, documents, event)).map(|event| (event, false)));
    }
    for file in &platform.documents.shared_events {
        contracts.extend(
            file.events.iter().filter(|event| is_shared_by(platform, documents, event)).map(|event| (event, false)),
        );
    }
    let mut definitions = Vec::new();
    let spec_events = documents.spec().map(|spec| spec.published.as_slice()).unwrap_or_default();
    for event in spec_events {
        let mut joined = false;
        for (contract, used) in &mut contracts {
            let same_name = contract.name.as_ref().is_some_and(|name| name.value == event.name.value);
            if same_name && !*used && same_version(contract, event) {
                (*used, joined) = (true, true);
                definitions.push(definition(sources, &documents.name, Some(contract), Some(event)));
            }
        }
        if !joined {
            definitions.push(definition(sources, &documents.name, None, Some(event)));
        }
    }
    let rest = contracts.into_iter().filter(|(contract, used)| !used && contract.name.is_some());
    definitions.extend(rest.map(|(contract, _)| definition(sources, &documents.name, Some(contract), None)));
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

/// Whether an entry of a service's own file is an event that it publishes, and not a copy of another's that it consumes.
fn is_own(platform: Platform<'_>, documents: &ServiceDocuments, event: &EventContract) -> bool {
    if let Some(publisher) = event.publisher.as_ref().and_then(|name| platform.names.find(&name.value)) {
        return publisher == documents.name;
    }
    let (Some(name), Some(spec)) = (&event.name, documents.spec()) else { return true };
    let publishes = spec.published.iter().any(|published| published.name.value == name.value);
    let consumes = spec.consumed.iter().any(|consumed| consumed.name.value == name.value);
    publishes || !consumes
}

/// Whether a shared entry is an event of this service: it names the service, or names none and the spec publishes it.
fn is_shared_by(platform: Platform<'_>, documents: &ServiceDocuments, event: &EventContract) -> bool {
    if let Some(publisher) = &event.publisher {
        return platform.names.find(&publisher.value) == Some(documents.name.as_str());
    }
    let Some(name) = &event.name else { return false };
    documents.spec().is_some_and(|spec| spec.published.iter().any(|published| published.name.value == name.value))
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
    for name in contract.map(|contract| texts(&contract.consumers)).unwrap_or_default() {
        if !consumers.contains(&name) {
            consumers.push(name);
        }
    }
    EventDefinition {
        name: in_spec(|event| Some(event.name.value.clone()))
            .or(in_contract(|contract| text(&contract.name)))
            .unwrap_or_default(),
        version: in_contract(|contract| text(&contract.version)).or(in_spec(|event| text(&event.version))),
        description: in_contract(|contract| text(&contract.description)).unwrap_or_default(),
        publisher: (!publisher.is_empty()).then(|| publisher.to_owned()),
        topic: in_spec(|event| text(&event.topic)).or(in_contract(|contract| text(&contract.topic))),
        trigger: in_spec(|event| text(&event.trigger)),
        payload: event.map(|event| texts(&event.payload)).unwrap_or_default(),
        consumers,
        schema: None,
        contract: contract.map(|contract| origin(sources, Route::node(contract.node))),
        spec: event.map(|event| origin(sources, event.name.route)),
    }
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
    let claimed: BTreeSet<(&str, Option<&str>)> = services
        .iter()
        .flat_map(|service| &service.publishes)
        .filter_map(|definition| definition.contract.as_ref())
        .map(|contract| (contract.file.as_str(), contract.pointer.as_deref()))
        .collect();
    let mut definitions = Vec::new();
    for event in files.into_iter().flat_map(|file| &file.events).filter(|event| event.name.is_some()) {
        let publisher = event.publisher.as_ref().map(|name| platform.names.canonical(&name.value)).unwrap_or_default();
        let definition = definition(platform.sources, &publisher, Some(event), None);
        let own = definition.contract.as_ref().map(|contract| (contract.file.as_str(), contract.pointer.as_deref()));
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
        self.declared.extend(definition.consumers.iter().map(|name| platform.names.canonical(name)));
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
