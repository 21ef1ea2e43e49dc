//! What consumers use, from dependency tables, consumed events, lists of consumers and Pact files.

use std::collections::BTreeMap;

use super::origin::origin;
use super::service::Platform;
use crate::document::pact::{Exchange, Http, Message, PactFile};
use crate::document::spec::{ConsumedEvent, UpstreamRow};
use crate::document::{FieldPath, Located};
use crate::model::{Event, OperationIndex, Service, Usage, UsageGround, Used, UsedPart, UsedPlace};
use crate::source::Route;

/// Everything that is said, by consumer in the order of its spec; then lists of consumers, then Pact files.
pub(super) fn usages(platform: Platform<'_>, services: &[Service], events: &[Event]) -> Vec<Usage> {
    let indexed = services.iter().filter_map(|service| {
        let api = service.api.as_ref()?;
        Some((service.name.as_str(), OperationIndex::new(api)))
    });
    let mut reader =
        Reader { platform, operations: indexed.collect(), events: EventIndex::new(events), found: Vec::new() };
    for documents in &platform.documents.services {
        let Some(spec) = documents.spec() else { continue };
        spec.upstream.iter().for_each(|row| reader.row(&documents.name, row));
        spec.consumed.iter().for_each(|event| reader.consumed(&documents.name, event));
        for event in &spec.published {
            event.consumers.iter().for_each(|name| reader.claim(&event.name.value, name));
        }
    }
    for event in platform.documents.event_files().flat_map(|file| &file.events) {
        if let Some(name) = &event.name {
            // Thousands may be listed, and room for twice as many is much.
            reader.found.reserve_exact(event.consumers.len());
            event.consumers.iter().for_each(|consumer| reader.claim(&name.value, consumer));
        }
    }
    platform.documents.pacts.iter().for_each(|pact| reader.pact(pact));
    reader.found.shrink_to_fit();
    reader.found
}

/// The operations that rows without any name in their purpose, where the provider has them: the places of the service and
/// of the row, and the operations as written.
pub(super) fn mentioned(platform: Platform<'_>, services: &[Service]) -> Vec<(usize, usize, Vec<String>)> {
    let mut known: BTreeMap<&str, Option<OperationIndex<'_>>> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, spec) in platform.documents.services.iter().enumerate().map(|(at, service)| (at, service.spec())) {
        for (row, stated) in spec.iter().flat_map(|spec| spec.upstream.iter().enumerate()) {
            let named = stated.uses.iter().any(|item| item.operation.is_some());
            if named || stated.mentioned.is_empty() {
                continue;
            }
            let Some(provider) = platform.documents.service_named(&stated.service.value) else { continue };
            let index = known.entry(provider).or_insert_with(|| {
                let provider = services.iter().find(|service| service.name == provider);
                provider.and_then(|provider| provider.api.as_ref()).map(OperationIndex::new)
            });
            let Some(index) = index else { continue };
            let has = |operation: &&Located<String>| !index.find(&operation.value).is_empty();
            let operations: Vec<String> = stated.mentioned.iter().filter(has).map(|one| one.value.clone()).collect();
            if !operations.is_empty() {
                found.push((at, row, operations));
            }
        }
    }
    found
}

struct Reader<'p> {
    platform: Platform<'p>,
    operations: BTreeMap<&'p str, OperationIndex<'p>>,
    events: EventIndex<'p>,
    found: Vec<Usage>,
}

/// A usage without its two ends.
struct Said {
    used: Used,
    ground: UsageGround,
    exact: bool,
    parts: Vec<UsedPart>,
    route: Route,
}

impl<'p> Reader<'p> {
    fn add(&mut self, consumer: &str, provider: &str, said: Said) {
        if consumer != provider {
            self.found.push(Usage {
                consumer: consumer.to_owned(),
                provider: provider.to_owned(),
                used: said.used,
                ground: said.ground,
                exact: said.exact,
                parts: said.parts,
                origin: origin(self.platform.sources, said.route),
            });
        }
    }

