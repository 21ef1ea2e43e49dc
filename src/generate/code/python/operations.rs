//! What the templates of operations, routes and security are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::caching::Kept;
use crate::generate::code::service::{Argument, Group, OperationCode, ServiceCode, is_basic, is_token};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, ParameterLocation, Schemas, SecuritySchemeKind, Types};

use super::layout::{Code, string, value};
use super::package;

/// Groups in the order of imports.
pub(crate) fn group_imports(groups: &[Group]) -> Vec<View> {
    let mut sorted: Vec<&Group> = groups.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    sorted.into_iter().map(|group| json!({ "module": group.module, "class": group.class})).collect()
}

/// The operations and their routes.
pub(crate) fn operations_view(schemas: &Schemas, code: &ServiceCode<'_>) -> View {
    let operations: Vec<View> = code.operations.iter().map(|operation| view(schemas, code, operation)).collect();
    let mut names = Vec::new();
    if code.operations.iter().any(|operation| !operation.answers.is_empty()) {
        names.push("Answer");
    }
    if code.operations.iter().any(|operation| operation.body.is_some()) {
        names.push("Body");
    }
    names.push("Operation");
    let bodies = code.error_bodies.iter().enumerate().map(|(at, body)| {
        let elements = vec![Code::text(string(&body.media_type)), value(&body.content)];
        Code::group("ErrorBody(", elements, ")").lay_out(0, &format!("{} = ", error_body(at)), "")
    });
    json!({
        "error_bodies": bodies.collect::<Vec<_>>(),
        "errors_import": format!("from {}.runtime.problems import ErrorBody", package(code.service)),
        "uses_keep": code.keeps_answers(),
        "operations": operations,
        "operation_import": format!("from {}.runtime.operation import {}", package(code.service), names.join(", ")),
        "uses_parameters": code.operations.iter().any(|operation| !operation.arguments.is_empty())})
}

/// The constant that says how errors are shown.
fn error_body(at: usize) -> String {
    if at == 0 { "ERROR_BODY".to_owned() } else { format!("ERROR_BODY_{}", at + 1) }
}

fn view(schemas: &Schemas, code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> View {
    let answers = operation.answers.iter().map(|answer| {
        let mut elements = vec![Code::text(string(&answer.media_type))];
        elements.extend(answer.definition.iter().map(|definition| Code::text(string(definition))));
        Code::group("Answer(", elements, ")")
            .lay_out(8, &format!("{}: ", answer.status), ",")
            .trim_end_matches(',')
            .to_owned()
    });
    let body = operation.body.as_ref().map(|body| {
        let content = body.content.iter().map(|(name, definition)| {
            let value = definition.as_ref().map_or("None".to_owned(), |definition| string(definition));
            Code::entry(name, Code::text(value))
        });
        let mut elements = vec![Code::group("{", content.collect(), "}")];
        if !body.required {
            elements.push(Code::text("required=False"));
        }
        trim(Code::group("Body(", elements, ")").lay_out(4, "body=", ","))
    });
    let errors: Vec<Code> = operation.errors.iter().map(|status| Code::text(status.to_string())).collect();
    let errors =
        (!errors.is_empty()).then(|| trim(Code::group("frozenset({", errors, "})").lay_out(4, "errors=", ",")));
    let bodies = operation.error_bodies.iter().map(|(status, at)| Code::text(format!("{status}: {}", error_body(*at))));
    let bodies = Code::group("{", bodies.collect(), "}");
    let bodies = (!operation.error_bodies.is_empty()).then(|| trim(bodies.lay_out(4, "error_bodies=", ",")));
    let route = Code::group(
        "add_route(",
        vec![
            Code::text("router"),
            Code::text(format!("operations.{}", operation.constant)),
            Code::text(format!(
                "{}.{}",
                code.groups.get(operation.group).map_or("", |group| &group.module),
                operation.function
            )),
        ],
        ")",
    );
    json!({
        "constant": operation.constant,
        "id": string(&operation.operation.id),
        "method": operation.operation.method.key().to_uppercase(),
        "path": string(&operation.path),
        "success": operation.success,
        "answers": answers.collect::<Vec<_>>(),
        "errors": errors.unwrap_or_default(),
        "error_bodies": bodies.unwrap_or_default(),
        "security": security(operation),
        "parameters": operation.arguments.iter().map(|argument| parameter(schemas, argument)).collect::<Vec<_>>(),
        "body": body.unwrap_or_default(),
        "keep": operation.kept.as_ref().map(keep).unwrap_or_default(),
        "idempotency_key": operation.idempotency_key().map(|key| string(&key.name)).unwrap_or_default(),
        "route": route.lay_out(4, "", "")})
}

/// How answers are kept, as an argument.
fn keep(kept: &Kept) -> String {
    let tables = kept.tables.iter().map(|table| Code::text(string(table))).collect();
    let mut elements = vec![Code::text(kept.seconds.to_string()), Code::group("frozenset({", tables, "})")];
    if kept.clients {
        elements.push(Code::text("clients=True"));
        if !kept.headers.is_empty() {
            elements.push(Code::text(format!("vary={}", string(&kept.headers.join(", ")))));
        }
    }
    trim(Code::group("Keep(", elements, ")").lay_out(4, "keep=", ","))
}

/// Without the comma that the template writes.
fn trim(text: String) -> String {
    text.strip_suffix(',').map_or(text.clone(), str::to_owned)
}

/// The alternatives of an operation that needs credentials; empty for a public one.
fn security(operation: &OperationCode<'_>) -> String {
    if operation.is_public() {
        return String::new();
    }
    let alternatives = operation.operation.security.iter().map(|all| {
        let schemes = all.iter().map(|requirement| {
            let scopes = requirement.scopes.iter().map(|scope| Code::text(string(scope)));
            Code::entry(&requirement.scheme, Code::group("[", scopes.collect(), "]"))
        });
        Code::group("{", schemes.collect(), "}")
    });
    trim(Code::group("[", alternatives.collect(), "]").lay_out(4, "security=", ","))
}

/// The fields of a parameter that are not defaults.
fn parameter(schemas: &Schemas, argument: &Argument<'_>) -> Vec<String> {
    let parameter = argument.parameter;
    let location = match parameter.location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    };
    let types = argument.schema.map_or(Types::ALL, |id| shape::types(schemas, id));
    let mut fields = vec![
        format!("name={}", string(&parameter.name)),
        format!("argument={}", string(&argument.name)),
        format!("location=\"{location}\""),
        format!("schema={}", string(&argument.definition)),
        format!("types={}", types_tuple(types)),
    ];
    if parameter.required {
        fields.push("required=True".to_owned());
    }
    let compound = types != Types::ALL && (types.has(JsonType::Array) || types.has(JsonType::Object));
    if argument.json {
        fields.push("style=\"json\"".to_owned());
    } else if compound && ["form", "spaceDelimited", "pipeDelimited", "deepObject"].contains(&parameter.style.as_str())
    {
        fields.push(format!("style={}", string(&parameter.style)));
    }
    if compound && parameter.explode {
        fields.push("explode=True".to_owned());
    }
    if let Some(items) = argument.schema.filter(|_| compound).and_then(|id| shape::items(schemas, id)) {
        fields.push(format!("items={}", types_tuple(shape::types(schemas, items))));
    }
    let shape = argument.schema.filter(|_| compound).and_then(|id| Shape::of(schemas, id));
    if let Some(shape) = shape.filter(|shape| !shape.properties.is_empty()) {
        let entries = shape.properties.iter().map(|property| {
            Code::entry(&property.name, Code::text(types_tuple(shape::types(schemas, property.schema))))
        });
        fields.push(trim(Code::group("{", entries.collect(), "}").lay_out(12, "properties=", ",")));
    }
    fields
}

