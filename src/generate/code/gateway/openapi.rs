//! What a gateway offers as one OpenAPI 3.1 document, put together from the contracts of the services behind it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::{
    Language, MediaType, Method, Operation, Parameter, ParameterLocation, PathTemplate, Response, RoutedService,
    Routing, SchemaId, Schemas, Segment,
};
use crate::template::names::{Case, identifier};

use super::Behind;
use super::answers;
use super::components::Components;
use super::routes::token;
use super::schemes::{Schemes, place};

/// The head of a document.
pub(super) struct Document<'t> {
    /// `info.title`.
    pub(super) title: &'t str,
    /// `info.description`.
    pub(super) description: &'t str,
    /// `info.version`.
    pub(super) version: &'t str,
}

impl Document<'_> {
    /// The whole document.
    pub(super) fn write(&self, schemas: &Schemas, routing: &Routing<'_>, upstreams: &[Behind<'_>]) -> Value {
        let used: Vec<(&str, Vec<SchemaId>)> =
            routing.upstreams.iter().map(|upstream| (upstream.service.name.as_str(), roots(upstream))).collect();
        let components = Components::new(schemas, &used, &[answers::PROBLEM]);
        let schemes = Schemes::new(routing);
        let mut paths = Paths::default();
        let ids = Ids::new(routing);
        for (at, upstream) in routing.upstreams.iter().enumerate() {
            let writer = Writer { components: &components, schemes: &schemes, ids: &ids, upstream, at };
            for (operation, _) in &upstream.operations {
                paths.add(&PathTemplate::of(upstream.api, operation), operation.method, writer.operation(operation));
            }
        }
        let tags = upstreams.iter().map(|upstream| match upstream.purpose.as_str() {
            "" => json!({ "name": upstream.service.name }),
            purpose => json!({ "name": upstream.service.name, "description": purpose }),
        });
        let mut named = components.write();
        named.insert(answers::PROBLEM.to_owned(), answers::problem());
        let mut found = json!({ "schemas": named, "responses": answers::responses(&paths.items) });
        if !schemes.kinds.is_empty() {
            found["securitySchemes"] = json!(schemes.kinds);
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": self.title, "description": self.description, "version": self.version },
            "servers": [{ "url": "/" }],
            "tags": tags.collect::<Vec<Value>>(),
            "paths": paths.items,
            "components": found,
        })
    }
}

/// The paths of a document. Two templates with one shape are one path, whatever their parameters are called.
#[derive(Default)]
struct Paths {
    items: Map<String, Value>,
    known: BTreeMap<Vec<Segment>, String>,
}

impl Paths {
    fn add(&mut self, path: &PathTemplate, method: Method, mut operation: Value) {
        let text = self.known.entry(path.shape()).or_insert_with(|| path.text.clone());
        for (own, shared) in
            variables(&path.text).into_iter().zip(variables(text)).filter(|(own, shared)| own != shared)
        {
            let parameters = operation["parameters"].as_array_mut().into_iter().flatten();
            for parameter in parameters.filter(|one| one["in"] == "path" && one["name"] == own) {
                parameter["name"] = json!(shared);
            }
        }
        let item = self.items.entry(text.clone()).or_insert_with(|| json!({}));
        item[method.key()] = operation;
    }
}

/// The names of a path's parameters, in its order.
fn variables(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// Ids of operations, each once in the document.
struct Ids<'r> {
    counts: BTreeMap<&'r str, usize>,
}

impl<'r> Ids<'r> {
    fn new(routing: &'r Routing<'_>) -> Ids<'r> {
        let mut counts = BTreeMap::new();
        for (operation, _) in routing.upstreams.iter().flat_map(|upstream| &upstream.operations) {
            *counts.entry(operation.id.as_str()).or_default() += 1;
        }
        Ids { counts }
    }

    /// The id in the document: that of the contract, behind its service's name where another has it, too.
    fn of(&self, service: &str, operation: &Operation) -> String {
        match self.counts.get(operation.id.as_str()) {
            Some(1) | None => operation.id.to_string(),
            Some(_) => identifier(Language::Other, Case::Camel, &format!("{service} {}", operation.id)),
        }
    }
}

/// Writes the operations of one service.
struct Writer<'w> {
    components: &'w Components<'w>,
    schemes: &'w Schemes,
    ids: &'w Ids<'w>,
    upstream: &'w RoutedService<'w>,
    /// Its place among the services.
    at: usize,
}

