//! What the templates of operations, routes and security are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::caching::Kept;
use crate::generate::code::service::{Argument, OperationCode, ServiceCode, default_of, is_basic, is_token};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, ParameterLocation, Schemas, SecuritySchemeKind, Types};

use super::layout::{Code, key, string, value};

/// The operations and their routes.
pub(crate) fn operations_view(schemas: &Schemas, code: &ServiceCode<'_>) -> View {
    let operations = code.operations.iter().map(|operation| view(schemas, code, operation));
    let bodies = code.error_bodies.iter().enumerate().map(|(at, body)| {
        let entries =
            vec![Code::entry("mediaType", text(&body.media_type)), Code::entry("content", value(&body.content))];
        Code::Object(entries).lay_out(0, &format!("const {}: ErrorBody = ", error_body(at)), ";")
    });
    json!({ "operations": operations.collect::<Vec<_>>(), "error_bodies": bodies.collect::<Vec<_>>() })
}

/// The constant that says how errors are shown.
fn error_body(at: usize) -> String {
    if at == 0 { "ERROR_BODY".to_owned() } else { format!("ERROR_BODY_{}", at + 1) }
}

fn text(text: &str) -> Code {
    Code::text(string(text))
}

fn view(schemas: &Schemas, code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> View {
    let answers = operation.answers.iter().map(|answer| {
        let mut entries = vec![Code::entry("mediaType", text(&answer.media_type))];
        entries.extend(answer.definition.iter().map(|definition| Code::entry("schema", text(definition))));
        Code::Object(entries).lay_out(4, &format!("{}: ", answer.status), ",").trim_end_matches(',').to_owned()
    });
    let body = operation.body.as_ref().map(|body| {
        let content = body.content.iter().map(|(name, definition)| {
            let definition = definition.as_ref().map_or(Code::text("null"), |definition| text(definition));
            Code::entry(name, definition)
        });
        let required = Code::text(body.required.to_string());
        let body = vec![
            Code::entry("content", Code::Object(content.collect())),
            Code::Labelled("required: ".to_owned(), Box::new(required)),
        ];
        field("body", Code::Object(body))
    });
    let errors: Vec<Code> = operation.errors.iter().map(|status| Code::text(status.to_string())).collect();
    let errors = (!errors.is_empty()).then(|| field("errors", Code::Array(errors)));
    let bodies = operation.error_bodies.iter();
    let bodies =
        bodies.map(|(status, at)| Code::Labelled(format!("{status}: "), Box::new(Code::text(error_body(*at)))));
    let bodies = (!operation.error_bodies.is_empty()).then(|| field("errorBodies", Code::Object(bodies.collect())));
    let group = code.groups.get(operation.group).map_or("", |group| &group.module);
    let route = ["router", "runtime"].map(Code::text).into_iter().chain([
        Code::text(format!("operations.{}", operation.constant)),
        Code::text(format!("handlers.{group}.{}", operation.function)),
    ]);
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
        "route": Code::Call("addOperation".to_owned(), route.collect()).lay_out(2, "", ";")})
}

/// How answers are kept.
fn keep(kept: &Kept) -> String {
    let mut entries = vec![
        Code::entry("seconds", Code::text(kept.seconds.to_string())),
        Code::entry("tables", Code::Array(kept.tables.iter().map(|table| text(table)).collect())),
    ];
    if kept.clients {
        entries.push(Code::text("clients: true"));
        if !kept.headers.is_empty() {
            entries.push(Code::entry("vary", text(&kept.headers.join(", "))));
        }
    }
    field("keep", Code::Object(entries))
}

/// A field of an operation, without the comma that the template writes.
fn field(name: &str, value: Code) -> String {
    let lines = value.lay_out(2, &format!("{name}: "), ",");
    lines.strip_suffix(',').map_or(lines.clone(), str::to_owned)
}

