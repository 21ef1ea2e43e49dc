//! What the templates of operations and routes are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::caching::Kept;
use crate::generate::code::service::{Argument, OperationCode, ServiceCode, default_of, is_basic};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, ParameterLocation, Schemas, SecuritySchemeKind, Types as JsonTypes};

use super::fit::literal;
use super::layout::{composite, indented, json, string};
use super::names::Names;
use super::types::Types;
use super::words::exported;

/// The operations with their handlers.
pub(crate) fn view(schemas: &Schemas, code: &ServiceCode<'_>, types: &Types<'_>, names: &Names) -> View {
    let operations: Vec<View> = code
        .operations
        .iter()
        .enumerate()
        .map(|(at, operation)| {
            let handle = if operation.answers_nothing() { "HandleEmpty" } else { "Handle" };
            let group = &names.groups[operation.group];
            json!({
                "source": source(schemas, code, types, &names.operations[at], operation),
                "route": format!("web.{handle}({}, {}.{}),", names.operations[at], group.argument, names.methods[at])})
        })
        .collect();
    let bodies = code.error_bodies.iter().enumerate().map(|(at, body)| {
        let pairs = [pair("MediaType", string(&body.media_type)), pair("Content", json(&body.content))];
        composite(&format!("var {} = &problem.Body", error_body(at)), &pairs)
    });
    json!({
        "operations": operations,
        "error_bodies": bodies.collect::<Vec<_>>(),
        "uses_keep": code.keeps_answers(),
        "uses_security": code.operations.iter().any(|operation| !operation.is_public())})
}

/// The variable that says how errors are shown.
fn error_body(at: usize) -> String {
    if at == 0 { "errorBody".to_owned() } else { format!("errorBody{}", at + 1) }
}

fn source(
    schemas: &Schemas,
    code: &ServiceCode<'_>,
    types: &Types<'_>,
    name: &str,
    operation: &OperationCode<'_>,
) -> String {
    let mut pairs = vec![
        pair("ID", string(&operation.operation.id)),
        pair("Method", string(&operation.operation.method.key().to_uppercase())),
        pair("Path", string(&path(code, operation))),
        pair("Success", operation.success.to_string()),
    ];
    if !operation.answers.is_empty() {
        let answers: Vec<(String, String)> = operation
            .answers
            .iter()
            .map(|answer| {
                let schema =
                    answer.definition.iter().map(|name| format!(", Schema: {}", string(name))).collect::<String>();
                (answer.status.to_string(), format!("{{MediaType: {}{schema}}}", string(&answer.media_type)))
            })
            .collect();
        pairs.push(pair("Answers", composite("map[int]web.Answer", &answers)));
    }
    if !operation.errors.is_empty() {
        let errors: Vec<String> = operation.errors.iter().map(u16::to_string).collect();
        pairs.push(pair("Errors", format!("[]int{{{}}}", errors.join(", "))));
    }
    if !operation.error_bodies.is_empty() {
        let bodies = operation.error_bodies.iter().map(|(status, at)| (status.to_string(), error_body(*at)));
        pairs.push(pair("ErrorBodies", composite("map[int]*problem.Body", &bodies.collect::<Vec<_>>())));
    }
    if !operation.is_public() {
        pairs.push(pair("Security", security(code, operation)));
    }
    if !operation.arguments.is_empty() {
        let parameters: Vec<String> =
            operation.arguments.iter().map(|argument| parameter(schemas, types, argument)).collect();
        pairs.push(pair("Parameters", format!("[]web.Parameter{{\n{}\n}}", listed(&parameters))));
    }
    if let Some(body) = &operation.body {
        let content: Vec<String> = body
            .content
            .iter()
            .map(|(name, definition)| {
                let schema = definition.iter().map(|name| format!(", Schema: {}", string(name))).collect::<String>();
                format!("{{Type: {}{schema}}}", string(name))
            })
            .collect();
        let content = format!("[]web.Media{{{}}}", content.join(", "));
        let mut fields = vec![pair("Content", content)];
        if !body.required {
            fields.push(pair("Optional", "true".to_owned()));
        }
        pairs.push(pair("Body", composite("&web.Body", &fields)));
    }
    if let Some(kept) = &operation.kept {
        pairs.push(pair("Keep", keep(kept)));
    }
    if let Some(key) = operation.idempotency_key() {
        pairs.push(pair("IdempotencyKey", string(&exported(&key.name))));
    }
    composite(&format!("var {name} = web.Operation"), &pairs)
}

/// How answers are kept.
fn keep(kept: &Kept) -> String {
    let (count, unit) = match kept.seconds {
        seconds if seconds % 3_600 == 0 => (seconds / 3_600, "time.Hour"),
        seconds if seconds % 60 == 0 => (seconds / 60, "time.Minute"),
        seconds => (seconds, "time.Second"),
    };
    let time = if count == 1 { unit.to_owned() } else { format!("{count} * {unit}") };
    let tables: Vec<String> = kept.tables.iter().map(|table| string(table)).collect();
    let mut fields = format!("For: {time}, Tables: []string{{{}}}", tables.join(", "));
    if kept.clients {
        fields.push_str(", Clients: true");
        if !kept.headers.is_empty() {
            fields.push_str(&format!(", Vary: {}", string(&kept.headers.join(", "))));
        }
    }
    format!("&web.Keep{{{fields}}}")
}

