//! Services in code: what the contract says, and working defaults for what it implies. The inference of behaviours, the
//! schemas of the run time, the service with its names and types (`service`) and what its tests send and expect (`cases`) are
//! the same for every language; each language has a folder with its views.

mod archetype;
mod bare;
mod behaviour;
mod caching;
mod cases;
mod clients;
mod errors;
mod events;
#[cfg(test)]
mod fixture;
mod gateway;
mod go;
mod kit;
mod launch;
mod mentions;
mod migrations;
mod names;
mod pattern;
mod property_tests;
mod python;
mod records;
mod resource;
mod sagas;
mod sample;
mod scenario_plan;
mod schema_checks;
mod schema_document;
mod service;
mod shape;
mod spoken;
mod streams;
mod test_names;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_chaos;
#[cfg(test)]
mod tests_clients;
#[cfg(test)]
mod tests_collections;
#[cfg(test)]
mod tests_contracts;
#[cfg(test)]
mod tests_events;
#[cfg(test)]
mod tests_names;
#[cfg(test)]
mod tests_scenarios;
#[cfg(test)]
mod tests_typescript;
mod typescript;
mod written_for;

use crate::model::{Api, Broker, Operation, OperationIndex, Platform, Schemas, Service, Upstream, other_database};
use crate::output::Plan;

use super::{GenerateError, Request, Target};
use kit::{Kit, kit};

pub(super) use gateway::needs as gateway_needs;

pub use archetype::{Archetype, archetypes};
pub use cases::Left;
pub use launch::{Launch, Step};
pub use scenario_plan::{ScenarioOutcome, Tested, scenarios};

/// The target `code`.
pub static CODE: Target = Target {
    name: "code",
    summary: "A service that runs, for each HTTP contract, with its tests and Dockerfile",
    plan,
};

/// The operations of a service whose work is left to a person, in the order of the contract, each with the path of the file
/// that it is written in.
pub(super) fn by_hand<'a>(platform: &'a Platform, service: &'a Service) -> Vec<(&'a Operation, String)> {
    let Some(api) = &service.api else { return Vec::new() };
    match kit(service) {
        Some(kit) => (kit.by_hand)(platform, service, api),
        None => {
            let open = unimplemented(&platform.schemas, api).into_iter();
            open.map(|operation| (operation, sources(service))).collect()
        }
    }
}

/// Whether generated code publishes an event of a service, and for each that it consumes whether it is handled.
pub(super) struct EventsDone {
    events: Option<events::Events>,
}

impl EventsDone {
    /// What the generated code of a service does.
    pub(super) fn new(platform: &Platform, service: &Service) -> EventsDone {
        let api = service.api.as_ref().filter(|_| kit(service).is_some());
        let events = api.map(|api| {
            let archetypes = behaviour::Archetypes::new(&platform.schemas, api);
            events::Events::new(platform, service, api, &archetypes)
        });
        EventsDone { events }
    }

    /// Whether an event is published by every operation that should.
    pub(super) fn publishes(&self, event: &str) -> bool {
        self.events.as_ref().is_some_and(|events| !events.unpublished.iter().any(|name| name == event))
    }

    /// Whether all is done that a consumed event should do.
    pub(super) fn handles(&self, event: &str) -> bool {
        self.events.as_ref().is_some_and(|events| !events.unhandled.iter().any(|name| name == event))
    }
}

/// How far the calls of an Upstream row are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallsDone {
    /// Nothing is.
    Not,
    /// There is a client, and nothing calls it.
    Client,
    /// Everything that the row names is called.
    All,
}

/// What generated code does of the calls and sagas of a service.
pub(super) struct CoordinationDone<'a> {
    clients: clients::Clients<'a>,
    sagas: Vec<sagas::SagaPlan>,
    /// The services that requests are passed on to, where it is a gateway.
    routed: Vec<&'a str>,
}

impl<'a> CoordinationDone<'a> {
    /// What the generated code of a service does.
    pub(super) fn new(platform: &'a Platform, service: &'a Service) -> CoordinationDone<'a> {
        let coordinates = kit(service).is_some_and(|kit| kit.coordinates);
        let Some(api) = service.api.as_ref().filter(|_| coordinates) else {
            let routed = behind(platform, service);
            return CoordinationDone { clients: clients::Clients::default(), sagas: Vec::new(), routed };
        };
        let archetypes = behaviour::Archetypes::new(&platform.schemas, api);
        let events = events::Events::new(platform, service, api, &archetypes);
        let clients = clients::Clients::new(platform, service, api, &archetypes, &events);
        let sagas = sagas::of(platform, service, api, &archetypes, &clients);
        CoordinationDone { clients, sagas, routed: Vec::new() }
    }

    /// How far the calls of a row are written.
    pub(super) fn calls(&self, row: &Upstream) -> CallsDone {
        if self.routed.contains(&row.service.as_str()) {
            return CallsDone::All;
        }
        let Some(at) = self.clients.found.iter().position(|client| client.service.name == row.service) else {
            return CallsDone::Not;
        };
        let called = |call: (usize, usize)| {
            let steps = self.sagas.iter().flat_map(|saga| &saga.steps);
            let mut steps = steps.flat_map(|step| step.act.iter().chain(&step.undo));
            self.clients.token_check.as_ref().is_some_and(|check| check.call == call)
                || self.clients.references.iter().any(|reference| reference.call == call)
                || steps.any(|step| step.callee == sagas::Callee::Upstream(call.0, call.1))
        };
        let client = &self.clients.found[at];
        let named = row.operations.iter().flat_map(|name| OperationIndex::new(client.api).find(name));
        let places: Vec<_> = named.map(|operation| self.clients.call_of(&row.service, operation)).collect();
        let all = !places.is_empty() && places.into_iter().all(|place| place.is_some_and(called));
        if all { CallsDone::All } else { CallsDone::Client }
    }

    /// Whether a saga is run.
    pub(super) fn runs(&self, saga: &str) -> bool {
        self.sagas.iter().any(|plan| plan.name == saga)
    }
}

