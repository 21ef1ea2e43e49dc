//! Resources: the collections that a contract's paths and schemas describe, `/users` with `/users/{userId}`.

use crate::model::{Api, JsonType, Keyword, MediaType, Method, Operation, Response, SchemaId, Schemas};

pub(crate) use crate::model::is_probe;

use super::bare;
use super::names::{singular, words};
use super::shape::{self, Property, Shape};

/// The kind of key that identifies a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A text that the service makes up: a UUID.
    Text,
    /// A number that the service counts up.
    Number,
    /// A value that the client sends.
    Sent,
}

/// A collection of documents.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    /// The path of the collection, without the last segment's variable.
    pub(crate) path: String,
    /// Name of the collection in snake case, `order_items`.
    pub(crate) name: String,
    /// Name of one of them in snake case.
    pub(crate) singular: String,
    /// The variable behind the collection in paths, `userId`; empty for none.
    pub(crate) parameter: String,
    /// The property that identifies a document.
    pub(crate) key: String,
    /// Who makes it up.
    pub(crate) key_kind: KeyKind,
    /// Properties in which no two documents agree.
    pub(crate) unique: Vec<String>,
    /// Properties that variables before the collection in the path select: parameter and property.
    pub(crate) parents: Vec<(String, String)>,
    /// The schema of a document.
    pub(crate) document: SchemaId,
    /// Its properties.
    pub(crate) shape: Shape,
}

/// The JSON content of a body: its schema, and the one property that wraps it where there is an envelope.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Payload {
    /// The schema of what is inside.
    pub(crate) schema: SchemaId,
    /// The property around it.
    pub(crate) envelope: Option<String>,
}

