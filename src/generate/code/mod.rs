//! Services in code: what the contract says, and working defaults for what it implies. The inference of behaviours, the
//! schemas of the run time, the service with its names and types (`service`) and what its tests send and expect (`cases`) are
//! the same for every language; each language has a folder with its views.

mod archetype;
mod behaviour;
mod cases;
mod events;
#[cfg(test)]
mod fixture;
mod launch;
mod names;
mod pattern;
mod python;
mod resource;
mod sample;
mod schema_document;
mod service;
mod shape;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_events;
#[cfg(test)]
mod tests_typescript;
mod typescript;

use crate::model::{Api, Framework, Language, Operation, Platform, Schemas, Service};
use crate::output::Plan;

use super::{GenerateError, Request, Target};

pub use archetype::{Archetype, archetypes};
pub use launch::{Launch, Step};

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
    match (service.language, service.framework) {
        (Language::Python, Framework::Fastapi) => python::by_hand(platform, service, api),
        (Language::Typescript, Framework::Express) => typescript::by_hand(platform, service, api),
        _ => unimplemented(&platform.schemas, api).into_iter().map(|operation| (operation, sources(service))).collect(),
    }
}

/// Whether there is code for the language and framework of a service.
fn is_generated(service: &Service) -> bool {
    let known = [(Language::Python, Framework::Fastapi), (Language::Typescript, Framework::Express)];
    known.contains(&(service.language, service.framework))
}

/// Whether generated code publishes an event of a service, and for each that it consumes whether it is handled.
pub(super) struct EventsDone {
    events: Option<events::Events>,
}

impl EventsDone {
    /// What the generated code of a service does.
    pub(super) fn new(platform: &Platform, service: &Service) -> EventsDone {
        let api = service.api.as_ref().filter(|_| is_generated(service));
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

/// Whether the generated code of a service issues tokens.
pub(super) fn issues_tokens(platform: &Platform, service: &Service) -> bool {
    let known = |api: &Api| behaviour::Archetypes::new(&platform.schemas, api).auth.is_some();
    service.api.as_ref().is_some_and(known)
}

/// The folder of a service's own code, below which a person works.
pub(super) fn sources(service: &Service) -> String {
    match (service.language, service.framework) {
        (Language::Python, Framework::Fastapi) => python::sources(service),
        (Language::Typescript, Framework::Express) => typescript::sources(service),
        _ => format!("{}/src/", service.folder),
    }
}

/// How the generated code of a service is started; nothing where none is generated.
pub fn launch(service: &Service) -> Option<Launch> {
    service.api.as_ref()?;
    match (service.language, service.framework) {
        (Language::Python, Framework::Fastapi) => Some(python::launch(service)),
        (Language::Typescript, Framework::Express) => Some(typescript::launch()),
        _ => None,
    }
}

fn plan(request: &Request<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    for service in request.services() {
        let Some(api) = &service.api else { continue };
        match (service.language, service.framework) {
            (Language::Python, Framework::Fastapi) => python::plan(request, service, api, &mut plan.files)?,
            (Language::Typescript, Framework::Express) => typescript::plan(request, service, api, &mut plan.files)?,
            (language, framework) => plan.notes.push(format!(
                "{}: no code is generated for {language:?} with {framework:?}; \
                 `Language: Python (FastAPI)` or `Language: TypeScript (Express)` in the constitution or the spec \
                 chooses what can be",
                service.name
            )),
        }
    }
    Ok(())
}

/// The operations that the generated handlers answer with 501, because the contract does not say what they do.
pub fn unimplemented<'a>(schemas: &Schemas, api: &'a Api) -> Vec<&'a Operation> {
    let archetypes = behaviour::Archetypes::new(schemas, api);
    let unknown = |operation: &&Operation| {
        !resource::is_probe(api, operation) && archetypes.of(operation).behaviour == behaviour::Behaviour::Unknown
    };
    api.operations.iter().filter(unknown).collect()
}
