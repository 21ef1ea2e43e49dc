//! Containment of whole schemas: what they say by themselves, then alternatives, negations and conditions.

use super::flat::{Condition, Flat, Group};
use super::local::{DYNAMIC, are_apart};
use super::scalar::{all_values, failures};
use super::{Decision, Node, Relation, View, array, disjoint::disjoint, matching, object, text, value};
use crate::model::json::read;
use crate::model::{JsonType, Types, Values};

pub(super) const OVERLAP: Decision = Decision::Unknown("branches of `oneOf` may overlap");
pub(super) const BRANCHES: Decision =
    Decision::Unknown("whether the alternatives together hold every value is not decided");
const TOO_LONG: Decision = Decision::Unknown("a value that is listed is too long to be tried");
const MANY_BRANCHES: Decision = Decision::Unknown("there are more alternatives than are compared one by one");

pub(super) fn within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let decision = decided(relation, view, sub, sup);
    match decision {
        Decision::No if relation.is_dynamic(sub) || relation.is_dynamic(sup) => Decision::Unknown(DYNAMIC),
        known => known,
    }
}

fn decided(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if own.types() == Types::NONE {
        return Decision::Yes;
    }
    if let Some(values) = all_values(&own.local) {
        return of_values(relation, view, sub, sup, &values);
    }
    if let Some(decision) = text::within(relation, view, sub, sup) {
        return decision;
    }
    // Before anything below is asked: pairs that tags tell apart would lead to all pairs there are.
    if tagged_apart(relation, view, sub, sup) {
        return Decision::No;
    }
    let mut decision = by_itself(relation, view, sub, sup);
    if other.unevaluated.is_some() || other.unevaluated_items.is_some() {
        decision = decision.min(unevaluated(relation, view, sub, sup, &other));
    }
    if let Some(reason) = other.local.unsure {
        decision = decision.min(Decision::Unknown(reason));
    }
    for node in &other.nots {
        decision = decision.min(excluded(relation, view, sub, &own, Node { conj: *node, ..sup }));
    }
    for condition in &other.conditions {
        decision = decision.min(conditional(relation, view, (sub, &own), (sup, condition)));
    }
    let too_many = own.dependent.len().max(other.dependent.len()) > object::MANY;
    if too_many {
        decision = decision.min(Decision::Unknown("there are more `dependentSchemas` than are compared one by one"));
    }
    for (name, conj) in other.dependent.iter().filter(|_| !too_many) {
        decision = decision.min(dependent(relation, view, (sub, &own), name, Node { conj: *conj, ..sup }));
    }
    for group in &other.groups {
        if decision == Decision::No {
            break;
        }
        decision = decision.min(alternatives(relation, view, (sub, &own), sup, group));
    }
    decision
}

/// Few values are tried one by one.
fn of_values(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node, values: &Values) -> Decision {
    let mut decision = Decision::Yes;
    let steps = value::Steps::many();
    for text in values.texts() {
        if text.len() > value::LONGEST_VALUE {
            decision = decision.min(TOO_LONG);
            continue;
        }
        let one = &read(text);
        let valid = value::among(relation.side(sub.which), sub.conj, one, view.json(), &steps);
        if valid == Decision::No {
            continue;
        }
        let taken = text::taken(relation, view, sup, one, &steps);
        let maybe =
            if taken == Decision::Yes { taken } else { Decision::Unknown("which values are valid is not known") };
        decision = decision.min(if valid == Decision::Yes { taken } else { maybe });
    }
    decision
}

/// What the second says by itself, against all that the first says.
fn by_itself(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    let mut plain =
        failures(&own.local, &other.local).iter().map(|(_, decision)| *decision).min().unwrap_or(Decision::Yes);
    if plain != Decision::No {
        plain = plain.min(object::within(relation, view, sub, sup));
    }
    if plain != Decision::No {
        plain = plain.min(array::within(relation, view, sub, sup));
    }
    if let Some(asked) = other.content.filter(|_| plain != Decision::No) {
        plain = plain.min(match own.content {
            Some(conj) => relation.ask_within(view.json(), Node { conj, ..sub }, Node { conj: asked, ..sup }),
            None => Decision::No,
        });
    }
    if plain == Decision::Yes || own.groups.is_empty() {
        return plain;
    }
    let target = if is_simple(&other) { sup } else { Node { conj: relation.side(sup.which).plain(sup.conj), ..sup } };
    distributed(relation, view, sub, &own, target)
}

fn is_simple(flat: &Flat<'_>) -> bool {
    flat.is_plain() && flat.unevaluated.is_none() && flat.unevaluated_items.is_none()
}