fn pair(name: &str, value: String) -> (String, String) {
    (name.to_owned(), value)
}

/// Elements of a literal, one below the other.
fn listed(elements: &[String]) -> String {
    let line = |element: &String| format!("\t{},", indented(element, 1));
    elements.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The path with the names of the contract.
fn path(code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> String {
    format!("{}{}", code.api.base_path, operation.operation.path)
}

/// The alternatives of an operation that needs credentials.
fn security(code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> String {
    let alternatives = operation.operation.security.iter().map(|all| {
        let needs = all.iter().map(|requirement| {
            let scheme = scheme(&code.scheme(&requirement.scheme));
            let scopes: Vec<String> = requirement.scopes.iter().map(|scope| string(scope)).collect();
            match scopes.as_slice() {
                [] => format!("{{Scheme: {scheme}}}"),
                scopes => format!("{{Scheme: {scheme}, Scopes: []string{{{}}}}}", scopes.join(", ")),
            }
        });
        format!("{{{}}}", needs.collect::<Vec<_>>().join(", "))
    });
    format!("security.AnyOf{{{}}}", alternatives.collect::<Vec<_>>().join(", "))
}

fn scheme(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey { location, parameter } => {
            let place = match location {
                ParameterLocation::Query => "InQuery",
                ParameterLocation::Cookie => "InCookie",
                _ => "InHeader",
            };
            format!("security.APIKey(security.{place}, {})", string(parameter))
        }
        kind if is_basic(kind) => "security.Basic".to_owned(),
        _ => "security.Bearer".to_owned(),
    }
}

/// The fields of a parameter that are not empty.
fn parameter(schemas: &Schemas, types: &Types<'_>, argument: &Argument<'_>) -> String {
    let parameter = argument.parameter;
    let location = match parameter.location {
        ParameterLocation::Path => "web.InPath",
        ParameterLocation::Query => "web.InQuery",
        ParameterLocation::Header => "web.InHeader",
        ParameterLocation::Cookie => "web.InCookie",
    };
    let admitted = argument.schema.map_or(JsonTypes::ALL, |id| shape::types(schemas, id));
    let mut fields = vec![
        pair("Name", string(&parameter.name)),
        pair("Field", string(&exported(&argument.name))),
        pair("In", location.to_owned()),
        pair("Schema", string(&argument.definition)),
        pair("Types", format!("[]string{}", names(admitted))),
    ];
    if parameter.required {
        fields.push(pair("Required", "true".to_owned()));
    }
    if let Some(default) = default_value(schemas, types, argument) {
        fields.push(pair("Default", default));
    }
    let compound = admitted != JsonTypes::ALL && (admitted.has(JsonType::Array) || admitted.has(JsonType::Object));
    let style = match parameter.style.as_str() {
        _ if argument.json => Some("web.JSON"),
        _ if !compound => None,
        "form" => Some("web.Form"),
        "spaceDelimited" => Some("web.SpaceDelimited"),
        "pipeDelimited" => Some("web.PipeDelimited"),
        "deepObject" => Some("web.DeepObject"),
        _ => None,
    };
    fields.extend(style.map(|style| pair("Style", style.to_owned())));
    if compound && parameter.explode {
        fields.push(pair("Explode", "true".to_owned()));
    }
    if let Some(items) = argument.schema.filter(|_| compound).and_then(|id| shape::items(schemas, id)) {
        fields.push(pair("Items", format!("[]string{}", names(shape::types(schemas, items)))));
    }
    let shape = argument.schema.filter(|_| compound).and_then(|id| Shape::of(schemas, id));
    if let Some(shape) = shape.filter(|shape| !shape.properties.is_empty()) {
        let entries: Vec<(String, String)> = shape
            .properties
            .iter()
            .map(|property| (string(&property.name), names(shape::types(schemas, property.schema))))
            .collect();
        fields.push(pair("Properties", composite("map[string][]string", &entries)));
    }
    composite("", &fields)
}

/// The default of a parameter that is no required one, as it is taken where nothing is sent.
pub(crate) fn default_value(schemas: &Schemas, types: &Types<'_>, argument: &Argument<'_>) -> Option<String> {
    let default = default_of(schemas, argument).filter(|_| !argument.parameter.required)?;
    let kind = types.argument(&argument.kind, true);
    let known = !default.is_array() && !default.is_object() && !default.is_null();
    let text = literal(types, &default, &kind).filter(|_| known)?;
    Some(text.replace("contract.", ""))
}

/// JSON types as elements; what may be anything is a text.
fn names(types: JsonTypes) -> String {
    let names: Vec<String> = match types == JsonTypes::ALL {
        true => vec!["\"string\"".to_owned()],
        false => types.names().iter().map(|name| format!("\"{name}\"")).collect(),
    };
    format!("{{{}}}", names.join(", "))
}
