//! Clients of other services, with names and types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::generate::code::behaviour::Archetypes;
use crate::generate::code::clients::{Call, Client, Clients, can_be_sent};
use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource;
use crate::generate::code::schema_document::{Direction, SchemaDocument};
use crate::model::{Operation, Schemas};
use crate::template::names::identifier;

use super::builder::Builder;
use super::types::{Body, Definition, Models, Type};
use super::{ClientNaming, Naming, OperationCode, operation_name, roots};

/// A client.
pub(crate) struct ClientCode<'a> {
    /// What it calls.
    pub(crate) client: Client<'a>,
    /// Name of its module, and of its property in the set of clients.
    pub(crate) module: String,
    /// Name of its class.
    pub(crate) class: String,
    /// The environment variable with the address, `USER_SERVICE_URL`.
    pub(crate) variable: String,
    /// Its calls, in the same order.
    pub(crate) calls: Vec<CallCode<'a>>,
    /// Types with names; what one uses stands before it, but for cycles.
    pub(crate) definitions: Vec<Definition>,
}

/// A call of an operation.
pub(crate) struct CallCode<'a> {
    /// How it is called.
    pub(crate) call: Call<'a>,
    /// The operation with names and types; what cannot be sent is not among its arguments, and its answers are not those of
    /// the schemas that are checked.
    pub(crate) operation: OperationCode<'a>,
    /// The statuses of success with the definition that each must hold to; nothing where there is no content.
    pub(crate) successes: Vec<(u16, Option<String>)>,
    /// Type of what it answers.
    pub(crate) returns: Type,
}

/// The code of all clients of a service, and the definitions that answers are held to.
pub(super) fn clients<'a>(
    schemas: &'a Schemas,
    clients: &Clients<'a>,
    naming: &Naming,
) -> (Vec<ClientCode<'a>>, BTreeMap<String, Value>) {
    let mut modules = Names::new(naming.language).with(naming.modules);
    let mut found = Vec::new();
    let mut definitions = BTreeMap::new();
    let Some(own) = naming.clients else { return (found, definitions) };
    for client in &clients.found {
        let module = modules.claim(&client.service.name, naming.module);
        let (code, answers) = code(schemas, client, module, naming, own);
        found.push(code);
        definitions.extend(answers);
    }
    (found, definitions)
}

fn code<'a>(
    schemas: &'a Schemas,
    client: &Client<'a>,
    module: String,
    naming: &Naming,
    own: ClientNaming,
) -> (ClientCode<'a>, BTreeMap<String, Value>) {
    let naming = &Naming { locals: own.locals, types: own.types, ..*naming };
    let operations: Vec<&Operation> = client.calls.iter().map(|call| call.operation).collect();
    let class = identifier(naming.language, Case::Pascal, &client.service.name);
    let roots = roots(&operations);
    // Requests are checked by who gets them: only answers need schemas here.
    let mut unchecked = SchemaDocument::new(schemas, &roots);
    let answers: Vec<_> = roots.iter().copied().filter(|(_, direction)| *direction == Direction::Response).collect();
    let mut document = SchemaDocument::of_upstream(schemas, &answers, &client.service.name);
    let archetypes = Archetypes::new(schemas, client.api);
    let mut models = Models::new(schemas, &mut unchecked, naming);
    models.reserve(&class);
    let mut functions = Names::new(naming.language).with(own.locals).with(&["close", "upstream"]);
    let mut calls = Vec::new();
    for call in &client.calls {
        let function = functions.claim(&operation_name(call.operation), naming.function);
        let error_bodies = Vec::new();
        let mut builder =
            Builder { api: client.api, archetypes: &archetypes, models: &mut models, naming, schemas, error_bodies };
        let mut operation = builder.operation(call.operation, function, 0);
        operation.arguments.retain(|argument| can_be_sent(schemas, argument.parameter));
        let (successes, returns) = answered(call, &operation, &mut models, &mut document);
        calls.push(CallCode { call: call.clone(), operation, successes, returns });
    }
    let mut definitions = std::mem::take(&mut models.definitions);
    for at in 0..calls.len() {
        narrow(&mut calls, at, &mut definitions);
    }
    prune(&calls, &mut definitions);
    let variable = crate::generate::environment::address_of(&client.service.name);
    let code = ClientCode { client: client.clone(), module, class, variable, calls, definitions };
    (code, document.into_tolerant())
}