/// Whether the generated code of a service keeps answers.
pub(super) fn keeps_answers(service: &Service) -> bool {
    let asked = service.api.as_ref().is_some_and(|api| !caching::rows(service, api).is_empty());
    asked && kit(service).is_some()
}

/// Whether the generated code of a service issues tokens.
pub(super) fn issues_tokens(platform: &Platform, service: &Service) -> bool {
    let known = |api: &Api| behaviour::Archetypes::new(&platform.schemas, api).auth.is_some();
    service.api.as_ref().is_some_and(known)
}

/// The service that the generated code of a service asks for each request whether its token holds still; nothing where
/// signature and expiry are all that counts.
pub fn asked_about_tokens<'a>(platform: &'a Platform, service: &'a Service) -> Option<&'a str> {
    let api = service.api.as_ref().filter(|_| kit(service).is_some())?;
    let archetypes = behaviour::Archetypes::new(&platform.schemas, api);
    let events = events::Events::new(platform, service, api, &archetypes);
    let clients = clients::Clients::new(platform, service, api, &archetypes, &events);
    let (client, _) = clients.token_check.as_ref()?.call;
    Some(clients.found.get(client)?.service.name.as_str())
}

/// The folder of a service's own code, below which a person works.
pub(super) fn sources(service: &Service) -> String {
    kit(service).map_or_else(|| format!("{}/src/", service.folder), |kit| (kit.sources)(service))
}

/// The broker that generated services speak with, as templates name it.
fn broker(platform: &Platform) -> &'static str {
    match platform.technology.broker {
        Broker::Kafka => "kafka",
        Broker::Rabbitmq | Broker::Other => "rabbitmq",
    }
}

/// How the generated code of a service is started; nothing where none is generated.
pub fn launch(platform: &Platform, service: &Service) -> Option<Launch> {
    let kit = kit(service)?;
    (service.api.is_some() || is_gateway(platform, service)).then(|| (kit.launch)(service))
}

fn plan(request: &Request<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let has_code = request.services().any(|service| service.api.is_some() && kit(service).is_some());
    if let Some(database) = other_database(&request.platform.technology).filter(|_| has_code) {
        plan.notes.push(format!(
            "no code is generated for the database `{database}`; services keep their data in PostgreSQL, or in SQLite where \
             no `DATABASE_URL` is set, and a migration to another database is yours"
        ));
    }
    for service in request.services() {
        let Some(api) = &service.api else {
            plan_gateway(request, service, plan)?;
            continue;
        };
        let Some(kit) = kit(service) else {
            plan.notes.push(kit::missing(service));
            continue;
        };
        (kit.plan)(request, service, api, plan)?;
        let messages = !service.publishes.is_empty() || !service.consumes.is_empty();
        let broker = request.platform.technology.broker;
        if messages && !kit.brokers.contains(&broker) {
            plan.notes.push(format!(
                "{}: no code is generated for {broker:?} in {}; the service speaks with RabbitMQ, and a module beside that \
                 speaks with another broker",
                service.name, kit.shown
            ));
        }
    }
    Ok(())
}

/// Plans a service without a contract, where it is a gateway.
fn plan_gateway(request: &Request<'_>, service: &Service, plan: &mut Plan) -> Result<(), GenerateError> {
    let gateway = match gateway::Gateway::new(request.platform, service) {
        Ok(gateway) => gateway,
        Err(gateway::NoGateway::Nothing) => return Ok(()),
        Err(gateway::NoGateway::Conflict(what)) => {
            plan.notes
                .push(format!("{}: no code is generated for a gateway whose routes conflict: {what}", service.name));
            return Ok(());
        }
    };
    match kit(service) {
        Some(Kit { gateway: Some(plan_files), .. }) => plan_files(request, &gateway, plan)?,
        Some(kit) => plan.notes.push(format!(
            "{}: no code is generated for gateways in {} yet; `Language:` in its spec chooses another language",
            service.name, kit.shown
        )),
        None => plan.notes.push(kit::missing(service)),
    }
    Ok(())
}

/// Whether the code of a gateway is generated for a service.
pub(super) fn is_gateway(platform: &Platform, service: &Service) -> bool {
    kit(service).is_some_and(|kit| kit.gateway.is_some()) && gateway::routing(platform, service).is_ok()
}

/// The services that a generated gateway passes requests on to; nothing where a service is none.
pub fn behind<'a>(platform: &'a Platform, service: &'a Service) -> Vec<&'a str> {
    let routing = gateway::routing(platform, service).ok().filter(|_| is_gateway(platform, service));
    let upstreams = routing.map(|routing| routing.upstreams).unwrap_or_default();
    upstreams.iter().map(|upstream| upstream.service.name.as_str()).collect()
}

/// The operations that the generated handlers answer with 501, because the contract does not say what they do.
pub fn unimplemented<'a>(schemas: &Schemas, api: &'a Api) -> Vec<&'a Operation> {
    let archetypes = behaviour::Archetypes::new(schemas, api);
    let unknown = |operation: &&Operation| {
        !resource::is_probe(api, operation) && archetypes.of(operation).behaviour == behaviour::Behaviour::Unknown
    };
    api.operations.iter().filter(unknown).collect()
}
