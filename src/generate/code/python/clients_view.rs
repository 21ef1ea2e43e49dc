//! What the templates of clients are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::clients::{Copied, Failure, idempotency_key};
use crate::generate::code::service::{CallCode, ClientCode, ServiceCode, Type};
use crate::generate::code::spoken::spoken;
use crate::model::{Language, ParameterLocation};

use super::events_view::projection_name;
use super::layout::{Code, prose, string};
use super::models::{self, annotation};
use super::project::typing_names;

/// Flags and lists that many templates ask for.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    let setting = |client: &ClientCode<'_>| {
        let name = &client.client.service.name;
        json!({
            "name": name,
            "literal": string(name),
            "module": client.module,
            "class": client.class,
            "variable": client.variable,
            "setting": client.variable.to_lowercase(),
            "asked": code.token_check.as_ref().is_some_and(|check| std::ptr::eq(client, &code.clients[check.call.0])),
            "calls": client.calls.iter().map(|call| call.call.row()).collect::<Vec<_>>()})
    };
    let mut imports: Vec<View> = code.clients.iter().map(setting).collect();
    imports.sort_by_key(|one| one["module"].as_str().unwrap_or_default().to_owned());
    json!({
        "clients": code.clients.iter().map(setting).collect::<Vec<_>>(),
        "client_imports": imports,
        "token_check": token_check(code),
        "references": !code.references.is_empty(),
        "cached": calls(code).any(|call| matches!(call.call.failure, Failure::Cached(_))),
        "copies": !code.events.projections.is_empty()})
}

fn calls<'b, 'a>(code: &'b ServiceCode<'a>) -> impl Iterator<Item = &'b CallCode<'a>> {
    code.clients.iter().flat_map(|client| &client.calls)
}

/// The module of one client.
pub(crate) fn view(code: &ServiceCode<'_>, client: &ClientCode<'_>) -> View {
    let methods: Vec<View> = client.calls.iter().map(|call| method(code, call)).collect();
    let purpose = prose(&client.client.purpose);
    let any = |wanted: fn(&Failure) -> bool| client.calls.iter().any(|call| wanted(&call.call.failure));
    let mut names = vec!["Call"];
    if client.calls.iter().any(|call| matches!(call.call.failure, Failure::Refuse(401 | 403))) {
        names.push("Refused");
    }
    if any(|failure| *failure != Failure::Fail) {
        names.push("Unavailable");
    }
    names.push("Upstream");
    let copies: Vec<String> = client.calls.iter().filter_map(|call| copied(code, call)).collect();
    let mut copies: Vec<&String> = copies.iter().collect();
    copies.sort();
    copies.dedup();
    let annotated = |method: &View| ["head", "call"].map(|part| method[part].as_str().unwrap_or_default().to_owned());
    let annotated = methods.iter().flat_map(annotated).collect::<Vec<_>>().join("\n");
    let mut typing = models::typing(&client.definitions);
    typing.extend(typing_names(&spoken(Language::Python, &annotated)));
    typing.sort_unstable();
    typing.dedup();
    json!({
        "name": client.client.service.name,
        "class": client.class,
        "purpose": if client.client.purpose.is_empty() { format!("Calls of {}.", client.client.service.name) } else { purpose },
        "typing_import": if typing.is_empty() { String::new() } else { format!("from typing import {}", typing.join(", ")) },
        "copies": copies,
        "problem": any(|failure| matches!(failure, Failure::Refuse(_))),
        "keyed": client.calls.iter().any(|call| idempotency_key(call.operation.operation).is_some()),
        "upstream_names": names.join(", "),
        "definitions": models::definitions(&client.definitions),
        "caches": client.calls.iter().filter_map(cache).collect::<Vec<_>>(),
        "methods": methods})
}

/// `self.last_get_rates: LastAnswers[Rates] = LastAnswers(300)`.
fn cache(call: &CallCode<'_>) -> Option<String> {
    let Failure::Cached(seconds) = call.call.failure else { return None };
    let kind = annotation(&call.returns, "");
    Some(format!("self.last_{}: LastAnswers[{kind}] = LastAnswers({seconds})", call.operation.function))
}

