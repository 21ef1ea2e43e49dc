//! What callers and called services expect of each other, for their pacts.

use serde_json::{Map, Value, json};

use crate::generate::code::clients::{Failure, answer_shape, idempotency_key};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{CallCode, ResourceCode};
use crate::model::{Method, ParameterLocation, Platform, Service};

use super::Samples;

/// A key for requests that are one and the same.
const KEY: &str = "8d1c2f4e-93a5-4b0e-8a51-2f6c7d8e9f00";
/// A UUID that nothing has.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// What a caller sends and reads, as its pact says.
#[derive(Clone, Debug)]
pub(crate) struct PactCase {
    /// What it is called.
    pub(crate) description: String,
    /// What must be so before.
    pub(crate) state: Option<&'static str>,
    /// The method in capital letters.
    pub(crate) method: String,
    /// The path.
    pub(crate) path: String,
    /// Parameters of the query, as texts or lists of texts.
    pub(crate) query: Vec<(String, Value)>,
    /// The header that says which requests are one and the same, with its value.
    pub(crate) key: Option<(String, &'static str)>,
    /// The body.
    pub(crate) body: Option<Value>,
    /// Its media type.
    pub(crate) media_type: String,
    /// The status of the answer; from 400 on the call is refused.
    pub(crate) status: u16,
    /// What is read of the answer.
    pub(crate) shown: Option<Value>,
    /// Arguments of the client's method by name, but for the body.
    pub(crate) arguments: Vec<(String, Value)>,
}

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
    /// What a call stands for in a pact: that it finds something, and nothing where that is told apart.
    pub(crate) fn pact(&self, call: &CallCode<'_>) -> Vec<PactCase> {
        let Some(case) = self.client_case(call).filter(|_| !self.sends_a_token(call)) else { return Vec::new() };
        let operation = &call.operation;
        let id = &operation.operation.id;
        let named = |name: &str| case.arguments.iter().find(|(argument, _)| argument == name).map(|(_, one)| one);
        let in_query = operation.arguments.iter().filter(|one| one.parameter.location == ParameterLocation::Query);
        let key = idempotency_key(operation.operation);
        let mut arguments = case.arguments.clone();
        if let Some(argument) = key.and_then(|key| operation.argument(&key.name)) {
            arguments.push((argument.name.clone(), json!(KEY)));
        }
        let missing = self.may_be_missing(call);
        let media_type = operation.body.as_ref().and_then(|body| body.content.first()).map(|(name, _)| name.clone());
        let found = PactCase {
            description: id.to_string(),
            state: missing.as_ref().map(|_| "it is there"),
            method: case.method.clone(),
            path: case.target.split('?').next().unwrap_or_default().to_owned(),
            query: in_query
                .filter_map(|one| Some((one.parameter.name.to_string(), texts(named(&one.name)?))))
                .collect(),
            key: key.map(|key| (key.name.to_string(), KEY)),
            body: case.body.clone(),
            media_type: media_type.unwrap_or_default(),
            status: case.answer.status,
            shown: case.answer.content.as_ref().map(|content| self.looked_at(call, content)),
            arguments,
        };
        let nothing = missing.map(|name| PactCase {
            description: format!("{id} of nothing"),
            state: Some("it is not there"),
            path: operation.path.replace(&format!("{{{name}}}"), NOBODY),
            status: 404,
            key: None,
            shown: None,
            arguments: vec![(name, json!(NOBODY))],
            ..found.clone()
        });
        [Some(found), nothing].into_iter().flatten().collect()
    }

    /// Whether a call sends a token in its body: no pact can have one that still holds when it is verified.
    fn sends_a_token(&self, call: &CallCode<'_>) -> bool {
        let check = self.service.token_check.as_ref().filter(|check| check.field.is_some());
        check.is_some_and(|check| std::ptr::eq(&self.service.clients[check.call.0].calls[check.call.1], call))
    }

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
    fn may_be_missing(&self, call: &CallCode<'_>) -> Option<String> {
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

/// The values of a parameter of the query, as texts.
fn texts(one: &Value) -> Value {
    match one {
        Value::Array(items) => Value::Array(items.iter().map(texts).collect()),
        Value::String(_) => one.clone(),
        other => Value::String(other.to_string()),
    }
}
