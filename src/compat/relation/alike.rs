//! Which schemas say the same. Two that say the same by themselves are compared once, keyword by keyword, and linked with
//! the pairs below them; what differs makes all that lead to it differ. That is the greatest fixed point, in time that
//! grows with the number of pairs, and it is what lets a comparison end at a look wherever nothing changed.

use rustc_hash::FxHashMap;

use super::conjunction::Term;
use super::keyword::{has_schemas, keywords_alike};
use super::{Conj, MOST_ALONE, Node, Relation, Which, same};
use crate::model::{Schema, SchemaId, Schemas};

/// Where a schema stands in the one that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Under a declared property.
    Property,
    /// Elsewhere in an object, where the larger the schema, the larger the whole.
    Field,
    /// An item.
    Item,
    /// An alternative, of which one or more must match.
    AnyOf,
    /// An alternative, of which exactly one must match; whether a discriminator tells them apart.
    OneOf(bool),
    /// Where a larger schema need not make the whole larger: `not`, `if`, `contains` and the like.
    Other,
}

/// A pair below a pair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) pair: u32,
    pub(crate) role: Role,
}

/// A pair of what stands for each other in the old and the new document.
struct Entry {
    terms: (Term, Term),
    /// The pairs below, where both sides say the same by themselves; equal ones without anything below are left out.
    links: Box<[Link]>,
    parents: Vec<u32>,
    /// Whether both say the same by themselves.
    alike: bool,
    /// Whether they say the same altogether, as far as it is known.
    same: bool,
}

/// All pairs looked at.
#[derive(Default)]
pub(super) struct Alike {
    index: FxHashMap<(Term, Term), u32>,
    entries: Vec<Entry>,
    /// Pairs that have not been compared yet.
    open: Vec<u32>,
}

/// Schemas that stand for each other below a pair.
pub(super) type Below = Vec<((Term, Term), Role)>;

