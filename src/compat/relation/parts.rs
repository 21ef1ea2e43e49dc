//! Containment of two that say the same by themselves and hold others that changed: it follows from the pairs below, each of
//! which is there anyway. Alternatives are not crossed with each other, so the cost is that of the document.

use super::alike::Role;
use super::conjunction::Term;
use super::disjoint::disjoint;
use super::flat::{Flat, Group};
use super::object::is_left_out;
use super::{Decision, Node, Relation, View, Which, Writing};
use crate::model::{JsonType, Types};

const ALTERNATIVE: Decision = Decision::Unknown("an alternative changed, and another may hold what it lost");
const OVERLAP: Decision = Decision::Unknown("branches of `oneOf` may overlap");

/// What the pairs below tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// All.
    Sure(Decision),
    /// What is not decided is so because of a pair below: there is nothing to look for here.
    Alike,
    /// Nothing.
    Nothing,
}

pub(super) fn within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Answer {
    let Some(pair) = relation.pair_of(sub, sup) else { return Answer::Nothing };
    // A text may be held by another alternative, and fields of a form go by their names.
    let has_texts = view.is_text() && view.has_texts(relation.flat(sub).types());
    if has_texts || matches!(view.writing, Writing::Form(_)) {
        return Answer::Nothing;
    }
    if relation.is_dynamic(sub) || relation.is_dynamic(sup) {
        return Answer::Nothing;
    }
    let Some(links) = relation.links(pair) else { return Answer::Nothing };
    let changed: Vec<(u32, Role)> =
        links.iter().filter(|link| !relation.is_same(link.pair)).map(|link| (link.pair, link.role)).collect();
    if changed.iter().any(|(_, role)| *role == Role::Other) || !are_partners(relation, &changed) {
        return Answer::Nothing;
    }
    let all_named = changed
        .iter()
        .filter(|(_, role)| matches!(role, Role::AnyOf | Role::OneOf(_)))
        .all(|(pair, _)| relation.terms(*pair).is_some_and(|(old, _)| relation.name(Which::Old, old).is_some()));
    let term = relation.side(sub.which).term_of(sub.conj);
    let types = types(relation, sub.which, term);
    let (mut fields, mut alternatives, mut has_exclusive) = (Decision::Yes, Decision::Yes, false);
    for (pair, role) in changed {
        let kind = match role {
            Role::Property | Role::Field => JsonType::Object,
            Role::Item => JsonType::Array,
            _ => JsonType::Null,
        };
        if matches!(role, Role::Property | Role::Field | Role::Item) && !types.has(kind) {
            continue;
        }
        let Some((old, new)) = relation.nodes(pair) else { return Answer::Nothing };
        let (one, other) = if sub.which == old.which { (old, new) } else { (new, old) };
        if role == Role::Property {
            match relation.are_left_out(view, one, other) {
                (true, true) => continue,
                (false, false) => {}
                _ => return Answer::Alike,
            }
        }
        let answer = relation.ask_within(below(view, role), one, other);
        match role {
            Role::AnyOf | Role::OneOf(_) => alternatives = alternatives.min(answer),
            _ => fields = fields.min(answer),
        }
        has_exclusive |= role == Role::OneOf(false);
    }
    if fields == Decision::Yes && alternatives == Decision::Yes && !has_exclusive {
        return Answer::Sure(Decision::Yes);
    }
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if own.groups.is_empty() {
        return Answer::Alike;
    }
    if !all_named {
        // Parts without a name are few: all that can be said of them is worked out.
        return Answer::Nothing;
    }
    Answer::Sure(groups(relation, view, (sub, &own), (sup, &other), fields))
}

