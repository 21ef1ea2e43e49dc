//! One pair of schemas: what differs here, and which pairs lie below. What the relation says differs and no change here or
//! below explains is a change of the schema as a whole, so nothing is passed over.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Containment, Effect, Kind};
use super::super::relation::{Conj, Decision, Flat, Node, Relation, Rest, View};
use super::branches;
use super::describe::called;
use super::element::Elements;
use super::object;
use super::schema::Place;
use crate::model::{JsonType, Keyword, Schema, SchemaId, Schemas, Types};

/// A pair being looked at.
pub(super) struct Look<'r, 'a> {
    pub(super) relation: &'r mut Relation<'a>,
    pub(super) schemas: (&'a Schemas, &'a Schemas),
    pub(super) place: Place,
    /// The parameter or header that the schema belongs to.
    name: Option<&'r str>,
    pub(super) view: View,
    pub(super) elements: &'r mut Elements,
    /// Where changes go.
    tell: &'r mut dyn FnMut(Change),
    /// Changes that may still mean nothing, while there are such.
    provisional: Option<Vec<Change>>,
    /// Properties that came or went as readable or writable.
    pub(super) accessed: FxHashSet<String>,
    /// The pairs below, with how they are seen.
    children: Vec<(Place, View)>,
    /// What the changes so far explain.
    pub(super) explained: Containment,
    /// Pairs below that explain by themselves what differs here through them: with a larger one this one is larger.
    given: Vec<(Conj, Conj)>,
    /// Both containments of the whole, once they were needed.
    whole: Option<Containment>,
    /// The properties of both sides by name, once they were needed.
    properties: Option<[Properties<'a>; 2]>,
}

/// The schemas of properties where they are declared, by name.
pub(super) type Properties<'a> = FxHashMap<&'a str, SchemaId>;

/// Tells the changes of a pair, and gives the pairs below it with how they are seen.
pub(super) fn compare<'r, 'a>(
    relation: &'r mut Relation<'a>,
    schemas: (&'a Schemas, &'a Schemas),
    place: Place,
    (view, name, elements): (View, Option<&'r str>, &'r mut Elements),
    tell: &'r mut dyn FnMut(Change),
) -> Vec<(Place, View)> {
    let mut look = Look {
        relation,
        schemas,
        place,
        name,
        view,
        elements,
        tell,
        provisional: None,
        accessed: FxHashSet::default(),
        children: Vec::new(),
        explained: Containment::EQUAL,
        given: Vec::new(),
        whole: None,
        properties: None,
    };
    look.all();
    look.children
}

impl<'a> Look<'_, 'a> {
    fn all(&mut self) {
        let (old, new) = (self.place.old.0, self.place.new.0);
        let (before, after) = (self.relation.flat(old), self.relation.flat(new));
        if self.relation.is_dynamic(old) || self.relation.is_dynamic(new) {
            // What differs below may be about other values.
            return self.remainder(&before, &after);
        }
        self.annotations(&before, &after);
        self.element(&before, &after);
        if self.came_or_went(&before, &after) {
            return self.remainder(&before, &after);
        }
        let wrapped = branches::compare(self, &before, &after);
        if !wrapped {
            let explained = self.explained;
            self.provisional = Some(Vec::new());
            self.local(&before, &after);
            let told = self.provisional.take().unwrap_or_default();
            if !told.is_empty() && !self.surely_differs(&before, &after) && self.whole() == Containment::EQUAL {
                // It is said in another way, and means the same.
                self.explained = explained;
            } else if !told.is_empty() && self.has_texts(&before, &after) {
                self.explained = explained;
                told.into_iter().for_each(|change| self.add_as_text(change));
            } else {
                told.into_iter().for_each(&mut self.tell);
            }
            object::compare(self, &before, &after);
            self.items(&before, &after);
        }
        self.remainder(&before, &after);
    }

    /// Whether the keywords of one side leave no value together: what each of them and the schemas below say is then about
    /// none. A schema that says at a look that it has none is compared like any other.
    fn came_or_went(&mut self, before: &Flat<'_>, after: &Flat<'_>) -> bool {
        let (old, new) = (self.place.old.0, self.place.new.0);
        let has_types = before.types() != Types::NONE && after.types() != Types::NONE;
        has_types && self.relation.is_empty(self.view, old) != self.relation.is_empty(self.view, new)
    }