impl Relation<'_> {
    /// Whether both say the same, annotations included that matter to those who talk to each other.
    pub(crate) fn same(&mut self, one: Node, other: Node) -> bool {
        let Some(terms) = self.terms_of(one, other) else { return one == other };
        let known = self.alike.entries.len();
        let pair = self.pair(terms);
        let is_same = self.is_same(pair);
        // Of alternatives each is held against each: a pair that differs and led to no other is soon compared again.
        if !is_same && known >= MOST_ALONE && pair as usize == known && self.alike.entries.len() == known + 1 {
            self.alike.entries.pop();
            self.alike.index.remove(&terms);
        }
        is_same
    }

    /// The pair of two nodes of different documents.
    pub(crate) fn pair_of(&mut self, one: Node, other: Node) -> Option<u32> {
        self.terms_of(one, other).map(|terms| self.pair(terms))
    }

    /// What two nodes of different documents stand for.
    fn terms_of(&self, one: Node, other: Node) -> Option<(Term, Term)> {
        let (old, new) = match (one.which, other.which) {
            (Which::Old, Which::New) => (one.conj, other.conj),
            (Which::New, Which::Old) => (other.conj, one.conj),
            _ => return None,
        };
        Some((self.old.term_of(old), self.new.term_of(new)))
    }

    /// The pair of two schemas.
    pub(crate) fn pair_of_schemas(&mut self, old: SchemaId, new: SchemaId) -> u32 {
        let terms = (self.old.term(old), self.new.term(new));
        self.pair(terms)
    }

    /// Whether a pair says the same.
    pub(crate) fn is_same(&self, pair: u32) -> bool {
        self.alike.entries.get(pair as usize).is_some_and(|entry| entry.same)
    }

    /// The pairs below a pair that says the same by itself.
    pub(crate) fn links(&self, pair: u32) -> Option<&[Link]> {
        let entry = self.alike.entries.get(pair as usize)?;
        entry.alike.then_some(&entry.links)
    }

    /// What stands on both sides of a pair.
    pub(crate) fn terms(&self, pair: u32) -> Option<(Term, Term)> {
        self.alike.entries.get(pair as usize).map(|entry| entry.terms)
    }

    /// The nodes of both sides of a pair.
    pub(crate) fn nodes(&mut self, pair: u32) -> Option<(Node, Node)> {
        let (old, new) = self.terms(pair)?;
        let (old, new) = (self.old.conj_of(old), self.new.conj_of(new));
        Some((Node { which: Which::Old, conj: old }, Node { which: Which::New, conj: new }))
    }

    /// The pair, with all that lies below it compared.
    fn pair(&mut self, terms: (Term, Term)) -> u32 {
        let pair = self.entry(terms);
        while let Some(open) = self.alike.open.pop() {
            self.compare_by_itself(open);
        }
        pair
    }

    fn entry(&mut self, terms: (Term, Term)) -> u32 {
        let next = u32::try_from(self.alike.entries.len()).unwrap_or(u32::MAX);
        let pair = *self.alike.index.entry(terms).or_insert(next);
        if pair == next {
            let entry = Entry { terms, links: Box::default(), parents: Vec::new(), alike: true, same: true };
            self.alike.entries.push(entry);
            self.alike.open.push(pair);
        }
        pair
    }

    fn compare_by_itself(&mut self, pair: u32) {
        let Some(terms) = self.terms(pair) else { return };
        let mut below: Below = Vec::new();
        let mut alike = self.alike.entries.len() < self.most_pairs;
        if alike && let (Term::Schema(old), Term::Schema(new)) = terms {
            alike = self.schemas_alike(old, new, &mut below);
        }
        if !alike || !matches!(terms, (Term::Schema(_), Term::Schema(_))) {
            // What is written differently may still be merged into the same.
            below.clear();
            alike = self.alike.entries.len() < self.most_pairs && self.flats_alike(pair, &mut below);
        }
        if !alike {
            if let Some(entry) = self.alike.entries.get_mut(pair as usize) {
                entry.alike = false;
            }
            return self.fall(pair);
        }
        let mut links = Vec::with_capacity(below.len());
        let mut fell = false;
        for (terms, role) in below {
            if self.are_equal_leaves(terms) {
                continue;
            }
            let child = self.entry(terms);
            links.push(Link { pair: child, role });
            if let Some(entry) = self.alike.entries.get_mut(child as usize) {
                entry.parents.push(pair);
                fell |= !entry.same;
            }
        }
        if let Some(entry) = self.alike.entries.get_mut(pair as usize) {
            entry.links = links.into_boxed_slice();
        }
        if fell {
            self.fall(pair);
        }
    }

    /// Makes a pair and all that lead to it differ.
    fn fall(&mut self, pair: u32) {
        let mut stack = vec![pair];
        while let Some(pair) = stack.pop() {
            if let Some(entry) = self.alike.entries.get_mut(pair as usize)
                && std::mem::replace(&mut entry.same, false)
            {
                stack.extend_from_slice(&entry.parents);
            }
        }
    }

    /// Whether both are schemas without others below, and equal: nothing need be kept of these.
    fn are_equal_leaves(&self, terms: (Term, Term)) -> bool {
        let (Term::Schema(old), Term::Schema(new)) = terms else { return false };
        let (old, new) = (self.old.schemas.get(old), self.new.schemas.get(new));
        let is_leaf = |schema: &Schema| schema.keywords.iter().all(|keyword| !has_schemas(keyword));
        let schemas = (self.old.schemas, self.new.schemas);
        is_leaf(old) && is_leaf(new) && keywords_alike(schemas, old, new, &mut |_, _, _| {})
    }

    fn schemas_alike(&mut self, old: SchemaId, new: SchemaId, below: &mut Below) -> bool {
        let (before, after) = (self.old.schemas.get(old), self.new.schemas.get(new));
        let schemas = (self.old.schemas, self.new.schemas);
        keywords_alike(schemas, before, after, &mut |old, new, role| {
            let terms = (self.old.term(old), self.new.term(new));
            below.push((terms, role));
        })
    }

    fn flats_alike(&mut self, pair: u32, below: &mut Below) -> bool {
        let Some((old, new)) = self.nodes(pair) else { return false };
        let (before, after) = (self.flat(old), self.flat(new));
        let target = |schemas: &Schemas, id: SchemaId| schemas.get(id).name.clone();
        let same_targets = before.mapping.iter().all(|(value, old)| {
            let new = after.mapping.get(value);
            new.is_none_or(|new| target(self.old.schemas, *old) == target(self.new.schemas, *new))
        });
        same_targets
            && same::same(&before, &after, &mut |old: Conj, new: Conj, role| {
                let terms = (self.old.term_of(old), self.new.term_of(new));
                below.push((terms, role));
            })
    }
}
