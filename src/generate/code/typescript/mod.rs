//! TypeScript with Express.

mod events_view;
mod handlers;
mod launch;
mod layout;
mod models;
mod operations;
mod plan;
mod project;
mod tests_view;

pub(crate) use launch::launch;
pub(crate) use plan::plan;

use crate::model::{Api, Language, Operation, Platform, Service};

use super::behaviour::Behaviour;
use super::names::Case;
use super::service::{Naming, ServiceCode};

/// How TypeScript names the parts of a service.
const NAMING: Naming = Naming {
    language: Language::Typescript,
    function: Case::Camel,
    constant: Case::Constant,
    module: Case::Camel,
    locals: &[
        "accounts",
        "body",
        "claims",
        "context",
        "current",
        "events",
        "found",
        "instant",
        "models",
        "newId",
        "now",
        "publish",
        "sessions",
        "shown",
        "timestamp",
        "tokens",
    ],
    types: &["Array", "Record"],
    modules: &[
        "accounts",
        "app",
        "broker",
        "connect",
        "consumers",
        "database",
        "events",
        "express",
        "instant",
        "metrics",
        "models",
        "newId",
        "observe",
        "publish",
        "refuse",
        "relay",
        "sessions",
        "settings",
        "subscribe",
        "subscriptions",
        "timestamp",
    ],
};

/// Operations that answer 501 until a person writes them, with the module of their handler.
pub(crate) fn by_hand<'a>(platform: &'a Platform, service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, String)> {
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
pub(crate) fn sources(service: &Service) -> String {
    format!("{}/src/handlers/", service.folder)
}
