//! Errors that a contract shows otherwise than as problem documents (RFC 9457): their media types, and templates of their
//! content, in which `{detail}` and its kin stand for what is known of an error when it happens.

use serde_json::{Map, Value, json};

use crate::model::{JsonType, Keyword, MediaType, Operation, Response, SchemaId, Schemas};

use super::names::words;
use super::resource::is_json;
use super::sample::sample;
use super::schema_document::Direction;
use super::shape::{self, Property, Shape};

const PROBLEM: &str = "application/problem+json";
/// What problem documents hold.
const MEMBERS: [&str; 4] = ["type", "title", "status", "detail"];
/// Nesting beyond which content is taken from its schema alone.
const DEEPEST: u8 = 8;

/// How errors are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ErrorBody {
    /// The media type.
    pub(crate) media_type: String,
    /// The content: `{status}` is a number; `{code}`, `{title}`, `{detail}`, `{path}` and `{timestamp}` are texts.
    pub(crate) content: Value,
}

/// The errors of an operation that are no problem documents, by status; 0 stands for every status that is not declared.
pub(crate) fn bodies(schemas: &Schemas, operation: &Operation) -> Vec<(u16, ErrorBody)> {
    let is_success = |status: &str| status.starts_with(['1', '2', '3']);
    let declared = operation.responses.iter().filter(|response| !is_success(&response.status));
    declared.filter_map(|response| Some((response.status.parse().unwrap_or(0), body(schemas, response)?))).collect()
}

/// How a response is shown; nothing where a problem document is what it admits, or where no content of it is known.
fn body(schemas: &Schemas, response: &Response) -> Option<ErrorBody> {
    let admits_problem = |media: &&MediaType| {
        media.name.starts_with(PROBLEM) && media.schema.is_none_or(|schema| is_problem(schemas, schema))
    };
    if response.content.is_empty() || response.content.iter().any(|media| admits_problem(&media)) {
        return None;
    }
    let mut json: Vec<&MediaType> = response.content.iter().filter(|media| is_json(&media.name)).collect();
    json.sort_by_key(|media| !media.name.starts_with(PROBLEM));
    let shown = json.iter().find_map(|media| {
        let name = media.name.split(';').next().unwrap_or_default().trim();
        let media_type = if name.contains('*') { "application/json".to_owned() } else { name.to_owned() };
        let content = match media.schema {
            Some(schema) => content(schemas, schema, "", DEEPEST)?,
            None => problem(),
        };
        Some(ErrorBody { media_type, content })
    });
    let text = || {
        let media = response.content.iter().find(|media| media.name.starts_with("text/"))?;
        let name = media.name.split(';').next().unwrap_or_default().trim().to_owned();
        Some(ErrorBody { media_type: name, content: json!("{detail}") })
    };
    shown.or_else(text)
}

fn problem() -> Value {
    json!({ "type": "about:blank", "title": "{title}", "status": "{status}", "detail": "{detail}" })
}

/// Whether a schema admits problem documents as they are.
fn is_problem(schemas: &Schemas, schema: SchemaId) -> bool {
    let Some(shape) = Shape::of(schemas, schema) else { return true };
    let known = |property: &Property| match property.name.as_str() {
        "status" => shape::types(schemas, property.schema).has(JsonType::Integer),
        name if MEMBERS.contains(&name) => {
            let limited =
                shape::choices(schemas, property.schema).is_some() || shape::format(schemas, property.schema) == "uri";
            shape::types(schemas, property.schema).has(JsonType::String) && !limited
        }
        _ => !property.required,
    };
    let open = !shape.closed || MEMBERS.iter().all(|name| shape.property(name).is_some());
    open && shape.properties.iter().all(known)
}

