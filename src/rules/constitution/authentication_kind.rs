//! Operations that accept no credentials of the kind that the constitution demands.

use std::collections::BTreeMap;

use super::authentication_missing::is_entrance;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::document::words::plain;
use crate::model::{Api, Choice, Operation, ParameterLocation, Platform, SecurityScheme, SecuritySchemeKind};
use crate::rules::operations::{is_operational, title};
use crate::rules::route::key_route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Operations that accept no credentials of the kind that the constitution demands.
pub(crate) static RULE: Rule = Rule {
    id: "authentication-kind",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An operation accepts no credentials of the kind that the constitution demands",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/authentication-kind.md"),
    check: Check::Api(check),
};

/// Kinds of credentials that a constitution may demand. Any of those that are named will do.
#[derive(Clone, Copy, Default)]
struct Demanded {
    /// JWT, bearer and access tokens, however they are obtained: OAuth 2 and OpenID Connect.
    tokens: bool,
    keys: bool,
    sessions: bool,
    mutual_tls: bool,
    basic: bool,
}

impl Demanded {
    /// The kinds that a text names; nothing where it names none, such as a product's name.
    fn of(text: &str) -> Option<Demanded> {
        let words = plain(text);
        let has = |known: &[&str]| known.iter().any(|known| format!(" {words} ").contains(&format!(" {known} ")));
        let demanded = Demanded {
            tokens: has(&["jwt", "jwts", "bearer", "token", "tokens", "oauth", "oauth2", "oidc", "openid"]),
            keys: has(&["api key", "api keys", "apikey", "apikeys"]),
            sessions: has(&["session", "sessions", "cookie", "cookies"]),
            mutual_tls: has(&["mtls", "mutual tls", "client certificate", "client certificates"]),
            basic: has(&["basic"]),
        };
        let Demanded { tokens, keys, sessions, mutual_tls, basic } = demanded;
        (tokens || keys || sessions || mutual_tls || basic).then_some(demanded)
    }

    /// Whether a scheme can be of one of the kinds. What may carry a token under a name of its own is given the benefit.
    fn accepts(self, scheme: &SecurityScheme) -> bool {
        match &scheme.kind {
            SecuritySchemeKind::Http { scheme, .. } if scheme == "basic" => self.basic,
            SecuritySchemeKind::Http { scheme, format } => {
                let is_jwt = format.as_ref().is_some_and(|format| format.eq_ignore_ascii_case("jwt"));
                (self.tokens && scheme != "digest") || (self.keys && scheme == "bearer" && !is_jwt)
            }
            SecuritySchemeKind::Oauth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => self.tokens,
            SecuritySchemeKind::MutualTls => self.mutual_tls,
            SecuritySchemeKind::ApiKey { location, parameter } => {
                let name = parameter.to_lowercase();
                let carries = ["auth", "token", "jwt"].iter().any(|word| name.contains(word));
                let in_cookie = *location == ParameterLocation::Cookie;
                self.keys || (self.tokens && (carries || in_cookie)) || (self.sessions && (in_cookie || carries))
            }
        }
    }
}

fn check(context: Context<'_>, service: &ServiceDocuments, _: &OpenApi, out: &mut Findings) {
    let Some(text) = stated(context.platform) else { return };
    let Some(demanded) = Demanded::of(text) else { return };
    let Some(api) = context.platform.service(&service.name).and_then(|service| service.api.as_ref()) else { return };
    let schemes: BTreeMap<&str, &SecurityScheme> =
        api.security_schemes.iter().map(|scheme| (scheme.name.as_str(), scheme)).collect();
    // One finding for a scheme: it is mended once, wherever it is asked for.
    let mut refused: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &api.operations {
        let own = is_operational(&operation.path) || is_entrance(&operation.path) || is_entrance(&operation.id);
        if let Some(name) = refused_by(operation, &schemes, demanded).filter(|_| !own) {
            refused.entry(name).or_default().push(operation);
        }
    }
    for (name, operations) in refused {
        let Some(route) = schemes.get(name).and_then(|scheme| key_route_of(context.sources, &scheme.origin)) else { continue };
        let of = listed(api, &operations);
        let message = format!("{of} accepts `{name}`, {}; the constitution demands {text}", shown(schemes[name]));
        let help = "Declare a scheme of that kind, such as `type: http, scheme: bearer` for tokens, and name it in `security`";
        let finding = RULE.finding(route, message).help(help);
        let asked = key_route_of(context.sources, &operations[0].origin);
        out.push(match asked {
            Some(asked) => finding.related(asked, "accepts nothing else"),
            None => finding,
        });
    }
}

