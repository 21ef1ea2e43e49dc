//! Conjunctions: sets of schemas that a value must satisfy together. `$ref`, `allOf` and a single alternative are seen
//! through, so that a schema and its wrapped, referenced or inlined equal are one conjunction.

use std::rc::Rc;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::flat::Flat;
use crate::model::{Keyword, Schema, SchemaId, Schemas, Types};

/// More members than this are not merged.
pub(super) const LIMIT: usize = 2000;

/// The index of a conjunction on its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Conj(pub(super) u32);

/// A schema, or a part of one: what is left out is told by bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) id: SchemaId,
    pub(super) skip: u8,
}

impl Part {
    pub(super) const ANY_OF: u8 = 1;
    pub(super) const ONE_OF: u8 = 2;
    const NOT: u8 = 4;
    const IF: u8 = 8;
    /// References and `allOf` have been followed.
    const FOLLOWED: u8 = 16;
    /// Nothing but what the schema says by itself.
    const BASE: u8 = 31;
    const UNEVALUATED: u8 = 32;
    /// Ids from here on stand for a bare set of types.
    const TYPES: u32 = u32::MAX - 127;

    pub(super) fn of(id: SchemaId) -> Part {
        Part { id, skip: 0 }
    }

    /// The schema that only says which types are allowed.
    pub(super) fn types(types: Types) -> Part {
        Part { id: SchemaId(Part::TYPES + u32::from(types.0 & 127)), skip: 0 }
    }

    pub(super) fn bare_types(self) -> Option<Types> {
        self.id.0.checked_sub(Part::TYPES).map(|bits| Types((bits & 127) as u8))
    }

    fn skips(self, bit: u8) -> bool {
        self.skip & bit != 0
    }
}

/// One side of a comparison, with its conjunctions.
pub(super) struct Side<'a> {
    pub(super) schemas: &'a Schemas,
    conjunctions: IndexSet<Box<[Part]>, FxBuildHasher>,
    flats: Vec<Option<Rc<Flat>>>,
    single: FxHashMap<SchemaId, Conj>,
}

impl<'a> Side<'a> {
    pub(super) fn new(schemas: &'a Schemas) -> Self {
        Side { schemas, conjunctions: IndexSet::default(), flats: Vec::new(), single: FxHashMap::default() }
    }

    /// The conjunction of one schema.
    pub(super) fn single(&mut self, id: SchemaId) -> Conj {
        if let Some(&known) = self.single.get(&id) {
            return known;
        }
        let conj = self.intern([Part::of(id)]);
        self.single.insert(id, conj);
        conj
    }

    /// The conjunction that no value satisfies.
    pub(super) fn never(&mut self) -> Conj {
        self.intern([Part::types(Types::NONE)])
    }

    /// The conjunction of parts.
    pub(super) fn intern(&mut self, parts: impl IntoIterator<Item = Part>) -> Conj {
        let members = self.expand(parts.into_iter().collect());
        let (at, _) = self.conjunctions.insert_full(members.into_boxed_slice());
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
    pub(super) fn name(&self, id: SchemaId) -> Option<String> {
        self.schemas.get(self.schemas.resolve(id)).name.clone()
    }

    /// The names of components among the members.
    pub(super) fn names(&self, conj: Conj) -> impl Iterator<Item = &str> {
        self.members(conj).iter().filter_map(|part| self.schema(*part)?.name.as_deref())
    }

    /// What the conjunction says, merged.
    pub(super) fn flat(&mut self, conj: Conj) -> Rc<Flat> {
        let at = conj.0 as usize;
        if let Some(Some(flat)) = self.flats.get(at) {
            return Rc::clone(flat);
        }
        let flat = Rc::new(Flat::of(self, conj));
        if self.flats.len() <= at {
            self.flats.resize(at + 1, None);
        }
        if let Some(slot) = self.flats.get_mut(at) {
            *slot = Some(Rc::clone(&flat));
        }
        flat
    }

    fn expand(&self, mut open: Vec<Part>) -> Vec<Part> {
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

/// Whether a part says anything by itself.
fn says_something(schema: &Schema, part: Part) -> bool {
    use Keyword as K;
    let counts = |keyword: &Keyword| match keyword {
        K::Ref(_) | K::AllOf(_) | K::Title(_) | K::Description(_) | K::Example(_) | K::Unique(_) => false,
        K::AnyOf(list) => list.len() != 1 && !part.skips(Part::ANY_OF),
        K::OneOf(list) => list.len() != 1 && !part.skips(Part::ONE_OF),
        K::Discriminator { .. } => !part.skips(Part::BASE & !Part::FOLLOWED),
        K::Not(_) => !part.skips(Part::NOT),
        K::If(_) | K::Then(_) | K::Else(_) => !part.skips(Part::IF),
        K::ReadOnly(on) | K::WriteOnly(on) | K::Deprecated(on) | K::UniqueItems(on) => *on,
        _ => true,
    };
    schema.types != Types::ALL || schema.keywords.iter().any(counts)
}

/// The keywords of a schema that a part holds.
pub(super) fn keywords<'s>(schema: &'s Schema, part: Part) -> impl Iterator<Item = &'s Keyword> + use<'s> {
    use Keyword as K;
    schema.keywords.iter().filter(move |keyword| match keyword {
        K::Ref(_) | K::AllOf(_) => !part.skips(Part::FOLLOWED),
        K::AnyOf(list) => !part.skips(Part::ANY_OF) && (list.len() != 1 || !part.skips(Part::FOLLOWED)),
        K::OneOf(list) => !part.skips(Part::ONE_OF) && (list.len() != 1 || !part.skips(Part::FOLLOWED)),
        K::Not(_) => !part.skips(Part::NOT),
        K::If(_) | K::Then(_) | K::Else(_) => !part.skips(Part::IF),
        K::UnevaluatedProperties(_) | K::UnevaluatedItems(_) => !part.skips(Part::UNEVALUATED),
        _ => true,
    })
}