/// The template of a value; nothing where none can be made.
fn content(schemas: &Schemas, schema: SchemaId, name: &str, depth: u8) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let id = schemas.resolve(schema);
    if let Some(shape) = Shape::of(schemas, id) {
        let mut object = Map::new();
        for property in shape.properties.iter().filter(|property| !property.write_only) {
            let found = content(schemas, property.schema, &property.name, depth);
            let told = found.as_ref().is_some_and(tells);
            match found {
                Some(value) if property.required || told => drop(object.insert(property.name.clone(), value)),
                None if property.required => return None,
                _ => {}
            }
        }
        return Some(Value::Object(object));
    }
    if let Some(choice) = shape::first_choice(schemas, id) {
        return Some(choice.clone());
    }
    let one_of = shape::find(schemas, id, |keyword| match keyword {
        Keyword::OneOf(ids) | Keyword::AnyOf(ids) => Some(&ids[..]),
        _ => None,
    });
    if let Some(alternatives) = one_of {
        return alternatives.iter().find_map(|one| content(schemas, *one, name, depth));
    }
    let types = shape::types(schemas, id);
    if types.has(JsonType::String) {
        return text(schemas, id, name);
    }
    if types.has(JsonType::Integer) {
        let words = words(name);
        let status = ["status", "status_code", "http_status", "code", "error_code"].contains(&words.as_str());
        return if status { Some(json!("{status}")) } else { sample(schemas, id, Direction::Response) };
    }
    if types.has(JsonType::Boolean) {
        return Some(json!(false));
    }
    if types.has(JsonType::Array) {
        let items = shape::items(schemas, id).and_then(|items| content(schemas, items, name, depth));
        let least = shape::find(schemas, id, |keyword| match keyword {
            Keyword::MinItems(count) => Some(*count),
            _ => None,
        });
        let told = items.filter(|items| items == "{detail}" || least.unwrap_or(0) > 0);
        return Some(Value::Array(told.into_iter().collect()));
    }
    sample(schemas, id, Direction::Response)
}

/// Whether a template says anything of the error.
fn tells(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with('{') && text.ends_with('}'),
        Value::Array(items) => items.iter().any(tells),
        Value::Object(members) => members.values().any(tells),
        _ => false,
    }
}

/// The template of a text, by the name of its property.
fn text(schemas: &Schemas, id: SchemaId, name: &str) -> Option<Value> {
    let format = shape::format(schemas, id);
    let pattern = shape::find(schemas, id, |keyword| match keyword {
        Keyword::Pattern(pattern) => Some(pattern),
        _ => None,
    });
    let words = words(name);
    let known = match (words.as_str(), format) {
        _ if pattern.is_some() => "",
        (_, "date-time") => "{timestamp}",
        ("type", "") | ("type", "uri-reference") => "about:blank",
        ("type", "uri") => "about:blank",
        (_, other) if !other.is_empty() && other != "uri-reference" => "",
        ("title" | "status" | "status_text" | "name" | "reason", _) => "{title}",
        ("code" | "error_code" | "status_code", _) => "{code}",
        ("path" | "instance" | "url" | "uri", _) => "{path}",
        ("timestamp" | "time" | "date", _) => "{timestamp}",
        ("request_id" | "trace_id" | "id", _) => "",
        ("error", _) => "{title}",
        _ => "{detail}",
    };
    if known.is_empty() { sample(schemas, id, Direction::Response) } else { Some(json!(known)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::code::fixture;

    fn shown(content: Value) -> Vec<(u16, ErrorBody)> {
        let contract = json!({
            "info": { "title": "Books", "version": "1.0.0" },
            "paths": { "/books": { "get": { "operationId": "listBooks", "responses": {
                "200": {}, "404": { "content": content }, "default": { "content": content }
            } } } }
        });
        let platform = fixture::platform("shop-service", &contract);
        let api = platform.services[0].api.as_ref().unwrap();
        bodies(&platform.schemas, &api.operations[0])
    }

    fn schema(required: &[&str], properties: Value) -> Value {
        json!({ "application/json": { "schema": { "type": "object", "required": required, "properties": properties } } })
    }

    #[test]
    fn errors_have_the_shape_that_the_contract_declares() {
        let code = shown(schema(
            &["code", "message"],
            json!({ "code": { "type": "integer" }, "message": { "type": "string" }, "help": { "type": "integer" } }),
        ));
        let body = ErrorBody {
            media_type: "application/json".to_owned(),
            content: json!({ "code": "{status}", "message": "{detail}" }),
        };
        assert_eq!(code, [(404, body.clone()), (0, body)]);
        let nested = shown(schema(
            &["errors"],
            json!({ "errors": { "type": "object", "required": ["body"], "properties": {
                "body": { "type": "array", "items": { "type": "string" } }
            } } }),
        ));
        assert_eq!(nested[0].1.content, json!({ "errors": { "body": ["{detail}"] } }));
        assert_eq!(shown(json!({ "text/plain": {} }))[0].1.content, json!("{detail}"));
    }

    #[test]
    fn problem_documents_are_left_as_they_are() {
        let problem = json!({ "schema": { "type": "object", "required": ["title"], "properties": {
            "title": { "type": "string" }, "status": { "type": "integer" }
        } } });
        assert_eq!(shown(json!({ "application/problem+json": problem })), []);
        assert_eq!(shown(json!({})), []);
    }
}
