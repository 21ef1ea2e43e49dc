//! Calls of other services: which operations, how long and how often they are tried, and what happens when no answer comes.
//! The Upstream table of the spec says it; what it leaves open has plain defaults.

mod failure;

use serde_json::{Value as View, json};

use crate::model::{Api, Method, Operation, OperationIndex, Parameter, ParameterLocation, Platform, Schemas, Service};

use super::behaviour::{Archetypes, AuthStep, Behaviour};
use super::events::Events;
use super::names::words;
use super::resource::{self, alike, is_json};
use super::shape::{self, Shape};
use crate::model::JsonType;

pub(crate) use failure::{Copied, Failure};

/// The limit where the spec says none, in milliseconds.
const TIMEOUT_MS: u64 = 5000;
/// How often a call is repeated where the spec does not say and it may be.
const RETRIES: u32 = 2;
/// Words of a purpose that asks whether something is there.
const CHECKS: [&str; 8] = ["validate", "validation", "verify", "check", "ensure", "exists", "existence", "exist"];

/// A service that is called.
#[derive(Clone, Debug)]
pub(crate) struct Client<'a> {
    /// The service.
    pub(crate) service: &'a Service,
    /// Its contract.
    pub(crate) api: &'a Api,
    /// What for, from the first row that says it.
    pub(crate) purpose: String,
    /// The operations, in the order of the rows.
    pub(crate) calls: Vec<Call<'a>>,
}

/// An operation that is called.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    /// The operation.
    pub(crate) operation: &'a Operation,
    /// What for.
    pub(crate) purpose: String,
    /// How long one try may take, in milliseconds.
    pub(crate) timeout_ms: u64,
    /// How often it is repeated; never where it must not happen twice.
    pub(crate) retries: u32,
    /// What happens when no answer comes.
    pub(crate) failure: Failure,
    /// The same in the spec's words.
    pub(crate) failure_text: Option<String>,
    /// The properties of the answer that are looked at; nothing means all.
    pub(crate) fields: Option<Vec<String>>,
}

impl Call<'_> {
    /// What it does, and what comes of a failure, in the words of contract and spec.
    pub(crate) fn described(&self) -> (String, Option<String>) {
        let told = self.failure_text.as_deref().map(str::trim).filter(|told| !told.is_empty());
        let summary = self.operation.summary.as_deref().filter(|text| !text.trim().is_empty());
        let fallback = format!("{} {}", self.operation.method.key().to_uppercase(), self.operation.path);
        (summary.map_or(fallback, str::to_owned), told.map(lower_first))
    }

    /// A row of a README's table of calls.
    pub(crate) fn row(&self) -> View {
        json!({
            "id": self.operation.id,
            "timeout": format!("{} s", self.timeout_ms as f64 / 1000.0),
            "tries": self.retries + 1,
            "failure": self.failure_text.as_deref().unwrap_or("The request fails with 503")})
    }
}

/// `Use the copy` as it goes on after a colon; names and abbreviations stay.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    let rest = letters.as_str();
    if rest.starts_with(char::is_uppercase) { text.to_owned() } else { first + rest }
}

/// A call that tells whether the token of a request still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenCheck {
    /// Index of the client, and of its call.
    pub(crate) call: (usize, usize),
    /// The property of the body that holds the token; nothing where it is that of the call itself.
    pub(crate) field: Option<String>,
}

/// A call that tells whether there is what a new document refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The operation of ours that makes the document.
    pub(crate) operation: String,
    /// Index of the client, and of its call.
    pub(crate) call: (usize, usize),
    /// The property of the body that refers.
    pub(crate) property: String,
    /// The variable of the path that takes its value.
    pub(crate) parameter: String,
    /// The status that says that there is no such thing.
    pub(crate) status: u16,
}

/// All that a service calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients<'a> {
    /// The services, in the order of the rows.
    pub(crate) found: Vec<Client<'a>>,
    /// Asks for each request whether its token holds.
    pub(crate) token_check: Option<TokenCheck>,
    /// Ask before something is made.
    pub(crate) references: Vec<Reference>,
}

