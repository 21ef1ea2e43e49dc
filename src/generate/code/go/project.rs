//! What the templates of a whole project are rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::behaviour::Source;
use crate::generate::code::migrations;
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{ServiceCode, is_basic, is_token};
use crate::generate::code::shape::{self, Shape};
use crate::generate::code::streams;
use crate::model::{ParameterLocation, Schemas, SecuritySchemeKind};

use super::clients::ClientPackage;
use super::clients_view;
use super::events_view;
use super::layout::{entries, json as literal, prose, string};
use super::module;
use super::names::Names;
use super::pattern;
use super::sagas_view;

/// What the files share that are the same for every contract but for names and settings.
pub(super) fn view(schemas: &Schemas, code: &ServiceCode<'_>, names: &Names, clients: &[ClientPackage<'_>]) -> View {
    let (health, timestamp) = health(schemas, code);
    let paths = code.probes.iter().map(|(path, _)| path);
    let paths = paths.filter(|path| path.contains("health") && *path != "/health").map(|path| string(path));
    let (free_ids, free_numbers) = (code.makes(&Source::FreeId), code.makes(&Source::FreeNumber));
    let groups = names.groups.iter().enumerate().map(|(at, group)| {
        let base = format!("{0}: contract.{0}{{Clients: called}}", group.unimplemented);
        let fields = [
            (!code.clients.is_empty(), base.as_str()),
            (code.uses_sessions(at), "Sessions: &auth.Sessions{Settings: settings}"),
        ];
        let fields: Vec<&str> = fields.iter().filter(|(used, _)| *used).map(|(_, field)| *field).collect();
        json!({
            "class": group.class,
            "interface": group.interface,
            "argument": group.argument,
            "variable": group.variable,
            "fields": fields.join(", ")})
    });
    let sessions = (0..code.groups.len()).any(|at| code.uses_sessions(at));
    let used = |kind: fn(&SecuritySchemeKind) -> bool| code.uses_scheme(kind);
    let key_in = |place: ParameterLocation| {
        code.uses_scheme(|kind| matches!(kind, SecuritySchemeKind::ApiKey { location, .. } if *location == place))
    };
    let own = json!({
        "module": module(code.service),
        "name": code.service.name,
        "name_literal": string(&code.service.name),
        "title": prose(&code.api.title).trim_end_matches('.').to_owned(),
        "version": code.api.version,
        "version_literal": string(&code.api.version),
        "port": code.service.deployment.port,
        "base_path": code.api.base_path,
        "contract": code.contract_file(),
        "groups": groups.collect::<Vec<_>>(),
        "sessions": sessions,
        "resources": !code.resources.is_empty(),
        "tables": migrations::any(code),
        "shaped": !code.error_bodies.is_empty(),
        "numbers": free_numbers || code.makes(&Source::NextNumber),
        "free_ids": free_ids,
        "free_numbers": free_numbers,
        "bearer": used(is_token),
        "auth": code.auth.is_some(),
        "reads_tokens": code.reads_tokens(),
        "jwt": used(is_token) || code.auth.is_some(),
        "basic": used(is_basic),
        "api_key": used(|kind| matches!(kind, SecuritySchemeKind::ApiKey { .. })),
        "key_in_header": key_in(ParameterLocation::Header),
        "key_in_query": key_in(ParameterLocation::Query),
        "key_in_cookie": key_in(ParameterLocation::Cookie),
        "ecma": pattern::needs_ecma(code.schemas.document()),
        "health_answer": health,
        "health_paths": paths.collect::<Vec<_>>(),
        "health_timestamp": timestamp});
    let own = with(own, events_view::flags(code));
    let own = with(own, clients_view::flags(code, clients));
    let own = with(own, sagas_view::flags(code, names, used(is_token)));
    let example = code.resources.iter().position(streams::is_stream).map(|at| &names.resources[at].collection);
    with(with(own, depth(code)), json!({ "event_example": example }))
}

