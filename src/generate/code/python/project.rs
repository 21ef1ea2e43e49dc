//! What the templates of a whole project are rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::behaviour::Source;
use crate::model::{ParameterLocation, Schemas, SecuritySchemeKind};

use super::clients_view;
use super::events_view;
use super::handlers::CollectionView;
use super::health::health_content;
use super::layout::{Code, prose, string};
use super::models::annotation;
use super::operations::{group_imports, security_view};
use super::package;
use super::sagas_view;
use crate::generate::code::service::{ResourceCode, ServiceCode, is_basic, is_token};
use crate::generate::code::streams;

/// What the files share that are the same for every contract but for names and settings.
pub(super) fn project_view(schemas: &Schemas, code: &ServiceCode<'_>) -> View {
    let health = health_content(schemas, code);
    let health_paths: Vec<String> = code
        .probes
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.contains("health") && *path != "/health")
        .map(|path| string(path))
        .collect();
    let security = with(security_view(code), events_view::flags(code));
    let security = with(with(security, clients_view::flags(code)), sagas_view::flags(code));
    let security = with(security, depth(code));
    let content = health.iter().map(|(name, value)| Code::text(format!("{name}: {value}"))).collect();
    let content = Code::group("{", content, "}");
    let (free_ids, free_numbers) = (code.makes(&Source::FreeId), code.makes(&Source::FreeNumber));
    let (first_key, first_value) = health.iter().find(|(_, value)| value != "timestamp()").cloned().unwrap_or_default();
    with(
        security,
        json!({
        "package": package(code.service),
        "name": code.service.name,
        "name_literal": string(&code.service.name),
        "service_literal": string(&code.service.name),
        "title": prose(&code.api.title).trim_end_matches('.').to_owned(),
        "title_literal": string(&code.api.title),
        "version": code.api.version,
        "version_literal": string(&code.api.version),
        "project_version": project_version(&code.api.version),
        "port": code.service.deployment.port,
        "base_path": code.api.base_path,
        "contract": code.contract_file(),
        "groups": code.groups.iter().enumerate().map(|(at, group)| json!({
            "module": group.module,
            "class": group.class,
            "arguments": arguments(code, at)})).collect::<Vec<_>>(),
        "handler_imports": group_imports(&code.groups),
        "app_imports": app_imports(code),
        "resources": !code.resources.is_empty(),
        "shaped": !code.error_bodies.is_empty(),
        "numbers": free_numbers || code.makes(&Source::NextNumber),
        "free_ids": free_ids,
        "free_numbers": free_numbers,
        "health_answer": Code::group("JSONResponse(", vec![content], ")").lay_out(4, "return ", ""),
        "health_paths": health_paths,
        "health_timestamp": health.iter().any(|(_, value)| value == "timestamp()"),
        "health_key": first_key,
        "health_value": first_value}),
    )
}

