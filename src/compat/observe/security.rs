//! Compares who is let in. Each alternative names schemes that are needed together; a scheme is what it says and not its
//! name, so a renamed one is no change. Of two schemes that both want a bearer token nothing says whether one takes the tokens
//! of the other.

use rustc_hash::FxHashMap;

use super::super::change::{Action, Change, Containment, Effect, Kind, Reaching};
use super::super::relation::Decision;
use crate::model::{Api, Operation, SecurityRequirement, SecuritySchemeKind};

/// What one alternative needs, sorted.
type Needs = Vec<Need>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    /// What a caller has to present.
    scheme: String,
    /// Sorted.
    scopes: Vec<String>,
    /// Whether it is a bearer token (RFC 6750), or may be one.
    is_token: bool,
}

const TOKENS: Decision =
    Decision::Unknown("both ask for a bearer token, and nothing says whether the same tokens are taken");

/// So many alternatives that begin with a token are looked at for each that asks for another.
const TRIED: usize = 100;

/// So many alternatives are shown.
const SHOWN: usize = 20;

/// Comparisons of who is let in. Thousands of operations may have the same two lists.
#[derive(Default)]
pub(super) struct Compared {
    /// By the addresses of the lists, which live as long as the models.
    known: FxHashMap<[usize; 2], Option<(Containment, [String; 2])>>,
}

impl Compared {
    pub(super) fn change(
        &mut self,
        (old, before): (&Api, &Operation),
        (new, after): (&Api, &Operation),
        reach: &Reaching,
    ) -> Option<Change> {
        let lists = [&before.security, &after.security];
        let known = self.known.entry(lists.map(|list| list.as_ptr().addr())).or_insert_with(|| {
            let (was, is) = (alternatives(old, before), alternatives(new, after));
            let ways = Containment { old_in_new: lets_in(&was, &is), new_in_old: lets_in(&is, &was) };
            (ways != Containment::EQUAL).then(|| (ways, texts([old, new], lists.map(|list| &list[..]))))
        });
        let (ways, [was, is]) = known.as_ref()?;
        let change = Change::new(Kind::Security, Action::Changed, Effect::None, "security").contained(*ways);
        let change = change.values(was, is);
        // What the document says for all is one change at its place, that reaches all.
        let places = if before.inherits_security && after.inherits_security {
            (&old.security_origin, &new.security_origin)
        } else {
            (&before.origin, &after.origin)
        };
        Some(change.places(Some(places.0), Some(places.1)).reaching(reach))
    }
}

/// What both sides ask for, for people.
fn texts(apis: [&Api; 2], lists: [&[Vec<SecurityRequirement>]; 2]) -> [String; 2] {
    let [was, is] = lists.map(|list| text(list, &|name| name.to_owned()));
    if was != is {
        return [was, is];
    }
    // The schemes behind the names are others.
    let scheme = |api: &Api, name: &str| {
        let is = identity(api, name);
        format!("{name}, {}", if is.starts_with("oauth2") { "oauth2" } else { is.trim_end() })
    };
    [0, 1].map(|at| text(lists[at], &|name| scheme(apis[at], name)))
}

/// Alternatives, with schemes as `called`.
fn text(list: &[Vec<SecurityRequirement>], called: &dyn Fn(&str) -> String) -> String {
    let one = |all: &Vec<SecurityRequirement>| {
        let names = all.iter().map(|one| match one.scopes.as_slice() {
            [] => called(&one.scheme),
            scopes => format!("{} ({})", called(&one.scheme), scopes.join(", ")),
        });
        let names: Vec<String> = names.collect();
        if names.is_empty() { "none".to_owned() } else { names.join(" and ") }
    };
    let shown: Vec<String> = list.iter().take(SHOWN).map(one).collect();
    match list.len().saturating_sub(SHOWN) {
        0 if shown.is_empty() => "none".to_owned(),
        0 => shown.join(" or "),
        more => format!("{} or {more} more", shown.join(" or ")),
    }
}