/// Whether a media type is JSON, or stands for anything.
pub(crate) fn is_json(name: &str) -> bool {
    let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json" || name.ends_with("+json") || name == "*/*" || name == "application/*"
}

/// The first JSON media type.
pub(crate) fn json_content(content: &[MediaType]) -> Option<&MediaType> {
    content.iter().find(|media| is_json(&media.name))
}

/// The response that a plain success is answered with, and its status.
pub(crate) fn success(operation: &Operation) -> (u16, Option<&Response>) {
    let exact = |response: &Response| response.status.parse().ok().filter(|code| (200..300).contains(code));
    let mut found: Vec<(u16, &Response)> =
        operation.responses.iter().filter_map(|response| Some((exact(response)?, response))).collect();
    found.sort_by_key(|(code, _)| *code);
    if let Some((code, response)) = found.first() {
        return (*code, Some(response));
    }
    let range = |status: &str| operation.responses.iter().find(|response| response.status.eq_ignore_ascii_case(status));
    match range("2XX").or_else(|| range("default")) {
        Some(response) => (200, Some(response)),
        None => (200, None),
    }
}

/// What a success answers: its JSON content, seen through an envelope.
pub(crate) fn answer(schemas: &Schemas, operation: &Operation) -> Option<Payload> {
    let (_, response) = success(operation);
    payload(schemas, json_content(&response?.content)?.schema?)
}

/// Sees through an object that holds nothing but one other object, or one array.
fn payload(schemas: &Schemas, id: SchemaId) -> Option<Payload> {
    let plain = Payload { schema: schemas.resolve(id), envelope: None };
    let Some(outer) = Shape::of(schemas, id) else {
        return Some(plain);
    };
    match outer.properties.as_slice() {
        [only] if Shape::of(schemas, only.schema).is_some_and(|inner| !inner.properties.is_empty()) => {
            Some(Payload { schema: schemas.resolve(only.schema), envelope: Some(only.name.clone()) })
        }
        _ => Some(plain),
    }
}

/// The last segment's variable, where the whole segment is one: `/users/{id}` gives `/users` and `id`.
pub(crate) fn item_of(path: &str) -> Option<(&str, &str)> {
    let (collection, last) = path.trim_end_matches('/').rsplit_once('/')?;
    let variable = last.strip_prefix('{')?.strip_suffix('}')?;
    (!variable.contains(['{', '}']) && !collection.is_empty() && !collection.ends_with('}'))
        .then_some((collection, variable))
}

/// The collections of a contract, in the order of its paths.
pub(crate) fn resources(schemas: &Schemas, api: &Api) -> Vec<Resource> {
    let mut found: Vec<Resource> = Vec::new();
    for operation in &api.operations {
        let Some((path, parameter)) = item_of(&operation.path) else { continue };
        if found.iter().any(|resource| resource.path == path) {
            continue;
        }
        found.extend(resource(schemas, api, path, parameter));
    }
    bare::add(schemas, api, &mut found);
    found
}

/// The collection at a path, where its documents and their key are known.
fn resource(schemas: &Schemas, api: &Api, path: &str, parameter: &str) -> Option<Resource> {
    let at = |path: &str, method: Method| {
        api.operations.iter().find(|other| other.path.trim_end_matches('/') == path && other.method == method)
    };
    let item = format!("{path}/{{{parameter}}}");
    let sources = [at(&item, Method::Get), at(path, Method::Post), at(&item, Method::Put), at(&item, Method::Patch)];
    let document = sources.into_iter().flatten().find_map(|source| answer(schemas, source))?.schema;
    let shape = Shape::of(schemas, document)?;
    let name = path.split('/').filter(|segment| !is_prefix(segment)).collect::<Vec<_>>().join("_");
    let name = words(&name);
    let singular = singular(&name);
    let key = key_of(schemas, &shape, parameter, &singular)?;
    let sent = at(path, Method::Post).and_then(|create| body(schemas, create));
    let sent = sent.is_some_and(|(_, shape)| shape.property(&key).is_some_and(|p| p.required && !p.read_only));
    let number = shape::types(schemas, shape.property(&key)?.schema).has(JsonType::Integer);
    let mut parents = Vec::new();
    for variable in path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')) {
        let names_one =
            |property: &&Property| (property.required || is_id(variable)) && alike(&property.name, variable);
        let property = shape.properties.iter().filter(|property| !property.write_only).find(names_one)?;
        parents.push((variable.to_owned(), property.name.clone()));
    }
    let unique = unique(schemas, api, path, &item, &shape, &key);
    Some(Resource {
        path: path.to_owned(),
        name,
        singular,
        parameter: parameter.to_owned(),
        key_kind: match (sent, number) {
            (true, _) => KeyKind::Sent,
            (false, true) => KeyKind::Number,
            (false, false) => KeyKind::Text,
        },
        key,
        unique,
        parents,
        document,
        shape,
    })
}

/// The JSON request body that is an object with declared properties.
pub(crate) fn body(schemas: &Schemas, operation: &Operation) -> Option<(SchemaId, Shape)> {
    let schema = json_content(&operation.request_body.as_ref()?.content)?.schema?;
    let shape = Shape::of(schemas, schema)?;
    (!shape.properties.is_empty()).then_some((schema, shape))
}

/// The property that the item path's variable stands for: a text or number that every document has. Contracts often leave an
/// identifier optional, as it is not sent; every document of ours has it all the same.
pub(crate) fn key_of(schemas: &Schemas, shape: &Shape, parameter: &str, singular: &str) -> Option<String> {
    let last = singular.rsplit('_').next().unwrap_or(singular);
    let wanted = [parameter.to_owned(), "id".to_owned(), format!("{last}Id"), format!("{singular}Id")];
    let wanted: Vec<&String> = wanted.iter().filter(|name| !name.is_empty()).collect();
    let fits = |id: SchemaId| {
        let types = shape::types(schemas, id).0;
        types == JsonType::String as u8 || types == JsonType::Integer as u8
    };
    let named = |name: &String, optional: bool| {
        let mut properties = shape.properties.iter().filter(|property| !property.write_only);
        properties.find(|property| {
            alike(&property.name, name) && fits(property.schema) && (property.required || optional && is_id(name))
        })
    };
    // A name of its own, `{username}`, is no identifier that the service may make up.
    let named_so = |property: &Property| !parameter.is_empty() && alike(&property.name, parameter);
    let own_name = shape.properties.iter().any(named_so) && !is_id(parameter);
    let made_up = || wanted.iter().filter(|_| !own_name).find_map(|name| named(name, true));
    let found = wanted.iter().find_map(|name| named(name, false)).or_else(made_up);
    found.map(|property| property.name.clone())
}

/// Whether a name is that of an identifier.
fn is_id(name: &str) -> bool {
    words(name) == "id" || words(name).ends_with("_id")
}

/// Properties of texts that the contract declares unique in any schema that describes the resource.
fn unique(schemas: &Schemas, api: &Api, path: &str, item: &str, shape: &Shape, key: &str) -> Vec<String> {
    let here = |operation: &&Operation| [path, item].contains(&operation.path.trim_end_matches('/'));
    let sent: Vec<Shape> =
        api.operations.iter().filter(here).filter_map(|operation| Some(body(schemas, operation)?.1)).collect();
    let declared = |name: &str| {
        [shape].into_iter().chain(&sent).any(|shape| {
            shape.property(name).is_some_and(|property| shape::has(schemas, property.schema, &Keyword::Unique(true)))
        })
    };
    shape.properties.iter().map(|property| property.name.clone()).filter(|name| name != key && declared(name)).collect()
}

/// Whether two names are the same words: `userId`, `user_id`.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    words(one) == words(other)
}

/// Segments that name no resource: nothing, `api`, a version, a variable.
pub(crate) fn is_prefix(segment: &str) -> bool {
    let version = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    segment.is_empty() || segment == "api" || segment.starts_with('{') || segment.strip_prefix('v').is_some_and(version)
}
