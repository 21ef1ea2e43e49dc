//! What a spec holds. A value is as it was written, without marks, and its route covers exactly its text.

use std::ops::Deref;

use crate::document::Located;
use crate::source::{FileId, Route};

/// A service spec as it was written. Section by section what could be read; `sections` tells which were there at all.
#[derive(Debug)]
pub struct Spec {
    /// The file.
    pub file: FileId,
    /// The first heading of level 1.
    pub title: Option<Located<String>>,
    /// The canonical sections that were found, with the route of their heading.
    pub sections: Vec<(SectionKind, Route)>,
    /// "Service Name".
    pub name: Option<Located<String>>,
    /// "Service Type", as written.
    pub kind: Option<Located<String>>,
    /// "Owner" or "Team": the people who answer for the service.
    pub owner: Option<Located<String>>,
    /// "Language" or "Framework" of this service where it differs from the platform's, as written.
    pub language: Option<Located<String>>,
    /// Bullets of "Responsible for".
    pub responsible_for: Vec<Located<String>>,
    /// Bullets of "NOT responsible for".
    pub not_responsible_for: Vec<Exclusion>,
    /// "User Scenarios".
    pub scenarios: Vec<Scenario>,
    /// Rows of the Upstream table that name a service ("None" and "Events only" rows are left out).
    pub upstream: Vec<UpstreamRow>,
    /// Rows of the Downstream table that name a service.
    pub downstream: Vec<DownstreamRow>,
    /// "Events Published".
    pub published: Vec<PublishedEvent>,
    /// "Events Consumed".
    pub consumed: Vec<ConsumedEvent>,
    /// Databases named under "Data Ownership".
    pub databases: Vec<Located<String>>,
    /// Entities named there.
    pub entities: Vec<OwnedEntity>,
    /// "Sagas".
    pub sagas: Vec<Saga>,
    /// Rows of "Caching".
    pub caching: Vec<CachedOperation>,
    /// Bullets of "Non-Functional Requirements" as key and value; the key is empty for a plain sentence.
    pub qualities: Vec<KeyValue>,
    /// Bullets of "Deployment & Infrastructure".
    pub deployment: Vec<KeyValue>,
    /// "Acceptance Criteria".
    pub acceptance: Vec<Located<String>>,
    /// "Open Questions"; "None" is none.
    pub open_questions: Vec<Located<String>>,
}

/// A canonical section of a spec, under whatever wording it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionKind {
    /// Service Overview.
    Overview,
    /// Service Name.
    Name,
    /// Service Type.
    Type,
    /// Service Boundary.
    Boundary,
    /// User Scenarios.
    Scenarios,
    /// Service Dependencies.
    Dependencies,
    /// Upstream Services.
    Upstream,
    /// Downstream Services.
    Downstream,
    /// Events Published.
    EventsPublished,
    /// Events Consumed.
    EventsConsumed,
    /// Data Ownership.
    DataOwnership,
    /// Non-Functional Requirements.
    Qualities,
    /// Sagas.
    Sagas,
    /// Caching.
    Caching,
    /// Deployment & Infrastructure.
    Deployment,
    /// Testing Strategy.
    Testing,
    /// Operational Runbook.
    Runbook,
    /// Open Questions.
    OpenQuestions,
    /// Acceptance Criteria.
    Acceptance,
}

/// A bullet of "NOT responsible for".
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// What the service leaves to others.
    pub what: String,
    /// The owner in brackets at the end, where one is named.
    pub owner: Option<String>,
    /// The bullet.
    pub route: Route,
}

/// A scenario under its heading.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `P1`, or empty.
    pub priority: String,
    /// The title.
    pub title: String,
    /// Its steps: keyword in lower case (`given`, `when`, `then`, `and`, `or`) and words.
    pub steps: Vec<(String, Located<String>)>,
    /// The heading.
    pub route: Route,
}

/// A row of the Upstream table. An empty cell, a dash or a missing column is nothing. It has the fields of [`UpstreamDetails`],
/// too: a list may name tens of thousands of services and say nothing more of them.
#[derive(Clone, Debug)]
pub struct UpstreamRow {
    /// The service.
    pub service: Located<String>,
    /// Purpose.
    pub purpose: Option<Box<Located<String>>>,
    /// The whole row.
    pub route: Route,
    /// What else is said; nothing takes no room.
    pub(super) details: Option<Box<UpstreamDetails>>,
}

/// What a row of the Upstream table says besides the service and the purpose.
#[derive(Clone, Debug, Default)]
pub struct UpstreamDetails {
    /// Operations of the `API` (or `API/Events`) column, split.
    pub operations: Vec<Located<String>>,
    /// Operations that the purpose names by method and path, where the row has no others. They count where the provider has
    /// them: a sentence may speak of operations of others, too.
    pub mentioned: Vec<Located<String>>,
    /// Failure Mode.
    pub failure_mode: Option<Box<Located<String>>>,
    /// Timeout, as written.
    pub timeout: Option<Box<Located<String>>>,
    /// Retries, as written.
    pub retries: Option<Box<Located<String>>>,
    /// Entries of an optional `Uses` column.
    pub uses: Vec<UsedItem>,
}

