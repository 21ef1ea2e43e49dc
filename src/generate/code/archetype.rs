//! The plan of a service: what each operation does, and why that is thought.

use serde::Serialize;

use crate::model::{Operation, Schemas, Service};

use super::behaviour::Archetypes;
use super::resource;

/// What the generated handler of one operation does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Archetype<'a> {
    /// The service.
    pub service: &'a str,
    /// `operationId`, or `METHOD path`.
    pub operation: &'a str,
    /// The method in upper case.
    pub method: String,
    /// The path template with the server's base path.
    pub path: String,
    /// A name that `x-behaviour` may give, or `probe` for what the run time answers.
    pub archetype: &'static str,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

/// The plan of a service's operations, in the order of its contract; empty where it has none.
pub fn archetypes<'a>(schemas: &Schemas, service: &'a Service) -> Vec<Archetype<'a>> {
    let Some(api) = &service.api else { return Vec::new() };
    let known = Archetypes::new(schemas, api);
    let row = |operation: &'a Operation| {
        let (archetype, why) = match resource::is_probe(api, operation) {
            true => ("probe", "a public GET of health, readiness or metrics, which the run time answers".to_owned()),
            false => {
                let inferred = known.of(operation);
                (inferred.behaviour.name(), inferred.why)
            }
        };
        Archetype {
            service: &service.name,
            operation: &operation.id,
            method: operation.method.key().to_uppercase(),
            path: format!("{}{}", api.base_path, operation.path),
            archetype,
            why,
        }
    };
    api.operations.iter().map(row).collect()
}
