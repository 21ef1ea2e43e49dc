//! Compares two schemas as objects: properties, which of them must be there, and what is not declared.

use std::collections::{BTreeMap, BTreeSet};

use super::super::change::{Action, Change, Containment, Effect, Kind};
use super::super::relation::{
    Conj, Decision, Flat, MANY, Names, Needs, Node, Rest, Slot, View, is_left_out, missing, slot,
};
use super::node::Look;
use crate::model::{JsonType, Keyword, SchemaId, Text};

pub(super) fn compare(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    if !before.types().has(JsonType::Object) || !after.types().has(JsonType::Object) {
        return;
    }
    let names: BTreeSet<&str> = before.properties.keys().chain(after.properties.keys()).copied().collect();
    for name in names {
        match (before.properties.get(name), after.properties.get(name)) {
            (Some(old), Some(new)) => both(look, name, *old, *new, before, after),
            (Some(old), None) => removed(look, name, *old, before, after),
            (None, Some(new)) => added(look, name, *new, before, after),
            (None, None) => {}
        }
    }
    requiredness(look, before, after);
    additional(look, before, after);
    counts(look, before, after);
    dependent_required(look, before, after);
    dependents(look, before, after);
    for (pattern, old) in &before.patterns {
        if let Some(new) = after.patterns.get(pattern) {
            let ids = look.ids(|keyword| match keyword {
                Keyword::PatternProperties(list) => list.iter().find(|(known, _)| known == pattern).map(|(_, id)| *id),
                _ => None,
            });
            look.child(look.view.any_property(), (*old, ids.0), (*new, ids.1));
        }
    }
}

/// The schemas of a property, behind references.
fn ids(look: &mut Look<'_, '_>, name: &str) -> (SchemaId, SchemaId) {
    let (old, new) = own(look, name);
    (look.schemas.0.resolve(old), look.schemas.1.resolve(new))
}

/// The property's own place in the object, also where it only refers to a schema that others have too.
fn own(look: &mut Look<'_, '_>, name: &str) -> (SchemaId, SchemaId) {
    let place = look.place;
    let [old, new] = look.own_properties();
    (old.get(name).copied().unwrap_or(place.old.1), new.get(name).copied().unwrap_or(place.new.1))
}

fn hidden(look: &mut Look<'_, '_>, node: Node, conj: Conj) -> bool {
    let view = look.view;
    is_left_out(look.relation, view, Node { conj, ..node })
}

fn both(look: &mut Look<'_, '_>, name: &str, old: Conj, new: Conj, before: &Flat<'_>, after: &Flat<'_>) {
    let (one, other) = (Node { conj: old, ..look.place.old.0 }, Node { conj: new, ..look.place.new.0 });
    if look.relation.same(one, other) {
        return;
    }
    let (was_hidden, is_hidden) = look.relation.are_left_out(look.view, one, other);
    if was_hidden == is_hidden {
        if !was_hidden {
            let (ids, inner) = (ids(look, name), look.relation.property(look.view, name));
            look.child(inner, (old, ids.0), (new, ids.1));
        }
        return;
    }
    let own = own(look, name);
    let (old_origin, new_origin) = (&look.schemas.0.get(own.0).origin, &look.schemas.1.get(own.1).origin);
    let (action, effect) = if is_hidden {
        let is_missed = before.local.required.contains(name);
        (Action::Removed, if is_missed { Effect::Widened } else { Effect::None })
    } else {
        let is_asked = after.local.required.contains(name);
        (Action::Added, if is_asked { Effect::Narrowed } else { Effect::None })
    };
    let change = Change::new(Kind::Access, action, effect, name).places(Some(old_origin), Some(new_origin));
    look.add(change);
}