impl UpstreamDetails {
    const NONE: &'static UpstreamDetails = &UpstreamDetails {
        operations: Vec::new(),
        mentioned: Vec::new(),
        failure_mode: None,
        timeout: None,
        retries: None,
        uses: Vec::new(),
    };

    /// The details as a row keeps them.
    pub(super) fn kept(self) -> Option<Box<UpstreamDetails>> {
        let is_said = [&self.failure_mode, &self.timeout, &self.retries].iter().any(|cell| cell.is_some());
        let is_empty = !is_said && self.operations.is_empty() && self.mentioned.is_empty() && self.uses.is_empty();
        (!is_empty).then(|| Box::new(self))
    }
}

impl Deref for UpstreamRow {
    type Target = UpstreamDetails;

    fn deref(&self) -> &UpstreamDetails {
        self.details.as_deref().unwrap_or(UpstreamDetails::NONE)
    }
}

/// An entry of a `Uses` cell.
#[derive(Clone, Debug)]
pub struct UsedItem {
    /// The entry, as written.
    pub text: Located<String>,
    /// The operation that it names in front of its fields.
    pub operation: Option<Located<String>>,
    /// The fields; a single word without an operation may be one itself.
    pub fields: Vec<Located<String>>,
}

/// A row of the Downstream table.
#[derive(Clone, Debug)]
pub struct DownstreamRow {
    /// The service.
    pub service: Located<String>,
    /// What it uses.
    pub uses: Option<Located<String>>,
    /// The whole row.
    pub route: Route,
}

/// An entry of "Events Published".
#[derive(Clone, Debug)]
pub struct PublishedEvent {
    /// The name in the heading.
    pub name: Located<String>,
    /// Topic.
    pub topic: Option<Located<String>>,
    /// Version.
    pub version: Option<Located<String>>,
    /// Compatibility, as written.
    pub compatibility: Option<Located<String>>,
    /// Trigger.
    pub trigger: Option<Located<String>>,
    /// Payload bullets, as written (`items[]`).
    pub payload: Vec<Located<String>>,
    /// Consumers, split.
    pub consumers: Vec<Located<String>>,
}

/// An entry of "Events Consumed".
#[derive(Clone, Debug)]
pub struct ConsumedEvent {
    /// The name in the heading.
    pub name: Located<String>,
    /// From.
    pub from: Option<Located<String>>,
    /// Topic.
    pub topic: Option<Located<String>>,
    /// Action.
    pub action: Option<Located<String>>,
    /// Idempotency.
    pub idempotency: Option<Located<String>>,
    /// Error Handling.
    pub error_handling: Option<Located<String>>,
    /// Uses: payload fields, split.
    pub uses: Vec<Located<String>>,
}

/// An entity under "Data Ownership".
#[derive(Clone, Debug)]
pub struct OwnedEntity {
    /// Its name.
    pub name: Located<String>,
    /// What it is.
    pub description: Option<String>,
    /// What says that it is kept as events, as written.
    pub event_sourced: Option<Box<Located<String>>>,
}

/// A saga.
#[derive(Clone, Debug)]
pub struct Saga {
    /// Its name.
    pub name: Located<String>,
    /// Style, as written.
    pub style: Option<Located<String>>,
    /// Timeout, as written.
    pub timeout: Option<Located<String>>,
    /// Its steps.
    pub steps: Vec<SagaStep>,
}

/// A row of a saga's table.
#[derive(Clone, Debug)]
pub struct SagaStep {
    /// Step.
    pub name: Located<String>,
    /// Service.
    pub service: Option<Located<String>>,
    /// Operation.
    pub operation: Option<Located<String>>,
    /// Compensation.
    pub compensation: Option<Located<String>>,
    /// The whole row.
    pub route: Route,
}

/// An operation whose answers are kept.
#[derive(Clone, Debug)]
pub struct CachedOperation {
    /// The operation, as written.
    pub operation: Located<String>,
    /// For: how long, as written.
    pub kept_for: Option<Located<String>>,
    /// Clients: whether they may keep answers as long, as written.
    pub clients: Option<Located<String>>,
    /// The whole row.
    pub route: Route,
}

/// A bullet `key: value`; the key is empty where the bullet is a sentence.
#[derive(Clone, Debug)]
pub struct KeyValue {
    /// The key, as written.
    pub key: String,
    /// The value, or the whole sentence.
    pub value: String,
    /// The bullet.
    pub route: Route,
}