/// Alternatives, each against the one in its place; what is lost by one may be held by another.
fn groups(
    relation: &mut Relation<'_>,
    view: View,
    (sub, own): (Node, &Flat<'_>),
    (sup, other): (Node, &Flat<'_>),
    fields: Decision,
) -> Decision {
    let mut worst = fields.max(Decision::Unknown("a part of it changed, and alternatives may rule out what differs"));
    let is_bare = own.groups.len() == 1 && own.properties.is_empty() && own.local == super::Local::default();
    for (group, partner) in own.groups.iter().zip(&other.groups) {
        if group.is_large() {
            // Whether the branches stay apart would take each pair.
            worst = worst.min(ALTERNATIVE);
            continue;
        }
        let nodes = |group: &Group, at: Node| -> Vec<Node> {
            group.branches.iter().map(|conj| Node { conj: *conj, ..at }).collect()
        };
        let (branches, partners) = (nodes(group, sub), nodes(partner, sup));
        for (at, (branch, held_by)) in branches.iter().zip(&partners).enumerate() {
            let answer = relation.ask_within(view, *branch, *held_by);
            // What it lost is refused where no other holds it, and was valid where no other held it either.
            let mut is_alone = |list: &[Node]| {
                (0..list.len()).all(|other| other == at || disjoint(relation, view, *branch, list[other]))
            };
            let is_refused = answer == Decision::No && is_bare && is_alone(&partners);
            if is_refused && (!group.exclusive || group.discriminated || is_alone(&branches)) {
                return Decision::No;
            }
            worst = worst.min(if answer == Decision::No { ALTERNATIVE } else { answer });
        }
        if group.exclusive && !group.discriminated && !stay_apart(relation, view, &branches, &partners) {
            worst = worst.min(OVERLAP);
        }
    }
    worst
}

/// Whether no branch holds values now that exactly one other held.
fn stay_apart(relation: &mut Relation<'_>, view: View, branches: &[Node], partners: &[Node]) -> bool {
    (0..branches.len()).all(|at| {
        let grown = relation.ask_within(view.strict(), partners[at], branches[at]) != Decision::Yes;
        !grown
            || (0..branches.len()).all(|other| other == at || disjoint(relation, view, branches[other], partners[at]))
    })
}

/// How what stands below is seen.
fn below(view: View, role: Role) -> View {
    match role {
        Role::Property | Role::Field => view.any_property(),
        Role::Item => view.item(),
        Role::AnyOf | Role::OneOf(_) | Role::Other => view,
    }
}

/// The pairs below one that differ, each with how it is seen, where nothing else can differ there: where both sides say the
/// same by themselves, and none of the changes below changes what the rest means. Nothing where it takes a closer look.
pub(super) fn followed(relation: &mut Relation<'_>, view: View, pair: u32) -> Option<Vec<(u32, View)>> {
    let changed: Vec<(u32, Role)> = relation
        .links(pair)?
        .iter()
        .filter(|link| !relation.is_same(link.pair))
        .map(|link| (link.pair, link.role))
        .collect();
    if !are_partners(relation, &changed) || relation.depends_on_way(pair) {
        return None;
    }
    let types = types(relation, Which::Old, relation.terms(pair)?.0);
    if matches!(view.writing, Writing::Form(_)) {
        return None;
    }
    let mut found = Vec::with_capacity(changed.len());
    for (inner, role) in changed {
        match role {
            Role::Other => return None,
            Role::Property | Role::Field if !types.has(JsonType::Object) => continue,
            Role::Item if !types.has(JsonType::Array) => continue,
            Role::Property if relation.leaves_out(view) => {
                let (one, other) = relation.nodes(inner)?;
                match relation.are_left_out(view, one, other) {
                    (true, true) => continue,
                    (false, false) => {}
                    _ => return None,
                }
            }
            Role::OneOf(false) => {
                let (old, new) = relation.nodes(pair)?;
                if !are_apart(relation, view, old) || !are_apart(relation, view, new) {
                    return None;
                }
            }
            _ => {}
        }
        found.push((inner, below(view, role)));
    }
    Some(found)
}

/// Whether alternatives that changed stand for each other where they stand: those of one name, or the only one without.
fn are_partners(relation: &mut Relation<'_>, changed: &[(u32, Role)]) -> bool {
    let mut unnamed = 0;
    changed.iter().filter(|(_, role)| matches!(role, Role::AnyOf | Role::OneOf(_))).all(|(pair, _)| {
        let Some((old, new)) = relation.terms(*pair) else { return false };
        match (relation.name(Which::Old, old), relation.name(Which::New, new)) {
            (Some(one), Some(other)) => one == other,
            (None, None) => {
                unnamed += 1;
                let alike = types(relation, Which::Old, old) == types(relation, Which::New, new);
                let nodes = relation.nodes(*pair).filter(|_| unnamed == 1 && alike);
                nodes.is_some_and(|(old, new)| !disjoint(relation, View::STRICT, old, new))
            }
            _ => false,
        }
    })
}

/// Whether no value is one of two branches of a `oneOf`.
fn are_apart(relation: &mut Relation<'_>, view: View, node: Node) -> bool {
    const FEW: usize = 12;
    let flat = relation.flat(node);
    flat.groups.iter().filter(|group| group.exclusive && !group.discriminated).all(|group| {
        let branches: Vec<Node> = group.branches.iter().map(|conj| Node { conj: *conj, ..node }).collect();
        branches.len() <= FEW
            && (0..branches.len())
                .all(|at| (0..at).all(|before| disjoint(relation, view, branches[at], branches[before])))
    })
}

fn types(relation: &mut Relation<'_>, which: Which, term: Term) -> Types {
    match term {
        Term::Schema(id) => relation.side(which).schemas.get(id).types,
        Term::Conj(conj) => relation.flat(Node { which, conj }).types(),
    }
}

impl Relation<'_> {
    /// Whether a side of a pair depends on the way to it.
    fn depends_on_way(&mut self, pair: u32) -> bool {
        let nodes = self.nodes(pair).filter(|_| self.has_dynamic);
        nodes.is_some_and(|(old, new)| self.is_dynamic(old) || self.is_dynamic(new))
    }

    /// The component that is shown for a term.
    fn name(&self, which: Which, term: Term) -> Option<&str> {
        let side = match which {
            Which::Old => &self.old,
            Which::New => &self.new,
        };
        let id = side.shown_of(term)?;
        side.schemas.get(id).name.as_deref()
    }

    /// Whether a property is not sent in a view, on both sides.
    pub(crate) fn are_left_out(&mut self, view: View, one: Node, other: Node) -> (bool, bool) {
        if !self.leaves_out(view) {
            return (false, false);
        }
        (is_left_out(self, view, one), is_left_out(self, view, other))
    }
}
