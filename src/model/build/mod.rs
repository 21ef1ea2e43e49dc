//! From documents to the model.

pub(crate) mod api;
mod behaviour;
mod dependencies;
mod events;
pub(crate) mod origin;
mod quantity;
mod service;
mod standards;
#[cfg(test)]
mod tests;
pub(crate) mod usages;

pub use standards::{Choice, depth_of_calls, other_database};

use super::{Platform, Standards, Technology};
use crate::document::Documents;
use crate::source::Sources;

/// The version of the model's JSON.
pub const MODEL_VERSION: u32 = 1;

/// Builds the model of a platform, all but its schemas; those are added by [`lower_schemas`](super::lower_schemas).
pub fn build(sources: &Sources, documents: &Documents) -> Platform {
    // What the constitution does not demand, the configuration decides.
    let config = &documents.config;
    let configured = Standards {
        event_compatibility: config.event_compatibility,
        version_policy: config.version_policy,
        ..Standards::default()
    };
    let (technology, standards) = match &documents.constitution {
        Some(constitution) => standards::read(constitution, configured),
        None => (Technology::default(), configured),
    };
    let shared = events::Shared::new(documents);
    let platform = service::Platform { sources, documents, shared: &shared, technology: &technology };
    let mut known = api::Known::default();
    let build = |documents| service::build(platform, documents, &mut known);
    let mut services: Vec<_> = documents.services.iter().map(build).collect();
    drop(known);
    for (service, row, operations) in usages::mentioned(platform, &services) {
        services[service].upstream[row].operations = operations.into();
    }
    let events = events::join(platform, &services);
    let mut usages = usages::usages(platform, &services, &events);
    let dependencies = dependencies::edges(&services, &events, &usages, documents);
    usages.sort();
    usages.dedup();
    let title = documents.constitution.as_ref().and_then(|constitution| constitution.title.as_ref());
    Platform {
        version: MODEL_VERSION,
        name: title.map_or_else(|| "Platform".to_owned(), |title| title.value.clone()),
        technology,
        standards,
        services,
        events,
        dependencies,
        usages,
        schemas: super::Schemas::default(),
    }
}