impl<'a> Clients<'a> {
    /// What the rows of a service's Upstream table ask for.
    pub(crate) fn new(
        platform: &'a Platform,
        service: &'a Service,
        api: &'a Api,
        archetypes: &Archetypes<'_>,
        events: &Events,
    ) -> Clients<'a> {
        let schemas = &platform.schemas;
        let mut clients = Clients::default();
        for row in &service.upstream {
            let upstream = platform.service(&row.service).filter(|upstream| upstream.name != service.name);
            let Some((upstream, theirs)) = upstream.and_then(|one| Some((one, one.api.as_ref()?))) else { continue };
            let known = Archetypes::new(schemas, theirs);
            for operation in named(&row.operations, theirs) {
                let client = clients.client(upstream, theirs, &row.purpose);
                if !can_be_called(schemas, operation) || client.calls.iter().any(|call| call.operation == operation) {
                    continue;
                }
                let allowed = if is_idempotent(operation) { row.retries.unwrap_or(RETRIES) } else { 0 };
                let used = (!row.fields.is_empty()).then(|| top(&row.fields));
                let told = row.failure_mode.as_deref().unwrap_or_default();
                let (failure, fields) =
                    failure::of(told, &failure::Asked { schemas, upstream, operation, known: &known, events, used });
                client.calls.push(Call {
                    operation,
                    purpose: row.purpose.to_string(),
                    timeout_ms: row.timeout_ms.unwrap_or(TIMEOUT_MS).max(1),
                    retries: allowed,
                    failure,
                    failure_text: row.failure_mode.as_ref().map(Into::into),
                    fields,
                });
            }
        }
        clients.found.retain(|client| !client.calls.is_empty());
        clients.token_check = clients.find_token_check(schemas, archetypes);
        clients.references = clients.find_references(schemas, api, archetypes);
        clients
    }

    /// The call of an operation of a service, where there is one.
    pub(crate) fn call_of(&self, service: &str, operation: &Operation) -> Option<(usize, usize)> {
        let client = self.found.iter().position(|client| client.service.name == service)?;
        let call = self.found[client].calls.iter().position(|call| call.operation.id == operation.id)?;
        Some((client, call))
    }

    fn client(&mut self, service: &'a Service, api: &'a Api, purpose: &str) -> &mut Client<'a> {
        let at = self.found.iter().position(|client| client.service.name == service.name);
        let at = at.unwrap_or_else(|| {
            self.found.push(Client { service, api, purpose: purpose.to_owned(), calls: Vec::new() });
            self.found.len() - 1
        });
        &mut self.found[at]
    }

    fn calls(&self) -> impl Iterator<Item = ((usize, usize), &Client<'a>, &Call<'a>)> {
        let clients = self.found.iter().enumerate();
        clients.flat_map(|(at, client)| {
            client.calls.iter().enumerate().map(move |(call, found)| ((at, call), client, found))
        })
    }

    /// The call of the service that issued the tokens; who issues tokens itself knows which of them hold.
    fn find_token_check(&self, schemas: &Schemas, own: &Archetypes<'_>) -> Option<TokenCheck> {
        if own.auth.is_some() {
            return None;
        }
        self.calls().find_map(|(at, client, call)| {
            let inferred = Archetypes::new(schemas, client.api).of(call.operation);
            let Behaviour::Auth(AuthStep::Validate { token, .. }) = inferred.behaviour else { return None };
            let asks = call.operation.parameters.iter().any(|parameter| parameter.required);
            (!asks).then_some(TokenCheck { call: at, field: token })
        })
    }

    /// Reading one thing by its key before something that refers to it is made, where a purpose says that this is a check.
    fn find_references(&self, schemas: &Schemas, api: &Api, archetypes: &Archetypes<'_>) -> Vec<Reference> {
        let mut found = Vec::new();
        for (at, client, call) in self.calls() {
            let asked = words(&call.purpose);
            let checks = asked.split('_').any(|word| CHECKS.contains(&word));
            let required: Vec<&Parameter> =
                call.operation.parameters.iter().filter(|parameter| parameter.required).collect();
            let [variable] = required.as_slice() else { continue };
            let by_key = call.operation.method == Method::Get && variable.location == ParameterLocation::Path;
            if !checks || !by_key {
                continue;
            }
            let collection = resource::item_of(&call.operation.path).map(|(collection, _)| collection);
            let last = collection.and_then(|path| path.rsplit('/').next()).unwrap_or(client.service.name.as_str());
            let entity = format!("{}_id", super::names::singular(&words(last)));
            for operation in &api.operations {
                let Behaviour::Create { .. } = archetypes.of(operation).behaviour else { continue };
                let Some((_, body)) = resource::body(schemas, operation) else { continue };
                let refers = |name: &str| alike(name, &variable.name) || alike(name, &entity);
                let kind = |id| shape::types(schemas, id).has(JsonType::String);
                let same = |id| Some(kind(id)) == variable.schema.map(kind);
                let property = body.properties.iter().find(|property| {
                    property.required && !property.read_only && refers(&property.name) && same(property.schema)
                });
                let Some(property) = property else { continue };
                let declared = |status: &u16| operation.responses.iter().any(|one| one.status == status.to_string());
                found.push(Reference {
                    operation: operation.id.to_string(),
                    call: at,
                    property: property.name.clone(),
                    parameter: variable.name.to_string(),
                    status: [422, 400, 404, 409].into_iter().find(declared).unwrap_or(422),
                });
            }
        }
        found
    }
}