    /// The service's folder name, or the name as written.
    fn canonical<'n>(&self, written: &'n str) -> &'n str
    where
        'p: 'n,
    {
        self.platform.documents.service_named(written).unwrap_or(written)
    }

    fn part(&self, place: UsedPlace, name: String, route: Route) -> UsedPart {
        UsedPart { place, name, status: None, origin: origin(self.platform.sources, route) }
    }

    /// A row of an Upstream table. Fields without an operation before them hold for each operation that the row names.
    fn row(&mut self, consumer: &str, row: &UpstreamRow) {
        let Some(provider) = self.platform.documents.service_named(&row.service.value) else { return };
        let before = self.found.len();
        let mut bare: Vec<UsedPart> = Vec::new();
        let mut named: Vec<(&Located<String>, Vec<UsedPart>)> = Vec::new();
        for item in &row.uses {
            let parts = |fields: &[Located<String>]| -> Vec<UsedPart> {
                let read = |field: &Located<String>| {
                    UsedPlace::parse(&field.value).map(|(place, name)| self.part(place, name, field.route))
                };
                fields.iter().filter_map(read).collect()
            };
            match &item.operation {
                Some(operation) => named.push((operation, parts(&item.fields))),
                None if !self.find(provider, &item.text.value).is_empty() => named.push((&item.text, Vec::new())),
                None => bare.extend(parts(&item.fields)),
            }
        }
        named.extend(row.operations.iter().map(|operation| (operation, bare.clone())));
        if named.is_empty() {
            let known = row.mentioned.iter().filter(|operation| !self.find(provider, &operation.value).is_empty());
            named.extend(known.map(|operation| (operation, bare.clone())));
        }
        for (operation, parts) in named {
            let ground = if parts.is_empty() { UsageGround::Operation } else { UsageGround::Fields };
            let said = |used| Said { used, ground, exact: false, parts: parts.clone(), route: operation.route };
            let ids = self.find(provider, &operation.value);
            if ids.is_empty()
                && let Some(event) = self.events.named(&operation.value)
            {
                self.add(consumer, provider, said(Used::Event(event.to_owned())));
            }
            ids.into_iter().for_each(|id| self.add(consumer, provider, said(Used::Operation(id))));
        }
        if self.found.len() == before {
            let ground = if bare.is_empty() { UsageGround::Service } else { UsageGround::Fields };
            let said = Said { used: Used::Service, ground, exact: false, parts: bare, route: row.route };
            self.add(consumer, provider, said);
        }
    }

    /// Ids of the operations that a text names.
    fn find(&self, provider: &str, named: &str) -> Vec<String> {
        let found = self.operations.get(provider).map(|index| index.find(named)).unwrap_or_default();
        found.into_iter().map(|operation| operation.id.to_string()).collect()
    }

    fn consumed(&mut self, consumer: &str, event: &ConsumedEvent) {
        let part = |field: &Located<String>| {
            let path = UsedPlace::parse_payload(&field.value)?;
            Some(self.part(UsedPlace::Payload, path, field.route))
        };
        let parts: Vec<UsedPart> = event.uses.iter().filter_map(part).collect();
        let ground = if parts.is_empty() { UsageGround::Event } else { UsageGround::Fields };
        let used = Used::Event(event.name.value.clone());
        let provider = self.events.publisher(&event.name.value);
        self.add(consumer, provider, Said { used, ground, exact: false, parts, route: event.name.route });
    }

    fn claim(&mut self, event: &str, consumer: &Located<String>) {
        let (name, provider) = (self.canonical(&consumer.value).to_owned(), self.events.publisher(event));
        let used = Used::Event(event.to_owned());
        let said = Said { used, ground: UsageGround::Claim, exact: false, parts: Vec::new(), route: consumer.route };
        self.add(&name, provider, said);
    }

    fn pact(&mut self, pact: &PactFile) {
        let (Some(consumer), Some(provider)) = (&pact.consumer, &pact.provider) else { return };
        let consumer = self.canonical(&consumer.value).to_owned();
        let Some(provider) = self.platform.documents.service_named(&provider.value) else { return };
        for interaction in &pact.interactions {
            match &interaction.exchange {
                Exchange::Http(http) => {
                    let index = self.operations.get(provider);
                    let operation = index.and_then(|index| index.serving(&http.method.value, &http.path.value));
                    let Some(id) = operation.map(|operation| operation.id.to_string()) else { continue };
                    let (used, parts) = (Used::Operation(id), self.http(http));
                    let route = http.path.route;
                    let said = Said { used, ground: UsageGround::Pact, exact: true, parts, route };
                    self.add(&consumer, provider, said);
                }
                Exchange::Messages { messages, .. } => {
                    for message in messages {
                        let Some((name, event)) = self.events.of_message(message) else { continue };
                        let (used, route) = (Used::Event(event.to_owned()), name.route);
                        let parts = self.fields(UsedPlace::Payload, message.fields.as_deref());
                        let said = Said { used, ground: UsageGround::Pact, exact: true, parts, route };
                        self.add(&consumer, provider, said);
                    }
                }
            }
        }
    }

    fn http(&self, http: &Http) -> Vec<UsedPart> {
        let names = |place: UsedPlace, names: &[Located<String>]| -> Vec<UsedPart> {
            let own = names.iter().filter(|name| place == UsedPlace::Query || !is_generic(&name.value));
            own.map(|name| self.part(place, name.value.clone(), name.route)).collect()
        };
        let mut parts = names(UsedPlace::Query, &http.query);
        parts.extend(names(UsedPlace::Header, &http.headers));
        parts.extend(self.fields(UsedPlace::Request, http.sent.as_deref()));
        let mut read = names(UsedPlace::ResponseHeader, &http.response_headers);
        read.extend(self.fields(UsedPlace::Response, http.received.as_deref()));
        let status = http.status.as_ref().map(|status| status.value.clone());
        read.iter_mut().for_each(|part| part.status.clone_from(&status));
        parts.extend(http.status.iter().map(|code| self.part(UsedPlace::Status, code.value.clone(), code.route)));
        parts.extend(read);
        parts
    }

    fn fields(&self, place: UsedPlace, fields: Option<&[Located<FieldPath>]>) -> Vec<UsedPart> {
        let fields = fields.unwrap_or_default().iter();
        fields.map(|field| self.part(place, field.value.to_string(), field.route)).collect()
    }
}

