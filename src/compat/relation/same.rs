//! Whether two merged conjunctions say the same by themselves, and which pairs lie below them.

use std::collections::BTreeMap;

use super::Conj;
use super::alike::Role;
use super::flat::{Flat, Rest};
use super::keyword::OnPair;

/// Calls `on_pair` with what lies below; only where the answer is yes these are all.
pub(super) fn same(a: &Flat<'_>, b: &Flat<'_>, on_pair: OnPair<'_, Conj>) -> bool {
    if a.local != b.local || a.local.unsure.is_some() && a.groups.len() != b.groups.len() {
        return false;
    }
    // Beside these it matters which part holds a value.
    let is_whole = a.unevaluated.is_some() || a.unevaluated_items.is_some() || a.local.values.is_some();
    let on_pair: OnPair<'_, Conj> =
        &mut |one, other, role| on_pair(one, other, if is_whole { Role::Other } else { role });
    lists(&a.prefix, &b.prefix, Role::Item, on_pair)
        && maps(&a.properties, &b.properties, Role::Property, on_pair)
        && maps(&a.patterns, &b.patterns, Role::Field, on_pair)
        && maps(&a.dependent, &b.dependent, Role::Field, on_pair)
        && lists(&a.nots, &b.nots, Role::Other, on_pair)
        && options(a.names, b.names, on_pair)
        && options(a.content, b.content, on_pair)
        && rests(Some(a.rest), Some(b.rest), Role::Item, on_pair)
        && rests(Some(a.additional), Some(b.additional), Role::Field, on_pair)
        && rests(a.unevaluated, b.unevaluated, Role::Other, on_pair)
        && rests(a.unevaluated_items, b.unevaluated_items, Role::Other, on_pair)
        && groups(a, b, on_pair)
        && conditions(a, b, on_pair)
}

fn groups(a: &Flat<'_>, b: &Flat<'_>, on_pair: OnPair<'_, Conj>) -> bool {
    let counted = a.contains.len() == b.contains.len()
        && a.contains.iter().zip(&b.contains).all(|(one, other)| {
            on_pair(one.node, other.node, Role::Other);
            one.count == other.count
        });
    counted
        && a.groups.len() == b.groups.len()
        && a.groups.iter().zip(&b.groups).all(|(group, partner)| {
            let role = if group.exclusive { Role::OneOf(group.discriminated) } else { Role::AnyOf };
            group.exclusive == partner.exclusive
                && group.discriminated == partner.discriminated
                && lists(&group.branches, &partner.branches, role, on_pair)
        })
}

fn conditions(a: &Flat<'_>, b: &Flat<'_>, on_pair: OnPair<'_, Conj>) -> bool {
    a.conditions.len() == b.conditions.len()
        && a.conditions.iter().zip(&b.conditions).all(|(condition, partner)| {
            on_pair(condition.when, partner.when, Role::Other);
            options(condition.then, partner.then, on_pair) && options(condition.otherwise, partner.otherwise, on_pair)
        })
}

fn lists(one: &[Conj], other: &[Conj], role: Role, on_pair: OnPair<'_, Conj>) -> bool {
    one.iter().zip(other).for_each(|(one, other)| on_pair(*one, *other, role));
    one.len() == other.len()
}

fn maps<K: Ord>(one: &BTreeMap<K, Conj>, other: &BTreeMap<K, Conj>, role: Role, on_pair: OnPair<'_, Conj>) -> bool {
    let alike = one.len() == other.len() && one.keys().eq(other.keys());
    if alike {
        one.values().zip(other.values()).for_each(|(one, other)| on_pair(*one, *other, role));
    }
    alike
}

fn options(one: Option<Conj>, other: Option<Conj>, on_pair: OnPair<'_, Conj>) -> bool {
    if let (Some(one), Some(other)) = (one, other) {
        on_pair(one, other, Role::Other);
    }
    one.is_some() == other.is_some()
}

fn rests(one: Option<Rest>, other: Option<Rest>, role: Role, on_pair: OnPair<'_, Conj>) -> bool {
    match (one, other) {
        (Some(Rest::Schema(one)), Some(Rest::Schema(other))) => {
            on_pair(one, other, role);
            true
        }
        (one, other) => one == other,
    }
}
