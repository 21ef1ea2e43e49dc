//! Containment of objects.

use std::collections::BTreeSet;

use super::flat::{Flat, Rest};
use super::local::Names;
use super::merge::matches;
use super::{Conj, Decision, Flow, Node, Relation, View};
use crate::model::{JsonType, Text};

/// More parts than this are not searched for a declaration.
pub(crate) const MANY: usize = 500;

/// Whether a property is not sent in this view.
pub(crate) fn is_left_out(relation: &mut Relation<'_>, view: View, node: Node) -> bool {
    relation.leaves_out(view) && relation.side(node.which).traits(node.conj).is_left_out(view)
}

/// What an object may hold under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Nothing, or nothing that is ever sent.
    Absent,
    /// Anything.
    Open,
    /// What a conjunction allows.
    Schema(Conj),
}

/// What the object says of the name as the one that is sent.
pub(crate) fn sent(relation: &mut Relation<'_>, view: View, node: Node, flat: &Flat<'_>, name: &str) -> Slot {
    let slot = slot(relation, node, flat, name);
    match slot {
        Slot::Schema(conj) => {
            let inner = Node { conj, ..node };
            if is_left_out(relation, view, inner) || relation.is_never(inner) { Slot::Absent } else { slot }
        }
        // What an open object does not declare counts as not sent.
        Slot::Open if view.flow != Flow::Strict && !flat.properties.contains_key(name) => {
            let is_sent = flat.local.required.contains(name) || declares_inside(relation, node, flat, name);
            if is_sent { Slot::Open } else { Slot::Absent }
        }
        _ => slot,
    }
}

/// Whether an alternative or a consequence declares the property.
fn declares_inside(relation: &mut Relation<'_>, node: Node, flat: &Flat<'_>, name: &str) -> bool {
    if flat.groups.is_empty() && flat.conditions.is_empty() && flat.dependent.is_empty() {
        return false;
    }
    let branches: usize = flat.groups.iter().map(|group| group.branches.len()).sum();
    if branches + flat.conditions.len() + flat.dependent.len() > MANY {
        return true;
    }
    let mut seen: Vec<Conj> = Vec::new();
    let mut open = inner_parts(flat);
    while let Some(conj) = open.pop() {
        if seen.contains(&conj) {
            continue;
        }
        seen.push(conj);
        let inner = relation.flat(Node { conj, ..node });
        if inner.properties.contains_key(name) || !inner.patterns.is_empty() || seen.len() > MANY {
            return true;
        }
        open.extend(inner_parts(&inner));
    }
    false
}

fn inner_parts(flat: &Flat<'_>) -> Vec<Conj> {
    let branches = flat.groups.iter().flat_map(|group| group.branches.iter().copied());
    let conditions = flat.conditions.iter().flat_map(|one| [Some(one.when), one.then, one.otherwise]).flatten();
    branches.chain(conditions).chain(flat.dependent.values().copied()).collect()
}

/// What the object says of the name as the one that receives it.
pub(crate) fn slot(relation: &mut Relation<'_>, node: Node, flat: &Flat<'_>, name: &str) -> Slot {
    let declared = flat.properties.get(name).copied();
    let matching: Vec<Conj> = match declared {
        Some(_) => Vec::new(),
        None => {
            flat.patterns.iter().filter(|(pattern, _)| matches(pattern, name) == Some(true)).map(|(_, c)| *c).collect()
        }
    };
    let side = relation.side(node.which);
    let together = matching.into_iter().reduce(|one, other| side.both(one, other));
    match declared.or(together) {
        Some(conj) => Slot::Schema(conj),
        None => match flat.additional {
            Rest::Open => Slot::Open,
            Rest::Closed => Slot::Absent,
            Rest::Schema(conj) => Slot::Schema(conj),
        },
    }
}

/// Names that both must have and one may lack.
pub(crate) fn missing(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Vec<Text> {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    let mut found = Vec::new();
    for name in &other.local.required {
        let is_sent = own.local.required.contains(name)
            && !own
                .properties
                .get(name.as_str())
                .is_some_and(|conj| is_left_out(relation, view, Node { conj: *conj, ..sub }));
        let is_asked = !other
            .properties
            .get(name.as_str())
            .is_some_and(|conj| is_left_out(relation, view, Node { conj: *conj, ..sup }));
        if is_asked && !is_sent {
            found.push(name.clone());
        }
    }
    found
}

pub(super) fn within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if !own.types().has(JsonType::Object) || !other.types().has(JsonType::Object) {
        return Decision::Yes;
    }
    let mut decision = counts(&own, &other);
    if !missing(relation, view, sub, sup).is_empty() || decision == Decision::No {
        return Decision::No;
    }
    for (name, needed) in other.local.dependent_required.iter() {
        decision = decision.min(depends(relation, view, sub, &own, name, &needed));
    }
    decision = decision.min(rest(relation, view.any_property(), sub, sup));
    if decision == Decision::No {
        return decision;
    }
    let names: BTreeSet<&str> = own.properties.keys().chain(other.properties.keys()).copied().collect();
    for name in names {
        if let (Some(one), Some(other)) = (own.properties.get(name), other.properties.get(name))
            && relation.is_clear(Node { conj: *one, ..sub }, Node { conj: *other, ..sup })
        {
            continue;
        }
        let is_sent = match sent(relation, view, sub, &own, name) {
            Slot::Absent => continue,
            is_sent => is_sent,
        };
        let taken = match slot(relation, sup, &other, name) {
            Slot::Open => continue,
            Slot::Absent if matches!(is_sent, Slot::Schema(conj) if relation.is_empty(view, Node { conj, ..sub })) => {
                continue;
            }
            Slot::Absent => return Decision::No,
            Slot::Schema(conj) => conj,
        };
        let taken = Node { conj: taken, ..sup };
        if is_left_out(relation, view, taken) {
            continue;
        }
        let inner = relation.property(view, name);
        let one = match is_sent {
            Slot::Schema(conj) => relation.ask_within(inner, Node { conj, ..sub }, taken),
            _ => any_within(relation, inner, sub, taken),
        };
        decision = decision.min(one);
        if decision == Decision::No {
            return decision;
        }
    }
    // Names are texts, however values are written.
    decision.min(names_within(relation, view.json(), sub, sup))
}