    /// Both containments of the pair itself, which may take all pairs below it.
    pub(super) fn whole(&mut self) -> Containment {
        if let Some(known) = self.whole {
            return known;
        }
        let (old, new) = (self.place.old.0, self.place.new.0);
        let whole = Containment {
            old_in_new: self.relation.within_once(self.view, old, new),
            new_in_old: self.relation.within_once(self.view, new, old),
        };
        self.whole = Some(whole);
        whole
    }

    /// Both containments of a pair that is seen in the same way.
    pub(super) fn both_ways(&mut self, old: Node, new: Node) -> Containment {
        self.both_ways_in(self.view, old, new)
    }

    fn both_ways_in(&mut self, view: View, old: Node, new: Node) -> Containment {
        Containment {
            old_in_new: self.relation.within(view, old, new),
            new_in_old: self.relation.within(view, new, old),
        }
    }

    /// A change at this node.
    pub(super) fn add(&mut self, change: Change) {
        let placed = change.old_origin.is_some() || change.new_origin.is_some();
        self.explained = self.explained.worse(change.containment);
        let (old, new) = self.origins();
        let change = if placed { change } else { change.places(Some(&old.origin), Some(&new.origin)) };
        if change.kind == Kind::Access {
            self.accessed.insert(change.subject.to_string());
        }
        match &mut self.provisional {
            Some(list) => list.push(change),
            None => (self.tell)(change),
        }
    }

    pub(super) fn origins(&self) -> (&'a Schema, &'a Schema) {
        (self.schemas.0.get(self.place.old.1), self.schemas.1.get(self.place.new.1))
    }

    /// A pair below; what differs there explains what differs here.
    pub(super) fn child(&mut self, view: View, old: (Conj, SchemaId), new: (Conj, SchemaId)) {
        self.given.push((old.0, new.0));
        self.lead(view, old, new);
    }

    /// A pair of branches of `oneOf`: with a larger one, values may match two, so that the whole is smaller.
    pub(super) fn branch(&mut self, old: (Conj, SchemaId), new: (Conj, SchemaId)) {
        self.lead(self.view, old, new);
    }

    fn lead(&mut self, view: View, old: (Conj, SchemaId), new: (Conj, SchemaId)) {
        let place = Place {
            old: (Node { conj: old.0, ..self.place.old.0 }, old.1),
            new: (Node { conj: new.0, ..self.place.new.0 }, new.1),
        };
        if (place.old.0, place.new.0) == (self.place.old.0, self.place.new.0) {
            return;
        }
        self.children.push((place, view));
    }

    /// The name under which the node stands: its component, the parameter or header that it is the schema of, or what its
    /// pointer is called.
    pub(super) fn subject(&self) -> String {
        let (_, new) = self.origins();
        let last = || new.origin.pointer.as_ref().map(called).unwrap_or_default();
        new.name.as_deref().or(self.name).map(str::to_owned).unwrap_or_else(last)
    }

    /// The types that are possible, with those of alternatives.
    pub(super) fn types(&mut self, node: Node) -> Types {
        self.relation.possible_types(node)
    }

    fn items(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        if !before.types().has(JsonType::Array) || !after.types().has(JsonType::Array) {
            return;
        }
        for (at, (old, new)) in before.prefix.iter().zip(&after.prefix).enumerate() {
            let ids = self.ids(|keyword| match keyword {
                Keyword::PrefixItems(list) => list.get(at).copied(),
                _ => None,
            });
            self.child(self.view.item(), (*old, ids.0), (*new, ids.1));
        }
        if let (Rest::Schema(old), Rest::Schema(new)) = (before.rest, after.rest) {
            let ids = self.ids(|keyword| match keyword {
                Keyword::Items(id) => Some(*id),
                _ => None,
            });
            self.child(self.view.item(), (old, ids.0), (new, ids.1));
        }
    }

    /// The schemas below that a keyword names on both sides; the node itself where it has no such keyword.
    pub(super) fn ids(&self, pick: impl Fn(&Keyword) -> Option<SchemaId>) -> (SchemaId, SchemaId) {
        let (old, new) = self.own_ids(pick);
        (self.schemas.0.resolve(old), self.schemas.1.resolve(new))
    }