fn removed(look: &mut Look<'_, '_>, name: &str, old: Conj, before: &Flat<'_>, after: &Flat<'_>) {
    let (one, other) = (look.place.old.0, look.place.new.0);
    let never = look.relation.is_empty(look.view, Node { conj: old, ..one });
    if hidden(look, one, old) || never {
        return;
    }
    let required = before.local.required.contains(name);
    let now = slot(look.relation, other, after, name);
    let view = look.relation.property(look.view, name);
    let old_in_new = taken(look, view, Node { conj: old, ..one }, (other, now));
    let new_in_old = match now {
        Slot::Open if after.local.required.contains(name) => {
            look.relation.takes_any(view, other.which, Node { conj: old, ..one })
        }
        Slot::Schema(conj) => look.relation.within(view, Node { conj, ..other }, Node { conj: old, ..one }),
        _ if required && !after.local.required.contains(name) => Decision::No,
        _ => Decision::Yes,
    };
    let origin = &look.schemas.0.get(own(look, name).0).origin;
    let (_, new) = look.origins();
    let change = Change::new(Kind::Property, Action::Removed, Effect::None, name)
        .contained(Containment { old_in_new, new_in_old })
        .required(required)
        .places(Some(origin), Some(&new.origin));
    look.add(change);
}

fn added(look: &mut Look<'_, '_>, name: &str, new: Conj, before: &Flat<'_>, after: &Flat<'_>) {
    let (one, other) = (look.place.old.0, look.place.new.0);
    let never = look.relation.is_empty(look.view, Node { conj: new, ..other });
    if hidden(look, other, new) || never {
        return;
    }
    let required = after.local.required.contains(name) && !before.local.required.contains(name);
    let then = slot(look.relation, one, before, name);
    let view = look.relation.property(look.view, name);
    let new_in_old = taken(look, view, Node { conj: new, ..other }, (one, then));
    let old_in_new = match then {
        _ if required => Decision::No,
        Slot::Open if before.local.required.contains(name) => {
            look.relation.takes_any(view, one.which, Node { conj: new, ..other })
        }
        Slot::Schema(conj) => look.relation.within(view, Node { conj, ..one }, Node { conj: new, ..other }),
        _ => Decision::Yes,
    };
    let origin = &look.schemas.1.get(own(look, name).1).origin;
    let (old, _) = look.origins();
    let change = Change::new(Kind::Property, Action::Added, Effect::None, name)
        .contained(Containment { old_in_new, new_in_old })
        .required(required)
        .places(Some(&old.origin), Some(origin));
    look.add(change);
}

/// Whether what is sent is taken where it is not declared.
fn taken(look: &mut Look<'_, '_>, view: View, sent: Node, (at, slot): (Node, Slot)) -> Decision {
    match slot {
        Slot::Open => Decision::Yes,
        Slot::Absent => Decision::No,
        Slot::Schema(conj) => look.relation.within(view, sent, Node { conj, ..at }),
    }
}

/// Properties that became required or optional.
fn requiredness(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    let (old, new, view) = (look.place.old.0, look.place.new.0, look.view);
    let (was, is) = (
        |name: &Text| before.properties.contains_key(name.as_str()),
        |name: &Text| after.properties.contains_key(name.as_str()),
    );
    // What came or went as readable or writable is told as that.
    let told = std::mem::take(&mut look.accessed);
    let changes = [
        (missing(look.relation, view, old, new), Action::Added, Effect::Narrowed),
        (missing(look.relation, view, new, old), Action::Removed, Effect::Widened),
    ];
    for (names, action, effect) in changes {
        // That a required property came, or went, is told as that.
        let known = |name: &Text| match action {
            Action::Added => was(name) || !is(name),
            _ => is(name) || !was(name),
        };
        for name in names.into_iter().filter(|name| known(name) && !told.contains(name.as_str())) {
            let ids = own(look, &name);
            let places = (&look.schemas.0.get(ids.0).origin, &look.schemas.1.get(ids.1).origin);
            let change = Change::new(Kind::PropertyRequired, action, effect, &name);
            look.add(change.places(Some(places.0), Some(places.1)));
        }
    }
}

fn additional(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    let (old, new) = (before.additional, after.additional);
    if let (Rest::Schema(one), Rest::Schema(other)) = (old, new) {
        let ids = look.ids(|keyword| match keyword {
            Keyword::AdditionalProperties(crate::model::AdditionalProperties::Schema(id)) => Some(*id),
            _ => None,
        });
        return look.child(look.view.any_property(), (one, ids.0), (other, ids.1));
    }
    let effect = match (old, new) {
        (Rest::Open, Rest::Open) | (Rest::Closed, Rest::Closed) => return,
        (Rest::Open, _) | (Rest::Schema(_), Rest::Closed) => Effect::Narrowed,
        _ => Effect::Widened,
    };
    let text = |rest| match rest {
        Rest::Open => "any",
        Rest::Closed => "none",
        Rest::Schema(_) => "those of a schema",
    };
    let change = Change::new(Kind::AdditionalProperties, Action::Changed, effect, look.subject());
    look.add(change.values(text(old), text(new)));
}

