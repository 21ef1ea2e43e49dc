//! Gateways: what a service of the type Gateway passes on, to whom and under which conditions, as every language sees it.

mod answers;
mod components;
mod openapi;
mod routes;
mod schemes;
#[cfg(test)]
mod tests;
mod writer;

use serde_json::Value;

use crate::generate::environment::address_of;
use crate::model::{Platform, Routing, Service, Upstream};
use crate::template::names::dns_label;

pub(crate) use routes::{Route, Token, routes};
pub(crate) use writer::Writer;

/// How long a service behind a gateway may be silent where the spec does not say, in milliseconds: as for clients.
const TIMEOUT_MS: u64 = 5000;
/// The version of a gateway, which has no contract that could name one.
const VERSION: &str = "0.1.0";

/// A gateway.
#[derive(Clone, Debug)]
pub(crate) struct Gateway<'a> {
    /// The service.
    pub(crate) service: &'a Service,
    /// What it is called in documents.
    pub(crate) title: String,
    /// What it is for, in a sentence.
    pub(crate) description: String,
    /// The version of what it offers.
    pub(crate) version: &'static str,
    /// The services behind it, in the order of the rows.
    pub(crate) upstreams: Vec<Behind<'a>>,
    /// Its routes: of those that fit a request, the first counts.
    pub(crate) routes: Vec<Route<'a>>,
    /// Everything that it offers, as one OpenAPI document (version 3.1).
    pub(crate) openapi: Value,
}

/// A service behind a gateway.
#[derive(Clone, Debug)]
pub(crate) struct Behind<'a> {
    /// The service.
    pub(crate) service: &'a Service,
    /// What it is for, from the first row that says it.
    pub(crate) purpose: String,
    /// The environment variable with its address.
    pub(crate) variable: String,
    /// Its address where the variable is not set: where the manifests put it.
    pub(crate) url: String,
    /// What the spec says should happen when it does not answer.
    pub(crate) failure_text: Option<String>,
}

/// Why a gateway gets no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoGateway {
    /// It is no gateway, or has a contract of its own, or nothing that it could pass on.
    Nothing,
    /// Two services behind it would answer the same requests: what and who.
    Conflict(String),
}

impl<'a> Gateway<'a> {
    /// The gateway that a service is.
    ///
    /// # Errors
    /// When it is none, or its routes contradict each other.
    pub(crate) fn new(platform: &'a Platform, service: &'a Service) -> Result<Gateway<'a>, NoGateway> {
        let routing = routing(platform, service)?;
        let upstreams: Vec<Behind<'a>> =
            routing.upstreams.iter().map(|upstream| behind(upstream.service, &service.upstream)).collect();
        let title = title(service);
        let names: Vec<&str> = upstreams.iter().map(|upstream| upstream.service.name.as_str()).collect();
        let description = format!("What {} offer behind one address.", list(&names));
        let document = openapi::Document { title: &title, description: &description, version: VERSION };
        let openapi = document.write(&platform.schemas, &routing, &upstreams);
        Ok(Gateway { service, title, description, version: VERSION, routes: routes(&routing), upstreams, openapi })
    }

    /// Whether a token is looked at anywhere, so that its key must be known.
    pub(crate) fn reads_tokens(&self) -> bool {
        reads_tokens(&self.routes)
    }

    /// The document as it is written to a file.
    pub(crate) fn openapi_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.openapi).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// What a gateway passes on, where that is something and clear.
pub(crate) fn routing<'a>(platform: &'a Platform, service: &'a Service) -> Result<Routing<'a>, NoGateway> {
    let routing = Routing::of(platform, service).filter(|routing| !routing.upstreams.is_empty());
    let routing = routing.ok_or(NoGateway::Nothing)?;
    let Some(conflict) = routing.conflicts.first() else { return Ok(routing) };
    let (second, operation) = conflict.second;
    Err(NoGateway::Conflict(format!(
        "`{} {}` of {} is offered by {} already",
        operation.method.key().to_uppercase(),
        operation.path,
        second.name,
        conflict.first.0.name
    )))
}

fn reads_tokens(routes: &[Route<'_>]) -> bool {
    routes.iter().any(|route| route.token != Token::Ignored)
}

/// The services that a gateway needs the addresses of, and whether it needs the key of tokens; nothing where a service is none.
pub(crate) fn needs<'a>(platform: &'a Platform, service: &'a Service) -> Option<(Vec<&'a Service>, bool)> {
    let routing = routing(platform, service).ok()?;
    let services = routing.upstreams.iter().map(|upstream| upstream.service).collect();
    Some((services, reads_tokens(&routes(&routing))))
}

/// What a service's rows say of one behind it.
fn behind<'a>(service: &'a Service, rows: &[Upstream]) -> Behind<'a> {
    let own = || rows.iter().filter(|row| row.service == service.name);
    let stated = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    Behind {
        service,
        purpose: own().find_map(|row| stated(&row.purpose)).unwrap_or_default(),
        variable: address_of(&service.name),
        url: format!("http://{}:{}", dns_label(&service.name), service.deployment.port),
        failure_text: own().find_map(|row| stated(row.failure_mode.as_deref()?)),
    }
}

/// The title of its spec without the word for what a spec is, or its name.
fn title(service: &Service) -> String {
    let stated = service.spec.as_ref().map(|spec| spec.title.trim()).unwrap_or_default();
    let bare = ["Service Specification", "Specification", "Spec"].iter().find_map(|word| stated.strip_suffix(word));
    let title = bare.unwrap_or(stated).trim();
    if title.is_empty() { service.name.clone() } else { title.to_owned() }
}

/// `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
