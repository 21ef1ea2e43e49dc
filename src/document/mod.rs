//! Typed views of a platform's files, with a route for everything that a finding may point at. Reading is lenient: what a
//! document lacks is missing in the view, and whether that is wrong is for the rules to say.

mod located;
mod names;
mod text;
pub(crate) mod words;

pub mod approvals;
pub mod compatibility;
pub mod config;
pub mod constitution;
pub mod date;
pub mod events;
pub mod loose;
pub mod markdown;
pub mod openapi;
pub mod plan;
pub mod read;
pub mod schema_check;
pub mod spec;

pub use compatibility::{Compatibility, VersionPolicy};
pub use located::Located;
pub use text::{Slice, Text};

use crate::source::FileId;
use approvals::Approvals;
use config::Config;
use constitution::Constitution;
use events::EventFile;
use names::ServiceNames;
use openapi::OpenApi;
use plan::{Plan, Tasks};
use spec::Spec;

/// Every document of a platform.
#[derive(Debug, Default)]
pub struct Documents {
    /// `constitution.md`.
    pub constitution: Option<Constitution>,
    /// `.speckit.config.json`, or the defaults.
    pub config: Config,
    /// `.agentspec/approvals.json`.
    pub approvals: Option<Approvals>,
    /// One entry for each folder below `services/`, sorted by name.
    pub services: Vec<ServiceDocuments>,
    /// `shared/contracts/events/*.json`, sorted by path.
    pub shared_events: Vec<EventFile>,
    /// The services by every name they go under.
    names: ServiceNames,
}

impl Documents {
    /// The documents of services alone, without a constitution and with the default configuration.
    pub fn of(services: Vec<ServiceDocuments>) -> Documents {
        Documents { names: ServiceNames::new(&services), services, ..Documents::default() }
    }

    /// The folder name of the service that goes under `written`: its folder's name, the name in its spec, or either in
    /// other words ("Auth Service").
    pub fn service_named(&self, written: &str) -> Option<&str> {
        self.names.find(written)
    }

    /// The documents of the service in folder `name`.
    pub fn service(&self, name: &str) -> Option<&ServiceDocuments> {
        let at = self.services.binary_search_by(|service| service.name.as_str().cmp(name)).ok()?;
        self.services.get(at)
    }

    /// Every event file, of services and shared, in order.
    pub fn event_files(&self) -> impl Iterator<Item = &EventFile> {
        self.services.iter().flat_map(|service| &service.event_files).chain(&self.shared_events)
    }
}

/// The documents of one service.
#[derive(Debug, Default)]
pub struct ServiceDocuments {
    /// Name of its folder below `services/`.
    pub name: String,
    /// Its spec folders, sorted by number; the last one is current.
    pub specs: Vec<SpecFolder>,
    /// `contracts/api-spec.{yaml,yml,json}`.
    pub api: Option<OpenApi>,
    /// `contracts/events/*.json`, sorted by path.
    pub event_files: Vec<EventFile>,
    /// Whether `src/` holds a file.
    pub has_source: bool,
}

impl ServiceDocuments {
    /// The spec of the current folder: the one with the highest number that has a `spec.md`.
    pub fn spec(&self) -> Option<&Spec> {
        self.specs.iter().rev().find_map(|folder| folder.spec.as_ref())
    }
}

/// One `specs/NNN-slug` folder.
#[derive(Debug, Default)]
pub struct SpecFolder {
    /// `NNN-slug`.
    pub name: String,
    /// `spec.md`.
    pub spec: Option<Spec>,
    /// `plan.md`.
    pub plan: Option<Plan>,
    /// `tasks.md`.
    pub tasks: Option<Tasks>,
    /// `quick-ref.md`.
    pub quick_ref: Option<FileId>,
    /// `ai-doc.md`.
    pub ai_doc: Option<FileId>,
}