/// What a call answers: statuses with their definitions, and the type of all of them.
fn answered(
    call: &Call<'_>,
    operation: &OperationCode<'_>,
    models: &mut Models<'_, '_>,
    document: &mut SchemaDocument<'_>,
) -> (Vec<(u16, Option<String>)>, Type) {
    let (plain, _) = resource::success(call.operation);
    let mut successes = Vec::new();
    let mut kinds: Vec<Type> = Vec::new();
    let hint = identifier(crate::model::Language::Other, Case::Pascal, &operation.function);
    for response in call.operation.responses.iter().filter(|response| response.status.starts_with('2')) {
        let status = response.status.parse().unwrap_or(plain);
        let media = resource::json_content(&response.content);
        let (kind, definition) = match media.map(|media| media.schema) {
            None => (Type::Null, None),
            Some(None) => (Type::Any, Some(document.anything())),
            Some(Some(id)) => {
                let part =
                    call.fields.as_ref().and_then(|fields| document.define_part(id, &operation.function, fields));
                let whole = || document.define(id, Direction::Response, &format!("{}.{status}", operation.function));
                (models.of(id, Direction::Response, &format!("{hint}Result")), Some(part.unwrap_or_else(whole)))
            }
        };
        if !successes.iter().any(|(known, _)| *known == status) {
            successes.push((status, definition));
            kinds.push(kind);
        }
    }
    (successes, Type::one_of(kinds))
}

/// Lets the type of an answer have only the properties that are looked at.
fn narrow(calls: &mut [CallCode<'_>], at: usize, definitions: &mut Vec<Definition>) {
    let (Some(fields), Type::Named(name)) = (&calls[at].call.fields, &calls[at].returns) else { return };
    let Some(place) = definitions.iter().position(|one| one.name == *name) else { return };
    let Body::Object(known) = &definitions[place].body else { return };
    let kept = known.iter().filter(|field| fields.contains(&field.name)).cloned().collect();
    let body = Body::Object(kept);
    let uses = |kind: &Type| {
        let mut found = false;
        kind.walk(&mut |part| found |= matches!(part, Type::Named(used) if used == name));
        found
    };
    let others = calls.iter().enumerate().filter(|(other, _)| *other != at);
    let sent = |one: &CallCode<'_>| one.operation.body.as_ref().is_some_and(|body| uses(&body.kind));
    let shared = others.clone().any(|(_, one)| uses(&one.returns))
        || calls.iter().any(sent)
        || definitions.iter().any(|one| one.kinds().iter().any(|kind| uses(kind)));
    if !shared {
        definitions[place].body = body;
        return;
    }
    let pascal = Case::Pascal.apply(&calls[at].operation.function);
    let mut name = format!("{pascal}Answer");
    while definitions.iter().any(|one| one.name == name) {
        name.push('2');
    }
    let schema = definitions[place].schema;
    definitions.push(Definition { name: name.clone(), body, schema });
    calls[at].returns = Type::Named(name);
}

/// Removes the types that nothing uses.
fn prune(calls: &[CallCode<'_>], definitions: &mut Vec<Definition>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut pending: Vec<String> = Vec::new();
    let mut note = |kind: &Type, pending: &mut Vec<String>| {
        kind.walk(&mut |part| {
            if let Type::Named(name) = part
                && used.insert(name.clone())
            {
                pending.push(name.clone());
            }
        });
    };
    for call in calls {
        note(&call.returns, &mut pending);
        call.operation.arguments.iter().for_each(|argument| note(&argument.kind, &mut pending));
        call.operation.body.iter().for_each(|body| note(&body.kind, &mut pending));
    }
    while let Some(name) = pending.pop() {
        let definition = definitions.iter().find(|one| one.name == name);
        for kind in definition.map(Definition::kinds).unwrap_or_default() {
            note(kind, &mut pending);
        }
    }
    definitions.retain(|one| used.contains(&one.name));
}
