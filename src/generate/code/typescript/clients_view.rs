//! What the templates of clients are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::clients::{Copied, Failure, idempotency_key};
use crate::generate::code::names::Case;
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode, Type};
use crate::model::ParameterLocation;

use super::events_view::projection_name;
use super::layout::{Code, access, annotation, key, prose, string};
use super::models::{self, typed};

/// What the files share that ask whether there are clients.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    let client = |client: &ClientCode<'_>| {
        let setting = setting(client);
        let name = &client.client.service.name;
        let arguments = [string(name), format!("settings.{setting}"), "metrics".to_owned()];
        let open = Code::text("openMilliseconds");
        let breaker = Code::Call("new Breaker".to_owned(), vec![Code::Object(vec![open])]);
        let mut arguments: Vec<Code> = arguments.into_iter().map(Code::text).collect();
        arguments.push(Code::Object(vec![Code::entry("breaker", breaker)]));
        let upstream = Code::Call("new Upstream".to_owned(), arguments);
        let before = format!("this.{} = ", client.module);
        json!({
            "name": name,
            "module": client.module,
            "class": client.class,
            "variable": client.variable,
            "setting": setting,
            "made": Code::Call(format!("new {}", client.class), vec![upstream]).lay_out(4, &before, ";"),
            "asked": code.token_check.as_ref().is_some_and(|check| std::ptr::eq(client, &code.clients[check.call.0])),
            "calls": client.calls.iter().map(|call| call.call.row()).collect::<Vec<_>>()})
    };
    let mut imports: Vec<View> = code.clients.iter().map(client).collect();
    imports.sort_by_key(|one| one["module"].as_str().unwrap_or_default().to_owned());
    json!({
        "clients": code.clients.iter().map(client).collect::<Vec<_>>(),
        "client_imports": imports,
        "token_check": token_check(code),
        "references": !code.references.is_empty(),
        "cached": calls(code).any(|call| kept_seconds(call).is_some())})
}

/// `userServiceUrl`.
fn setting(client: &ClientCode<'_>) -> String {
    Case::Camel.apply(&client.variable.to_lowercase())
}

fn calls<'b, 'a>(code: &'b ServiceCode<'a>) -> impl Iterator<Item = &'b CallCode<'a>> {
    code.clients.iter().flat_map(|client| &client.calls)
}

/// How long answers to a call are kept; nothing where there is nothing to keep.
fn kept_seconds(call: &CallCode<'_>) -> Option<u64> {
    match call.call.failure {
        Failure::Cached(seconds) if call.returns != Type::Null => Some(seconds),
        _ => None,
    }
}

/// What happens without an answer, as templates name it.
pub(crate) fn kind_of(call: &CallCode<'_>) -> &'static str {
    match &call.call.failure {
        Failure::Refuse(_) => "refuse",
        Failure::Degrade => "degrade",
        Failure::Cached(_) if kept_seconds(call).is_some() => "cached",
        Failure::Copy(_) => "copy",
        Failure::Fail | Failure::Cached(_) => "fail",
    }
}

/// The module of one client.
pub(crate) fn view(code: &ServiceCode<'_>, client: &ClientCode<'_>) -> View {
    let any = |wanted: fn(&Failure) -> bool| client.calls.iter().any(|call| wanted(&call.call.failure));
    let caught = client.calls.iter().any(|call| kind_of(call) != "fail");
    let refused = any(|failure| matches!(failure, Failure::Refuse(401 | 403)));
    let values = [("Refused", refused), ("Unavailable", caught)];
    let values: Vec<&str> = values.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
    let types = if values.is_empty() { ("type { Call, ", "Upstream }") } else { ("{ type Call, ", "type Upstream }") };
    let values: String = values.iter().map(|name| format!("{name}, ")).collect();
    let mut copies: Vec<String> = client.calls.iter().filter_map(|call| copies_of(code, call)).collect();
    copies.sort();
    copies.dedup();
    let purpose = &client.client.purpose;
    let fallback = format!("Calls of {}", client.client.service.name);
    let caches = client.calls.iter().filter_map(|call| {
        let kind = annotation(&call.returns, "");
        let milliseconds = number(kept_seconds(call)?.saturating_mul(1000));
        Some(format!("readonly {} = new LastAnswers<{kind}>({milliseconds});", cache(call)))
    });
    json!({
        "name": client.client.service.name,
        "class": client.class,
        "purpose": prose(if purpose.is_empty() { &fallback } else { purpose }),
        "copies": copies.join(", "),
        "problem": any(|failure| matches!(failure, Failure::Refuse(_))),
        "keyed": client.calls.iter().any(|call| idempotency_key(call.operation.operation).is_some()),
        "upstream_import": format!("{}{values}{}", types.0, types.1),
        "definitions": client.definitions.iter().map(models::definition).collect::<Vec<_>>(),
        "caches": caches.collect::<Vec<_>>(),
        "methods": client.calls.iter().map(|call| method(code, client, call)).collect::<Vec<_>>()})
}

/// Digits in groups of three, as one writes a large number.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("_")
}

