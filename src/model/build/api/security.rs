//! What a contract says of authentication: the schemes, and which of them an operation asks for.

use super::super::origin::At;
use crate::model::{List, ParameterLocation, SecurityRequirement, SecurityScheme, SecuritySchemeKind};
use crate::source::{NodeRef, Sources};

/// Alternatives, each a set of schemes.
pub(super) fn requirements(list: &At<'_>) -> List<Vec<SecurityRequirement>> {
    let one = |(scheme, scopes): (&str, NodeRef<'_>)| SecurityRequirement {
        scheme: scheme.to_owned(),
        scopes: scopes.items().filter_map(|scope| scope.scalar().map(str::to_owned)).collect(),
    };
    list.node.items().map(|alternative| alternative.fields().map(one).collect()).collect()
}

pub(super) fn security_schemes(sources: &Sources, root: &At<'_>) -> Vec<SecurityScheme> {
    let Some(schemes) = root.get("components").and_then(|components| components.get("securitySchemes")) else {
        return Vec::new();
    };
    let scheme = |(name, at): (&str, At<'_>)| {
        let end = match sources.follow(at.node_key()) {
            Ok(key) if key != at.node_key() => sources.node(key),
            _ => at.node,
        };
        Some(SecurityScheme { name: name.to_owned(), kind: scheme_kind(end)?, origin: at.origin(sources) })
    };
    schemes.fields().filter_map(scheme).collect()
}

fn scheme_kind(node: NodeRef<'_>) -> Option<SecuritySchemeKind> {
    let text = |key: &str| node.str_at(key).unwrap_or_default().to_owned();
    Some(match node.str_at("type")? {
        "http" => SecuritySchemeKind::Http {
            scheme: text("scheme").to_ascii_lowercase(),
            format: node.str_at("bearerFormat").map(str::to_owned),
        },
        "apiKey" => SecuritySchemeKind::ApiKey {
            location: match node.str_at("in")? {
                "query" => ParameterLocation::Query,
                "cookie" => ParameterLocation::Cookie,
                _ => ParameterLocation::Header,
            },
            parameter: text("name"),
        },
        "oauth2" => {
            let flows = node.get("flows");
            let flows = flows.iter().flat_map(|flows| flows.fields());
            let scopes = flows.filter_map(|(_, flow)| flow.get("scopes"));
            let mut scopes: Vec<String> = scopes
                .flat_map(|scopes| scopes.fields().map(|(scope, _)| scope.to_owned()).collect::<Vec<_>>())
                .collect();
            scopes.sort();
            scopes.dedup();
            SecuritySchemeKind::Oauth2 { scopes }
        }
        "openIdConnect" => SecuritySchemeKind::OpenIdConnect { url: text("openIdConnectUrl") },
        "mutualTLS" => SecuritySchemeKind::MutualTls,
        _ => return None,
    })
}