/// The constant of the copies that a call falls back on.
fn copied(code: &ServiceCode<'_>, call: &CallCode<'_>) -> Option<String> {
    let Failure::Copy(copied) = &call.call.failure else { return None };
    Some(projection_name(&code.events.projections[copied.projection].name))
}

fn method(code: &ServiceCode<'_>, call: &CallCode<'_>) -> View {
    let (kind, result) = match &call.call.failure {
        Failure::Fail => ("fail", call.returns.clone()),
        Failure::Refuse(_) => ("refuse", call.returns.clone()),
        Failure::Degrade => ("degrade", call.returns.clone().or_null()),
        Failure::Cached(_) => ("cached", call.returns.clone()),
        Failure::Copy(_) => ("copy", call.returns.clone()),
    };
    let indent = if kind == "fail" { 8 } else { 12 };
    let answers = call.returns != Type::Null;
    let before = if answers { format!("answer: {} = ", annotation(&call.returns, "")) } else { String::new() };
    let refuse = match call.call.failure {
        Failure::Refuse(status) => status,
        _ => 0,
    };
    json!({
        "kind": kind,
        "constant": constant(call),
        "head": head(call, &annotation(&result, "")),
        "doc": doc(call),
        "call": sent(call).lay_out(indent, &before, ""),
        "answers": answers,
        "status": refuse,
        "challenge": refuse == 401,
        "refusals": matches!(refuse, 401 | 403),
        "copy": match &call.call.failure {
            Failure::Copy(copied) => copy(code, call, copied),
            _ => View::Null,
        },
        "cache": format!("self.last_{}", call.operation.function),
        "arguments": given(call)})
}

/// `GET_USER = Call(…)`.
fn constant(call: &CallCode<'_>) -> String {
    let operation = &call.operation;
    let labelled = |name: &str, value: Code| Code::Labelled(format!("{name}="), Box::new(value));
    let answers = call.successes.iter().map(|(status, definition)| {
        let definition = definition.as_ref().map_or("None".to_owned(), |name| string(name));
        Code::text(format!("{status}: {definition}"))
    });
    let mut fields = vec![
        labelled("id", Code::text(string(&operation.operation.id))),
        labelled("method", Code::text(string(&operation.operation.method.key().to_uppercase()))),
        labelled("path", Code::text(string(&operation.path))),
        labelled("answers", Code::group("{", answers.collect(), "}")),
    ];
    let media_type = operation.body.as_ref().and_then(|body| body.content.first()).map(|(name, _)| name.as_str());
    if let Some(name) = media_type.filter(|name| *name != "application/json") {
        fields.push(labelled("media_type", Code::text(string(name))));
    }
    fields.push(labelled("timeout_seconds", Code::text(seconds(call.call.timeout_ms))));
    if call.call.retries > 0 {
        fields.push(labelled("retries", Code::text(call.call.retries.to_string())));
    }
    let lines: Vec<String> = fields.iter().map(|field| format!("    {}\n", field.lay_out(4, "", ","))).collect();
    format!("{} = Call(\n{})", operation.constant, lines.concat())
}

