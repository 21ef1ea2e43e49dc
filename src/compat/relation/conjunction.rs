//! Conjunctions: sets of schemas that a value must satisfy together. `$ref`, `allOf` and a single alternative are seen
//! through, so that a schema and its wrapped, referenced or inlined equal are one conjunction.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde_json::Value;
use smallvec::SmallVec;

use super::flat::Flat;
pub(super) use super::member::{Part, keywords};
use super::member::{Wrapped, says_something, wrapped};
use super::traits::Traits;
use super::view::Fields;
use crate::model::json::canonical;
use crate::model::{Keyword, Schema, SchemaId, Schemas, Text, Types, Values};
use crate::source::Pointer;

/// More members than this are not merged.
pub(super) const LIMIT: usize = 2000;

/// Merged views of this weight are kept, and as many of those before them that were asked for again.
const MOST_FLATS: usize = 1000;

/// So many long enumerations are kept.
const MOST_LISTED: usize = 1000;

/// A long enumeration, sorted, and where each value begins.
struct Listed {
    values: Values,
    starts: Box<[usize]>,
}

impl Listed {
    fn new(values: &Values) -> Listed {
        let values = Values::of(values.texts().map(canonical)).sorted();
        let start = |next: &mut usize, text: &str| Some(std::mem::replace(next, *next + text.len() + 1));
        let starts = values.texts().scan(0, start).collect();
        Listed { values, starts }
    }

    fn has(&self, text: &str) -> bool {
        self.starts.binary_search_by(|start| self.values.text_at(*start).cmp(text)).is_ok()
    }
}

/// The index of a conjunction on its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Conj(pub(super) u32);

/// What a schema means, behind wrappers: one schema that has no references or `allOf` to look through, or a conjunction.
/// Equal meanings of this kind have one term, and most schemas need no conjunction before they are looked at closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// A schema that stands for itself.
    Schema(SchemaId),
    /// Several together, or a part of one.
    Conj(Conj),
}

/// One side of a comparison, with its conjunctions.
pub(super) struct Side<'a> {
    pub(super) schemas: &'a Schemas,
    conjunctions: IndexSet<SmallVec<[Part; 2]>, FxBuildHasher>,
    /// What was merged lately, and before that. Each is large beside the few bytes that it may come from, and soon made again.
    flats: [FxHashMap<Conj, Rc<Flat<'a>>>; 2],
    /// What the first of them weigh together.
    weight: usize,
    /// By conjunction.
    pub(super) traits: Vec<Option<Traits>>,
    /// By schema, whether it may be shown for its conjunction.
    single: Vec<bool>,
    /// By schema, its conjunction: most properties are looked at several times.
    alone: Vec<Option<Conj>>,
    terms: Vec<Option<Term>>,
    /// By conjunction, the schema that is shown for it.
    shown: FxHashMap<Conj, SchemaId>,
    /// Long enumerations, by the schema that has them.
    listed: RefCell<FxHashMap<SchemaId, Listed>>,
    /// Forms with fields that are written in a way of their own, the same on both sides.
    pub(super) forms: Vec<Fields>,
}

impl<'a> Side<'a> {
    pub(super) fn new(schemas: &'a Schemas) -> Self {
        Side {
            schemas,
            conjunctions: IndexSet::default(),
            flats: Default::default(),
            weight: 0,
            traits: Vec::new(),
            single: vec![false; schemas.nodes.len()],
            alone: vec![None; schemas.nodes.len()],
            terms: vec![None; schemas.nodes.len()],
            shown: FxHashMap::default(),
            listed: RefCell::default(),
            forms: Vec::new(),
        }
    }

    /// Whether a value is one of a long enumeration, numbers in one form.
    pub(super) fn lists(&self, id: SchemaId, values: &Values, value: &Value) -> bool {
        let mut listed = self.listed.borrow_mut();
        if listed.len() >= MOST_LISTED && !listed.contains_key(&id) {
            listed.clear();
        }
        listed.entry(id).or_insert_with(|| Listed::new(values)).has(&canonical(&value.to_string()))
    }

