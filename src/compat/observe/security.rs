//! Compares who is let in. Each alternative names schemes that are needed together; a scheme is what it says and not its
//! name, so a renamed one is no change.

use rustc_hash::FxHashMap;

use super::super::change::{Action, Change, Effect, Kind, Reaching};
use crate::model::{Api, Operation, SecurityRequirement, SecuritySchemeKind};

/// What one alternative needs: each scheme with its scopes, both sorted.
type Needs = Vec<(String, Vec<String>)>;

/// So many alternatives are shown.
const SHOWN: usize = 20;

/// Comparisons of who is let in. Thousands of operations may have the same two lists.
#[derive(Default)]
pub(super) struct Compared {
    /// By the addresses of the lists, which live as long as the models.
    known: FxHashMap<[usize; 2], Option<(Effect, [String; 2])>>,
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
            let effect = Effect::of(lets_in(&was, &is), lets_in(&is, &was));
            (effect != Effect::None).then(|| (effect, texts([old, new], lists.map(|list| &list[..]))))
        });
        let (effect, [was, is]) = known.as_ref()?;
        let change = Change::new(Kind::Security, Action::Changed, *effect, "security").values(was, is);
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
fn lets_in(some: &[Needs], all: &[Needs]) -> bool {
    let meets = |own: &Needs, asked: &Needs| {
        asked.iter().all(|(scheme, scopes)| {
            own.iter().any(|(known, held)| known == scheme && scopes.iter().all(|scope| held.contains(scope)))
        })
    };
    // What holds an alternative holds the first scheme of it.
    let mut index: FxHashMap<&str, Vec<&Needs>> = FxHashMap::default();
    for asked in all {
        let Some((first, _)) = asked.first() else { return true };
        index.entry(first).or_default().push(asked);
    }
    let candidates = |scheme: &str| index.get(scheme).into_iter().flatten();
    some.iter().all(|own| own.iter().any(|(scheme, _)| candidates(scheme).any(|asked| meets(own, asked))))
}

fn alternatives(api: &Api, operation: &Operation) -> Vec<Needs> {
    let need = |one: &SecurityRequirement| {
        let mut scopes = one.scopes.clone();
        scopes.sort_unstable();
        (identity(api, &one.scheme), scopes)
    };
    let needs = |all: &Vec<SecurityRequirement>| {
        let mut needs: Needs = all.iter().map(need).collect();
        needs.sort_unstable();
        needs
    };
    let list: Vec<Needs> = operation.security.iter().map(needs).collect();
    if list.is_empty() { vec![Needs::new()] } else { list }
}

/// What a caller has to present.
pub(in crate::compat) fn identity(api: &Api, name: &str) -> String {
    let Some(scheme) = api.security_schemes.iter().find(|scheme| scheme.name == name) else {
        return format!("the scheme {name}");
    };
    match &scheme.kind {
        SecuritySchemeKind::Http { scheme, .. } => format!("http {scheme}"),
        SecuritySchemeKind::ApiKey { location, parameter } => format!("key {location:?} {parameter}"),
        SecuritySchemeKind::Oauth2 { .. } => format!("oauth2 {name}"),
        SecuritySchemeKind::OpenIdConnect { url } => format!("openid {url}"),
        SecuritySchemeKind::MutualTls => "mutual tls".to_owned(),
    }
}
