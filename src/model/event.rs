//! Events: what is published, who owns it, and who consumes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Origin, SchemaId};
use crate::document::Compatibility;

/// An event of the platform with its publishers and consumers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its name, `domain.entity.action`.
    pub name: String,
    /// Services that publish it, sorted; more than one is a finding.
    pub publishers: Vec<String>,
    /// Services that consume it by their own spec, sorted.
    pub consumers: Vec<String>,
    /// Services that a publisher or contract names as consumers, sorted; claims, not edges.
    pub declared_consumers: Vec<String>,
    /// Each version that a contract or spec defines.
    pub definitions: Vec<EventDefinition>,
}

/// One version of an event as a spec, a contract file, or both define it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventDefinition {
    /// The event's name.
    pub name: String,
    /// The version, such as `v1`; nothing where none is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// What it means.
    pub description: String,
    /// The service that publishes it; nothing for a shared contract that names none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub publisher: Option<String>,
    /// The topic, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub topic: Option<String>,
    /// How its payload may change, where the contract or the spec says; otherwise the platform's standard holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compatibility: Option<Compatibility>,
    /// When it is published.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trigger: Option<String>,
    /// Field names of the payload in the spec (`items[]` for a list).
    pub payload: Vec<String>,
    /// Consumers that the definition names.
    pub consumers: Vec<String>,
    /// The JSON Schema of the whole message, from the contract file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schema: Option<SchemaId>,
    /// The contract's entry, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contract: Option<Origin>,
    /// The spec's heading, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spec: Option<Origin>,
}

/// An event that a service listens to, from "Events Consumed".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsumedEvent {
    /// The event's name.
    pub name: String,
    /// The service it is said to come from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// The topic, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub topic: Option<String>,
    /// What is done with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
    /// How a second delivery is recognised.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub idempotency: Option<String>,
    /// What happens when handling fails.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error_handling: Option<ErrorHandling>,
    /// Payload fields that it declares to use, from an optional "Uses" line.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub fields: Vec<String>,
    /// The heading.
    pub origin: Origin,
}

/// "Retry 3 times, then DLQ", understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorHandling {
    /// The sentence, as written.
    pub text: String,
    /// How often it is tried again, where the sentence says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retries: Option<u32>,
    /// Whether what still fails goes to a dead-letter queue.
    pub dead_letter: bool,
}