/// JSON types as a tuple; what may be anything is a text.
fn types_tuple(types: Types) -> String {
    let names: Vec<String> = match types == Types::ALL {
        true => vec!["\"string\"".to_owned()],
        false => types.names().iter().map(|name| format!("\"{name}\"")).collect(),
    };
    match names.as_slice() {
        [one] => format!("({one},)"),
        many => format!("({})", many.join(", ")),
    }
}

/// The schemes that operations ask for.
pub(crate) fn security_view(code: &ServiceCode<'_>) -> View {
    let mut schemes: Vec<(String, String)> = Vec::new();
    for operation in &code.operations {
        for requirement in operation.operation.security.iter().flatten() {
            if schemes.iter().any(|(name, _)| *name == requirement.scheme) {
                continue;
            }
            let kind = code.scheme(&requirement.scheme);
            let function = match &kind {
                SecuritySchemeKind::ApiKey { location, parameter } => {
                    let place = match location {
                        ParameterLocation::Query => "query_params",
                        ParameterLocation::Cookie => "cookies",
                        _ => "headers",
                    };
                    format!("api_key(lambda request: request.{place}.get({}))", string(parameter))
                }
                kind if is_basic(kind) => "basic".to_owned(),
                _ => "bearer_token".to_owned(),
            };
            schemes.push((requirement.scheme.clone(), function));
        }
    }
    let used = |kind: fn(&SecuritySchemeKind) -> bool| code.uses_scheme(kind);
    let schemes: Vec<String> = schemes.iter().map(|(name, function)| format!("{}: {function}", string(name))).collect();
    json!({
        "bearer": used(is_token),
        "auth": code.auth.is_some(),
        "reads_tokens": code.reads_tokens(),
        "jwt": used(is_token) || code.auth.is_some(),
        "basic": used(is_basic),
        "api_key": used(|kind| matches!(kind, SecuritySchemeKind::ApiKey { .. })),
        "schemes": schemes,
    })
}

/// A row of the README's table.
pub(crate) fn readme_row(code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> View {
    json!({
        "method": operation.operation.method.key().to_uppercase(),
        "path": format!("{}{}", code.api.base_path, operation.operation.path),
        "module": code.groups.get(operation.group).map_or("", |group| &group.module),
        "function": operation.function,
        "does": code.does(operation)})
}
