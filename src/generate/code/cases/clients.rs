//! Calls of other services: what they send, and what they are answered.

use serde_json::{Value, json};

use crate::generate::code::clients::{Call, Failure, Reference, idempotency_key};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_checks::SchemaChecks;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::CallCode;
use crate::model::{ParameterLocation, SchemaId, Schemas};

use super::{Samples, Sent, escape, json_schema, plain_text};

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
        let wrong = definition.filter(|name| self.service.schemas.refuses(name, &json!(WRONG)));
        let wrong = wrong.map(|_| Sample { status: answer.status, content: Some(json!(WRONG)) });
        let method = operation.operation.method.key().to_uppercase();
        Some(ClientCase { method, target, arguments, body, answer, wrong, keyed: key.is_some() })
    }
}

/// A request that names something which another service does not have.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceCase {
    /// Name of the handler's method.
    pub(crate) function: String,
    /// The property that refers.
    pub(crate) property: String,
    /// The calls that come before and find something: indices of clients and of their calls.
    pub(crate) before: Vec<(usize, usize)>,
    /// The request.
    pub(crate) sent: Sent,
    /// The status that refuses it.
    pub(crate) status: u16,
}

impl Samples<'_, '_> {
    /// The calls that must find something for the requests of the service's own tests to be let in; none where nothing is
    /// asked before a document is made.
    pub(crate) fn asked(&self) -> Vec<(usize, usize)> {
        if self.service.references.is_empty() {
            return Vec::new();
        }
        let checks = self.service.token_check.iter().map(|check| check.call);
        let mut calls: Vec<(usize, usize)> = checks.chain(self.service.references.iter().map(|one| one.call)).collect();
        calls.sort_unstable();
        calls.dedup();
        calls
    }

    /// Requests whose new document must refer to something that there is.
    pub(crate) fn referring(&self) -> Vec<ReferenceCase> {
        let case = |reference: &Reference| {
            let operation = self.service.operations.iter().find(|one| one.operation.id == reference.operation)?;
            let check = self.service.token_check.iter().map(|check| check.call);
            let others = self.service.references.iter().filter(|one| one.operation == reference.operation);
            let earlier = others.take_while(|one| *one != reference).map(|one| one.call);
            let asked = &self.service.clients[reference.call.0].calls[reference.call.1];
            let status = match asked.call.failure {
                // What the other service refuses is refused with this, whatever the reason.
                Failure::Refuse(status @ (401 | 403)) => status,
                _ => reference.status,
            };
            Some(ReferenceCase {
                function: operation.function.clone(),
                property: reference.property.clone(),
                before: check.chain(earlier).collect(),
                sent: self.request(operation)?,
                status,
            })
        };
        self.service.references.iter().filter_map(case).collect()
    }
}

/// A regular expression for a path: any value for a variable.
pub(crate) fn path_pattern(path: &str) -> String {
    let mut found = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        found.push_str(&plain(before));
        found.push_str("[^/]+");
        rest = after;
    }
    found + &plain(rest)
}

/// A text of which no sign has a meaning of its own in a regular expression.
fn plain(text: &str) -> String {
    text.chars().map(|c| if ".^$*+?()[]|".contains(c) { format!("[{c}]") } else { c.to_string() }).collect()
}

/// An answer that a call accepts.
pub(crate) fn answer(
    schemas: &Schemas,
    checks: &SchemaChecks,
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
    checks.accepts(definition, &content).then(|| Sample { status: *status, content: Some(content) })
}