fn counts(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    let (old, new) = (before.local.properties, after.local.properties);
    if old == new {
        return;
    }
    let yes = |holds| if holds { Decision::Yes } else { Decision::No };
    let containment = Containment { old_in_new: yes(old.is_within(new)), new_in_old: yes(new.is_within(old)) };
    let text = |count: super::super::relation::Count| match count.max {
        Some(max) => format!("{} to {max}", count.min),
        None => format!("{} or more", count.min),
    };
    let subject = format!("number of properties of {}", look.subject());
    let change = Change::new(Kind::Constraint, Action::Changed, Effect::None, subject);
    look.add(change.contained(containment).values(text(old), text(new)));
}

/// What only `dependentSchemas` declare is declared too, where the object takes it at all.
fn dependents(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    let (old, new) = (look.place.old.0, look.place.new.0);
    for (name, conj) in &before.dependent {
        if let Some(partner) = after.dependent.get(name) {
            let ids = look.ids(|keyword| match keyword {
                Keyword::DependentSchemas(list) => list.iter().find(|(known, _)| known == name).map(|(_, id)| *id),
                _ => None,
            });
            look.child(look.view, (*conj, ids.0), (*partner, ids.1));
        }
    }
    for (property, conj) in declared_by_dependents(look, (old, before), (new, after)) {
        removed(look, &property, conj, before, after);
    }
    for (property, conj) in declared_by_dependents(look, (new, after), (old, before)) {
        added(look, &property, conj, before, after);
    }
}

/// The properties that only the `dependentSchemas` of one side declare, of names that the other side has none for.
fn declared_by_dependents(
    look: &mut Look<'_, '_>,
    (node, flat): (Node, &Flat<'_>),
    (other, others): (Node, &Flat<'_>),
) -> BTreeMap<String, Conj> {
    if flat.dependent.len().max(others.dependent.len()) > MANY {
        return BTreeMap::new();
    }
    let dependent = others.dependent.values();
    let known: Vec<_> = dependent.map(|conj| look.relation.flat(Node { conj: *conj, ..other })).collect();
    let mut found = BTreeMap::new();
    for (_, conj) in flat.dependent.iter().filter(|(name, _)| !others.dependent.contains_key(*name)) {
        let inner = look.relation.flat(Node { conj: *conj, ..node });
        for (property, conj) in &inner.properties {
            let is_known = flat.properties.contains_key(property)
                || others.properties.contains_key(property)
                || known.iter().any(|flat| flat.properties.contains_key(property));
            if !is_known && !matches!(slot(look.relation, node, flat, property), Slot::Absent) {
                found.entry((*property).to_owned()).or_insert(*conj);
            }
        }
    }
    found
}

fn dependent_required(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) {
    let (old, new) = (&before.local.dependent_required, &after.local.dependent_required);
    if old == new {
        return;
    }
    let holds = |some: &Needs, all: &Needs, flat: &Flat<'_>| {
        all.iter().all(|(name, needed)| {
            let known = some.get(name).unwrap_or_default();
            needed.iter().all(|one| flat.local.required.contains(one) || known.contains(one))
        })
    };
    let effect = Effect::of(holds(old, new, before), holds(new, old, after));
    let text = |pairs: &Needs| {
        let one = |(name, needed): (&Text, Names)| {
            format!("{name} needs {}", needed.iter().map(Text::as_str).collect::<Vec<_>>().join(" and "))
        };
        if pairs.is_empty() { "none".to_owned() } else { pairs.iter().map(one).collect::<Vec<_>>().join(", ") }
    };
    let action = Action::of(!old.is_empty(), !new.is_empty());
    let change = Change::new(Kind::Constraint, action, effect, format!("dependentRequired of {}", look.subject()));
    look.add(change.values(text(old), text(new)));
}