/// The field with the last answers to a call.
fn cache(call: &CallCode<'_>) -> String {
    format!("#last{}", Case::Pascal.apply(&call.operation.function))
}

/// The constant of the copies that a call falls back on.
fn copies_of(code: &ServiceCode<'_>, call: &CallCode<'_>) -> Option<String> {
    let Failure::Copy(copied) = &call.call.failure else { return None };
    Some(projection_name(&code.events.projections[copied.projection].name))
}

/// Name of the interface of what a call takes; nothing where it takes nothing.
fn input(client: &ClientCode<'_>, call: &CallCode<'_>) -> Option<String> {
    if call.operation.arguments.is_empty() && call.operation.body.is_none() {
        return None;
    }
    let mut name = format!("{}Input", Case::Pascal.apply(&call.operation.function));
    while client.definitions.iter().any(|definition| definition.name == name) || client.class == name {
        name.push('2');
    }
    Some(name)
}

fn method(code: &ServiceCode<'_>, client: &ClientCode<'_>, call: &CallCode<'_>) -> View {
    let kind = kind_of(call);
    let answers = call.returns != Type::Null;
    let returns = annotation(&call.returns, "");
    let result = match (kind, answers) {
        (_, false) => "void".to_owned(),
        ("degrade", true) => annotation(&call.returns, "") + " | undefined",
        (_, true) => returns.clone(),
    };
    let status = match call.call.failure {
        Failure::Refuse(status) => status,
        _ => 0,
    };
    let input = input(client, call);
    let plain = call.returns == Type::Any;
    let given = Code::Array(names(call).into_iter().map(Code::text).collect());
    let arguments = |more: Option<&str>| {
        let given = [Code::text("context"), given.clone()].into_iter().chain(more.map(Code::text));
        given.collect::<Vec<_>>()
    };
    let put = arguments(Some("answer"));
    let indent = if kind == "fail" { 4 } else { 6 };
    let typed_answer = match (kind, plain) {
        (_, true) => "answer".to_owned(),
        ("cached", _) => "answer".to_owned(),
        _ => format!("answer as {returns}"),
    };
    let called = sent(call);
    let statement = match (kind, answers) {
        ("cached", _) if !plain => called.lay_out(indent, "const answer = (", &format!(") as {returns};")),
        (_, true) => called.lay_out(indent, "const answer = ", ";"),
        (_, false) => called.lay_out(indent, "", ";"),
    };
    json!({
    "kind": kind,
    "name": call.operation.function,
    "constant": constant(call),
    "input": input.as_ref().map(|name| json!({ "name": name, "fields": fields(call) })),
    "head": head(call, input.as_deref(), &result),
    "doc": doc(call),
    "call": statement,
    "answer": if answers { format!("return {typed_answer};") } else { String::new() },
    "put": Code::Call(format!("this.{}.put", cache(call)), put).lay_out(6, "", ";"),
    "get": Code::Call(format!("this.{}.get", cache(call)), arguments(None)).lay_out(6, "const kept = ", ";"),
    "status": status,
    "challenge": status == 401,
    "refusals": matches!(status, 401 | 403),
    "copy": match &call.call.failure {
        Failure::Copy(copied) => copy(code, call, copied, &returns),
        _ => View::Null,
    }})
}