/// The operations of a row; where it names none, all that are no probes.
fn named<'a>(names: &[String], api: &'a Api) -> Vec<&'a Operation> {
    let index = OperationIndex::new(api);
    if names.is_empty() {
        return api.operations.iter().filter(|operation| !resource::is_probe(api, operation)).collect();
    }
    names.iter().flat_map(|name| index.find(name)).collect()
}

/// The first segments of paths of fields: `items[].name` looks at `items`.
fn top(fields: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in fields {
        let end = field.find(['.', '[']).unwrap_or(field.len());
        if !found.iter().any(|known| *known == field[..end]) {
            found.push(field[..end].to_owned());
        }
    }
    found
}

/// Whether a call changes nothing more when it happens twice (RFC 9110, section 9.2.2), or says that it is the same one.
pub(crate) fn is_idempotent(operation: &Operation) -> bool {
    let safe = !matches!(operation.method, Method::Post | Method::Patch);
    safe || idempotency_key(operation).is_some()
}

/// The header that says which requests are one and the same.
pub(crate) fn idempotency_key(operation: &Operation) -> Option<&Parameter> {
    operation.parameters.iter().find(|parameter| {
        parameter.location == ParameterLocation::Header && parameter.name.eq_ignore_ascii_case("idempotency-key")
    })
}

/// Whether a typed client can send what an operation needs and read what it answers: plain parameters, and JSON.
fn can_be_called(schemas: &Schemas, operation: &Operation) -> bool {
    let sends = operation.request_body.as_ref().is_none_or(|body| body.content.iter().any(|one| is_json(&one.name)));
    let successes = operation.responses.iter().filter(|response| response.status.starts_with('2'));
    let reads = |content: &[crate::model::MediaType]| content.is_empty() || resource::json_content(content).is_some();
    sends
        && operation.parameters.iter().all(|one| !one.required || can_be_sent(schemas, one))
        && successes.clone().count() > 0
        && successes.clone().all(|response| reads(&response.content))
        && operation.method != Method::Head
}

/// Whether a parameter is a scalar, or a list in the query.
pub(crate) fn can_be_sent(schemas: &Schemas, parameter: &Parameter) -> bool {
    let Some(id) = parameter.schema else { return false };
    let types = shape::types(schemas, id);
    let scalar = !types.has(JsonType::Array) && !types.has(JsonType::Object);
    let list = types.has(JsonType::Array) && !types.has(JsonType::Object) && parameter.explode;
    match parameter.location {
        ParameterLocation::Path => scalar && parameter.style == "simple",
        ParameterLocation::Query => (scalar || list) && parameter.style == "form",
        ParameterLocation::Header => scalar,
        ParameterLocation::Cookie => false,
    }
}

/// What a call answers, where that is one object without alternatives.
pub(crate) fn answer_shape(schemas: &Schemas, operation: &Operation) -> Option<Shape> {
    let mut successes = operation.responses.iter().filter(|response| response.status.starts_with('2'));
    let (only, more) = (successes.next()?, successes.next());
    let schema = resource::json_content(&only.content)?.schema?;
    Shape::of(schemas, schema).filter(|_| more.is_none())
}
