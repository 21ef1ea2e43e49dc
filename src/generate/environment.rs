//! The environment variables that a generated service reads, for manifests that set them and documents that name them.

use crate::model::{Language, Platform, SecuritySchemeKind, Service};
use crate::template::names::{Case, identifier};

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The port that the service listens on.
    Port,
    /// Name of a service that is called, whose address the value is.
    Address(String),
    /// A key of the service's own Secret.
    Secret(&'static str),
}

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub source: Source,
    /// What it is, without a full stop.
    pub meaning: String,
}

/// The variables of a service: where it listens, whom it calls, its database, and what its callers' credentials are
/// checked with. Services that the platform does not have cannot be addressed and are left out.
pub fn variables(platform: &Platform, service: &Service) -> Vec<Variable> {
    let port = format!("Where it listens ({})", service.deployment.port);
    let mut found = vec![Variable { name: "PORT".to_owned(), source: Source::Port, meaning: port }];
    if let Some((services, reads_tokens)) = super::code::gateway_needs(platform, service) {
        found.extend(services.into_iter().map(address));
        if reads_tokens {
            found.push(secret("JWT_SECRET", "jwt-secret", "Key that access tokens are signed with"));
        }
        return found;
    }
    for row in &service.upstream {
        let name = address_of(&row.service);
        if platform.service(&row.service).is_some() && found.iter().all(|variable| variable.name != name) {
            let (source, meaning) = (Source::Address(row.service.to_string()), format!("Address of {}", row.service));
            found.push(Variable { name, source, meaning });
        }
    }
    found.push(secret("DATABASE_URL", "database-url", "Database connection"));
    if !service.publishes.is_empty() || !service.consumes.is_empty() {
        found.push(secret("BROKER_URL", "broker-url", "Message broker connection"));
    }
    if super::code::keeps_answers(service) {
        found.push(secret("CACHE_URL", "cache-url", "Cache connection"));
    }
    let kinds = schemes(service);
    let any = |wanted: fn(&SecuritySchemeKind) -> bool| kinds.iter().any(wanted);
    let issues = super::code::issues_tokens(platform, service);
    if issues || any(|kind| !is_basic(kind) && !matches!(kind, SecuritySchemeKind::ApiKey { .. })) {
        found.push(secret("JWT_SECRET", "jwt-secret", "Key that access tokens are signed with"));
    }
    if any(|kind| matches!(kind, SecuritySchemeKind::ApiKey { .. })) {
        found.push(secret("API_KEY", "api-key", "Key that callers send"));
    }
    if any(is_basic) {
        found.push(secret("BASIC_USERNAME", "basic-username", "Name that callers send"));
        found.push(secret("BASIC_PASSWORD", "basic-password", "Password that callers send"));
    }
    found
}

fn address(called: &Service) -> Variable {
    let (source, meaning) = (Source::Address(called.name.clone()), format!("Address of {}", called.name));
    Variable { name: address_of(&called.name), source, meaning }
}

/// The variable with the address of a service that is called.
pub(super) fn address_of(service: &str) -> String {
    identifier(Language::Other, Case::Constant, service) + "_URL"
}

fn secret(name: &str, key: &'static str, meaning: &str) -> Variable {
    Variable { name: name.to_owned(), source: Source::Secret(key), meaning: meaning.to_owned() }
}

fn is_basic(kind: &SecuritySchemeKind) -> bool {
    matches!(kind, SecuritySchemeKind::Http { scheme, .. } if scheme == "basic")
}

/// The schemes that operations ask for; one that is not declared is a bearer token.
fn schemes(service: &Service) -> Vec<SecuritySchemeKind> {
    let Some(api) = &service.api else { return Vec::new() };
    let asked = api.operations.iter().flat_map(|operation| operation.security.iter().flatten());
    let kind = |name: &str| {
        let declared = api.security_schemes.iter().find(|scheme| scheme.name == name);
        declared.map_or_else(
            || SecuritySchemeKind::Http { scheme: "bearer".to_owned(), format: None },
            |scheme| scheme.kind.clone(),
        )
    };
    asked.map(|requirement| kind(&requirement.scheme)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::model::{CachedOperation, Framework, ParameterLocation, SecurityRequirement, SecurityScheme};

    #[test]
    fn what_operations_ask_for_decides_about_secrets() {
        let mut platform = fixture::platform();
        let names = |platform: &Platform| {
            let names = variables(platform, &platform.services[0]).into_iter().map(|variable| variable.name);
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&platform), ["PORT", "STOCK_SERVICE_URL", "DATABASE_URL", "BROKER_URL"]);
        let api = platform.services[0].api.as_mut().unwrap();
        let require = |scheme: &str| vec![SecurityRequirement { scheme: scheme.to_owned(), scopes: Vec::new() }];
        api.operations[0].security = vec![require("undeclared"), require("key")].into();
        api.security_schemes = vec![SecurityScheme {
            name: "key".to_owned(),
            kind: SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter: "X-Key".to_owned() },
            origin: crate::model::Origin::default(),
        }];
        assert_eq!(names(&platform)[2..], ["DATABASE_URL", "BROKER_URL", "JWT_SECRET", "API_KEY"]);
    }

    #[test]
    fn a_service_that_keeps_answers_is_told_where() {
        let mut platform = fixture::platform();
        let stock = platform.services.iter_mut().find(|service| service.name == "stock-service").unwrap();
        (stock.language, stock.framework) = (Language::Python, Framework::Fastapi);
        let cached = |platform: &Platform| {
            let variables = variables(platform, platform.service("stock-service").unwrap());
            variables.iter().any(|variable| variable.name == "CACHE_URL")
        };
        assert!(!cached(&platform));
        let operation = "GET /api/v1/books".to_owned();
        let row = CachedOperation { operation, seconds: Some(60), ..CachedOperation::default() };
        platform.services.iter_mut().for_each(|service| service.caching = vec![row.clone()]);
        assert!(cached(&platform));
    }
}