/// Milliseconds as seconds, with a decimal point.
fn seconds(milliseconds: u64) -> String {
    let text = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

fn head(call: &CallCode<'_>, returns: &str) -> String {
    let operation = &call.operation;
    let mut required = Vec::new();
    let mut optional = Vec::new();
    for argument in &operation.arguments {
        if argument.parameter.required && !call.operation.is_key(argument) {
            required.push(Code::text(format!("{}: {}", argument.name, annotation(&argument.kind, ""))));
        } else {
            let kind = annotation(&argument.kind.clone().or_null(), "");
            optional.push(Code::text(format!("{}: {kind} = None", argument.name)));
        }
    }
    if let Some(body) = &operation.body {
        let kind = annotation(&body.kind, "");
        match body.required {
            true => required.push(Code::text(format!("body: {kind}"))),
            false => optional.push(Code::text(format!("body: {kind} = None"))),
        }
    }
    let mut parameters = vec![Code::text("self"), Code::text("context: Context")];
    if !required.is_empty() || !optional.is_empty() {
        parameters.push(Code::text("*"));
    }
    parameters.extend(required);
    parameters.extend(optional);
    let open = format!("async def {}(", operation.function);
    Code::group(open, parameters, ")").lay_out(4, "", &format!(" -> {returns}:"))
}

/// `await self.upstream.call(GET_USER, context, path={…})`.
fn sent(call: &CallCode<'_>) -> Code {
    let operation = &call.operation;
    let mut arguments = vec![Code::text(operation.constant.clone()), Code::text("context")];
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
                let made_up = if call.operation.is_key(argument) { " or new_id()" } else { "" };
                Code::entry(key, Code::text(format!("{}{made_up}", argument.name)))
            })
            .collect();
        if !entries.is_empty() {
            arguments.push(Code::Labelled(format!("{name}="), Box::new(Code::group("{", entries, "}"))));
        }
    }
    if operation.body.is_some() {
        arguments.push(Code::text("body=body"));
    }
    Code::group("await self.upstream.call(", arguments, ")")
}

/// The arguments that an answer depends on, as a list.
fn given(call: &CallCode<'_>) -> String {
    let names: Vec<&str> = call.operation.arguments.iter().map(|argument| argument.name.as_str()).collect();
    format!("[{}]", names.join(", "))
}

/// What the operation does, and what happens without an answer.
fn doc(call: &CallCode<'_>) -> String {
    let (summary, without) = call.call.described();
    match without {
        Some(told) => format!("{} Without an answer: {}", prose(&summary), prose(&told)),
        None => prose(&summary),
    }
}

fn copy(code: &ServiceCode<'_>, call: &CallCode<'_>, copied: &Copied) -> View {
    let key = call.operation.argument(&copied.parameter).map_or("None", |argument| argument.name.as_str());
    let entries = copied
        .properties
        .iter()
        .map(|(name, of_copy)| Code::entry(name, Code::text(format!("copy[{}]", string(of_copy)))));
    json!({
        "constant": projection_name(&code.events.projections[copied.projection].name),
        "key": key,
        "result": Code::group("{", entries.collect(), "}").lay_out(12, "return ", "")})
}

fn token_check(code: &ServiceCode<'_>) -> View {
    let Some(check) = &code.token_check else { return View::Null };
    let client = &code.clients[check.call.0];
    let call = &client.calls[check.call.1];
    let body = check.field.as_ref().map(|field| format!(", body={{{}: token}}", string(field)));
    json!({
    "name": client.client.service.name,
    "module": client.module,
    "statement": format!(
        "await self.{}.{}(context{})",
        client.module,
        call.operation.function,
        body.unwrap_or_default()
    )})
}

/// The statements that ask, before an operation makes something, whether there is what it refers to.
pub(crate) fn references(code: &ServiceCode<'_>, operation: &str) -> Vec<String> {
    let own = code.references.iter().filter(|reference| reference.operation == operation);
    own.map(|reference| {
        let client = &code.clients[reference.call.0];
        let call = &client.calls[reference.call.1];
        let argument = call.operation.argument(&reference.parameter).map_or("", |argument| argument.name.as_str());
        let property = string(&reference.property);
        let asked = Code::group(
            format!("self.clients.{}.{}(", client.module, call.operation.function),
            vec![Code::text("context"), Code::text(format!("{argument}=body[{property}]"))],
            ")",
        );
        let pointer = string(&format!("#/{}", reference.property.replace('~', "~0").replace('/', "~1")));
        let arguments = vec![asked, Code::text(pointer), Code::text(reference.status.to_string())];
        Code::group("await must_exist(", arguments, ")").lay_out(8, "", "")
    })
    .collect()
}