    /// The properties as they stand in the object, those of its first part first.
    pub(super) fn own_properties(&mut self) -> &[Properties<'a>; 2] {
        let (relation, sides) = (&*self.relation, self.schemas);
        let of = |schemas: &'a Schemas, node: Node| {
            let mut found = Properties::default();
            for (name, id) in relation.schemas_of(node).into_iter().flat_map(|id| schemas.get(id).properties()) {
                found.entry(name.as_str()).or_insert(*id);
            }
            found
        };
        let (old, new) = (self.place.old.0, self.place.new.0);
        self.properties.get_or_insert_with(|| [of(sides.0, old), of(sides.1, new)])
    }

    /// The same as they stand there: a schema that is only a reference is not followed.
    pub(super) fn own_ids(&self, pick: impl Fn(&Keyword) -> Option<SchemaId>) -> (SchemaId, SchemaId) {
        let find = |schemas: &Schemas, node: Node, fallback: SchemaId| {
            let members = self.relation.schemas_of(node);
            let found = members.into_iter().find_map(|id| schemas.get(id).keywords.iter().find_map(&pick));
            found.unwrap_or(fallback)
        };
        (
            find(self.schemas.0, self.place.old.0, self.place.old.1),
            find(self.schemas.1, self.place.new.0, self.place.new.1),
        )
    }

    /// What differs and is not explained yet.
    fn remainder(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        let left = self.left();
        if left == Containment::EQUAL {
            return;
        }
        let names = composed_of(before, after);
        let action = Action::of(before.is_composed(), after.is_composed());
        let subject =
            if names.is_empty() { self.subject() } else { format!("{} of {}", names.join(", "), self.subject()) };
        self.add(Change::new(Kind::Composition, action, Effect::None, subject).contained(left));
    }

    /// The containments that neither a change here nor one below explains. Most pairs say nothing more by themselves than
    /// what was told, which is seen without looking below.
    fn left(&mut self) -> Containment {
        let (old, new) = (self.place.old.0, self.place.new.0);
        let given = std::mem::take(&mut self.given);
        let mut open = |told: Decision, sub: Node, sup: Node| {
            told == Decision::Yes && self.relation.within_given(self.view, (sub, sup), &given) != Decision::Yes
        };
        if !(open(self.explained.old_in_new, old, new) | open(self.explained.new_in_old, new, old)) {
            return Containment::EQUAL;
        }
        let mut explained = self.explained;
        for at in 0..self.children.len() {
            let (place, view) = self.children[at];
            explained = explained.worse(self.both_ways_in(view, place.old.0, place.new.0));
        }
        self.whole().beyond(explained)
    }
}

/// Keywords with schemas that stand only on one side, or on both and may differ.
fn composed_of(before: &Flat<'_>, after: &Flat<'_>) -> Vec<&'static str> {
    let list: [(&'static str, bool, bool); 13] = [
        (
            "anyOf",
            before.groups.iter().any(|group| !group.exclusive),
            after.groups.iter().any(|group| !group.exclusive),
        ),
        ("oneOf", before.groups.iter().any(|group| group.exclusive), after.groups.iter().any(|group| group.exclusive)),
        ("not", !before.nots.is_empty(), !after.nots.is_empty()),
        ("if", !before.conditions.is_empty(), !after.conditions.is_empty()),
        ("contains", !before.contains.is_empty(), !after.contains.is_empty()),
        ("prefixItems", !before.prefix.is_empty(), !after.prefix.is_empty()),
        ("items", before.rest != Rest::Open, after.rest != Rest::Open),
        ("patternProperties", !before.patterns.is_empty(), !after.patterns.is_empty()),
        ("propertyNames", before.names.is_some(), after.names.is_some()),
        ("dependentSchemas", !before.dependent.is_empty(), !after.dependent.is_empty()),
        ("contentSchema", before.content.is_some(), after.content.is_some()),
        ("unevaluatedProperties", before.unevaluated.is_some(), after.unevaluated.is_some()),
        ("unevaluatedItems", before.unevaluated_items.is_some(), after.unevaluated_items.is_some()),
    ];
    let one_sided: Vec<_> = list.iter().filter(|(_, old, new)| old != new).map(|(name, ..)| *name).collect();
    if !one_sided.is_empty() {
        return one_sided;
    }
    list.iter().filter(|(_, old, _)| *old).map(|(name, ..)| *name).collect()
}
