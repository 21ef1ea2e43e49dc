//! The security schemes of several contracts in one document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::{Language, ParameterLocation, RoutedService, Routing, SecurityScheme, SecuritySchemeKind};
use crate::template::names::{Case, Scope, identifier};

/// The security schemes of all contracts. One name that means different things gets the service's before it.
pub(super) struct Schemes {
    /// The schemes by their names in the document.
    pub(super) kinds: BTreeMap<String, Value>,
    /// For each service, the names in the document by those in its contract.
    pub(super) names: Vec<BTreeMap<String, String>>,
}

impl Schemes {
    /// The schemes of all services behind a gateway.
    pub(super) fn new(routing: &Routing<'_>) -> Schemes {
        let mut meanings: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let own: Vec<Vec<(&str, Value)>> = routing.upstreams.iter().map(schemes_of).collect();
        for (name, kind) in own.iter().flatten() {
            meanings.entry(name).or_default().push(kind.clone());
        }
        let agrees = |name: &str| meanings[name].iter().all(|kind| *kind == meanings[name][0]);
        let mut scope = Scope::new();
        meanings.keys().filter(|name| agrees(name)).for_each(|name| scope.reserve(name));
        let mut schemes = Schemes { kinds: BTreeMap::new(), names: Vec::new() };
        for (upstream, own) in routing.upstreams.iter().zip(&own) {
            let mut names = BTreeMap::new();
            for (name, kind) in own {
                let prefix = identifier(Language::Other, Case::Camel, &upstream.service.name);
                let shown = match agrees(name) {
                    true => (*name).to_owned(),
                    false => scope.unique(&format!("{prefix}-{name}"), "-"),
                };
                names.insert((*name).to_owned(), shown.clone());
                schemes.kinds.insert(shown, kind.clone());
            }
            schemes.names.push(names);
        }
        schemes
    }
}

/// The schemes that a service's operations ask for, sorted by name.
fn schemes_of<'r>(upstream: &'r RoutedService<'_>) -> Vec<(&'r str, Value)> {
    let asked = upstream.operations.iter().flat_map(|(operation, _)| operation.security.iter().flatten());
    let mut names: Vec<&str> = asked.map(|requirement| requirement.scheme.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let declared = |name: &str| upstream.api.security_schemes.iter().find(|scheme| scheme.name == name);
    names.into_iter().map(|name| (name, scheme(declared(name)))).collect()
}

/// How a scheme is written. The gateway wants the tokens of OAuth 2.0 as bearer tokens, and does not say where they come from.
fn scheme(declared: Option<&SecurityScheme>) -> Value {
    let bearer = || json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
    let Some(declared) = declared else { return bearer() };
    match &declared.kind {
        SecuritySchemeKind::Http { scheme, format: Some(format) } => {
            json!({ "type": "http", "scheme": scheme, "bearerFormat": format })
        }
        SecuritySchemeKind::Http { scheme, format: None } => json!({ "type": "http", "scheme": scheme }),
        SecuritySchemeKind::ApiKey { location, parameter } => {
            json!({ "type": "apiKey", "in": place(*location), "name": parameter })
        }
        SecuritySchemeKind::Oauth2 { .. } => bearer(),
        SecuritySchemeKind::OpenIdConnect { url } => json!({ "type": "openIdConnect", "openIdConnectUrl": url }),
        SecuritySchemeKind::MutualTls => json!({ "type": "mutualTLS" }),
    }
}

/// Where a parameter or key is sent, as contracts name it.
pub(super) fn place(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}
