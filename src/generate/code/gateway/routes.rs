//! The routes of a gateway: which requests it knows, who is let in, and how long it waits.

use crate::model::{Api, Operation, PathTemplate, Routing, SecuritySchemeKind};

use super::TIMEOUT_MS;

/// One route.
#[derive(Clone, Debug)]
pub(crate) struct Route<'a> {
    /// The operation that it leads to.
    pub(crate) operation: &'a Operation,
    /// The path that fits it.
    pub(crate) path: PathTemplate,
    /// Index of the service behind the gateway.
    pub(crate) upstream: usize,
    /// What is asked of the caller's bearer token.
    pub(crate) token: Token,
    /// How long the service may be silent, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// What is asked of a bearer token. Other credentials are the business of the service behind the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// None is asked for; one that is sent is passed on unread.
    Ignored,
    /// There is a way in without one: it is read to know the caller, and nobody is refused.
    Optional,
    /// A valid one that grants all scopes of at least one of these alternatives.
    Demanded(Vec<Vec<String>>),
}

impl Token {
    /// What is asked, in words.
    pub(crate) fn described(&self) -> String {
        match self {
            Token::Ignored => "no token is asked for".to_owned(),
            Token::Optional => "a token is read where there is one".to_owned(),
            Token::Demanded(alternatives) => {
                let scopes: Vec<String> =
                    alternatives.iter().filter(|scopes| !scopes.is_empty()).map(|scopes| scopes.join(" ")).collect();
                match alternatives.iter().any(Vec::is_empty) {
                    true => "a valid token is demanded".to_owned(),
                    false => format!("a valid token with {} is demanded", scopes.join(" or ")),
                }
            }
        }
    }
}

/// The routes of a gateway: of those that fit a request, the first counts.
pub(crate) fn routes<'a>(routing: &Routing<'a>) -> Vec<Route<'a>> {
    let mut routes = Vec::new();
    for (at, upstream) in routing.upstreams.iter().enumerate() {
        for (operation, row) in &upstream.operations {
            routes.push(Route {
                operation,
                path: PathTemplate::of(upstream.api, operation),
                upstream: at,
                token: token(upstream.api, operation),
                timeout_ms: row.timeout_ms.unwrap_or(TIMEOUT_MS).max(1),
            });
        }
    }
    routes.sort_by_cached_key(|route| route.path.rank());
    routes
}

/// Whether a scheme is a bearer token: `http` with `bearer`, OAuth 2.0 and OpenID Connect are, and what is not declared counts as
/// one.
fn is_token(api: &Api, scheme: &str) -> bool {
    let declared = api.security_schemes.iter().find(|known| known.name == scheme);
    declared.is_none_or(|scheme| match &scheme.kind {
        SecuritySchemeKind::Http { scheme, .. } => scheme != "basic",
        SecuritySchemeKind::Oauth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => true,
        SecuritySchemeKind::ApiKey { .. } | SecuritySchemeKind::MutualTls => false,
    })
}

/// What is asked of the token of an operation's callers.
pub(super) fn token(api: &Api, operation: &Operation) -> Token {
    let mut alternatives: Vec<Vec<String>> = Vec::new();
    let mut without = operation.security.is_empty();
    for alternative in &operation.security {
        let mut tokens = alternative.iter().filter(|one| is_token(api, &one.scheme)).peekable();
        if tokens.peek().is_none() {
            without = true;
            continue;
        }
        let mut scopes: Vec<String> = tokens.flat_map(|one| one.scopes.iter().cloned()).collect();
        scopes.sort();
        scopes.dedup();
        if !alternatives.contains(&scopes) {
            alternatives.push(scopes);
        }
    }
    match (alternatives.is_empty(), without) {
        (true, _) => Token::Ignored,
        (false, true) => Token::Optional,
        (false, false) => Token::Demanded(alternatives),
    }
}