    /// What a schema means, behind wrappers.
    pub(super) fn term(&mut self, id: SchemaId) -> Term {
        let mut path: Vec<SchemaId> = Vec::new();
        let mut at = id;
        let found = loop {
            if let Some(known) = self.terms.get(at.0 as usize).copied().flatten() {
                break known;
            }
            path.push(at);
            match wrapped(self.schemas.get(at)) {
                Wrapped::No => break Term::Schema(at),
                Wrapped::Only(inner) if path.len() <= self.schemas.nodes.len() => at = inner,
                _ => {
                    let conj = self.single(at);
                    break self.term_of(conj);
                }
            }
        };
        for id in path {
            if let Some(slot) = self.terms.get_mut(id.0 as usize) {
                *slot = Some(found);
            }
        }
        found
    }

    /// The same for a conjunction.
    pub(super) fn term_of(&self, conj: Conj) -> Term {
        match self.members(conj) {
            [one] if one.bare_types().is_none() && one.skip == Part::FOLLOWED => {
                match wrapped(self.schemas.get(one.id)) {
                    Wrapped::No => Term::Schema(one.id),
                    _ => Term::Conj(conj),
                }
            }
            _ => Term::Conj(conj),
        }
    }

    /// The conjunction of a term.
    pub(super) fn conj_of(&mut self, term: Term) -> Conj {
        match term {
            Term::Schema(id) => self.single(id),
            Term::Conj(conj) => conj,
        }
    }

    /// The conjunction of one schema.
    pub(super) fn single(&mut self, id: SchemaId) -> Conj {
        let conj = self.alone(id);
        match self.single.get_mut(id.0 as usize) {
            Some(known) if !*known => *known = true,
            _ => return conj,
        }
        let resolved = self.schemas.resolve(id);
        // Of several that mean the same, a component is shown, and else the one that stands highest.
        let rank = |id: SchemaId| {
            let schema = self.schemas.get(id);
            let pointer = schema.origin.pointer.as_ref();
            (schema.name.is_none(), pointer.map_or(0, Pointer::len), pointer, &schema.origin.file)
        };
        let known = self.shown.get(&conj).copied();
        if known.is_none_or(|known| rank(resolved) < rank(known)) {
            self.shown.insert(conj, resolved);
        }
        conj
    }

    /// The same for a schema that need not be shown.
    pub(super) fn alone(&mut self, id: SchemaId) -> Conj {
        if let Some(known) = self.alone.get(id.0 as usize).copied().flatten() {
            return known;
        }
        let conj = self.intern([Part::of(id)]);
        if let Some(slot) = self.alone.get_mut(id.0 as usize) {
            *slot = Some(conj);
        }
        conj
    }

    /// The schema that is shown for a term, where it is that of a whole schema.
    pub(super) fn shown_of(&self, term: Term) -> Option<SchemaId> {
        match term {
            Term::Schema(id) => Some(id),
            Term::Conj(conj) => self.shown.get(&conj).copied(),
        }
    }

    /// The conjunction that no value satisfies.
    pub(super) fn never(&mut self) -> Conj {
        self.intern([Part::types(Types::NONE)])
    }

    /// The conjunction of parts.
    pub(super) fn intern(&mut self, parts: impl IntoIterator<Item = Part>) -> Conj {
        let mut members = self.expand(parts.into_iter().collect());
        members.shrink_to_fit();
        let (at, _) = self.conjunctions.insert_full(members.into());
        Conj(u32::try_from(at).unwrap_or(u32::MAX))
    }

    pub(super) fn members(&self, conj: Conj) -> &[Part] {
        self.conjunctions.get_index(conj.0 as usize).map_or(&[], |members| members)
    }

    /// The members without alternatives, negations and conditions.
    pub(super) fn base(&mut self, conj: Conj) -> Conj {
        self.without(conj, Part::BASE)
    }

    /// The same without what depends on alternatives (`unevaluatedProperties`, `unevaluatedItems`).
    pub(super) fn plain(&mut self, conj: Conj) -> Conj {
        self.without(conj, Part::BASE | Part::UNEVALUATED)
    }

    fn without(&mut self, conj: Conj, skip: u8) -> Conj {
        let left = |part: &Part| match part.bare_types() {
            Some(_) => *part,
            None => Part { id: part.id, skip: part.skip | skip },
        };
        let members: Vec<Part> = self.members(conj).iter().map(left).collect();
        self.intern(members)
    }

