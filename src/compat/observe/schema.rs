//! Compares pairs of schema nodes. Each pair is looked at once, however many operations lead to it and however deep the
//! recursion; what differs at a node is one change, and every root that leads there is reached by it.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::super::change::{Action, Change, Effect, Kind, Reach};
use super::equal::equal;
use super::keyword;
use crate::model::{Keyword, Schema, SchemaId, Schemas, Types};

/// The pairs seen so far. Roots are added with [`Comparison::root`]; [`Comparison::finish`] walks them.
pub(super) struct Comparison<'a> {
    old: &'a Schemas,
    new: &'a Schemas,
    pairs: IndexMap<(SchemaId, SchemaId), Pair>,
}

#[derive(Default)]
struct Pair {
    parents: Vec<usize>,
    roots: Vec<Reach>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Schemas, new: &'a Schemas) -> Self {
        Comparison { old, new, pairs: IndexMap::new() }
    }

    /// Two schemas that `reach` uses, before and now.
    pub(super) fn root(&mut self, old: SchemaId, new: SchemaId, reach: &Reach) {
        let at = self.pair(old, new);
        self.pairs[at].roots.push(reach.clone());
    }

    fn pair(&mut self, old: SchemaId, new: SchemaId) -> usize {
        let key = (self.old.resolve(old), self.new.resolve(new));
        let entry = self.pairs.entry(key);
        let at = entry.index();
        entry.or_default();
        at
    }

    /// Walks all pairs that the roots lead to, and gives their changes with everything that they reach.
    pub(super) fn finish(mut self) -> Vec<Change> {
        let mut found: Vec<(usize, Change)> = Vec::new();
        let mut at = 0;
        while let Some((&(old, new), _)) = self.pairs.get_index(at) {
            let mut node = Node {
                schemas: (self.old, self.new),
                old: self.old.get(old),
                new: self.new.get(new),
                children: Vec::new(),
                changes: Vec::new(),
            };
            node.compare();
            found.extend(node.changes.into_iter().map(|change| (at, change)));
            for (old, new) in node.children {
                let child = self.pair(old, new);
                self.pairs[child].parents.push(at);
            }
            at += 1;
        }
        let mut changes = Vec::with_capacity(found.len());
        for (at, mut change) in found {
            change.reaches = self.reaches(at);
            changes.push(change);
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

/// One pair of nodes: what differs here, and the pairs below.
pub(super) struct Node<'a> {
    schemas: (&'a Schemas, &'a Schemas),
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) children: Vec<(SchemaId, SchemaId)>,
    pub(super) changes: Vec<Change>,
}

impl<'a> Node<'a> {
    fn compare(&mut self) {
        self.types();
        self.properties();
        self.required();
        keyword::compare(self);
    }

    pub(super) fn add(&mut self, change: Change) {
        let (old, new) = (self.old, self.new);
        let placed = change.old_origin.is_some() || change.new_origin.is_some();
        self.changes.push(if placed { change } else { change.places(Some(&old.origin), Some(&new.origin)) });
    }

    fn types(&mut self) {
        let (old, new) = (self.old.types, self.new.types);
        if old == new {
            return;
        }
        let effect = match (old.is_subset(new), new.is_subset(old)) {
            (false, false) if old.intersection(new) == Types::NONE => Effect::Disjoint,
            (old_in_new, new_in_old) => Effect::of(old_in_new, new_in_old),
        };
        let change = Change::new(Kind::Type, Action::Changed, effect, self.subject());
        self.add(change.values(names(old), names(new)));
    }

    /// The name under which the node stands: its component, or the last token of its pointer.
    pub(super) fn subject(&self) -> String {
        let pointer = self.new.origin.pointer.as_deref().unwrap_or_default();
        let last = pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        self.new.name.clone().unwrap_or(last)
    }

    fn properties(&mut self) {
        let (old, new) = self.schemas;
        for (name, before) in self.old.properties() {
            match self.new.properties().iter().find(|(other, _)| other == name) {
                Some((_, after)) => self.children.push((*before, *after)),
                None => {
                    let change = Change::new(Kind::Property, Action::Removed, Effect::Narrowed, name)
                        .required(self.old.required().contains(name))
                        .places(Some(&old.get(*before).origin), Some(&self.new.origin));
                    self.changes.push(change);
                }
            }
        }
        for (name, after) in self.new.properties() {
            if self.old.properties().iter().all(|(other, _)| other != name) {
                let required = self.new.required().contains(name) && !self.old.required().contains(name);
                let effect = if required { Effect::Narrowed } else { Effect::Widened };
                let change = Change::new(Kind::Property, Action::Added, effect, name)
                    .required(required)
                    .places(Some(&self.old.origin), Some(&new.get(*after).origin));
                self.changes.push(change);
            }
        }
    }

    /// Whether two lists of named schemas say the same.
    pub(super) fn same(&self, old: &[(String, SchemaId)], new: &[(String, SchemaId)]) -> bool {
        let (before, after) = self.schemas;
        let equal = |name: &str, id: SchemaId| {
            let other = new.iter().find(|(other, _)| other == name);
            other.is_some_and(|(_, other)| equal(before, id, after, *other))
        };
        old.len() == new.len() && old.iter().all(|(name, id)| equal(name, *id))
    }

    fn required(&mut self) {
        let declared = |schema: &Schema, name: &String| schema.properties().iter().any(|(known, _)| known == name);
        for name in self.new.required() {
            let is_new_property = declared(self.new, name) && !declared(self.old, name);
            if !self.old.required().contains(name) && !is_new_property {
                self.add(self.at_property(Change::new(Kind::PropertyRequired, Action::Added, Effect::Narrowed, name)));
            }
        }
        for name in self.old.required() {
            let is_gone = declared(self.old, name) && !declared(self.new, name);
            if !self.new.required().contains(name) && !is_gone {
                self.add(self.at_property(Change::new(Kind::PropertyRequired, Action::Removed, Effect::Widened, name)));
            }
        }
    }

    /// A change of a property, placed where the property is declared; left as it is where it is declared nowhere.
    fn at_property(&self, change: Change) -> Change {
        let origin = |schemas: &'a Schemas, schema: &'a Schema| {
            let declared = schema.properties().iter().find(|(name, _)| *name == change.subject);
            declared.map(|(_, id)| &schemas.get(*id).origin)
        };
        match (origin(self.schemas.0, self.old), origin(self.schemas.1, self.new)) {
            (Some(old), Some(new)) => change.places(Some(old), Some(new)),
            _ => change,
        }
    }
}

fn names(types: Types) -> String {
    if types == Types::ALL { "any".to_owned() } else { types.names().join(" or ") }
}

/// The value of the one keyword of a schema that `pick` accepts.
pub(super) fn find<'s, T>(schema: &'s Schema, pick: impl Fn(&'s Keyword) -> Option<T>) -> Option<T> {
    schema.keywords.iter().find_map(pick)
}
