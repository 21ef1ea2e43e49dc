//! What the rules of events share: where an event is declared, and who is said to consume it.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::document::Located;
use crate::document::events::EventContract;
use crate::document::spec::{ConsumedEvent, PublishedEvent};
use crate::model::Event;
use crate::rules::Context;
use crate::rules::names::bare;
use crate::source::Route;

/// Every "Events Published" entry of every current spec, with its service.
pub(super) fn published<'a>(context: Context<'a>) -> impl Iterator<Item = (&'a str, &'a PublishedEvent)> {
    let services = context.documents.services.iter();
    services.flat_map(|service| {
        let events = service.spec().map(|spec| spec.published.as_slice()).unwrap_or_default();
        events.iter().map(move |event| (service.name.as_str(), event))
    })
}

/// Every "Events Consumed" entry of every current spec, with its service.
pub(super) fn consumed<'a>(context: Context<'a>) -> impl Iterator<Item = (&'a str, &'a ConsumedEvent)> {
    let services = context.documents.services.iter();
    services.flat_map(|service| {
        let events = service.spec().map(|spec| spec.consumed.as_slice()).unwrap_or_default();
        events.iter().map(move |event| (service.name.as_str(), event))
    })
}

/// Every entry of every event file, with the service whose folder it stands in.
pub(super) fn contracts<'a>(context: Context<'a>) -> impl Iterator<Item = (Option<&'a str>, &'a EventContract)> {
    let files = context.documents.event_files();
    files.flat_map(|file| file.events.iter().map(|event| (file.service.as_deref(), event)))
}

/// The name of a contract's entry.
pub(super) fn name_of(event: &EventContract) -> Option<&str> {
    event.name.as_ref().map(|name| bare(&name.value)).filter(|name| !name.is_empty())
}

/// A service that is listed as consumer of an event, in a spec, a contract, or both.
pub(super) struct Claim<'a> {
    /// The event's name.
    pub(super) event: &'a str,
    /// The consumer as it is listed first.
    pub(super) consumer: &'a Located<String>,
    /// Other places that list it.
    pub(super) others: Vec<Route>,
}

/// Every consumer that is listed, once for each event.
pub(super) fn consumer_claims<'a>(context: Context<'a>) -> Vec<Claim<'a>> {
    let in_specs = published(context)
        .flat_map(|(_, event)| event.consumers.iter().map(move |consumer| (bare(&event.name.value), consumer)));
    let in_contracts = contracts(context).flat_map(|(_, event)| {
        event.consumers.iter().map(move |consumer| (name_of(event).unwrap_or("an event"), consumer))
    });
    let mut claims: Vec<Claim<'a>> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (event, consumer) in in_specs.chain(in_contracts) {
        let at = *known.entry((event, bare(&consumer.value))).or_insert(claims.len());
        match claims.get_mut(at) {
            Some(claim) => claim.others.push(consumer.route),
            None => claims.push(Claim { event, consumer, others: Vec::new() }),
        }
    }
    claims
}

impl Claim<'_> {
    /// The finding with the other places.
    pub(super) fn with_others(&self, finding: Diagnostic) -> Diagnostic {
        self.others.iter().fold(finding, |finding, other| finding.related(*other, "listed here too"))
    }
}

/// The event of the model that a name refers to; the model's events are sorted by name.
pub(super) fn event_named<'a>(context: Context<'a>, name: &str) -> Option<&'a Event> {
    let events = &context.platform.events;
    let at = events.binary_search_by(|event| event.name.as_str().cmp(bare(name))).ok()?;
    events.get(at)
}

/// Names of events that somebody publishes.
pub(super) fn published_names<'a>(context: Context<'a>) -> impl Iterator<Item = &'a str> {
    context.platform.events.iter().filter(|event| !event.publishers.is_empty()).map(|event| event.name.as_str())
}