/// Whether any value at all is one of `sup`.
pub(crate) fn any_within(relation: &mut Relation<'_>, view: View, like: Node, sup: Node) -> Decision {
    let any = relation.side(like.which).intern([]);
    relation.ask_within(view, Node { conj: any, ..like }, sup)
}

fn counts(own: &Flat<'_>, other: &Flat<'_>) -> Decision {
    let least = own.local.properties.min.max(own.local.required.len() as u64);
    let closed = own.additional == Rest::Closed && own.patterns.is_empty();
    let most = if closed { Some(own.properties.len() as u64) } else { None };
    let most = [most, own.local.properties.max].into_iter().flatten().min();
    let limit = other.local.properties;
    let enough = least >= limit.min;
    let few = limit.max.is_none_or(|max| most.is_some_and(|most| most <= max));
    if enough && few { Decision::Yes } else { Decision::No }
}

/// `dependentRequired`: who sends `name` sends what it needs.
fn depends(relation: &mut Relation<'_>, view: View, sub: Node, own: &Flat<'_>, name: &str, needed: &Names) -> Decision {
    let known = own.local.dependent_required.get(name);
    let holds = |other: &Text| {
        own.local.required.contains(other) || known.as_ref().is_some_and(|known| known.contains(other)) || other == name
    };
    if needed.iter().all(holds) || sent(relation, view, sub, own, name) == Slot::Absent {
        return Decision::Yes;
    }
    Decision::No
}

/// Properties that are not declared: by pattern, and all others.
fn rest(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    let mut decision = match (own.additional, other.additional) {
        (Rest::Closed, _) | (_, Rest::Open) => Decision::Yes,
        (_, Rest::Closed) => Decision::No,
        (Rest::Open, Rest::Schema(conj)) => any_within(relation, view, sub, Node { conj, ..sup }),
        (Rest::Schema(one), Rest::Schema(conj)) => {
            relation.ask_within(view, Node { conj: one, ..sub }, Node { conj, ..sup })
        }
    };
    for (pattern, conj) in &own.patterns {
        if other.patterns.contains_key(pattern) {
            continue;
        }
        decision = decision.min(match other.additional {
            Rest::Open => Decision::Yes,
            Rest::Closed => Decision::No,
            Rest::Schema(rest) => relation.ask_within(view, Node { conj: *conj, ..sub }, Node { conj: rest, ..sup }),
        });
    }
    for (pattern, conj) in &other.patterns {
        let taken = Node { conj: *conj, ..sup };
        decision = decision.min(match (own.patterns.get(pattern), own.additional) {
            (Some(one), _) => relation.ask_within(view, Node { conj: *one, ..sub }, taken),
            (None, Rest::Closed) => Decision::Yes,
            (None, Rest::Open) => any_within(relation, view, sub, taken),
            (None, Rest::Schema(one)) => relation.ask_within(view, Node { conj: one, ..sub }, taken),
        });
        // What is declared here and matched by the pattern there.
        for (name, one) in own.properties.iter().filter(|(name, _)| matches(pattern, name) != Some(false)) {
            if !other.properties.contains_key(name) {
                decision = decision.min(relation.ask_within(view, Node { conj: *one, ..sub }, taken));
            }
        }
    }
    decision
}

fn names_within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    let Some(asked) = other.names else { return Decision::Yes };
    let asked = Node { conj: asked, ..sup };
    if let Some(names) = own.names {
        return relation.ask_within(view, Node { conj: names, ..sub }, asked);
    }
    if own.additional == Rest::Closed && own.patterns.is_empty() {
        let side = relation.side(sup.which);
        let fits = |name: &&str| super::value::member(side, asked.conj, &(*name).into(), view);
        return own.properties.keys().map(fits).min().unwrap_or(Decision::Yes);
    }
    let side = relation.side(sub.which);
    let text = side.intern([super::conjunction::Part::types(crate::model::Types(JsonType::String as u8))]);
    relation.ask_within(view, Node { conj: text, ..sub }, asked)
}