/// Flags for what makes several parts of the run time work together.
fn depth(code: &ServiceCode<'_>) -> View {
    let (clients, sagas) = (!code.clients.is_empty(), !code.sagas.is_empty());
    let (keyed, event_sourced) = (code.is_keyed(), streams::any(code));
    json!({
        "keyed": keyed,
        "caching": code.keeps_answers(),
        "event_sourced": event_sourced,
        "event_streams": streams::lines(code),
        "ends": code.events.any() || clients || sagas,
        "caused": code.events.any() || clients || sagas || event_sourced,
        "traced": code.events.publishes || clients || sagas || event_sourced,
        "tasks": code.events.publishes || keyed || sagas})
}

/// A view with more in it.
pub(super) fn with(mut view: View, more: View) -> View {
    if let (View::Object(view), View::Object(more)) = (&mut view, more) {
        view.extend(more);
    }
    view
}

/// The content of a health answer, and whether it tells the time: what the contract's schema wants, or the plain word.
fn health(schemas: &Schemas, code: &ServiceCode<'_>) -> (String, bool) {
    let declared = code.probes.iter().find(|(path, _)| path.contains("health"));
    let answer = declared.and_then(|(_, operation)| resource::answer(schemas, operation));
    let shape = answer.and_then(|answer| Shape::of(schemas, answer.schema)).unwrap_or_default();
    let mut pairs = Vec::new();
    let mut timestamp = false;
    for property in &shape.properties {
        let value = match property.name.to_ascii_lowercase().as_str() {
            "status" => {
                let first = shape::first_choice(schemas, property.schema);
                string(first.as_ref().and_then(View::as_str).unwrap_or("ok"))
            }
            "service" | "name" => string(&code.service.name),
            "version" => string(&code.api.version),
            "timestamp" | "time" => {
                timestamp = true;
                "values.Timestamp()".to_owned()
            }
            _ if property.required => {
                let sample = sample(schemas, property.schema, Direction::Response).unwrap_or_default();
                format!("json.RawMessage({})", literal(&sample))
            }
            _ => continue,
        };
        pairs.push((string(&property.name), value));
    }
    if pairs.is_empty() {
        pairs.push((string("status"), string("ok")));
    }
    if let [(name, value)] = pairs.as_slice() {
        return (format!("map[string]any{{{name}: {value}}}"), timestamp);
    }
    let lines: Vec<String> = entries(&pairs).iter().map(|line| format!("\t\t{line}")).collect();
    (format!("map[string]any{{\n{}\n\t}}", lines.join("\n")), timestamp)
}

/// Headers that satisfy every scheme whose credentials travel in one, as entries of a literal.
pub(super) fn credentials(code: &ServiceCode<'_>) -> Vec<String> {
    let mut pairs = Vec::new();
    if code.uses_scheme(is_token) {
        pairs.push((string("Authorization"), "{\"Bearer \" + token}".to_owned()));
    } else if code.uses_scheme(is_basic) {
        let basic = "{\"Basic \" + base64.StdEncoding.EncodeToString([]byte(\"tester:\"+Secret))}";
        pairs.push((string("Authorization"), basic.to_owned()));
    }
    let mut names = BTreeSet::new();
    for requirement in code.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten()) {
        if let SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter } =
            code.scheme(&requirement.scheme)
        {
            names.insert(parameter);
        }
    }
    pairs.extend(names.iter().map(|name| (string(name), "{Secret}".to_owned())));
    entries(&pairs)
}

/// What handlers use of the run time that is not always there.
pub(super) fn uses(handlers: &str, project: &View) -> View {
    let flag = |name: &str| project[name] == true;
    let calls = |name: &str| handlers.contains(&format!("values.{name}"));
    let instant = calls("Instant(");
    json!({
        "pages": handlers.contains("store.Offset("),
        "value_id": calls("NewID(") || flag("free_ids") || flag("caused") || flag("auth"),
        "value_timestamp": calls("Timestamp(") || flag("events") || flag("event_sourced") || flag("health_timestamp"),
        "value_instant": instant,
        "value_or": calls("Or("),
        "value_convert": calls("Convert[")})
}