/// Each alternative of the first against the second.
fn distributed(relation: &mut Relation<'_>, view: View, sub: Node, own: &Flat<'_>, sup: Node) -> Decision {
    let mut best = Decision::No;
    for group in &own.groups {
        if group.is_large() {
            best = best.max(MANY_BRANCHES);
            continue;
        }
        let pieces = pieces(relation, sub, group);
        let answers: Vec<Decision> = pieces.iter().map(|piece| relation.ask_within(view, *piece, sup)).collect();
        let worst = answers.iter().copied().min().unwrap_or(Decision::Yes);
        let failing = answers.iter().filter(|answer| **answer != Decision::Yes).count();
        best = best.max(match worst {
            // A value of a failing alternative may be one of another as well, and then `oneOf` refuses it.
            Decision::No if group.exclusive && !group.discriminated && failing > 1 && !apart(relation, &pieces) => {
                OVERLAP
            }
            Decision::No if own.groups.len() > 1 => BRANCHES,
            worst => worst,
        });
    }
    best
}

fn apart(relation: &mut Relation<'_>, pieces: &[Node]) -> bool {
    const FEW: usize = 12;
    pieces.len() <= FEW
        && (0..pieces.len())
            .all(|at| (0..at).all(|before| disjoint(relation, View::STRICT, pieces[at], pieces[before])))
}

/// The first with one of its alternatives chosen, for each of them.
pub(super) fn pieces(relation: &mut Relation<'_>, sub: Node, group: &Group) -> Vec<Node> {
    let side = relation.side(sub.which);
    let base = side.base(sub.conj);
    group.branches.iter().map(|branch| Node { conj: side.both(base, *branch), ..sub }).collect()
}