/// The alternatives of an operation that needs credentials; empty for a public one.
fn security(operation: &OperationCode<'_>) -> String {
    if operation.is_public() {
        return String::new();
    }
    let alternatives = operation.operation.security.iter().map(|all| {
        let schemes = all.iter().map(|requirement| {
            let scopes = requirement.scopes.iter().map(|scope| text(scope)).collect();
            Code::entry(&requirement.scheme, Code::Array(scopes))
        });
        Code::Object(schemes.collect())
    });
    field("security", Code::Array(alternatives.collect()))
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
        Code::entry("name", text(&parameter.name)),
        Code::entry("argument", text(&argument.name)),
        Code::entry("location", text(location)),
        Code::entry("schema", text(&argument.definition)),
        Code::entry("types", type_names(types)),
    ];
    if parameter.required {
        fields.push(Code::text("required: true"));
    } else if let Some(default) = default_of(schemas, argument) {
        fields.push(Code::entry("default", value(&default)));
    }
    let compound = types != Types::ALL && (types.has(JsonType::Array) || types.has(JsonType::Object));
    let named = ["form", "spaceDelimited", "pipeDelimited", "deepObject"].contains(&parameter.style.as_str());
    if argument.json {
        fields.push(Code::entry("style", text("json")));
    } else if compound && named {
        fields.push(Code::entry("style", text(&parameter.style)));
    }
    if compound && parameter.explode {
        fields.push(Code::text("explode: true"));
    }
    if let Some(items) = argument.schema.filter(|_| compound).and_then(|id| shape::items(schemas, id)) {
        fields.push(Code::entry("items", type_names(shape::types(schemas, items))));
    }
    let shape = argument.schema.filter(|_| compound).and_then(|id| Shape::of(schemas, id));
    if let Some(shape) = shape.filter(|shape| !shape.properties.is_empty()) {
        let entry = |property: &shape::Property| {
            Code::entry(&property.name, type_names(shape::types(schemas, property.schema)))
        };
        fields.push(Code::entry("properties", Code::Object(shape.properties.iter().map(entry).collect())));
    }
    let written = fields.iter().map(|field| field.lay_out(6, "", ",").trim_end_matches(',').to_owned());
    written.collect()
}

/// JSON types as an array; what may be anything is a text.
fn type_names(types: Types) -> Code {
    if types == Types::ALL {
        return Code::Array(vec![text("string")]);
    }
    Code::Array(types.names().iter().map(|name| text(name)).collect())
}

/// The schemes that operations ask for.
pub(crate) fn security_view(code: &ServiceCode<'_>) -> View {
    let mut schemes: Vec<(String, String)> = Vec::new();
    for requirement in code.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten()) {
        if schemes.iter().any(|(name, _)| *name == requirement.scheme) {
            continue;
        }
        let scheme = match &code.scheme(&requirement.scheme) {
            SecuritySchemeKind::ApiKey { location, parameter } => {
                let name = string(parameter);
                let read = match location {
                    ParameterLocation::Query => format!("queryOf(request).get({name}) ?? undefined"),
                    ParameterLocation::Cookie => format!("cookieOf(request, {name})"),
                    _ => format!("request.get({name})"),
                };
                format!("apiKey((request) => {read})")
            }
            kind if is_basic(kind) => "basic".to_owned(),
            _ => "bearerToken".to_owned(),
        };
        schemes.push((requirement.scheme.clone(), scheme));
    }
    let key_in = |place: ParameterLocation| {
        code.uses_scheme(|kind| matches!(kind, SecuritySchemeKind::ApiKey { location, .. } if *location == place))
    };
    let (cookie, query) = (key_in(ParameterLocation::Cookie), key_in(ParameterLocation::Query));
    let readers: Vec<&str> = cookie.then_some("cookieOf").into_iter().chain(query.then_some("queryOf")).collect();
    let schemes: Vec<String> = schemes.iter().map(|(name, scheme)| format!("{}: {scheme}", key(name))).collect();
    json!({
        "bearer": code.uses_scheme(is_token),
        "auth": code.auth.is_some(),
        "reads_tokens": code.reads_tokens(),
        "jwt": code.uses_scheme(is_token) || code.auth.is_some(),
        "basic": code.uses_scheme(is_basic),
        "api_key": code.uses_scheme(|kind| matches!(kind, SecuritySchemeKind::ApiKey { .. })),
        "api_key_cookie": cookie,
        "api_key_query": query,
        "key_readers": readers.join(", "),
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