/// What the handlers of a group are made with.
fn arguments(code: &ServiceCode<'_>, group: usize) -> String {
    let parts = [("clients", !code.clients.is_empty()), ("Sessions(settings)", code.uses_sessions(group))];
    parts.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Flags for what makes several parts of the run time work together.
fn depth(code: &ServiceCode<'_>) -> View {
    let (clients, sagas) = (!code.clients.is_empty(), !code.sagas.is_empty());
    json!({
        "keyed": code.is_keyed(),
        "caching": code.keeps_answers(),
        "event_sourced": streams::any(code),
        "event_streams": streams::lines(code),
        "event_example": code.resources.iter().find(|one| streams::is_stream(one)).map(|one| &one.constant),
        "caused": code.events.any() || clients || sagas || streams::any(code)})
}

/// A view with more in it.
pub(super) fn with(mut view: View, more: View) -> View {
    if let (View::Object(view), View::Object(more)) = (&mut view, more) {
        view.extend(more);
    }
    view
}

/// A version that Python packages may have: that of the contract where it is one, else 0.0.0.
fn project_version(version: &str) -> String {
    let digits = version.strip_prefix('v').unwrap_or(version);
    let valid =
        digits.split('.').all(|part| !part.is_empty() && part.len() < 10 && part.chars().all(|c| c.is_ascii_digit()));
    if valid { digits.to_owned() } else { "0.0.0".to_owned() }
}

/// The module that declares the collection of a resource, from the package.
pub(super) fn declared_in(code: &ServiceCode<'_>, resource: &ResourceCode) -> String {
    if streams::is_stream(resource) {
        "contract.streams".to_owned()
    } else {
        format!("handlers.{}", code.groups[resource.group].module)
    }
}

/// The collections whose documents are kept as events.
pub(super) fn streams_view(code: &ServiceCode<'_>) -> View {
    let found: Vec<&ResourceCode> = code.resources.iter().filter(|resource| streams::is_stream(resource)).collect();
    let declarations: Vec<String> = found.iter().map(|resource| collection(resource).declaration).collect();
    let names = found.iter().map(|resource| Code::text(resource.constant.as_str())).collect();
    let all = Code::group("[", names, "]").lay_out(0, "STREAMS: list[EventSourced[Any]] = ", "");
    json!({ "streams": declarations, "all_streams": all })
}

/// `USERS: Collection[models.User] = Collection("users", key="id")`.
pub(super) fn collection(resource: &ResourceCode) -> CollectionView {
    let mut arguments =
        vec![Code::text(string(&resource.table)), Code::text(format!("key={}", string(&resource.resource.key)))];
    if !resource.resource.unique.is_empty() {
        let names = resource.resource.unique.iter().map(|name| Code::text(string(name))).collect();
        arguments.push(Code::Labelled("unique=".to_owned(), Box::new(Code::group("[", names, "]"))));
    }
    let mut class = "Collection";
    if let Some(sourcing) = resource.event_sourcing {
        class = "EventSourced";
        arguments.push(Code::text(format!("snapshot_every={}", sourcing.snapshot_every)));
    }
    let before = format!("{}: {class}[{}] = ", resource.constant, annotation(&resource.model, "models."));
    CollectionView { declaration: Code::group(format!("{class}("), arguments, ")").lay_out(0, &before, "") }
}

/// What a text uses of `typing`, as an import.
pub(super) fn typing_import(text: &str) -> String {
    let used = typing_names(text);
    if used.is_empty() { String::new() } else { format!("from typing import {}", used.join(", ")) }
}

/// The names of `typing` in a text.
pub(super) fn typing_names(text: &str) -> Vec<&'static str> {
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    ["Any", "Literal"].into_iter().filter(|name| words.contains(name)).collect()
}

/// The classes of handlers, in the order of imports.
fn app_imports(code: &ServiceCode<'_>) -> Vec<View> {
    let mut found = group_imports(&code.groups);
    if !code.events.subscriptions.is_empty() {
        found.push(json!({ "module": "consumers", "class": "Consumers" }));
    }
    found.sort_by_key(|view| view["module"].as_str().unwrap_or_default().to_owned());
    found
}

pub(super) fn bearer(code: &ServiceCode<'_>) -> bool {
    code.uses_scheme(is_token)
}

/// Headers that satisfy every scheme whose credentials travel in one.
pub(super) fn credentials(code: &ServiceCode<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if bearer(code) {
        lines.push("\"Authorization\": f\"Bearer {jwt.encode(claims, SECRET, algorithm='HS256')}\"".to_owned());
    } else if code.uses_scheme(is_basic) {
        lines.push("\"Authorization\": f\"Basic {b64encode(f'tester:{SECRET}'.encode()).decode()}\"".to_owned());
    }
    let mut names = BTreeSet::new();
    for operation in &code.operations {
        for requirement in operation.operation.security.iter().flatten() {
            if let SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter } =
                code.scheme(&requirement.scheme)
            {
                names.insert(parameter);
            }
        }
    }
    lines.extend(names.iter().map(|name| format!("{}: SECRET", string(name))));
    lines
}
