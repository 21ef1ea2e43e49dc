//! What the manifests of one service say, as their templates see it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::quantity;
use crate::generate::GenerateError;
use crate::generate::environment::{self, Source, Variable};
use crate::model::{Platform, Service, ServiceKind};
use crate::template::names::{self, Scope};

/// One service as a workload.
#[derive(Debug, Serialize)]
pub(super) struct Workload {
    /// Its name in the cluster: of the Deployment, the Service, the ServiceAccount and the container.
    pub(super) name: String,
    /// Files that it is made from.
    sources: Vec<String>,
    /// `app.kubernetes.io/part-of`.
    platform: String,
    /// `app.kubernetes.io/component`.
    component: &'static str,
    /// `app.kubernetes.io/version` and the tag of the image.
    version: String,
    image: String,
    port: u16,
    replicas: u32,
    resources: Vec<Resource>,
    /// Plain environment variables.
    environment: Vec<Plain>,
    /// Environment variables that are keys of the Secret with the workload's name.
    secrets: Vec<Secret>,
}

/// One resource with its request and limit.
#[derive(Debug, Serialize)]
struct Resource {
    name: &'static str,
    request: String,
    limit: String,
}

/// An environment variable with its value.
#[derive(Debug, Serialize)]
struct Plain {
    name: String,
    value: String,
}

/// An environment variable from a Secret.
#[derive(Debug, Serialize)]
struct Secret {
    name: String,
    key: &'static str,
}

/// The name of each service in the cluster; two that would be the same are told apart.
pub(super) fn labels(platform: &Platform) -> BTreeMap<&str, String> {
    let mut scope = Scope::new();
    let label = |service: &str| {
        let mut label = names::dns_label(service);
        label.truncate(56);
        label.trim_end_matches('-').to_owned()
    };
    platform.services.iter().map(|service| (service.name.as_str(), scope.unique(&label(&service.name), "-"))).collect()
}

/// The workload of a service. `slug` is the platform's name.
///
/// # Errors
/// When its port or resources are such that no pod could have them.
pub(super) fn of(
    platform: &Platform,
    service: &Service,
    labels: &BTreeMap<&str, String>,
    slug: &str,
) -> Result<Workload, GenerateError> {
    let name = labels.get(service.name.as_str()).cloned().unwrap_or_else(|| names::dns_label(&service.name));
    let deployment = &service.deployment;
    if deployment.port == 0 {
        return Err(unsupported(
            service,
            "port 0 cannot be listened on; state another under Deployment & Infrastructure",
        ));
    }
    let (environment, secrets) = environment(platform, service, labels);
    let version = tag(service.api.as_ref().map_or("", |api| api.version.as_str()));
    let specs = service.spec.iter().map(|spec| spec.origin.file.to_string());
    let contracts = service.api.iter().map(|api| api.origin.file.to_string());
    Ok(Workload {
        sources: specs.chain(contracts).collect(),
        platform: label_value(slug),
        component: component(service.kind),
        image: format!("{slug}/{name}:{version}"),
        version,
        port: deployment.port,
        replicas: deployment.replicas,
        resources: vec![
            resource(service, "cpu", &deployment.cpu)?,
            resource(service, "memory", &deployment.memory)?,
            Resource { name: "ephemeral-storage", request: "64Mi".to_owned(), limit: "256Mi".to_owned() },
        ],
        environment,
        secrets,
        name,
    })
}

/// The variables that the service reads; an address is the name and port of the other's Service.
fn environment(platform: &Platform, service: &Service, labels: &BTreeMap<&str, String>) -> (Vec<Plain>, Vec<Secret>) {
    let (mut plain, mut secrets) = (Vec::new(), Vec::new());
    for Variable { name, source, .. } in environment::variables(platform, service) {
        match source {
            Source::Port => plain.push(Plain { name, value: service.deployment.port.to_string() }),
            Source::Secret(key) => secrets.push(Secret { name, key }),
            Source::Address(provider) => {
                let port = platform.service(&provider).map(|provider| provider.deployment.port);
                if let (Some(host), Some(port)) = (labels.get(provider.as_str()), port) {
                    plain.push(Plain { name, value: format!("http://{host}:{port}") });
                }
            }
        }
    }
    (plain, secrets)
}

fn resource(
    service: &Service,
    name: &'static str,
    (request, limit): &(String, String),
) -> Result<Resource, GenerateError> {
    let amount = |text: &str| {
        quantity::parse(text).ok_or_else(|| {
            let example = if name == "cpu" { "250m" } else { "256Mi" };
            unsupported(service, &format!("`{text}` is no quantity of {name}; write one such as `{example}`"))
        })
    };
    let raised = if amount(limit)? < amount(request)? { request } else { limit };
    Ok(Resource { name, request: request.clone(), limit: raised.clone() })
}

fn unsupported(service: &Service, reason: &str) -> GenerateError {
    GenerateError::Unsupported { service: service.name.clone(), reason: reason.to_owned() }
}

fn component(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Api => "api",
        ServiceKind::EventProcessor => "event-processor",
        ServiceKind::Bff => "bff",
        ServiceKind::Gateway => "gateway",
        ServiceKind::Worker => "worker",
    }
}

/// A version that can be an image tag and a label: at most 63 of letters, digits, `.`, `_` and `-`, the first and last a
/// letter or digit. `latest` names no version.
fn tag(version: &str) -> String {
    let tag = label_value(version);
    if tag.is_empty() || tag.eq_ignore_ascii_case("latest") { "0.1.0".to_owned() } else { tag }
}

fn label_value(text: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    let mut value: String = text.trim().chars().map(|letter| if allowed(letter) { letter } else { '-' }).collect();
    value.truncate(63);
    value.trim_matches(['.', '_', '-']).to_owned()
}
