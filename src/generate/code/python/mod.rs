//! Python with FastAPI.

mod chaos_view;
mod clients_tests;
mod clients_view;
mod events_view;
mod gateway;
mod handlers;
mod health;
mod launch;
mod layout;
mod models;
mod operations;
mod pacts_view;
mod plan;
mod project;
mod records_view;
mod sagas_view;
mod scenarios_view;
mod tests_view;
mod words;

use crate::model::{Api, Broker, Framework, Language, Operation, Platform, Service};

use super::behaviour::Behaviour;
use super::kit::Kit;
use super::names::Case;
use super::service::{ClientNaming, Naming, ServiceCode};
use crate::template::names::identifier;

/// Python (FastAPI).
pub(crate) static KIT: Kit = Kit {
    language: Language::Python,
    framework: Framework::Fastapi,
    shown: "Python (FastAPI)",
    naming: &NAMING,
    brokers: &[Broker::Rabbitmq, Broker::Kafka],
    coordinates: true,
    plan: plan::plan,
    gateway: Some(gateway::plan),
    by_hand,
    sources,
    launch: launch::launch,
};

/// How Python names the parts of a service (PEP 8).
pub(super) const NAMING: Naming = Naming {
    language: Language::Python,
    function: Case::Snake,
    constant: Case::Constant,
    module: Case::Snake,
    locals: &[
        "self",
        "context",
        "body",
        "now",
        "found",
        "current",
        "models",
        "accounts",
        "claims",
        "data",
        "events",
        "must_exist",
        "outbox",
        "saga",
        "sagas",
        "tokens",
    ],
    functions: &["instant", "new_id", "timestamp"],
    types: &["Any", "Literal", "NotRequired", "TypeAlias", "TypedDict"],
    clients: Some(ClientNaming {
        locals: &["self", "context", "body", "answer", "copy", "failure", "headers", "kept", "key"],
        types: &[
            "Any",
            "Call",
            "Context",
            "LastAnswers",
            "Literal",
            "NotRequired",
            "Problem",
            "Refused",
            "TypeAlias",
            "TypedDict",
            "Unavailable",
            "Upstream",
        ],
    }),
    modules: &["add_route", "clients", "consumers", "operations", "orchestrator", "router", "self"],
    classes: &[
        "Any",
        "Collection",
        "Context",
        "Database",
        "Idempotency",
        "KeptAnswers",
        "Literal",
        "Metrics",
        "NotImplementedOperation",
        "Observe",
        "Problem",
        "Relay",
        "Reply",
        "Sessions",
        "Settings",
    ],
};

/// Operations that answer 501 until a person writes them, with the module of their handler.
fn by_hand<'a>(platform: &'a Platform, service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, String)> {
    let code = ServiceCode::new(platform, service, api, &NAMING);
    let unknown = code.operations.iter().filter(|operation| operation.behaviour == Behaviour::Unknown);
    let mut found: Vec<(&Operation, String)> = unknown
        .map(|operation| {
            let module = code.groups.get(operation.group).map_or("", |group| group.module.as_str());
            (operation.operation, format!("{}{module}.py", sources(service)))
        })
        .collect();
    found.sort_by_key(|(operation, _)| api.operations.iter().position(|other| std::ptr::eq(other, *operation)));
    found
}

/// The folder of handlers.
fn sources(service: &Service) -> String {
    format!("{}/src/{}/handlers/", service.folder, package(service))
}

/// The package of a service: its name in snake case, which ends in `_service` so that it hides no library.
fn package(service: &Service) -> String {
    let name = identifier(Language::Python, Case::Snake, &service.name);
    if name.ends_with("service") { name } else { format!("{name}_service") }
}
