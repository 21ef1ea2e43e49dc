//! Edges between services. Only rows of Upstream tables are calls; only consumed events that a service publishes are
//! asynchronous edges. A name that no service has gives no edge: a rule reports it.

use std::collections::BTreeMap;

use super::names::Names;
use crate::model::{Api, Dependency, DependencyKind, Event, Method, Service};

/// Every edge, sorted by consumer, provider and kind.
pub(super) fn edges(services: &[Service], events: &[Event], names: &Names) -> Vec<Dependency> {
    let operations: BTreeMap<&str, Operations<'_>> = services
        .iter()
        .filter_map(|service| Some((service.name.as_str(), Operations::new(service.api.as_ref()?))))
        .collect();
    let publishers: BTreeMap<&str, &[String]> =
        events.iter().map(|event| (event.name.as_str(), event.publishers.as_slice())).collect();
    let mut edges = Edges::default();
    for service in services {
        for row in &service.upstream {
            let Some(provider) = names.find(&row.service) else { continue };
            let known = operations.get(provider);
            let uses = row.operations.iter().flat_map(|named| known.map(|known| known.find(named)).unwrap_or_default());
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
}

impl Edges {
    fn add(
        &mut self,
        consumer: &str,
        provider: &str,
        kind: DependencyKind,
        uses: impl Iterator<Item = String>,
        origin: &crate::model::Origin,
    ) {
        let key = (consumer.to_owned(), provider.to_owned(), kind);
        let edge = self.found.entry(key).or_insert_with(|| Dependency {
            consumer: consumer.to_owned(),
            provider: provider.to_owned(),
            kind,
            uses: Vec::new(),
            origin: origin.clone(),
        });
        for used in uses {
            if !edge.uses.contains(&used) {
                edge.uses.push(used);
            }
        }
    }
}

/// The operations of a contract by what people call them.
pub(crate) struct Operations<'a> {
    by_id: BTreeMap<&'a str, &'a str>,
    by_path: BTreeMap<String, Vec<(Method, &'a str)>>,
}

impl<'a> Operations<'a> {
    /// Indexes the operations of `api`.
    pub fn new(api: &'a Api) -> Operations<'a> {
        let mut operations = Operations { by_id: BTreeMap::new(), by_path: BTreeMap::new() };
        for operation in &api.operations {
            operations.by_id.insert(&operation.id, &operation.id);
            let own = (operation.method, operation.id.as_str());
            operations.by_path.entry(shape(&operation.path)).or_default().push(own);
            if !api.base_path.is_empty() {
                let full = format!("{}{}", api.base_path, operation.path);
                operations.by_path.entry(shape(&full)).or_default().push(own);
            }
        }
        operations
    }

    /// Ids of the operations that `METHOD /path`, `/path` or an operation id names.
    pub fn find(&self, named: &str) -> Vec<String> {
        if let Some(id) = self.by_id.get(named) {
            return vec![(*id).to_owned()];
        }
        let (method, path) = match named.split_once(char::is_whitespace) {
            Some((method, path)) => (Method::parse(method), path.trim()),
            None => (None, named),
        };
        let found = self.by_path.get(&shape(path)).map(Vec::as_slice).unwrap_or_default();
        let wanted = found.iter().filter(|(known, _)| method.is_none_or(|method| method == *known));
        wanted.map(|(_, id)| (*id).to_owned()).collect()
    }
}

/// A path with its parameters unnamed, whichever way they are written, without a query and a slash at its end.
fn shape(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let segment = |segment: &str| {
        let parameter = segment.starts_with([':', '<']) && segment.len() > 1;
        if parameter {
            return "{}".to_owned();
        }
        let mut shape = String::new();
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            shape.push_str(before);
            shape.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        shape + rest
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
