//! Whether no value satisfies two conjunctions. Only what is surely so counts.

use std::collections::BTreeSet;

use super::flat::Rest;
use super::object::{Slot, slot};
use super::scalar::all_values;
use super::{Decision, Node, Relation, View, value};
use crate::model::json::read;
use crate::model::{JsonType, Text, Types};

/// Schemas within schemas are looked at this far.
const DEPTH: u32 = 4;

/// So many answers are kept.
const MOST_KNOWN: usize = 10_000;

/// Of two that are written as text, whether no text is taken by both.
pub(super) fn disjoint(relation: &mut Relation<'_>, view: View, one: Node, other: Node) -> bool {
    // Which properties count is no matter.
    let key = (view.writing, one, other);
    if let Some(&known) = relation.disjoint.get(&key) {
        return known;
    }
    let found = look(relation, view.strict(), (one, other), DEPTH);
    // Alternatives are held against each other, each with each: nobody asks for those of long ago again.
    if relation.disjoint.len() >= MOST_KNOWN {
        relation.disjoint.clear();
    }
    relation.disjoint.insert(key, found);
    found
}

fn look(relation: &mut Relation<'_>, view: View, (one, other): (Node, Node), depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let (a, b) = (relation.flat(one), relation.flat(other));
    let common = a.types().intersection(b.types());
    let is_read_otherwise = view.read_as(a.types()).intersection(b.types()) != common;
    if common == Types::NONE && !is_read_otherwise {
        return true;
    }
    for (few, rest, side) in [(&a, other, other.which), (&b, one, one.which)] {
        if let Some(values) = all_values(&few.local) {
            let (side, steps) = (relation.side(side), value::Steps::many());
            let refused = |text: &str| {
                text.len() <= value::LONGEST_VALUE
                    && value::among(side, rest.conj, &read(text), view, &steps) == Decision::No
            };
            if values.texts().all(refused) {
                return true;
            }
        }
    }
    for (whole, rest) in [(&a, (one, other)), (&b, (other, one))] {
        for group in whole.groups.iter().filter(|group| !group.is_large()) {
            let branches = group.branches.iter().map(|conj| Node { conj: *conj, ..rest.0 });
            if branches.into_iter().all(|branch| look(relation, view, (branch, rest.1), depth)) {
                return true;
            }
        }
    }
    if is_read_otherwise {
        return false;
    }
    let numbers = common.0 & 12 == 0 || a.local.range.and(b.local.range).is_empty();
    let texts = !common.has(JsonType::String) || {
        let mut length = a.local.length;
        length.at_least(b.local.length.min);
        b.local.length.max.into_iter().for_each(|max| length.at_most(max));
        length.is_empty()
    };
    if !numbers || !texts || common.0 & 3 != 0 {
        return false;
    }
    (!common.has(JsonType::Array) || arrays(relation, view.item(), (one, other), depth))
        && (!common.has(JsonType::Object) || objects(relation, view, (one, other), depth))
}

fn objects(relation: &mut Relation<'_>, view: View, (one, other): (Node, Node), depth: u32) -> bool {
    let (a, b) = (relation.flat(one), relation.flat(other));
    let names: BTreeSet<&Text> = a.local.required.iter().chain(&b.local.required).collect();
    names.into_iter().any(|name| match (slot(relation, one, &a, name), slot(relation, other, &b, name)) {
        (Slot::Absent, _) | (_, Slot::Absent) => true,
        (Slot::Schema(left), Slot::Schema(right)) => {
            let view = relation.property(view, name);
            look(relation, view, (Node { conj: left, ..one }, Node { conj: right, ..other }), depth)
        }
        _ => false,
    })
}

fn arrays(relation: &mut Relation<'_>, view: View, (one, other): (Node, Node), depth: u32) -> bool {
    let (a, b) = (relation.flat(one), relation.flat(other));
    let mut count = a.local.items;
    count.at_least(b.local.items.min);
    b.local.items.max.into_iter().for_each(|max| count.at_most(max));
    if count.is_empty() {
        return true;
    }
    let (Rest::Schema(left), Rest::Schema(right)) = (super::array::item(&a, 0), super::array::item(&b, 0)) else {
        return false;
    };
    count.min > 0 && look(relation, view, (Node { conj: left, ..one }, Node { conj: right, ..other }), depth)
}
