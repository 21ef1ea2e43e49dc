//! Python with FastAPI.

mod events_view;
mod handlers;
mod health;
mod layout;
mod operations;
mod plan;
mod project;
mod service;
mod tests_view;
mod types;
mod words;

pub(crate) use plan::plan;

use crate::model::{Api, Operation, Platform, Service};

use super::behaviour::Behaviour;
use service::ServiceCode;

/// Operations that answer 501 until a person writes them, with the module of their handler.
pub(crate) fn by_hand<'a>(platform: &'a Platform, service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, String)> {
    let code = ServiceCode::new(platform, service, api);
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
pub(crate) fn sources(service: &Service) -> String {
    format!("{}/src/{}/handlers/", service.folder, service::package(&service.name))
}