/// The fields of what a call takes.
fn fields(call: &CallCode<'_>) -> Vec<String> {
    let field = |name: &str, optional: bool, kind: &Type| {
        typed(&format!("{}{}:", key(name), if optional { "?" } else { "" }), kind, "", 2)
    };
    let arguments = call.operation.arguments.iter().map(|argument| {
        let optional = !argument.parameter.required || call.operation.is_key(argument);
        // What the contract gives no type is a text.
        let kind = if argument.kind == Type::Any { &Type::Text } else { &argument.kind };
        field(&argument.name, optional, kind)
    });
    let body = call.operation.body.iter().map(|body| field("body", !body.required, &body.kind));
    arguments.chain(body).collect()
}

/// The names of what a call takes.
fn names(call: &CallCode<'_>) -> Vec<String> {
    let arguments = call.operation.arguments.iter().map(|argument| argument.name.clone());
    arguments.chain(call.operation.body.iter().map(|_| "body".to_owned())).collect()
}

/// `async getUser(context: Context, { userId }: GetUserInput): Promise<User> {`
fn head(call: &CallCode<'_>, input: Option<&str>, returns: &str) -> String {
    let mut parameters = vec![Code::text("context: Context")];
    let optional = call.operation.arguments.iter().all(|one| !one.parameter.required || call.operation.is_key(one))
        && call.operation.body.as_ref().is_none_or(|body| !body.required);
    let default = if optional { " = {}" } else { "" };
    parameters.extend(input.map(|input| Code::text(format!("{{ {} }}: {input}{default}", names(call).join(", ")))));
    let after = format!(": Promise<{returns}> {{");
    Code::Parameters(format!("async {}", call.operation.function), parameters).lay_out(2, "", &after)
}

/// `const GET_USER: Call = {…};`
fn constant(call: &CallCode<'_>) -> String {
    let operation = &call.operation;
    let text = |text: &str| Code::text(string(text));
    let answers = call.successes.iter().map(|(status, definition)| {
        let definition = definition.as_ref().map_or(Code::text("null"), |name| text(name));
        Code::Labelled(format!("{status}: "), Box::new(definition))
    });
    let plain = |name: &str, value: String| Code::Labelled(format!("{name}: "), Box::new(Code::text(value)));
    let mut fields = vec![
        Code::entry("id", text(&operation.operation.id)),
        Code::entry("method", text(&operation.operation.method.key().to_uppercase())),
        Code::entry("path", text(&operation.path)),
        Code::entry("answers", Code::Object(answers.collect())),
    ];
    let media_type = operation.body.as_ref().and_then(|body| body.content.first()).map(|(name, _)| name.as_str());
    if let Some(name) = media_type.filter(|name| *name != "application/json") {
        fields.push(Code::entry("mediaType", text(name)));
    }
    fields.push(plain("timeoutMilliseconds", number(call.call.timeout_ms)));
    if call.call.retries > 0 {
        fields.push(plain("retries", call.call.retries.to_string()));
    }
    let lines: Vec<String> = fields.iter().map(|field| format!("  {}\n", field.lay_out(2, "", ","))).collect();
    format!("const {}: Call = {{\n{}}};", operation.constant, lines.concat())
}

