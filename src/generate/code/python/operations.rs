//! What the templates of operations, routes, models and security are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::behaviour::{AuthStep, Behaviour};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, ParameterLocation, Schemas, SecuritySchemeKind, Types};

use super::layout::{Code, string};
use super::service::{Argument, Group, OperationCode, ServiceCode};
use super::types::{Definition, FieldType};

/// Groups in the order of imports.
pub(crate) fn group_imports(groups: &[Group]) -> Vec<View> {
    let mut sorted: Vec<&Group> = groups.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    sorted.into_iter().map(|group| json!({ "module": group.module, "class": group.class})).collect()
}

/// The models module.
pub(crate) fn models_view(code: &ServiceCode<'_>) -> View {
    let definitions = code.definitions.iter().map(|definition| {
        json!({
            "name": definition.name,
            "alias": definition.alias.is_some(),
            "functional": definition.functional,
            "fields": definition.fields.iter().map(field).collect::<Vec<_>>(),
            "source": source(definition)})
    });
    json!({
        "definitions": definitions.collect::<Vec<_>>(),
        "typing_import": format!("from typing import {}", code.typing.join(", "))})
}

/// A field of a class; an enumeration that is too long for a line has one for each member.
fn field(field: &FieldType) -> String {
    let flat = format!("{}: {}", field.name, field.annotation);
    let fits = 4 + flat.chars().count() <= super::layout::WIDTH;
    if fits { flat } else { broken(&field.annotation, 4, &format!("{}: ", field.name)).unwrap_or(flat) }
}

/// A type over several lines, as far as it is an enumeration in brackets.
fn broken(annotation: &str, indent: usize, before: &str) -> Option<String> {
    let inside = |open: &str| annotation.strip_prefix(open)?.strip_suffix(']');
    if inside("Literal[").is_some_and(|members| !members.contains('[')) {
        let members = literal_members(annotation).into_iter().map(Code::text).collect();
        return Some(Code::group("Literal[", members, "]").lay_out(indent, before, ""));
    }
    let (open, inner) = ["NotRequired[", "list["].into_iter().find_map(|open| Some((open, inside(open)?)))?;
    let (deeper, shallower) = (" ".repeat(indent + 4), " ".repeat(indent));
    let fits = indent + 4 + inner.chars().count() <= super::layout::WIDTH;
    let inner = if fits { inner.to_owned() } else { broken(inner, indent + 4, "")? };
    Some(format!("{before}{open}\n{deeper}{inner}\n{shallower}]"))
}

/// A definition that is no class.
fn source(definition: &Definition) -> String {
    if let Some(alias) = &definition.alias {
        let before = format!("{}: TypeAlias = ", definition.name);
        let members = alias.strip_prefix("Literal[").and_then(|rest| rest.strip_suffix(']'));
        return match members.filter(|members| !members.contains('[')) {
            Some(_) if before.len() + alias.len() > super::layout::WIDTH => {
                let members = literal_members(alias).into_iter().map(Code::text).collect();
                Code::group("Literal[", members, "]").lay_out(0, &before, "")
            }
            _ => format!("{before}{alias}"),
        };
    }
    let fields = definition
        .fields
        .iter()
        .map(|field| Code::Labelled(format!("{}: ", field.literal), Box::new(Code::text(field.annotation.clone()))));
    let fields = Code::group("{", fields.collect(), "}");
    let arguments = vec![Code::text(string(&definition.name)), fields];
    Code::group("TypedDict(", arguments, ")").lay_out(0, &format!("{} = ", definition.name), "")
}

/// The members of `Literal["a", "b, c"]`.
fn literal_members(alias: &str) -> Vec<String> {
    let inner = alias.trim_start_matches("Literal[").trim_end_matches(']');
    let mut members = vec![String::new()];
    let (mut quote, mut escaped) = (None, false);
    for c in inner.chars() {
        if quote.is_none() && c == ',' {
            members.push(String::new());
            continue;
        }
        if quote.is_none() && c == ' ' {
            continue;
        }
        match quote {
            Some(open) if c == open && !escaped => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = members.last_mut() {
            last.push(c);
        }
    }
    members
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
    json!({
        "operations": operations,
        "operation_import": format!("from {}.runtime.operation import {}", code.package, names.join(", ")),
        "uses_parameters": code.operations.iter().any(|operation| !operation.arguments.is_empty())})
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
        "security": security(operation),
        "parameters": operation.arguments.iter().map(|argument| parameter(schemas, argument)).collect::<Vec<_>>(),
        "body": body.unwrap_or_default(),
        "route": route.lay_out(4, "", "")})
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

/// Whether a scheme is a token in the Authorization header.
pub(crate) fn is_token(kind: &SecuritySchemeKind) -> bool {
    match kind {
        SecuritySchemeKind::Http { scheme, .. } => scheme != "basic",
        SecuritySchemeKind::Oauth2 { .. }
        | SecuritySchemeKind::OpenIdConnect { .. }
        | SecuritySchemeKind::MutualTls => true,
        SecuritySchemeKind::ApiKey { .. } => false,
    }
}

/// Whether a scheme is a name and a password.
pub(crate) fn is_basic(kind: &SecuritySchemeKind) -> bool {
    matches!(kind, SecuritySchemeKind::Http { scheme, .. } if scheme == "basic")
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
        "jwt": used(is_token) || code.auth.is_some(),
        "basic": used(is_basic),
        "api_key": used(|kind| matches!(kind, SecuritySchemeKind::ApiKey { .. })),
        "schemes": schemes,
    })
}

/// A row of the README's table.
pub(crate) fn readme_row(code: &ServiceCode<'_>, operation: &OperationCode<'_>) -> View {
    let collection = operation.resource.and_then(|at| code.resources.get(at)).map_or("", |resource| &resource.table);
    let does = match &operation.behaviour {
        Behaviour::Create { .. } => format!("creates one of `{collection}`"),
        Behaviour::Read(_) => format!("reads one of `{collection}`"),
        Behaviour::List(_) => format!("lists `{collection}`"),
        Behaviour::Replace { .. } => format!("replaces one of `{collection}`"),
        Behaviour::Patch { .. } => format!("changes one of `{collection}`"),
        Behaviour::Delete(_) => format!("deletes one of `{collection}`"),
        Behaviour::Transition(transition) => {
            format!("moves one of `{collection}` from {} to {}", transition.from.join(" or "), transition.to)
        }
        Behaviour::Auth(AuthStep::Register { .. }) => "stores an account with the hash of its password".to_owned(),
        Behaviour::Auth(AuthStep::Login(_)) => "checks a password and begins a session".to_owned(),
        Behaviour::Auth(AuthStep::Refresh { .. }) => "changes a refresh token for new tokens".to_owned(),
        Behaviour::Auth(AuthStep::Validate { .. }) => "tells what an access token says".to_owned(),
        Behaviour::Auth(AuthStep::Logout { .. }) => "ends the session".to_owned(),
        Behaviour::Unknown => "answers 501 until its handler is written".to_owned(),
    };
    json!({
        "method": operation.operation.method.key().to_uppercase(),
        "path": format!("{}{}", code.api.base_path, operation.operation.path),
        "module": code.groups.get(operation.group).map_or("", |group| &group.module),
        "function": operation.function,
        "does": does})
}
