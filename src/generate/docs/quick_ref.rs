//! What `quick-ref.md` shows of a service, cut to a number of tokens.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::generate::{code, environment};
use crate::model::{DependencyKind, Operation, PathTemplate, Platform, Routing, Service};
use crate::template::{TemplateError, one_line};

/// A service on a page. Lists are cut from the end where the page is too long.
#[derive(Clone, Debug, Serialize)]
pub(super) struct QuickRef {
    name: String,
    endpoints: Vec<String>,
    files: Vec<String>,
    environment: Vec<String>,
    integration: Vec<String>,
    /// How many lines were cut away.
    left_out: usize,
}

/// The page of a service.
pub(super) fn of(platform: &Platform, service: &Service) -> QuickRef {
    QuickRef {
        name: service.name.clone(),
        endpoints: endpoints(platform, service),
        files: files(platform, service),
        environment: environment(platform, service),
        integration: integration(platform, service),
        left_out: 0,
    }
}

/// Tokens of a text, by the estimate of four characters a token.
pub(super) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

/// The rendered page, without what does not fit: first files, then environment, then endpoints, then the rest, each from
/// its end.
pub(super) fn fit(
    mut view: QuickRef,
    target: u32,
    render: impl Fn(&QuickRef) -> Result<String, TemplateError>,
) -> Result<String, TemplateError> {
    loop {
        let text = render(&view)?;
        let excess = tokens(&text).saturating_sub(target as usize);
        if excess == 0 || !cut(&mut view, excess * 4) {
            return Ok(text);
        }
    }
}

/// Cuts at least one line, and about as many as hold this number of characters; false where nothing is left to cut.
fn cut(view: &mut QuickRef, characters: usize) -> bool {
    let lists = [&mut view.files, &mut view.environment, &mut view.endpoints, &mut view.integration];
    for list in lists {
        let mut gone = 0;
        while gone < characters {
            let Some(line) = list.pop() else { break };
            gone += line.chars().count() + 3;
            view.left_out += 1;
        }
        if gone > 0 {
            return true;
        }
    }
    false
}

/// The operations of its contract; what is passed on, where it is a gateway.
fn endpoints(platform: &Platform, service: &Service) -> Vec<String> {
    let line = |path: &str, operation: &Operation| {
        let told = operation.summary.as_ref().map(|summary| format!(" - {}", one_line(summary))).unwrap_or_default();
        format!("{} {path}{told}", operation.method.key().to_uppercase())
    };
    if let Some(routing) = Routing::of(platform, service) {
        let routed = routing.upstreams.iter().flat_map(|upstream| {
            let operations = upstream.operations.iter();
            operations.map(|(operation, _)| line(&PathTemplate::of(upstream.api, operation).text, operation))
        });
        return routed.collect();
    }
    let operations = service.api.iter().flat_map(|api| &api.operations);
    operations.map(|operation| line(&operation.path, operation)).collect()
}

fn files(platform: &Platform, service: &Service) -> Vec<String> {
    let mut files = Vec::new();
    // A gateway has no handlers.
    if !code::is_gateway(platform, service) {
        files.push(format!("{} - Code of your own", below(service, &code::sources(service))));
    }
    files.extend(service.api.iter().map(|api| format!("{} - HTTP contract", below(service, &api.origin.file))));
    files.extend(service.spec.iter().map(|spec| format!("{} - Specification", below(service, &spec.origin.file))));
    files
}

/// A path relative to the service's folder.
fn below<'a>(service: &Service, path: &'a str) -> &'a str {
    path.strip_prefix(&service.folder).map_or(path, |rest| rest.trim_start_matches('/'))
}

fn environment(platform: &Platform, service: &Service) -> Vec<String> {
    let variables = environment::variables(platform, service).into_iter();
    variables.map(|variable| format!("{} - {}", variable.name, variable.meaning)).collect()
}

fn integration(platform: &Platform, service: &Service) -> Vec<String> {
    let calls = platform.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Synchronous);
    let callers: BTreeSet<&str> =
        calls.clone().filter(|edge| edge.provider == service.name).map(|edge| edge.consumer.as_str()).collect();
    let called: BTreeSet<&str> = service.upstream.iter().map(|row| row.service.as_str()).collect();
    let published: BTreeSet<&str> = service.publishes.iter().map(|event| event.name.as_str()).collect();
    let consumed: BTreeSet<&str> = service.consumes.iter().map(|event| event.name.as_str()).collect();
    let databases: BTreeSet<&str> = service.ownership.databases.iter().map(String::as_str).collect();
    let told = [
        ("Calls", called),
        ("Called by", callers),
        ("Publishes", published),
        ("Consumes", consumed),
        ("Database", databases),
    ];
    let line = |(what, names): (&str, BTreeSet<&str>)| {
        let names: Vec<&str> = names.into_iter().collect();
        (!names.is_empty()).then(|| format!("{what}: {}", names.join(", ")))
    };
    told.into_iter().filter_map(line).collect()
}
