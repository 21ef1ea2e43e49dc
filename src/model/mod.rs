//! The service model: one platform as plain, serialisable data, built from its documents. No I/O happens here.
//!
//! Everything that came from a file keeps its [`Origin`]. Lists are in the order of the files, which is sorted by path,
//! so the same input gives the same model.

mod behaviour;
mod build;
mod event;
mod graph;
pub(crate) mod json;
pub(crate) mod json_schema;
mod lower;
mod operation;
mod operation_index;
mod platform;
mod routing;
mod saved;
mod schema;
mod service;
mod shared;
mod usage;

pub use behaviour::{BEHAVIOUR_FIELDS, BEHAVIOURS, StatedBehaviour};
pub(crate) use build::usages::EventIndex;
pub use build::{Choice, MODEL_VERSION, build, depth_of_calls, other_database};
pub use event::{ConsumedEvent, ErrorHandling, Event, EventDefinition};
pub use graph::Graph;
pub(crate) use graph::components;
pub use json::{Json, Values};
pub use lower::lower_schemas;
pub use operation::{
    Api, Callback, Encoding, Extensions, Link, MediaType, Method, Operation, Parameter, ParameterLocation, RequestBody,
    Response, SecurityRequirement, SecurityScheme, SecuritySchemeKind,
};
pub use operation_index::OperationIndex;
pub use platform::{
    Broker, Database, Dependency, DependencyKind, Framework, Language, Origin, Platform, Standards, Technology,
};
pub(crate) use routing::is_probe;
pub use routing::{OWN_PATHS, PathTemplate, RouteConflict, RoutedService, Routing, Segment};
pub use saved::{SavedError, read_saved};
pub use schema::{AdditionalProperties, JsonType, Keyword, Schema, SchemaId, Schemas, Types, Xml};
pub use service::{
    CachedOperation, Deployment, Downstream, Entity, EventSourcing, Exclusion, Ownership, Quality, Saga, SagaStep,
    SagaStyle, Scenario, Service, ServiceKind, Spec, Step, StepKind, Upstream,
};
pub use shared::{List, Text};
pub use usage::{Usage, UsageGround, Used, UsedPart, UsedPlace};

/// The JSON Schema (2020-12) of the model as `agentspec model` prints it.
pub fn json_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Platform);
    schema.insert("title".to_owned(), "agentspec platform model".into());
    schema.to_value()
}