/// Headers that OpenAPI describes by other means than parameters (OpenAPI 3.1.1, Parameter Object).
fn is_generic(header: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|known| known.eq_ignore_ascii_case(header))
}

/// The events by what names them.
pub(crate) struct EventIndex<'e> {
    by_name: BTreeMap<&'e str, &'e Event>,
    by_topic: BTreeMap<&'e str, &'e Event>,
}

impl<'e> EventIndex<'e> {
    /// Indexes events by name and by topic; of several events on one topic none is found by it.
    pub fn new(events: &'e [Event]) -> EventIndex<'e> {
        let mut by_topic: BTreeMap<&str, Option<&Event>> = BTreeMap::new();
        for event in events {
            for topic in event.definitions.iter().filter_map(|definition| definition.topic.as_deref()) {
                let known = by_topic.entry(topic).or_insert(Some(event));
                if known.is_some_and(|known| known.name != event.name) {
                    *known = None;
                }
            }
        }
        EventIndex {
            by_name: events.iter().map(|event| (event.name.as_str(), event)).collect(),
            by_topic: by_topic.into_iter().filter_map(|(topic, event)| Some((topic, event?))).collect(),
        }
    }

    /// The event of that name, as it is written there.
    fn named(&self, name: &str) -> Option<&'e str> {
        self.by_name.get(name.trim_matches('`')).map(|event| event.name.as_str())
    }

    /// The service that publishes it; empty for nobody.
    fn publisher(&self, event: &str) -> &'e str {
        let event = self.by_name.get(event);
        event.and_then(|event| event.publishers.first()).map_or("", String::as_str)
    }

    /// The event of a message, with the text that named it: the first of its names that is an event or the topic of one, or
    /// has an event's name as one of its words.
    pub fn of_message<'m>(&self, message: &'m Message) -> Option<(&'m Located<String>, &'e str)> {
        let exact = message.names.iter().find_map(|name| {
            let event = self.by_name.get(name.as_str()).or_else(|| self.by_topic.get(name.as_str()))?;
            Some((name, event.name.as_str()))
        });
        let by_word = || {
            let last = message.names.last()?;
            let words = last.as_str().split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')));
            let event = words.into_iter().find_map(|word| self.by_name.get(word.trim_matches('.')))?;
            Some((last, event.name.as_str()))
        };
        exact.or_else(by_word)
    }
}