    /// A conjunction together with another, or a set of types.
    pub(super) fn both(&mut self, conj: Conj, other: Conj) -> Conj {
        let mut parts = self.members(conj).to_vec();
        parts.extend_from_slice(self.members(other));
        self.intern(parts)
    }

    pub(super) fn restricted(&mut self, conj: Conj, types: Types) -> Conj {
        let mut parts = self.members(conj).to_vec();
        parts.push(Part::types(types));
        self.intern(parts)
    }

    /// The schema of a part, where it is one of the document.
    pub(super) fn schema(&self, part: Part) -> Option<&'a Schema> {
        if part.bare_types().is_some() { None } else { Some(self.schemas.get(part.id)) }
    }

    /// The component's name of a schema, behind references.
    pub(super) fn name(&self, id: SchemaId) -> Option<Text> {
        self.schemas.get(self.schemas.resolve(id)).name.clone()
    }

    /// The names of components among the members.
    pub(super) fn names(&self, conj: Conj) -> impl Iterator<Item = &str> {
        self.members(conj).iter().filter_map(|part| self.schema(*part)?.name.as_deref())
    }

    /// What the conjunction says, merged.
    pub(super) fn flat(&mut self, conj: Conj) -> Rc<Flat<'a>> {
        if let Some(flat) = self.flats[0].get(&conj) {
            return Rc::clone(flat);
        }
        let flat = self.flats[1].remove(&conj).unwrap_or_else(|| Rc::new(Flat::of(self, conj)));
        if self.weight >= MOST_FLATS {
            self.flats.swap(0, 1);
            self.flats[0].clear();
            self.weight = 0;
        }
        self.weight += flat.weight();
        self.flats[0].insert(conj, Rc::clone(&flat));
        flat
    }

    fn expand(&self, mut open: Vec<Part>) -> Vec<Part> {
        if let [part] = open.as_slice()
            && let Some(schema) = self.schema(*part)
            && matches!(wrapped(schema), Wrapped::No)
            && schema.types != Types::NONE
        {
            // There is nothing to follow, and nothing to merge with.
            let part = Part { id: part.id, skip: part.skip | Part::FOLLOWED };
            return if says_something(schema, part) { vec![part] } else { Vec::new() };
        }
        let mut found: FxHashMap<SchemaId, u8> = FxHashMap::default();
        let mut types = Types::ALL;
        while let Some(part) = open.pop() {
            if let Some(bare) = part.bare_types() {
                types = types.intersection(bare);
                continue;
            }
            let known = found.get(&part.id).copied();
            let skip = known.map_or(part.skip, |known| known & part.skip);
            if known == Some(skip) {
                continue;
            }
            found.insert(part.id, skip);
            if found.len() > LIMIT {
                break;
            }
            for keyword in &self.schemas.get(part.id).keywords {
                match keyword {
                    Keyword::Ref(id) if !part.skips(Part::FOLLOWED) => open.push(Part::of(*id)),
                    Keyword::AllOf(list) if !part.skips(Part::FOLLOWED) => {
                        open.extend(list.iter().map(|id| Part::of(*id)));
                    }
                    Keyword::AnyOf(list) if list.len() == 1 && !part.skips(Part::ANY_OF) => {
                        open.extend(list.iter().map(|id| Part::of(*id)));
                    }
                    Keyword::OneOf(list) if list.len() == 1 && !part.skips(Part::ONE_OF) => {
                        open.extend(list.iter().map(|id| Part::of(*id)));
                    }
                    _ => {}
                }
            }
        }
        self.members_of(found, types)
    }

    fn members_of(&self, found: FxHashMap<SchemaId, u8>, bare: Types) -> Vec<Part> {
        let own = |id: &SchemaId| self.schemas.get(*id).types;
        let types = found.keys().map(own).fold(bare, Types::intersection);
        if types == Types::NONE {
            return vec![Part::types(Types::NONE)];
        }
        let stated = found.keys().map(own).fold(Types::ALL, Types::intersection);
        let mut members: Vec<Part> = found
            .into_iter()
            .map(|(id, skip)| Part { id, skip: skip | Part::FOLLOWED })
            .filter(|part| says_something(self.schemas.get(part.id), *part))
            .collect();
        if types != stated {
            members.push(Part::types(types));
        }
        members.sort_unstable();
        members
    }
}
