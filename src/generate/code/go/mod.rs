//! Go with `net/http`.

mod chaos_view;
mod clients;
mod clients_tests;
mod clients_view;
mod events_view;
mod fit;
mod gateway;
mod handlers;
mod launch;
mod layout;
mod models;
mod names;
mod operations;
mod pacts_view;
mod pattern;
mod plan;
mod project;
mod records_view;
mod sagas_view;
mod scenarios_view;
#[cfg(test)]
mod tests;
mod tests_view;
mod types;
mod words;

use crate::model::{Api, Broker, Framework, Language, Operation, Platform, Service};
use crate::template::names::slug;

use super::behaviour::Behaviour;
use super::kit::Kit;
use super::names::Case;
use super::service::{ClientNaming, Naming, ServiceCode};

/// Go.
pub(crate) static KIT: Kit = Kit {
    language: Language::Go,
    framework: Framework::NetHttp,
    shown: "Go",
    naming: &NAMING,
    brokers: &[Broker::Rabbitmq, Broker::Kafka],
    coordinates: true,
    plan: plan::plan,
    gateway: Some(gateway::plan),
    by_hand,
    sources,
    launch: launch::launch,
};

/// How Go names the parts of a service (Effective Go, "Names"); initialisms are written in capitals when they are rendered.
static NAMING: Naming = Naming {
    language: Language::Go,
    function: Case::Pascal,
    constant: Case::Pascal,
    module: Case::Snake,
    locals: &["Body"],
    functions: &[],
    types: &["EventHandlers", "Routes", "Schemas", "Subscriptions", "UnimplementedEvents"],
    clients: Some(ClientNaming { locals: &["Body"], types: &["Client", "New"] }),
    modules: &["consumers", "events", "models", "nullable", "operations", "routes", "schemas", "web"],
    classes: &[],
};

/// Operations that answer 501 until a person writes them, with the file of their handler.
fn by_hand<'a>(platform: &'a Platform, service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, String)> {
    let code = ServiceCode::new(platform, service, api, &NAMING);
    let unknown = code.operations.iter().filter(|operation| operation.behaviour == Behaviour::Unknown);
    let mut found: Vec<(&Operation, String)> = unknown
        .map(|operation| {
            let module = code.groups.get(operation.group).map_or("", |group| group.module.as_str());
            (operation.operation, format!("{}{}.go", sources(service), words::file(module)))
        })
        .collect();
    found.sort_by_key(|(operation, _)| api.operations.iter().position(|other| std::ptr::eq(other, *operation)));
    found
}

/// The folder of handlers.
fn sources(service: &Service) -> String {
    format!("{}/internal/handlers/", service.folder)
}

/// The module of a service: its name in kebab case, which ends in `service` so that it hides no package of Go's own.
fn module(service: &Service) -> String {
    let name = slug(&service.name);
    if name.ends_with("service") { name } else { format!("{name}-service") }
}
