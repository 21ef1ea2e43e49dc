//! Whether two conjunctions say the same.

use super::flat::Rest;
use super::{Conj, Decision, Node, Relation};

pub(super) fn same(relation: &mut Relation<'_>, one: Node, other: Node) -> Decision {
    let (a, b) = (relation.flat(one), relation.flat(other));
    if a.local != b.local || a.local.unsure.is_some() && a.groups.len() != b.groups.len() {
        return Decision::No;
    }
    let mut pairs: Vec<(Conj, Conj)> = Vec::new();
    let lists = pair_lists(&mut pairs, &a.prefix, &b.prefix)
        && pair_maps(&mut pairs, &a.properties, &b.properties)
        && pair_maps(&mut pairs, &a.patterns, &b.patterns)
        && pair_maps(&mut pairs, &a.dependent, &b.dependent)
        && pair_lists(&mut pairs, &a.nots, &b.nots)
        && pair_options(&mut pairs, a.names, b.names)
        && pair_options(&mut pairs, a.content, b.content)
        && pair_rests(&mut pairs, Some(a.rest), Some(b.rest))
        && pair_rests(&mut pairs, Some(a.additional), Some(b.additional))
        && pair_rests(&mut pairs, a.unevaluated, b.unevaluated)
        && pair_rests(&mut pairs, a.unevaluated_items, b.unevaluated_items);
    if !lists || a.groups.len() != b.groups.len() || a.contains.len() != b.contains.len() {
        return Decision::No;
    }
    for (group, partner) in a.groups.iter().zip(&b.groups) {
        if group.exclusive != partner.exclusive || group.discriminated != partner.discriminated {
            return Decision::No;
        }
        if !pair_lists(&mut pairs, &group.branches, &partner.branches) {
            return Decision::No;
        }
    }
    for (contains, partner) in a.contains.iter().zip(&b.contains) {
        if contains.count != partner.count {
            return Decision::No;
        }
        pairs.push((contains.node, partner.node));
    }
    if a.conditions.len() != b.conditions.len() {
        return Decision::No;
    }
    for (condition, partner) in a.conditions.iter().zip(&b.conditions) {
        pairs.push((condition.when, partner.when));
        if !pair_options(&mut pairs, condition.then, partner.then)
            || !pair_options(&mut pairs, condition.otherwise, partner.otherwise)
        {
            return Decision::No;
        }
    }
    for (left, right) in pairs {
        let (left, right) = (Node { conj: left, ..one }, Node { conj: right, ..other });
        if relation.ask_same(left, right) == Decision::No {
            return Decision::No;
        }
    }
    Decision::Yes
}

type Pairs = Vec<(Conj, Conj)>;

fn pair_lists(pairs: &mut Pairs, one: &[Conj], other: &[Conj]) -> bool {
    pairs.extend(one.iter().copied().zip(other.iter().copied()));
    one.len() == other.len()
}

fn pair_maps<'m>(
    pairs: &mut Pairs,
    one: &'m std::collections::BTreeMap<String, Conj>,
    other: &'m std::collections::BTreeMap<String, Conj>,
) -> bool {
    pairs.extend(one.values().copied().zip(other.values().copied()));
    one.len() == other.len() && one.keys().eq(other.keys())
}

fn pair_options(pairs: &mut Pairs, one: Option<Conj>, other: Option<Conj>) -> bool {
    pairs.extend(one.zip(other));
    one.is_some() == other.is_some()
}

fn pair_rests(pairs: &mut Pairs, one: Option<Rest>, other: Option<Rest>) -> bool {
    match (one, other) {
        (Some(Rest::Schema(one)), Some(Rest::Schema(other))) => {
            pairs.push((one, other));
            true
        }
        (one, other) => one == other,
    }
}
