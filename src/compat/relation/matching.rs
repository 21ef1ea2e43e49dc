//! Alternatives against alternatives: which branch of one side stands for which of the other.

use super::composition::{BRANCHES, OVERLAP, pieces, quickly_refused};
use super::disjoint::disjoint;
use super::flat::Group;
use super::{Decision, Node, Relation, View};

/// Alternatives of the first against those of the second: each needs a partner that holds it, and with `oneOf` no other.
pub(super) fn matched(
    relation: &mut Relation<'_>,
    view: View,
    sub: Node,
    own: &Group,
    branches: &[Node],
    group: &Group,
) -> Decision {
    let pieces = pieces(relation, sub, own);
    let mut matching =
        Matching { view, sub, own, group, branches, pieces: &pieces, partners: Vec::new(), best: Decision::No };
    let partners = match matching.all(relation) {
        Ok(partners) => partners,
        Err(Decision::No) => return BRANCHES,
        Err(unknown) => return unknown,
    };
    if !group.exclusive || group.discriminated {
        return Decision::Yes;
    }
    for (at, piece) in pieces.iter().enumerate() {
        for (index, other) in branches.iter().enumerate().filter(|(index, _)| partners[at] != Some(*index)) {
            let owner = partners.iter().position(|partner| *partner == Some(index));
            let kept_apart = own.exclusive
                && !view.is_text()
                && owner.is_some_and(|owner| {
                    let held = Node { conj: own.branches[owner], ..sub };
                    relation.ask_within(View::STRICT, *other, held) == Decision::Yes
                });
            if !kept_apart && !disjoint(relation, view, *piece, *other) {
                return OVERLAP;
            }
        }
    }
    Decision::Yes
}

/// The search of a partner for each alternative (Kuhn's algorithm): with `oneOf` no two share one.
struct Matching<'m> {
    view: View,
    sub: Node,
    own: &'m Group,
    group: &'m Group,
    branches: &'m [Node],
    pieces: &'m [Node],
    partners: Vec<Option<usize>>,
    /// The best answer for the alternative that is looked at.
    best: Decision,
}

impl Matching<'_> {
    /// The partners, or what is known of the worst alternative that has none.
    fn all(&mut self, relation: &mut Relation<'_>) -> Result<Vec<Option<usize>>, Decision> {
        self.partners = vec![None; self.pieces.len()];
        let mut worst = Decision::Yes;
        for at in 0..self.pieces.len() {
            self.best = Decision::No;
            if !self.place(relation, at, &mut Vec::new()) {
                worst = worst.min(if self.best == Decision::Yes { BRANCHES } else { self.best });
            }
        }
        if worst == Decision::Yes { Ok(std::mem::take(&mut self.partners)) } else { Err(worst) }
    }

    /// Finds a partner for an alternative; one that is taken is freed where its owner finds another.
    fn place(&mut self, relation: &mut Relation<'_>, at: usize, tried: &mut Vec<usize>) -> bool {
        const DEPTH: usize = 64;
        for partner in preferred(relation, (self.sub, self.own, at), self.branches) {
            if tried.contains(&partner) || !self.holds(relation, at, partner) {
                continue;
            }
            tried.push(partner);
            let owner = self.partners.iter().position(|taken| *taken == Some(partner)).filter(|_| self.group.exclusive);
            if owner.is_none_or(|owner| tried.len() < DEPTH && self.place(relation, owner, tried)) {
                self.partners[at] = Some(partner);
                return true;
            }
        }
        false
    }

    fn holds(&mut self, relation: &mut Relation<'_>, at: usize, partner: usize) -> bool {
        let (piece, branch) = (self.pieces[at], self.branches[partner]);
        // The same alternative holds its own, whatever else is asked beside it.
        let alternative = Node { conj: self.own.branches[at], ..self.sub };
        let answer = if relation.same(alternative, branch) {
            Decision::Yes
        } else if quickly_refused(relation, self.view, piece, branch) {
            Decision::No
        } else {
            relation.ask_within(self.view, piece, branch)
        };
        self.best = self.best.max(answer);
        answer == Decision::Yes
    }
}

/// Partners in the order in which they are tried: those that say the same, of the same component, at the same place, then
/// the others.
fn preferred(relation: &mut Relation<'_>, (sub, own, at): (Node, &Group, usize), branches: &[Node]) -> Vec<usize> {
    let name = relation.side(sub.which).name(own.ids[at]);
    let mut order: Vec<usize> = (0..branches.len()).collect();
    let rank = |relation: &mut Relation<'_>, index: usize| {
        let side = relation.side(branches[index].which);
        let is_named = side.names(branches[index].conj).next().is_some();
        let named = name.is_some() && side.names(branches[index].conj).any(|other| Some(other) == name.as_deref());
        // Components of two names are compared only where nothing else helps.
        let is_same = (named || name.is_none() || !is_named)
            && relation.same(Node { conj: own.branches[at], ..sub }, branches[index]);
        (!is_same, !named, index != at, index)
    };
    order.sort_by_cached_key(|index| rank(relation, *index));
    order
}
