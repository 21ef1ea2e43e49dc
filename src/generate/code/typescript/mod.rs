//! TypeScript with Express.

mod chaos_view;
mod clients_tests;
mod clients_view;
mod events_view;
mod gateway;
mod handlers;
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
mod test_files;
mod tests_view;

use crate::model::{Api, Broker, Framework, Language, Operation, Platform, Service};

use super::behaviour::Behaviour;
use super::kit::Kit;
use super::names::Case;
use super::service::{ClientNaming, Naming, ServiceCode};

/// TypeScript (Express).
pub(crate) static KIT: Kit = Kit {
    language: Language::Typescript,
    framework: Framework::Express,
    shown: "TypeScript (Express)",
    naming: &NAMING,
    brokers: &[Broker::Rabbitmq, Broker::Kafka],
    coordinates: true,
    plan: plan::plan,
    gateway: Some(gateway::plan),
    by_hand,
    sources,
    launch: |_| launch::launch(),
};

/// How TypeScript names the parts of a service.
static NAMING: Naming = Naming {
    language: Language::Typescript,
    function: Case::Camel,
    constant: Case::Constant,
    module: Case::Camel,
    locals: &[
        "accounts",
        "beginSaga",
        "body",
        "claims",
        "context",
        "current",
        "events",
        "found",
        "instant",
        "models",
        "mustExist",
        "newId",
        "now",
        "publish",
        "sagas",
        "sessions",
        "shown",
        "timestamp",
        "tokens",
    ],
    functions: &[],
    types: &["Array", "Record"],
    clients: Some(ClientNaming {
        locals: &["answer", "body", "context", "copy", "error", "kept"],
        types: &[
            "Array",
            "Call",
            "Context",
            "LastAnswers",
            "Problem",
            "Promise",
            "Record",
            "Refused",
            "Unavailable",
            "Upstream",
        ],
    }),
    modules: &[
        "accounts",
        "app",
        "broker",
        "clients",
        "connect",
        "consumers",
        "database",
        "events",
        "express",
        "idempotency",
        "instant",
        "metrics",
        "models",
        "newId",
        "observe",
        "orchestrator",
        "publish",
        "refuse",
        "relay",
        "sagas",
        "sagasOf",
        "sessions",
        "settings",
        "subscribe",
        "subscriptions",
        "timestamp",
    ],
    classes: &[],
};

/// Operations that answer 501 until a person writes them, with the module of their handler.
fn by_hand<'a>(platform: &'a Platform, service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, String)> {
    let code = ServiceCode::new(platform, service, api, &NAMING);
    let unknown = code.operations.iter().filter(|operation| operation.behaviour == Behaviour::Unknown);
    let mut found: Vec<(&Operation, String)> = unknown
        .map(|operation| {
            let module = code.groups.get(operation.group).map_or("", |group| group.module.as_str());
            (operation.operation, format!("{}{module}.ts", sources(service)))
        })
        .collect();
    found.sort_by_key(|(operation, _)| api.operations.iter().position(|other| std::ptr::eq(other, *operation)));
    found
}

/// The folder of handlers.
fn sources(service: &Service) -> String {
    format!("{}/src/handlers/", service.folder)
}
