//! The platform as a whole: technology, standards, services, events and the edges between services.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Api, Event, EventDefinition, Schemas, Service, Usage};
use crate::document::{Compatibility, VersionPolicy};
use crate::source::{NodeKey, Pointer, Route, Sources};

/// Where a part of the model came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Path relative to the platform root, with `/`. Shared by everything in the file.
    pub file: Arc<str>,
    /// JSON Pointer (RFC 6901) into a YAML or JSON file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pointer: Option<Pointer>,
    /// The line, from 1.
    pub line: u32,
}

impl Origin {
    /// The route in `sources`: the node that the pointer names, or the line. Nothing where the file is not there; the
    /// file as a whole where it has changed too much.
    pub fn route(&self, sources: &Sources) -> Option<Route> {
        let file = sources.id_of(&self.file)?;
        let node = self.pointer.as_ref().and_then(|pointer| sources.root(file)?.pointer(&pointer.text()));
        if let Some(node) = node {
            return Some(Route::node(NodeKey { file, node: node.id() }));
        }
        let source = sources.file(file);
        Some(Route::span(file, source.lines().line_span(&source.text, self.line)))
    }
}

/// A whole platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Platform {
    /// Version of this format; 1.
    pub version: u32,
    /// The constitution's title, or the name of the root folder where there is none.
    pub name: String,
    /// What the constitution chose.
    pub technology: Technology,
    /// What the constitution demands of contracts.
    pub standards: Standards,
    /// Services, sorted by name.
    pub services: Vec<Service>,
    /// Every event that is published, defined or consumed, sorted by name.
    pub events: Vec<Event>,
    /// Edges between services, sorted by consumer, provider and kind.
    pub dependencies: Vec<Dependency>,
    /// What consumers say that they use, sorted by consumer, provider and what is used.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub usages: Vec<Usage>,
    /// Every schema of every contract; operations and events refer to them by id.
    pub schemas: Schemas,
}

impl Platform {
    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        let at = self.services.binary_search_by(|service| service.name.as_str().cmp(name)).ok()?;
        self.services.get(at)
    }

    /// The HTTP contract of the service of that name.
    pub fn api(&self, name: &str) -> Option<&Api> {
        self.service(name)?.api.as_ref()
    }

    /// The HTTP contracts, with the names of their services.
    pub fn apis(&self) -> impl Iterator<Item = (&str, &Api)> {
        self.services.iter().filter_map(|service| Some((service.name.as_str(), service.api.as_ref()?)))
    }

    /// How the payload of an event may change: as the event says, or else as the platform does.
    pub fn compatibility_of(&self, definition: &EventDefinition) -> Compatibility {
        definition.compatibility.unwrap_or(self.standards.event_compatibility)
    }

    /// The event of that name.
    pub fn event(&self, name: &str) -> Option<&Event> {
        let at = self.events.binary_search_by(|event| event.name.as_str().cmp(name)).ok()?;
        self.events.get(at)
    }
}

/// A programming language that code can be generated for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python 3.11 or newer.
    #[default]
    Python,
    /// TypeScript on Node.
    Typescript,
    /// Go.
    Go,
    /// A language that nothing is generated for.
    Other,
}

/// A web framework.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    /// FastAPI.
    #[default]
    Fastapi,
    /// Express.
    Express,
    /// Go's `net/http`.
    NetHttp,
    /// Another one.
    Other,
}

/// A database product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Database {
    /// PostgreSQL.
    #[default]
    Postgresql,
    /// SQLite.
    Sqlite,
    /// Another one.
    Other,
}

/// A message broker product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Broker {
    /// RabbitMQ.
    #[default]
    Rabbitmq,
    /// Apache Kafka.
    Kafka,
    /// Another one.
    Other,
}

/// The constitution's "Technology Stack".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Technology {
    /// The language of generated services.
    pub language: Language,
    /// Their web framework.
    pub framework: Framework,
    /// Their database.
    pub database: Database,
    /// The message broker.
    pub broker: Broker,
    /// Name of the API gateway product, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gateway: Option<String>,
    /// How callers authenticate, as written ("JWT tokens").
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub authentication: Option<String>,
    /// Every `key: value` bullet of the section, keys in lower case.
    pub stated: BTreeMap<String, String>,
}

/// The constitution's "Standards", where they are understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standards {
    /// The prefix that every path must have, such as `/api/v1/`; the version digit stands for any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_prefix: Option<String>,
    /// The number of dot-separated segments of an event name ("domain.entity.action" is 3).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub event_segments: Option<u32>,
    /// Whether errors must be problem details (RFC 9457, formerly RFC 7807).
    pub problem_details: bool,
    /// The path of the health endpoint that every service must have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub health_path: Option<String>,
    /// Whether callers must authenticate (the stack names a scheme).
    pub authentication_required: bool,
    /// The longest allowed chain of synchronous calls.
    pub max_call_depth: u32,
    /// How payloads of events may change where the event does not say.
    #[serde(default)]
    pub event_compatibility: Compatibility,
    /// What the version of a contract must do when the contract changes.
    #[serde(default)]
    pub version_policy: VersionPolicy,
    /// Every `key: value` bullet of the section, keys in lower case.
    pub stated: BTreeMap<String, String>,
}

impl Default for Standards {
    fn default() -> Self {
        Standards {
            path_prefix: None,
            event_segments: None,
            problem_details: false,
            health_path: None,
            authentication_required: false,
            max_call_depth: 3,
            event_compatibility: Compatibility::default(),
            version_policy: VersionPolicy::default(),
            stated: BTreeMap::new(),
        }
    }
}

/// How a dependency communicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyKind {
    /// A call that waits for its answer: a row of an Upstream table.
    Synchronous,
    /// An event.
    Asynchronous,
}

/// An edge of the dependency graph: `consumer` needs `provider`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// The service that calls or listens.
    pub consumer: String,
    /// The service that answers or publishes.
    pub provider: String,
    /// Call or event.
    pub kind: DependencyKind,
    /// Operation ids that are called (where the row names them), or names of events.
    pub uses: Vec<String>,
    /// The row or section that declares it.
    pub origin: Origin,
}
