//! Calls of other services: what they send, and what they are answered.

use serde_json::{Value, json};

use crate::generate::code::clients::{Call, idempotency_key};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::{Direction, accepts};
use crate::generate::code::service::CallCode;
use crate::model::{ParameterLocation, SchemaId, Schemas};

use super::{Samples, escape, json_schema, plain_text};

/// What no contract answers, as long as its schema does not admit any text.
const WRONG: &str = "no answer of the contract";

/// A call with its answer.
#[derive(Clone, Debug)]
pub(crate) struct ClientCase {
    /// The method in capital letters.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Arguments by name.
    pub(crate) arguments: Vec<(String, Value)>,
    /// The body.
    pub(crate) body: Option<Value>,
    /// What it is answered.
    pub(crate) answer: Sample,
    /// What answers against the contract, where that can be told.
    pub(crate) wrong: Option<Sample>,
    /// Whether it says which calls are one and the same.
    pub(crate) keyed: bool,
}

/// An answer of another service.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// The status.
    pub(crate) status: u16,
    /// The JSON content.
    pub(crate) content: Option<Value>,
}

impl Samples<'_, '_> {
    /// The case of a call; nothing where no plain sample of a part is known.
    pub(crate) fn client_case(&self, code: &CallCode<'_>) -> Option<ClientCase> {
        let operation = &code.operation;
        let mut target = operation.path.clone();
        let (mut query, mut arguments) = (Vec::new(), Vec::new());
        let key = idempotency_key(operation.operation);
        for argument in operation.arguments.iter().filter(|argument| argument.parameter.required) {
            if key.is_some_and(|key| std::ptr::eq(key, argument.parameter)) {
                continue;
            }
            let value = sample(self.schemas, argument.schema?, Direction::Request)?;
            let first = value.as_array().and_then(|items| items.first()).unwrap_or(&value);
            let text = plain_text(first)?;
            match argument.parameter.location {
                ParameterLocation::Path => {
                    target = target.replace(&format!("{{{}}}", argument.name), &escape(&text));
                }
                ParameterLocation::Query => {
                    query.push(format!("{}={}", escape(&argument.parameter.name), escape(&text)));
                }
                ParameterLocation::Header | ParameterLocation::Cookie => {}
            }
            arguments.push((argument.name.clone(), value));
        }
        if !query.is_empty() {
            target = format!("{target}?{}", query.join("&"));
        }
        let body = match operation.body.as_ref().filter(|body| body.required) {
            None => None,
            Some(_) => Some(sample(self.schemas, json_schema(operation)?, Direction::Request)?),
        };
        let answer = answer(self.schemas, &self.service.schemas, &code.call, &code.successes)?;
        let definition = code.successes.iter().find(|(status, _)| *status == answer.status)?.1.as_ref();
        let wrong = definition.filter(|name| !accepts(&self.service.schemas, name, &json!(WRONG)));
        let wrong = wrong.map(|_| Sample { status: answer.status, content: Some(json!(WRONG)) });
        let method = operation.operation.method.key().to_uppercase();
        Some(ClientCase { method, target, arguments, body, answer, wrong, keyed: key.is_some() })
    }
}

/// An answer that a call accepts.
pub(crate) fn answer(
    schemas: &Schemas,
    document: &Value,
    call: &Call<'_>,
    successes: &[(u16, Option<String>)],
) -> Option<Sample> {
    let (status, definition) = successes.first()?;
    let Some(definition) = definition else { return Some(Sample { status: *status, content: None }) };
    let schema: Option<SchemaId> = call.operation.responses.iter().find_map(|response| {
        let plain = response.status.parse().unwrap_or(*status) == *status && response.status.starts_with('2');
        resource::json_content(&response.content).filter(|_| plain)?.schema
    });
    let content = match schema {
        Some(id) => sample(schemas, id, Direction::Response)?,
        None => json!({}),
    };
    accepts(document, definition, &content).then(|| Sample { status: *status, content: Some(content) })
}
