//! Compares the content of bodies, by media type and by range (RFC 9110, section 12.5.1).

use super::super::change::{Action, Change, Effect, Kind, Reach};
use super::schema::Comparison;
use crate::model::{Encoding, MediaType, Origin};

/// A media type without its parameters, in lower case; `;` and what follows only where it tells formats apart.
fn essence(name: &str) -> String {
    let plain = name.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// Parameters that do not make another format.
fn key(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let mut key = parts.next().unwrap_or_default();
    for part in parts.filter(|part| !part.starts_with("charset=") && !part.is_empty()) {
        key.push(';');
        key.push_str(&part);
    }
    key
}

/// Whether a range such as `application/*` or `*/*` holds a media type.
fn holds(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    match range.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => name.split_once('/').is_some_and(|(own, _)| own == kind),
        // A type with a suffix can be read as what the suffix names (RFC 6839).
        Some(("application", format)) => {
            name.split_once('/').and_then(|(_, own)| own.rsplit_once('+')).is_some_and(|(_, suffix)| suffix == format)
        }
        _ => false,
    }
}

pub(super) fn compare(
    schemas: &mut Comparison<'_>,
    changes: &mut Vec<Change>,
    (old, old_holder): (&[MediaType], &Origin),
    (new, new_holder): (&[MediaType], &Origin),
    reach: &Reach,
) {
    let mut partnered: Vec<usize> = Vec::new();
    for before in old {
        let same = new.iter().position(|after| key(&after.name) == key(&before.name));
        let wider = || new.iter().position(|after| holds(&after.name, &before.name));
        let narrower = || new.iter().position(|after| holds(&before.name, &after.name));
        let other = || new.iter().position(|after| essence(&before.name) == essence(&after.name));
        let Some(at) = same.or_else(wider).or_else(narrower).or_else(other) else {
            let change = Change::new(Kind::MediaType, Action::Removed, Effect::Narrowed, &before.name);
            changes.push(change.places(Some(&before.origin), Some(new_holder)).reaching(reach));
            continue;
        };
        partnered.push(at);
        let after = &new[at];
        if same.is_none() {
            let effect = match (holds(&after.name, &before.name), holds(&before.name, &after.name)) {
                (true, false) => Effect::Widened,
                (false, true) => Effect::Narrowed,
                // The same type with other parameters.
                _ => Effect::Unknown,
            };
            let change = Change::new(Kind::MediaType, Action::Changed, effect, &before.name);
            let change = change.values(&before.name, &after.name);
            changes.push(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
        pair(schemas, changes, before, after, reach);
    }
    for (at, after) in new.iter().enumerate() {
        let covered = old.iter().any(|before| holds(&before.name, &after.name));
        if !partnered.contains(&at) && !covered {
            let change = Change::new(Kind::MediaType, Action::Added, Effect::Widened, &after.name);
            changes.push(change.places(Some(old_holder), Some(&after.origin)).reaching(reach));
        }
    }
}

fn pair(schemas: &mut Comparison<'_>, changes: &mut Vec<Change>, before: &MediaType, after: &MediaType, reach: &Reach) {
    match (before.schema, after.schema) {
        (None, None) => {}
        (Some(old), Some(new)) => schemas.root(old, new, reach),
        (old, _) => {
            let (action, effect) =
                if old.is_some() { (Action::Removed, Effect::Widened) } else { (Action::Added, Effect::Narrowed) };
            let change = Change::new(Kind::Schema, action, effect, "schema");
            changes.push(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
    }
    let text = |one: &Encoding| {
        let kind = one.content_type.as_deref().unwrap_or("default");
        format!("{kind}, style {}, explode {}, allowReserved {}", one.style, one.explode, one.allow_reserved)
    };
    let names = before.encoding.iter().chain(&after.encoding).map(|one| &one.property);
    let names: std::collections::BTreeSet<&String> = names.collect();
    for name in names {
        let find = |media: &'_ MediaType| media.encoding.iter().find(|one| one.property == *name).map(text);
        let default = "default, style form, explode true, allowReserved false".to_owned();
        let (was, is) = (find(before).unwrap_or_else(|| default.clone()), find(after).unwrap_or(default));
        if was != is {
            let change = Change::new(Kind::Encoding, Action::Changed, Effect::Disjoint, name).values(was, is);
            changes.push(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
    }
}