impl Writer<'_> {
    fn operation(&self, operation: &Operation) -> Value {
        let mut found = Map::new();
        let service = &self.upstream.service.name;
        found.insert("tags".to_owned(), json!([service]));
        if let Some(summary) = &operation.summary {
            found.insert("summary".to_owned(), json!(summary));
        }
        if let Some(description) = &operation.description {
            found.insert("description".to_owned(), json!(description));
        }
        if operation.named {
            found.insert("operationId".to_owned(), json!(self.ids.of(service, operation)));
        }
        if !operation.parameters.is_empty() {
            let parameters: Vec<Value> = operation.parameters.iter().map(|one| self.parameter(one)).collect();
            found.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(body) = &operation.request_body {
            let body = json!({ "required": body.required, "content": self.content(&body.content) });
            found.insert("requestBody".to_owned(), body);
        }
        found.insert("responses".to_owned(), Value::Object(self.responses(operation)));
        let names = &self.schemes.names[self.at];
        let alternatives = operation.security.iter().map(|alternative| {
            let all = alternative.iter().filter_map(|one| Some((names.get(&one.scheme)?.clone(), json!(one.scopes))));
            Value::Object(all.collect())
        });
        found.insert("security".to_owned(), alternatives.collect());
        if operation.deprecated {
            found.insert("deprecated".to_owned(), json!(true));
        }
        let told = [("x-sunset", &operation.sunset), ("x-stability", &operation.stability)];
        for (name, text) in told.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
            found.insert(name.to_owned(), json!(text));
        }
        Value::Object(found)
    }

    fn parameter(&self, parameter: &Parameter) -> Value {
        let mut found = self.described(parameter);
        let default_style = match parameter.location {
            ParameterLocation::Query | ParameterLocation::Cookie => "form",
            ParameterLocation::Path | ParameterLocation::Header => "simple",
        };
        if parameter.content.is_empty() {
            if parameter.style != default_style {
                found.insert("style".to_owned(), json!(parameter.style));
            }
            if parameter.explode != (parameter.style == "form") {
                found.insert("explode".to_owned(), json!(parameter.explode));
            }
            if parameter.allow_reserved {
                found.insert("allowReserved".to_owned(), json!(true));
            }
        }
        let head = [("name", json!(parameter.name)), ("in", json!(place(parameter.location)))];
        let head = head.into_iter().map(|(name, value)| (name.to_owned(), value));
        Value::Object(head.chain(found).collect())
    }

    /// What parameters and headers have in common.
    fn described(&self, parameter: &Parameter) -> Map<String, Value> {
        let mut found = Map::new();
        if parameter.required || parameter.location == ParameterLocation::Path {
            found.insert("required".to_owned(), json!(true));
        }
        if let Some(description) = &parameter.description {
            found.insert("description".to_owned(), json!(description));
        }
        if parameter.deprecated {
            found.insert("deprecated".to_owned(), json!(true));
        }
        match parameter.schema {
            _ if !parameter.content.is_empty() => {
                found.insert("content".to_owned(), self.content(&parameter.content));
            }
            Some(schema) => drop(found.insert("schema".to_owned(), self.components.at(self.at, schema))),
            None => drop(found.insert("schema".to_owned(), json!({}))),
        }
        found
    }

    fn content(&self, content: &[MediaType]) -> Value {
        let entry = |media: &MediaType| {
            let mut found = Map::new();
            if let Some(schema) = media.schema {
                found.insert("schema".to_owned(), self.components.at(self.at, schema));
            }
            let encodings = media.encoding.iter().map(|encoding| {
                let mut how = Map::new();
                if let Some(kind) = &encoding.content_type {
                    how.insert("contentType".to_owned(), json!(kind));
                }
                if encoding.style != "form" || !encoding.explode {
                    how.insert("style".to_owned(), json!(encoding.style));
                    how.insert("explode".to_owned(), json!(encoding.explode));
                }
                if encoding.allow_reserved {
                    how.insert("allowReserved".to_owned(), json!(true));
                }
                (encoding.property.clone(), Value::Object(how))
            });
            let encodings: Map<String, Value> = encodings.collect();
            if !encodings.is_empty() {
                found.insert("encoding".to_owned(), Value::Object(encodings));
            }
            (media.name.clone(), Value::Object(found))
        };
        Value::Object(content.iter().map(entry).collect())
    }

    /// What the service answers, and the gateway where the contract does not say anything of such a status.
    fn responses(&self, operation: &Operation) -> Map<String, Value> {
        let mut found: Map<String, Value> = Map::new();
        for response in &operation.responses {
            found.insert(response.status.clone(), self.response(response));
        }
        found.extend(answers::of(operation, &token(self.upstream.api, operation)));
        found
    }

    fn response(&self, response: &Response) -> Value {
        let mut found = Map::new();
        found.insert("description".to_owned(), json!(response.description));
        if !response.headers.is_empty() {
            let headers = response.headers.iter().map(|one| (one.name.to_string(), Value::Object(self.described(one))));
            found.insert("headers".to_owned(), Value::Object(headers.collect()));
        }
        if !response.content.is_empty() {
            found.insert("content".to_owned(), self.content(&response.content));
        }
        Value::Object(found)
    }
}

/// The schemas that the operations of a service use.
fn roots(upstream: &RoutedService<'_>) -> Vec<SchemaId> {
    let mut found = Vec::new();
    for (operation, _) in &upstream.operations {
        let headers = operation.responses.iter().flat_map(|response| &response.headers);
        for parameter in operation.parameters.iter().chain(headers) {
            found.extend(parameter.schema);
            found.extend(parameter.content.iter().filter_map(|media| media.schema));
        }
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        let answers = operation.responses.iter().flat_map(|response| &response.content);
        found.extend(bodies.chain(answers).filter_map(|media| media.schema));
    }
    found
}
