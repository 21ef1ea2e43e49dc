//! Compares who is let in. Each alternative names schemes that are needed together; a scheme is what it says and not its
//! name, so a renamed one is no change.

use std::collections::BTreeSet;

use super::super::change::{Action, Change, Effect, Kind, Reach};
use crate::model::{Api, Operation, SecurityRequirement, SecuritySchemeKind};

/// What one alternative needs: each scheme with its scopes.
type Needs = BTreeSet<(String, BTreeSet<String>)>;

pub(super) fn compare(
    (old, before): (&Api, &Operation),
    (new, after): (&Api, &Operation),
    reach: &Reach,
) -> Option<Change> {
    let (was, is) = (alternatives(old, before), alternatives(new, after));
    let effect = Effect::of(lets_in(&was, &is), lets_in(&is, &was));
    if effect == Effect::None {
        return None;
    }
    let text = |operation: &Operation| {
        let one = |all: &Vec<SecurityRequirement>| {
            let names = all.iter().map(|one| match one.scopes.as_slice() {
                [] => one.scheme.clone(),
                scopes => format!("{} ({})", one.scheme, scopes.join(", ")),
            });
            let names: Vec<String> = names.collect();
            if names.is_empty() { "none".to_owned() } else { names.join(" and ") }
        };
        let list: Vec<String> = operation.security.iter().map(one).collect();
        if list.is_empty() { "none".to_owned() } else { list.join(" or ") }
    };
    let change = Change::new(Kind::Security, Action::Changed, effect, "security").values(text(before), text(after));
    // What the document says for all is one change at its place, that reaches all.
    let places = if before.inherits_security && after.inherits_security {
        (&old.security_origin, &new.security_origin)
    } else {
        (&before.origin, &after.origin)
    };
    Some(change.places(Some(places.0), Some(places.1)).reaching(reach))
}

/// Whether everybody whom `some` lets in is let in by `all`: each alternative holds one of the other side.
fn lets_in(some: &[Needs], all: &[Needs]) -> bool {
    let meets = |own: &Needs, asked: &Needs| {
        asked.iter().all(|(scheme, scopes)| own.iter().any(|(known, held)| known == scheme && scopes.is_subset(held)))
    };
    some.iter().all(|own| all.iter().any(|asked| meets(own, asked)))
}

fn alternatives(api: &Api, operation: &Operation) -> Vec<Needs> {
    let need = |one: &SecurityRequirement| (identity(api, &one.scheme), one.scopes.iter().cloned().collect());
    let list: Vec<Needs> = operation.security.iter().map(|all| all.iter().map(need).collect()).collect();
    if list.is_empty() { vec![Needs::new()] } else { list }
}

/// What a caller has to present.
fn identity(api: &Api, name: &str) -> String {
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