/// What the constitution says of authentication.
fn stated(platform: &Platform) -> Option<&str> {
    let standard = platform.standards.stated.iter().find(|(key, _)| Choice::of(key) == Some(Choice::Authentication));
    platform.technology.authentication.as_deref().or(standard.map(|(_, value)| value.as_str()))
}

/// The scheme that an operation asks for, where it asks for some and none of them is accepted. A scheme that is not
/// declared may be anything; an operation that may be called without any is left to another rule.
fn refused_by<'a>(
    operation: &'a Operation,
    schemes: &BTreeMap<&str, &SecurityScheme>,
    demanded: Demanded,
) -> Option<&'a str> {
    let fits = |name: &str| schemes.get(name).is_none_or(|scheme| demanded.accepts(scheme));
    let open = operation.security.iter().any(Vec::is_empty);
    let accepted = operation.security.iter().flatten().any(|asked| fits(&asked.scheme));
    let first = operation.security.iter().flatten().next()?;
    (!open && !accepted).then_some(first.scheme.as_str())
}

/// `GET /a`, or `GET /a` and how many others.
fn listed(api: &Api, operations: &[&Operation]) -> String {
    let first = title(api, operations[0]);
    match operations.len() {
        1 => format!("`{first}` only"),
        2 => format!("`{first}`, like another operation, only"),
        count => format!("`{first}`, like {} other operations, only", count - 1),
    }
}

fn shown(scheme: &SecurityScheme) -> String {
    match &scheme.kind {
        SecuritySchemeKind::Http { scheme, .. } => format!("HTTP `{scheme}`"),
        SecuritySchemeKind::ApiKey { parameter, .. } => format!("a key in `{parameter}`"),
        SecuritySchemeKind::Oauth2 { .. } => "OAuth 2".to_owned(),
        SecuritySchemeKind::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
        SecuritySchemeKind::MutualTls => "mutual TLS".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn scheme(kind: SecuritySchemeKind) -> SecurityScheme {
        SecurityScheme { name: "one".to_owned(), kind, origin: Origin::default() }
    }

    #[test]
    fn each_kind_accepts_what_can_be_of_it() {
        let http = |scheme: &str, format: Option<&str>| SecuritySchemeKind::Http {
            scheme: scheme.to_owned(),
            format: format.map(str::to_owned),
        };
        let key = |location, parameter: &str| SecuritySchemeKind::ApiKey { location, parameter: parameter.to_owned() };
        let all = [
            ("jwt", http("bearer", Some("JWT"))),
            ("bearer", http("bearer", None)),
            ("basic", http("basic", None)),
            ("oauth2", SecuritySchemeKind::Oauth2 { scopes: Vec::new() }),
            ("oidc", SecuritySchemeKind::OpenIdConnect { url: String::new() }),
            ("key", key(ParameterLocation::Header, "X-Key")),
            ("header", key(ParameterLocation::Header, "Authorization")),
            ("cookie", key(ParameterLocation::Cookie, "sid")),
            ("mtls", SecuritySchemeKind::MutualTls),
        ];
        let accepted = |text: &str| -> Option<String> {
            let demanded = Demanded::of(text)?;
            let names = all.iter().filter(|(_, kind)| demanded.accepts(&scheme(kind.clone()))).map(|(name, _)| *name);
            Some(names.collect::<Vec<_>>().join(" "))
        };
        for text in ["JWT tokens", "OAuth2", "OAuth 2.0 (authorization code)", "Bearer access tokens", "OIDC"] {
            assert_eq!(accepted(text).as_deref(), Some("jwt bearer oauth2 oidc header cookie"), "{text}");
        }
        assert_eq!(accepted("API keys").as_deref(), Some("bearer key header cookie"));
        assert_eq!(accepted("mTLS between services").as_deref(), Some("mtls"));
        assert_eq!(accepted("HTTP Basic").as_deref(), Some("basic"));
        assert_eq!(accepted("Session cookies").as_deref(), Some("header cookie"));
        assert_eq!(accepted("JWT or mutual TLS").as_deref(), Some("jwt bearer oauth2 oidc header cookie mtls"));
        assert_eq!(accepted("Keycloak"), None);
    }
}
