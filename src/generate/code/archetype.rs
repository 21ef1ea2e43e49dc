//! The plan of a service: what each operation does, and why that is thought.

use serde::Serialize;

use crate::model::{Operation, Platform, Service};

use super::behaviour::Archetypes;
use super::gateway;
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
    /// A name that `x-behaviour` may give, `probe` for what the run time answers, or `route` for what a gateway passes on.
    pub archetype: &'static str,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

/// The plan of a service's operations, in the order of its contract, or of a gateway's routes, in the order in which they are
/// tried; empty where it has neither.
pub fn archetypes<'a>(platform: &'a Platform, service: &'a Service) -> Vec<Archetype<'a>> {
    let Some(api) = &service.api else { return routes(platform, service) };
    let known = Archetypes::new(&platform.schemas, api);
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

fn routes<'a>(platform: &'a Platform, service: &'a Service) -> Vec<Archetype<'a>> {
    let Ok(routing) = gateway::routing(platform, service) else { return Vec::new() };
    let row = |route: &gateway::Route<'a>| Archetype {
        service: &service.name,
        operation: &route.operation.id,
        method: route.operation.method.key().to_uppercase(),
        path: route.path.text.clone(),
        archetype: "route",
        why: format!(
            "passed on to {}, which may be silent for {} s; {}",
            routing.upstreams[route.upstream].service.name,
            route.timeout_ms as f64 / 1000.0,
            route.token.described()
        ),
    };
    gateway::routes(&routing).iter().map(row).collect()
}
