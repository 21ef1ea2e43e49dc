//! Resources whose documents are kept as events, because the spec says so of an entity: the store has a stream of events
//! for each document, and the table of documents is the read model that follows from them.

use crate::generate::Request;
use crate::model::{Api, EventSourcing, Schemas, Service};

use super::behaviour::Behaviour;
use super::names::{singular, words};
use super::resource::Resource;
use super::service::{Group, ResourceCode, ServiceCode};

/// Tables of services that keep documents as events.
pub(crate) const TABLES: [&str; 2] = ["event_store", "snapshots"];
/// What the store calls changes that are no transitions.
const KINDS: [&str; 4] = ["created", "changed", "replaced", "deleted"];

/// How the documents of a resource are kept as events, where the spec says that they are.
pub(crate) fn of(schemas: &Schemas, service: &Service, api: &Api, resource: &Resource) -> Option<EventSourcing> {
    let mut named = service.ownership.entities.iter().filter(|entity| holds(schemas, api, resource, &entity.name));
    named.find_map(|entity| entity.event_sourcing)
}

/// Whether a collection is that of an entity: their names tell, or that of the schema of its documents.
fn holds(schemas: &Schemas, api: &Api, resource: &Resource, entity: &str) -> bool {
    let last = singular(&words(resource.path.rsplit('/').next().unwrap_or_default()));
    let schema = api.schemas.iter().find(|(_, id)| schemas.resolve(*id) == resource.document);
    let schema = schema.map(|(name, _)| words(name)).unwrap_or_default();
    [&resource.singular, &last, &schema].contains(&&singular(&words(entity)))
}

/// Whether any documents of a service are kept as events.
pub(crate) fn any(code: &ServiceCode<'_>) -> bool {
    code.resources.iter().any(is_stream)
}

/// Whether the documents of a resource are.
pub(crate) fn is_stream(resource: &ResourceCode) -> bool {
    resource.event_sourcing.is_some()
}

/// A line of the README for each collection that is.
pub(crate) fn lines(code: &ServiceCode<'_>) -> Vec<String> {
    let line = |resource: &ResourceCode| {
        let every = resource.event_sourcing?.snapshot_every;
        Some(format!("- `{}`, with a snapshot after every {every} events of a document", resource.table))
    };
    code.resources.iter().filter_map(line).collect()
}

/// What the store calls the change that an operation makes to a document that is there: `replaced`, or the state that a
/// transition leads to; nothing for `changed`, which is what the run time takes where it is told nothing.
pub(crate) fn kind(behaviour: &Behaviour) -> Option<String> {
    match behaviour {
        Behaviour::Replace { .. } => Some("replaced".to_owned()),
        Behaviour::Transition(transition) if KINDS.contains(&transition.to.as_str()) => {
            Some(format!("became {}", transition.to))
        }
        Behaviour::Transition(transition) => Some(transition.to.clone()),
        _ => None,
    }
}

/// What a person has to know: entities that no collection of the contract holds, and handlers that were written before the
/// spec asked for events, and keep rows alone. `import` is what handlers take such a collection from.
pub(crate) fn notes(
    request: &Request<'_>,
    code: &ServiceCode<'_>,
    file: impl Fn(&Group) -> String,
    import: &str,
) -> Vec<String> {
    let service = code.service;
    let wanted = service.ownership.entities.iter().filter(|entity| entity.event_sourcing.is_some());
    let held = |entity: &str| {
        let holds = |one: &ResourceCode| holds(&request.platform.schemas, code.api, &one.resource, entity);
        code.resources.iter().filter(|one| is_stream(one)).any(holds)
    };
    let unheld = wanted.filter(|entity| !held(&entity.name)).map(|entity| {
        format!(
            "{}: the spec keeps `{}` as events, and no collection of the contract that an operation works on holds it; \
             name the entity like the collection or its schema",
            service.name, entity.name
        )
    });
    let mut notes: Vec<String> = unheld.collect();
    if !any(code) {
        let paths = code.groups.iter().map(&file);
        let late = paths.filter(|path| (request.existing)(path).is_some_and(|text| text.contains(import)));
        notes.extend(late.map(|path| {
            format!(
                "{}: {path} takes a collection from {import}, and the spec keeps nothing as events now",
                service.name
            )
        }));
    }
    for resource in code.resources.iter().filter(|resource| is_stream(resource)) {
        let Some(path) = code.groups.get(resource.group).map(&file) else { continue };
        if (request.existing)(&path).is_some_and(|text| !text.contains(import)) {
            notes.push(format!(
                "{}: {path} was written when `{}` were rows alone; take the collection from {import}, which keeps them as \
                 events",
                service.name, resource.table
            ));
        }
    }
    notes
}
