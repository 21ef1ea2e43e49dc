//! Compares pairs of schemas. Each pair is looked at once, however many operations lead to it and however deep the
//! recursion; what differs at a node is one change, and every root that leads there is reached by it.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach};
use super::super::relation::{Node, Relation, View, Which};
use super::describe::type_names;
use super::node;
use crate::model::{JsonType, Keyword, Parameter, SchemaId, Schemas, Types};

/// The pairs seen so far. Roots are added with [`Comparison::root`]; [`Comparison::finish`] walks them.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Schemas,
    pub(super) new: &'a Schemas,
    pub(super) relation: Relation<'a>,
    pairs: IndexMap<(Node, Node, View), Pair>,
}

/// Two schemas that stand for each other, with the places that are shown for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) old: (Node, SchemaId),
    pub(super) new: (Node, SchemaId),
}

struct Pair {
    place: Place,
    parents: Vec<usize>,
    roots: Vec<Reach>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Schemas, new: &'a Schemas) -> Self {
        Comparison { old, new, relation: Relation::new(old, new), pairs: IndexMap::new() }
    }

    /// Two schemas that `reach` uses, before and now.
    pub(super) fn root(&mut self, old: SchemaId, new: SchemaId, reach: &Reach) {
        let view = match reach.direction {
            Direction::Request => View::Sent,
            Direction::Response => View::Received,
            Direction::Event | Direction::Replay => View::Whole,
        };
        self.root_in(view, old, new, reach);
    }

    /// Two schemas of a parameter. One value of an exploded form looks like a list of one.
    pub(super) fn parameter(&mut self, old: &Parameter, new: &Parameter, reach: &Reach) -> Option<Change> {
        let (before, after) = (old.schema?, new.schema?);
        let view = if reach.direction == Direction::Request { View::Text } else { View::Received };
        let (one, other) = (self.relation.node(Which::Old, before), self.relation.node(Which::New, after));
        let (types, now) = (self.relation.flat(one).types(), self.relation.flat(other));
        let lists = Types(JsonType::Array as u8 | JsonType::Null as u8);
        let is_single = !types.has(JsonType::Array) && !types.has(JsonType::Object);
        let is_exploded = new.style == "form" && new.explode && old.style == "form";
        if !is_single || !now.types().has(JsonType::Array) || !now.types().is_subset(lists) || !is_exploded {
            self.root_in(view, before, after, reach);
            return None;
        }
        let members = self.relation.schemas_of(other);
        let items = members.into_iter().flat_map(|id| &self.new.get(id).keywords).find_map(|keyword| match keyword {
            Keyword::Items(id) => Some(*id),
            _ => None,
        });
        if let Some(items) = items {
            self.root_in(view, before, items, reach);
        }
        let effect = if now.local.items.has(1) { Effect::Widened } else { Effect::Narrowed };
        let change = Change::new(Kind::Type, Action::Changed, effect, &new.name);
        let change = change.values(type_names(types), type_names(now.types()));
        Some(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach))
    }

    fn root_in(&mut self, view: View, old: SchemaId, new: SchemaId, reach: &Reach) {
        let (before, after) = (self.relation.node(Which::Old, old), self.relation.node(Which::New, new));
        let place = Place { old: (before, self.old.resolve(old)), new: (after, self.new.resolve(new)) };
        if let Some(at) = self.pair(place, view) {
            self.pairs[at].roots.push(reach.clone());
        }
    }

    /// Whether values of a parameter look different in a request. `style` and `explode` say nothing of a plain value in
    /// `form` and `simple`, and a list of one value looks in an exploded form like the value alone.
    pub(super) fn is_serialised_differently(&mut self, old: &Parameter, new: &Parameter) -> bool {
        if (&old.style, old.explode) == (&new.style, new.explode) || !old.content.is_empty() || !new.content.is_empty()
        {
            return false;
        }
        let mut plain = |which: Which, id: Option<SchemaId>| {
            let Some(id) = id else { return false };
            let node = self.relation.node(which, id);
            let types = self.relation.flat(node).types();
            !types.has(JsonType::Array) && !types.has(JsonType::Object)
        };
        let both_plain = plain(Which::Old, old.schema) && plain(Which::New, new.schema);
        let same_style = old.style == new.style && matches!(old.style.as_str(), "form" | "simple");
        !(both_plain && same_style)
    }

    /// The index of a pair that does not say the same on both sides.
    fn pair(&mut self, place: Place, view: View) -> Option<usize> {
        let (old, new) = (place.old.0, place.new.0);
        if self.relation.same(old, new) {
            return None;
        }
        let entry = self.pairs.entry((old, new, self.relation.effective(view)));
        let at = entry.index();
        entry.or_insert_with(|| Pair { place, parents: Vec::new(), roots: Vec::new() });
        Some(at)
    }

    /// Walks all pairs that the roots lead to, and gives their changes with everything that they reach.
    pub(super) fn finish(mut self) -> Vec<Change> {
        let mut found: Vec<(usize, Change)> = Vec::new();
        let mut at = 0;
        while let Some((&(_, _, view), pair)) = self.pairs.get_index(at) {
            let seen = node::compare(&mut self.relation, (self.old, self.new), pair.place, view);
            found.extend(seen.changes.into_iter().map(|change| (at, change)));
            for place in seen.children {
                if let Some(child) = self.pair(place, view) {
                    self.pairs[child].parents.push(at);
                }
            }
            at += 1;
        }
        let mut changes: Vec<Change> = Vec::with_capacity(found.len());
        let mut known: IndexMap<String, usize> = IndexMap::new();
        for (at, change) in found {
            let reaches = self.reaches(at);
            // The same node may be met as one that is sent and as one that is received.
            let key = format!("{change:?}");
            let index = *known.entry(key).or_insert_with(|| {
                changes.push(change);
                changes.len() - 1
            });
            if let Some(change) = changes.get_mut(index) {
                let all: BTreeSet<Reach> = change.reaches.drain(..).chain(reaches).collect();
                change.reaches = all.into_iter().collect();
            }
        }
        changes
    }

    /// The roots above a pair.
    fn reaches(&self, at: usize) -> Vec<Reach> {
        let mut seen = BTreeSet::from([at]);
        let mut stack = vec![at];
        let mut reaches = BTreeSet::new();
        while let Some(at) = stack.pop() {
            let pair = &self.pairs[at];
            reaches.extend(pair.roots.iter().cloned());
            stack.extend(pair.parents.iter().filter(|&&parent| seen.insert(parent)));
        }
        reaches.into_iter().collect()
    }
}
