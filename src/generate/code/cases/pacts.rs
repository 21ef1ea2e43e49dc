//! What callers and called services expect of each other, for their pacts.

use serde_json::{Map, Value, json};

use crate::generate::code::clients::{Failure, answer_shape};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{CallCode, ResourceCode};
use crate::model::{Method, ParameterLocation, Platform, Service};

use super::Samples;

/// A UUID that nothing has.
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A document that a caller expects to find.
#[derive(Clone, Debug)]
pub(crate) struct StoredCase {
    /// The path of one document, with `{variables}`.
    pub(crate) path: String,
    /// The document.
    pub(crate) document: Value,
}

/// Whether any other service of the platform says that it calls this one.
pub(crate) fn is_called(platform: &Platform, service: &Service) -> bool {
    let others = platform.services.iter().filter(|other| other.name != service.name && other.api.is_some());
    others.flat_map(|other| &other.upstream).any(|row| row.service == service.name)
}

impl Samples<'_, '_> {
    /// The part of an answer that a call looks at: what its row names, or else what is always there.
    pub(crate) fn looked_at(&self, call: &CallCode<'_>, content: &Value) -> Value {
        let Value::Object(object) = content else { return content.clone() };
        let fields = match (&call.call.fields, answer_shape(self.schemas, call.operation.operation)) {
            (Some(fields), _) => fields.clone(),
            (None, Some(shape)) => {
                shape.properties.iter().filter(|one| one.required).map(|one| one.name.clone()).collect()
            }
            (None, None) => return content.clone(),
        };
        let kept: Map<String, Value> = object
            .iter()
            .filter(|(name, _)| fields.contains(name))
            .map(|(name, one)| (name.clone(), one.clone()))
            .collect();
        Value::Object(kept)
    }

    /// The argument by which a call reads one thing, where the contract says that there may be none and the call lets its
    /// caller know.
    pub(crate) fn may_be_missing(&self, call: &CallCode<'_>) -> Option<String> {
        let operation = &call.operation;
        let mut required = operation.arguments.iter().filter(|argument| argument.parameter.required);
        let (only, more) = (required.next()?, required.next());
        let by_key = only.parameter.location == ParameterLocation::Path && more.is_none();
        let is_uuid = crate::generate::code::shape::format(self.schemas, only.schema?) == "uuid";
        let told = !matches!(call.call.failure, Failure::Refuse(401 | 403));
        let declared = operation.errors.contains(&404);
        let reads = operation.operation.method == Method::Get && operation.body.is_none();
        (by_key && is_uuid && told && declared && reads).then(|| only.name.clone())
    }

    /// A document that is stored where a caller expects one; nothing for documents that belong to others.
    pub(crate) fn stored(&self, resource: &ResourceCode) -> Option<StoredCase> {
        let of = &resource.resource;
        let document = sample(self.schemas, of.document, Direction::Response)?;
        let has_key = document.get(&of.key).is_some_and(|key| !key.is_null());
        let path = format!("{}{}/{{{}}}", self.service.api.base_path, of.path, of.parameter);
        (has_key && of.parents.is_empty() && resource::item_of(&of.path).is_none())
            .then(|| StoredCase { path, document: json!(document) })
    }
}
