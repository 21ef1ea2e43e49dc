//! Edges between services. Only rows of Upstream tables are calls; only consumed events that a service publishes are
//! asynchronous edges. A name that no service has gives no edge: a rule reports it.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Documents;
use crate::model::{Dependency, DependencyKind, Event, Origin, Service, Usage, UsageGround, Used};

/// Every edge, sorted by consumer, provider and kind.
pub(super) fn edges(
    services: &[Service],
    events: &[Event],
    usages: &[Usage],
    documents: &Documents,
) -> Vec<Dependency> {
    let mut called: BTreeMap<(&str, &str), Vec<&String>> = BTreeMap::new();
    for usage in usages.iter().filter(|usage| usage.ground != UsageGround::Pact) {
        if let Used::Operation(id) = &usage.used {
            called.entry((&usage.consumer, &usage.provider)).or_default().push(id);
        }
    }
    let publishers: BTreeMap<&str, &[String]> =
        events.iter().map(|event| (event.name.as_str(), event.publishers.as_slice())).collect();
    let mut edges = Edges::default();
    for service in services {
        for row in &service.upstream {
            let Some(provider) = documents.service_named(&row.service) else { continue };
            let uses = called.get(&(service.name.as_str(), provider)).into_iter().flatten().map(|id| (*id).clone());
            edges.add(&service.name, provider, DependencyKind::Synchronous, uses, &row.origin);
        }
        for event in &service.consumes {
            let publishers = publishers.get(event.name.as_str()).copied().unwrap_or_default();
            for publisher in publishers.iter().filter(|publisher| **publisher != service.name) {
                let uses = [event.name.clone()].into_iter();
                edges.add(&service.name, publisher, DependencyKind::Asynchronous, uses, &event.origin);
            }
        }
    }
    edges.found.into_values().collect()
}

#[derive(Default)]
struct Edges {
    found: BTreeMap<(String, String, DependencyKind), Dependency>,
    /// What each edge has in its list already.
    used: BTreeMap<(String, String, DependencyKind), BTreeSet<String>>,
}

impl Edges {
    fn add(
        &mut self,
        consumer: &str,
        provider: &str,
        kind: DependencyKind,
        uses: impl Iterator<Item = String>,
        origin: &Origin,
    ) {
        let key = (consumer.to_owned(), provider.to_owned(), kind);
        let used = self.used.entry(key.clone()).or_default();
        let edge = self.found.entry(key).or_insert_with(|| Dependency {
            consumer: consumer.to_owned(),
            provider: provider.to_owned(),
            kind,
            uses: Vec::new(),
            origin: origin.clone(),
        });
        edge.uses.extend(uses.filter(|name| used.insert(name.clone())));
    }
}