/// Whether everybody whom `some` lets in is let in by `all`: each alternative holds one of the other side.
fn lets_in(some: &[Needs], all: &[Needs]) -> Decision {
    // What holds an alternative holds the first need of it.
    let mut index: FxHashMap<&str, Vec<&Needs>> = FxHashMap::default();
    let mut tokens: Vec<&Needs> = Vec::new();
    for asked in all {
        let Some(first) = asked.first() else { return Decision::Yes };
        index.entry(&first.scheme).or_default().push(asked);
        if first.is_token {
            tokens.push(asked);
        }
    }
    let held = |own: &Needs| {
        let alike = own.iter().filter_map(|need| index.get(need.scheme.as_str())).flatten();
        let surely = alike.map(|asked| holds(own, asked)).max().unwrap_or(Decision::No);
        if surely == Decision::Yes || tokens.is_empty() || !own.iter().any(|need| need.is_token) {
            return surely;
        }
        let maybe = tokens.iter().take(TRIED).map(|asked| holds(own, asked)).max().unwrap_or(Decision::No);
        let rest = if tokens.len() > TRIED { TOKENS } else { Decision::No };
        surely.max(maybe).max(rest)
    };
    some.iter().map(held).min().unwrap_or(Decision::Yes)
}

/// Whether who has what one alternative needs has what another asks for.
fn holds(own: &Needs, asked: &Needs) -> Decision {
    let one = |own: &Need, asked: &Need| match own.scheme == asked.scheme {
        true if asked.scopes.iter().all(|scope| own.scopes.contains(scope)) => Decision::Yes,
        false if own.is_token && asked.is_token => TOKENS,
        _ => Decision::No,
    };
    let best = |asked: &Need| own.iter().map(|own| one(own, asked)).max().unwrap_or(Decision::No);
    asked.iter().map(best).min().unwrap_or(Decision::Yes)
}

fn alternatives(api: &Api, operation: &Operation) -> Vec<Needs> {
    let need = |one: &SecurityRequirement| {
        let mut scopes = one.scopes.clone();
        scopes.sort_unstable();
        let kind = kind(api, &one.scheme);
        Need { scheme: presented(&one.scheme, kind), scopes, is_token: kind.is_some_and(is_token) }
    };
    let needs = |all: &Vec<SecurityRequirement>| {
        let mut needs: Needs = all.iter().map(need).collect();
        needs.sort_unstable();
        needs
    };
    let list: Vec<Needs> = operation.security.iter().map(needs).collect();
    if list.is_empty() { vec![Needs::new()] } else { list }
}

/// The first scheme of a name.
fn kind<'a>(api: &'a Api, name: &str) -> Option<&'a SecuritySchemeKind> {
    api.security_schemes.iter().find(|scheme| scheme.name == name).map(|scheme| &scheme.kind)
}

/// Whether a scheme is presented as a bearer token. A scheme of HTTP without a name may be.
fn is_token(kind: &SecuritySchemeKind) -> bool {
    match kind {
        SecuritySchemeKind::Http { scheme, .. } => matches!(scheme.as_str(), "bearer" | ""),
        SecuritySchemeKind::Oauth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => true,
        SecuritySchemeKind::ApiKey { .. } | SecuritySchemeKind::MutualTls => false,
    }
}

/// What a caller has to present.
pub(in crate::compat) fn identity(api: &Api, name: &str) -> String {
    presented(name, kind(api, name))
}

fn presented(name: &str, kind: Option<&SecuritySchemeKind>) -> String {
    match kind {
        None => format!("the scheme {name}"),
        Some(SecuritySchemeKind::Http { scheme, .. }) => format!("http {scheme}"),
        Some(SecuritySchemeKind::ApiKey { location, parameter }) => format!("key {location:?} {parameter}"),
        Some(SecuritySchemeKind::Oauth2 { .. }) => format!("oauth2 {name}"),
        Some(SecuritySchemeKind::OpenIdConnect { url }) => format!("openid {url}"),
        Some(SecuritySchemeKind::MutualTls) => "mutual tls".to_owned(),
    }
}
