//! What requests and answers hold besides payloads (names of parameters and headers, media types, codes, credentials) as JSON
//! values, and what an operation says of them as JSON Schemas, so that a validator can be asked about these, too.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::observe::{identity, media_key};
use crate::model::{Api, MediaType, Operation, Parameter, ParameterLocation, Response, SecurityRequirement};

/// Whether a validator accepts a value by one schema and refuses it by the other, as it is expected to.
pub(super) fn separates(value: &Value, schemas: [Value; 2], expected: [bool; 2]) -> bool {
    let is_valid = |schema: &Value| Some(jsonschema::draft202012::new(schema).ok()?.is_valid(value));
    schemas.iter().zip(expected).all(|(schema, expected)| is_valid(schema) == Some(expected))
}

fn required(all: &[Parameter], location: ParameterLocation) -> impl Iterator<Item = String> {
    let own = all.iter().filter(move |one| one.location == location && one.required);
    own.map(move |one| match location {
        ParameterLocation::Header => one.name.to_ascii_lowercase(),
        _ => one.name.to_string(),
    })
}

fn present(names: impl Iterator<Item = String>) -> Value {
    names.map(|name| (name, Value::Bool(true))).collect::<Map<String, Value>>().into()
}

/// The parameters at one place that a request must have, but for one.
pub(super) fn parameters_but(operation: &Operation, location: ParameterLocation, name: &str) -> Value {
    present(required(&operation.parameters, location).filter(|one| !one.eq_ignore_ascii_case(name)))
}

/// Which parameters a request must have at one place.
pub(super) fn parameters(operation: &Operation, location: ParameterLocation) -> Value {
    json!({ "type": "object", "required": required(&operation.parameters, location).collect::<Vec<_>>() })
}

/// A body of a media type.
pub(super) fn body_of(media: &str) -> Value {
    json!({ "contentType": concrete(media) })
}

/// Whether a request must have a body, and of which media type it may be.
pub(super) fn body(operation: &Operation) -> Value {
    let Some(body) = &operation.request_body else { return json!({ "maxProperties": 0 }) };
    let needed: &[&str] = if body.required { &["contentType"] } else { &[] };
    json!({ "type": "object", "required": needed, "properties": { "contentType": any_of(&body.content) } })
}

/// One of these media types and ranges (RFC 9110, section 12.5.1).
fn any_of(content: &[MediaType]) -> Value {
    if content.is_empty() {
        return Value::Bool(true);
    }
    let one = |media: &MediaType| match media_key(&media.name) {
        key if key == "*/*" => Value::Bool(true),
        key => match key.strip_suffix("/*") {
            Some(kind) => json!({ "pattern": format!("^{}/", regex::escape(kind)) }),
            None => json!({ "const": key }),
        },
    };
    json!({ "anyOf": content.iter().map(one).collect::<Vec<_>>() })
}

/// A media type that a range holds and that no document is likely to name; any other as it is, without what tells no formats
/// apart.
pub(super) fn concrete(media: &str) -> String {
    let key = media_key(media);
    match key.strip_suffix("/*") {
        Some("*") => "application/vnd.example".to_owned(),
        Some(kind) => format!("{kind}/vnd.example"),
        None => key,
    }
}

/// What an alternative asks for: scopes by what has to be presented.
pub(super) fn credentials_of(api: &Api, alternative: &[SecurityRequirement]) -> Value {
    json!(needs(api, alternative))
}

fn needs(api: &Api, alternative: &[SecurityRequirement]) -> BTreeMap<String, Vec<String>> {
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in alternative {
        needs.entry(identity(api, &one.scheme)).or_default().extend(one.scopes.iter().cloned());
    }
    needs
}

/// Which credentials let a request in.
pub(super) fn credentials(api: &Api, operation: &Operation) -> Value {
    if operation.security.is_empty() {
        return Value::Bool(true);
    }
    let scopes = |scopes: &Vec<String>| match scopes.as_slice() {
        [] => Value::Bool(true),
        some => json!({ "allOf": some.iter().map(|one| json!({ "contains": { "const": one } })).collect::<Vec<_>>() }),
    };
    let one = |alternative: &Vec<SecurityRequirement>| {
        let needs = needs(api, alternative);
        let held: Map<String, Value> = needs.iter().map(|(name, own)| (name.clone(), scopes(own))).collect();
        json!({ "required": needs.keys().collect::<Vec<_>>(), "properties": held })
    };
    json!({ "anyOf": operation.security.iter().map(one).collect::<Vec<_>>() })
}

/// An answer with all that it must have, but for one header.
pub(super) fn answer_but(response: &Response, header: &str, media: Option<&str>) -> Value {
    let headers = required(&response.headers, ParameterLocation::Header);
    let headers = present(headers.filter(|one| !one.eq_ignore_ascii_case(header)));
    let mut answer = json!({ "status": code(&response.status), "header": headers });
    if let Some(media) = media.or_else(|| Some(&response.content.first()?.name)) {
        answer["contentType"] = json!(concrete(media));
    }
    answer
}

/// A code of a range that no document is likely to name; any other as it is.
pub(super) fn code(status: &str) -> String {
    match range(status) {
        Some(first) => format!("{first}99"),
        None => status.to_ascii_lowercase(),
    }
}

fn range(status: &str) -> Option<char> {
    let mut characters = status.chars();
    let first = characters.next().filter(char::is_ascii_digit)?;
    characters.as_str().eq_ignore_ascii_case("xx").then_some(first)
}

/// Which answers an operation gives.
pub(super) fn answers(operation: &Operation) -> Value {
    let one = |response: &Response| {
        let status = match range(&response.status) {
            Some(first) => json!({ "pattern": format!("^{first}[0-9][0-9]$") }),
            None => json!({ "const": response.status.to_ascii_lowercase() }),
        };
        let headers: Vec<String> = required(&response.headers, ParameterLocation::Header).collect();
        let header = json!({ "required": headers });
        // An answer without content has no media type.
        let media = if response.content.is_empty() { Value::Bool(false) } else { any_of(&response.content) };
        json!({ "properties": { "status": status, "header": header, "contentType": media } })
    };
    match &operation.responses[..] {
        [] => Value::Bool(false),
        some => json!({ "anyOf": some.iter().map(one).collect::<Vec<_>>() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_a_member_that_nobody_names() {
        assert_eq!(
            ["text/*", "*/*", "Text/Plain; charset=utf-8"].map(concrete),
            ["text/vnd.example", "application/vnd.example", "text/plain"]
        );
        assert_eq!(["2XX", "4xx", "201", "default"].map(code), ["299", "499", "201", "default"]);
    }

    #[test]
    fn a_value_separates_or_does_not() {
        let (any, none) = (Value::Bool(true), Value::Bool(false));
        assert!(separates(&json!(1), [any.clone(), none.clone()], [true, false]));
        assert!(!separates(&json!(1), [any.clone(), any], [true, false]));
        assert!(!separates(&json!(1), [json!({"pattern": "("}), none], [true, false]));
    }
}
