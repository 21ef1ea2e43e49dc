//! A service as its spec describes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Api, ConsumedEvent, EventDefinition, Framework, Language, List, Origin, Text, shared::is_empty};

/// What a service is for, from "Service Type".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Serves an HTTP API.
    #[default]
    Api,
    /// Works on events.
    EventProcessor,
    /// A backend for one frontend.
    Bff,
    /// Routes to others.
    Gateway,
    /// Works on its own schedule.
    Worker,
}

impl ServiceKind {
    /// The name as a catalog shows it.
    pub fn title(self) -> &'static str {
        match self {
            ServiceKind::Api => "API Service",
            ServiceKind::EventProcessor => "Event Processor",
            ServiceKind::Bff => "Backend for Frontend",
            ServiceKind::Gateway => "Gateway",
            ServiceKind::Worker => "Worker",
        }
    }
}

/// One service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The name: of its folder, and of its spec when these agree.
    pub name: String,
    /// Its folder relative to the platform root, `services/<name>`.
    pub folder: String,
    /// What it is for.
    pub kind: ServiceKind,
    /// Who answers for it, from "Owner" or "Team" of its spec.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// The language of its code: its own choice, or the platform's.
    pub language: Language,
    /// The framework of its code.
    pub framework: Framework,
    /// Whether its folder holds an implementation (`src`), generated or not.
    pub implemented: bool,
    /// Its spec; nothing for a service that has only contracts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spec: Option<Spec>,
    /// Its HTTP contract.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub api: Option<Api>,
    /// Rows of its Upstream table that name a service.
    pub upstream: Vec<Upstream>,
    /// Rows of its Downstream table that name a service: claims, not edges.
    pub downstream: Vec<Downstream>,
    /// Events that it publishes, from its spec, its event contracts, or both.
    pub publishes: Vec<EventDefinition>,
    /// Events that it consumes.
    pub consumes: Vec<ConsumedEvent>,
    /// The data that it owns.
    pub ownership: Ownership,
    /// Its sagas.
    pub sagas: Vec<Saga>,
    /// Operations whose answers are kept.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub caching: Vec<CachedOperation>,
    /// Where and how it runs.
    pub deployment: Deployment,
}

/// The newest spec folder of a service (`specs/NNN-slug`, the highest number).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// `NNN-slug`.
    pub folder: String,
    /// The first heading.
    pub title: String,
    /// "Responsible for".
    pub responsibilities: Vec<String>,
    /// "NOT responsible for".
    pub exclusions: Vec<Exclusion>,
    /// "User Scenarios".
    pub scenarios: Vec<Scenario>,
    /// "Non-Functional Requirements".
    pub qualities: Vec<Quality>,
    /// "Acceptance Criteria".
    pub acceptance: Vec<String>,
    /// "Open Questions"; "None" is none.
    pub open_questions: Vec<String>,
    /// The file.
    pub origin: Origin,
}

/// Something that a service leaves to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exclusion {
    /// What it is.
    pub what: String,
    /// The service that owns it, where the text names one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
}

/// One user scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// The priority, such as `P1`; empty where none is given.
    pub priority: String,
    /// The title behind it.
    pub title: String,
    /// Given, When, Then, And, Or.
    pub steps: Vec<Step>,
    /// The heading.
    pub origin: Origin,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its keyword.
    pub kind: StepKind,
    /// The words behind it.
    pub text: String,
}

/// The keyword of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// A precondition.
    Given,
    /// The action.
    When,
    /// The outcome.
    Then,
    /// One more of the kind before it.
    And,
    /// An alternative outcome.
    Or,
}

/// A row of the Upstream table: this service calls another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upstream {
    /// The service that is called, as written.
    pub service: Text,
    /// What for.
    pub purpose: Text,
    /// What happens when it does not answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure_mode: Option<Text>,
    /// The operations it calls, as written (`POST /api/v1/auth/validate`, or an operation id).
    pub operations: List<String>,
    /// Fields that it declares to use, from an optional `Uses` column.
    #[serde(skip_serializing_if = "is_empty", default)]
    pub fields: List<String>,
    /// The time limit in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_ms: Option<u64>,
    /// The number of retries.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retries: Option<u32>,
    /// The row.
    pub origin: Origin,
}

/// A row of the Downstream table: a claim that another service uses this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Downstream {
    /// The service that is said to call.
    pub service: String,
    /// What it is said to use.
    pub uses: String,
    /// The row.
    pub origin: Origin,
}

/// The data that a service owns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ownership {
    /// Names of its databases, such as `auth_db`.
    pub databases: Vec<String>,
    /// Its entities.
    pub entities: Vec<Entity>,
}

/// An entity that a service owns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Present where it is kept as events and not as rows alone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub event_sourcing: Option<EventSourcing>,
    /// The row or bullet.
    pub origin: Origin,
}

/// How an entity is kept as events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventSourcing {
    /// The number of events of one document after which there is a snapshot of it.
    pub snapshot_every: u32,
}

/// Who drives a saga.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SagaStyle {
    /// One service calls the steps.
    #[default]
    Orchestrated,
    /// Services react to each other's events.
    Choreographed,
}

/// A transaction over several services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Saga {
    /// Its name.
    pub name: String,
    /// Who drives it.
    pub style: SagaStyle,
    /// The time limit of the whole in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_ms: Option<u64>,
    /// Its steps in order.
    pub steps: Vec<SagaStep>,
    /// The heading.
    pub origin: Origin,
}

/// One step of a saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SagaStep {
    /// Its name.
    pub name: String,
    /// The service that does it.
    pub service: String,
    /// The operation, as written.
    pub operation: String,
    /// What undoes it, as written; nothing where the cell is empty.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compensation: Option<String>,
    /// The row.
    pub origin: Origin,
}

/// A row of "Caching": an operation whose answers are kept for a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CachedOperation {
    /// The operation, as written.
    pub operation: String,
    /// How long in seconds; nothing where no time could be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seconds: Option<u64>,
    /// Whether clients may keep them as long.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub clients: bool,
    /// The row.
    pub origin: Origin,
}

/// A non-functional requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// Its name ("Availability").
    pub name: String,
    /// Its target, as written ("99.9 %").
    pub target: String,
}

/// "Deployment & Infrastructure". Numbers have the defaults that manifests use where the spec is silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// The port that the service listens on.
    pub port: u16,
    /// The number of replicas.
    pub replicas: u32,
    /// CPU request and limit, as Kubernetes quantities.
    pub cpu: (String, String),
    /// Memory request and limit, as Kubernetes quantities.
    pub memory: (String, String),
    /// Every `key: value` bullet of the section, keys in lower case, in their order.
    pub stated: Vec<(String, String)>,
}

impl Default for Deployment {
    fn default() -> Self {
        Deployment {
            port: 8000,
            replicas: 2,
            cpu: ("100m".to_owned(), "500m".to_owned()),
            memory: ("128Mi".to_owned(), "512Mi".to_owned()),
            stated: Vec::new(),
        }
    }
}