/// Alternatives of the second.
fn alternatives(
    relation: &mut Relation<'_>,
    view: View,
    (sub, own): (Node, &Flat<'_>),
    sup: Node,
    group: &Group,
) -> Decision {
    if group.is_large() {
        return MANY_BRANCHES;
    }
    let branches: Vec<Node> = group.branches.iter().map(|conj| Node { conj: *conj, ..sup }).collect();
    let mut best = one_branch(relation, view, sub, &branches, group);
    if best == Decision::Yes {
        return best;
    }
    for own_group in own.groups.iter().filter(|group| !group.is_large()) {
        best = best.max(matching::matched(relation, view, sub, own_group, &branches, group));
        if best == Decision::Yes {
            return best;
        }
    }
    if own.types().0.count_ones() > 1 {
        // The types divide the values, so what fails for one of them fails.
        return match by_type(relation, view, sub, own, sup) {
            Decision::No => Decision::No,
            answer => best.max(answer),
        };
    }
    if !own.groups.is_empty() {
        return match distributed(relation, view, sub, own, sup) {
            Decision::No => Decision::No,
            answer => best.max(answer),
        };
    }
    best
}

/// The types of the first one by one.
fn by_type(relation: &mut Relation<'_>, view: View, sub: Node, own: &Flat<'_>, sup: Node) -> Decision {
    let mut decision = Decision::Yes;
    for bit in (0..7).map(|shift| 1_u8 << shift).filter(|bit| own.types().0 & bit != 0) {
        let conj = relation.side(sub.which).restricted(sub.conj, Types(bit));
        decision = decision.min(relation.ask_within(view, Node { conj, ..sub }, sup));
    }
    decision
}

/// Whether one branch holds all of the first.
fn one_branch(relation: &mut Relation<'_>, view: View, sub: Node, branches: &[Node], group: &Group) -> Decision {
    let mut live = Vec::new();
    let mut overlaps = false;
    for (at, branch) in branches.iter().enumerate() {
        if quickly_refused(relation, view, sub, *branch) {
            if !disjoint(relation, view, sub, *branch) {
                live.push((*branch, Decision::No));
            }
            continue;
        }
        let answer = relation.ask_within(view, sub, *branch);
        if answer == Decision::Yes {
            let alone = !group.exclusive
                || group.discriminated
                || (0..branches.len()).all(|other| other == at || disjoint(relation, view, sub, branches[other]));
            if alone {
                return Decision::Yes;
            }
            overlaps = true;
            continue;
        }
        if !disjoint(relation, view, sub, *branch) {
            live.push((*branch, answer));
        }
    }
    match live.as_slice() {
        _ if overlaps => OVERLAP,
        [] => Decision::No,
        [(_, answer)] => *answer,
        _ => BRANCHES,
    }
}

/// Whether a look at types and tags shows that not all of the first is in the second.
pub(super) fn quickly_refused(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> bool {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if !own.types().is_subset(view.read_as(other.types())) && !other.types().has(JsonType::String) {
        return true;
    }
    tagged_apart(relation, view, sub, sup)
}

/// Whether a property that is always there has other values in the second than in the first.
fn tagged_apart(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> bool {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if own.types() != Types(JsonType::Object as u8) {
        return false;
    }
    for (name, conj) in own.properties.iter().filter(|(name, _)| own.local.required.contains(name)) {
        let Some(partner) = other.properties.get(name) else { continue };
        let (one, partner) = (Node { conj: *conj, ..sub }, Node { conj: *partner, ..sup });
        let (tag, asked) = (relation.flat(one), relation.flat(partner));
        let inner = relation.property(view, name);
        if let (Some(tags), Some(asked)) = (&tag.local.values, &asked.local.values)
            && are_apart(tags, asked)
            && (!inner.is_text() || disjoint(relation, inner, one, partner))
        {
            return true;
        }
    }
    false
}

/// `not`: nothing of the first is in what is excluded.
fn excluded(relation: &mut Relation<'_>, view: View, sub: Node, own: &Flat<'_>, out: Node) -> Decision {
    for known in &own.nots {
        if relation.ask_within(View::STRICT, out, Node { conj: *known, ..sub }) == Decision::Yes {
            return Decision::Yes;
        }
    }
    if disjoint(relation, view, sub, out) {
        return Decision::Yes;
    }
    Decision::Unknown("whether `not` excludes a value is not decided")
}

/// `if`, `then` and `else`: the same condition with consequences that hold, or consequences that hold anyway.
fn conditional(
    relation: &mut Relation<'_>,
    view: View,
    (sub, own): (Node, &Flat<'_>),
    (sup, asked): (Node, &Condition),
) -> Decision {
    let node = |conj: Option<_>| conj.map(|conj| Node { conj, ..sup });
    let (then, otherwise) = (node(asked.then), node(asked.otherwise));
    let mut best = Decision::Unknown("whether a condition (`if`) holds is not decided");
    for known in &own.conditions {
        let (when, other) = (Node { conj: known.when, ..sub }, Node { conj: asked.when, ..sup });
        if !relation.same(when, other) {
            continue;
        }
        let mut follows = |own: Option<_>, asked: Option<Node>| match (own, asked) {
            (_, None) => Decision::Yes,
            (Some(conj), Some(asked)) => relation.ask_within(view, Node { conj, ..sub }, asked),
            (None, Some(_)) => Decision::Unknown("whether a condition (`if`) holds is not decided"),
        };
        let both = follows(known.then, then).min(follows(known.otherwise, otherwise));
        let undecided = Decision::Unknown("whether a condition (`if`) holds is not decided");
        best = best.max(if both == Decision::No { undecided } else { both });
    }
    if best == Decision::Yes {
        return best;
    }
    let holds = |relation: &mut Relation<'_>, asked: Option<Node>| {
        asked.is_none_or(|asked| relation.ask_within(view, sub, asked) == Decision::Yes)
    };
    let when = Node { conj: asked.when, ..sup };
    let never = disjoint(relation, view, sub, when);
    if (never || holds(relation, then)) && holds(relation, otherwise) {
        return Decision::Yes;
    }
    if relation.ask_within(View::STRICT, sub, when) == Decision::Yes && holds(relation, then) {
        return Decision::Yes;
    }
    best
}

/// `dependentSchemas`: who sends the property fits the schema.
fn dependent(
    relation: &mut Relation<'_>,
    view: View,
    (sub, own): (Node, &Flat<'_>),
    name: &str,
    asked: Node,
) -> Decision {
    if own.types().has(JsonType::Object) && object::sent(relation, view, sub, own, name) == object::Slot::Absent {
        return Decision::Yes;
    }
    let known = own.dependent.get(name).copied();
    let conj = known.map_or(sub.conj, |known| relation.side(sub.which).both(sub.conj, known));
    // With its own dependent schema merged in, the same question would be asked for ever: its base is enough.
    let conj = if known.is_some() { relation.side(sub.which).base(conj) } else { conj };
    match relation.ask_within(view, Node { conj, ..sub }, asked) {
        Decision::Yes => Decision::Yes,
        _ => Decision::Unknown("whether `dependentSchemas` holds is not decided"),
    }
}

/// `unevaluatedProperties` beside alternatives: what each alternative leaves over is known once it is chosen.
fn unevaluated(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node, other: &Flat<'_>) -> Decision {
    let own = relation.flat(sub);
    for group in other.groups.iter().filter(|group| !group.is_large()) {
        let chosen = pieces(relation, sup, group);
        if holds_one(relation, view, sub, &chosen) {
            return Decision::Yes;
        }
        for own_group in own.groups.iter().filter(|group| !group.is_large()) {
            let parts = pieces(relation, sub, own_group);
            if parts.iter().all(|part| holds_one(relation, view, *part, &chosen)) {
                return Decision::Yes;
            }
        }
    }
    Decision::Unknown("what `unevaluatedProperties` or `unevaluatedItems` leaves over depends on alternatives")
}

fn holds_one(relation: &mut Relation<'_>, view: View, sub: Node, chosen: &[Node]) -> bool {
    chosen
        .iter()
        .any(|sup| !quickly_refused(relation, view, sub, *sup) && relation.ask_within(view, sub, *sup) == Decision::Yes)
}