/// `await this.upstream.call(GET_USER, context, { path: { userId } })`.
fn sent(call: &CallCode<'_>) -> Code {
    let operation = &call.operation;
    let mut parts = Vec::new();
    let places = [
        ("path", ParameterLocation::Path),
        ("query", ParameterLocation::Query),
        ("headers", ParameterLocation::Header),
    ];
    for (name, location) in places {
        let own = operation.arguments.iter().filter(|argument| argument.parameter.location == location);
        let entries: Vec<Code> = own
            .map(|argument| {
                // Variables of the path have the names of arguments there.
                let key = if location == ParameterLocation::Path {
                    argument.name.as_str()
                } else {
                    argument.parameter.name.as_str()
                };
                let made_up = if call.operation.is_key(argument) { " ?? newId()" } else { "" };
                Code::entry(key, Code::text(format!("{}{made_up}", argument.name)))
            })
            .collect();
        if !entries.is_empty() {
            parts.push(Code::entry(name, Code::Object(entries)));
        }
    }
    if operation.body.is_some() {
        parts.push(Code::text("body"));
    }
    let mut arguments = vec![Code::text(operation.constant.clone()), Code::text("context")];
    if !parts.is_empty() {
        arguments.push(Code::Object(parts));
    }
    Code::Call("await this.upstream.call".to_owned(), arguments)
}

/// What the operation does, and what happens without an answer.
fn doc(call: &CallCode<'_>) -> String {
    let (summary, without) = call.call.described();
    match without {
        Some(told) => format!("{} Without an answer: {}", prose(&summary), prose(&told)),
        None => prose(&summary),
    }
}

fn copy(code: &ServiceCode<'_>, call: &CallCode<'_>, copied: &Copied, returns: &str) -> View {
    let argument = call.operation.argument(&copied.parameter);
    let name = argument.map_or("undefined", |argument| argument.name.as_str());
    let is_text = argument.is_some_and(|argument| argument.kind == Type::Text);
    let key = if is_text { name.to_owned() } else { format!("String({name})") };
    let copies = projection_name(&code.events.projections[copied.projection].name);
    let entries = copied.properties.iter();
    let entries = entries.map(|(name, of_copy)| Code::entry(name, Code::text(format!("copy{}", access(of_copy)))));
    let found = Code::Call(format!("await {copies}.get"), vec![Code::text("context"), Code::text(key)]);
    json!({
        "found": found.lay_out(6, "const copy = ", ";"),
        "result": Code::Object(entries.collect()).lay_out(6, "return ", &format!(" as {returns};"))})
}

fn token_check(code: &ServiceCode<'_>) -> View {
    let Some(check) = &code.token_check else { return View::Null };
    let client = &code.clients[check.call.0];
    let call = &client.calls[check.call.1];
    let body = check.field.as_ref().map(|field| Code::entry(field, Code::text("token")));
    let body = body.map(|field| Code::Object(vec![Code::entry("body", Code::Object(vec![field]))]));
    let arguments = std::iter::once(Code::text("context")).chain(body).collect();
    let target = format!("await this.{}.{}", client.module, call.operation.function);
    json!({
        "name": client.client.service.name,
        "module": client.module,
        "statement": Code::Call(target, arguments).lay_out(6, "", ";")})
}

/// The statements that ask, before an operation makes something, whether there is what it refers to.
pub(crate) fn references(code: &ServiceCode<'_>, operation: &str) -> Vec<String> {
    let own = code.references.iter().filter(|reference| reference.operation == operation);
    own.map(|reference| {
        let client = &code.clients[reference.call.0];
        let call = &client.calls[reference.call.1];
        let argument = call.operation.argument(&reference.parameter).map_or("", |argument| argument.name.as_str());
        let value = Code::text(format!("body{}", access(&reference.property)));
        let input = Code::Object(vec![Code::entry(argument, value)]);
        let target = format!("context.clients.{}.{}", client.module, call.operation.function);
        let asked = Code::Call(target, vec![Code::text("context"), input]);
        let pointer = string(&format!("#/{}", reference.property.replace('~', "~0").replace('/', "~1")));
        let arguments = vec![asked, Code::text(pointer), Code::text(reference.status.to_string())];
        Code::Call("await mustExist".to_owned(), arguments).lay_out(4, "", ";")
    })
    .collect()
}
