//! The members of conjunctions: schemas, or what is left of them where parts were followed or left out.

use crate::model::{Keyword, Schema, SchemaId, Types};

/// A schema, or a part of one: what is left out is told by bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) id: SchemaId,
    pub(super) skip: u8,
}

impl Part {
    pub(super) const ANY_OF: u8 = 1;
    pub(super) const ONE_OF: u8 = 2;
    pub(super) const NOT: u8 = 4;
    pub(super) const IF: u8 = 8;
    /// References and `allOf` have been followed.
    pub(super) const FOLLOWED: u8 = 16;
    /// Nothing but what the schema says by itself.
    pub(super) const BASE: u8 = 31;
    pub(super) const UNEVALUATED: u8 = 32;
    /// Ids from here on stand for a bare set of types.
    pub(super) const TYPES: u32 = u32::MAX - 127;

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

    pub(super) fn skips(self, bit: u8) -> bool {
        self.skip & bit != 0
    }
}

/// Whether there is something to look through.
pub(super) enum Wrapped {
    No,
    /// It is nothing but a wrapper around one schema.
    Only(SchemaId),
    /// It says something besides, or wraps several.
    Together,
}

pub(super) fn wrapped(schema: &Schema) -> Wrapped {
    let (mut inner, mut count) = (None, 0);
    for keyword in &schema.keywords {
        let list = match keyword {
            Keyword::Ref(id) => std::slice::from_ref(id),
            Keyword::AllOf(list) => list,
            Keyword::AnyOf(list) | Keyword::OneOf(list) if list.len() == 1 => list,
            _ => continue,
        };
        count += list.len();
        inner = list.first().copied().or(inner);
    }
    match inner {
        None => Wrapped::No,
        Some(inner) if count == 1 && !says_something(schema, Part { id: inner, skip: Part::FOLLOWED }) => {
            Wrapped::Only(inner)
        }
        Some(_) => Wrapped::Together,
    }
}

/// Whether a part says anything by itself.
pub(super) fn says_something(schema: &Schema, part: Part) -> bool {
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
