//! Whether two schemas say the same by themselves, keyword by keyword, and which pairs lie below them.

use super::alike::Role;
use crate::model::{AdditionalProperties, Keyword, Schema, SchemaId, Schemas};

/// Called with each pair of schemas below.
pub(super) type OnPair<'f, Id> = &'f mut dyn FnMut(Id, Id, Role);

pub(super) fn has_schemas(keyword: &Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Ref(_)
            | K::AllOf(_)
            | K::AnyOf(_)
            | K::OneOf(_)
            | K::Not(_)
            | K::If(_)
            | K::Then(_)
            | K::Else(_)
            | K::ContentSchema(_)
            | K::Items(_)
            | K::PrefixItems(_)
            | K::Contains(_)
            | K::UnevaluatedItems(_)
            | K::Properties(_)
            | K::PatternProperties(_)
            | K::AdditionalProperties(AdditionalProperties::Schema(_))
            | K::UnevaluatedProperties(_)
            | K::PropertyNames(_)
            | K::DependentSchemas(_)
            | K::Discriminator { .. }
    )
}

/// Whether a keyword says nothing of who may send what.
fn is_silent(keyword: &Keyword) -> bool {
    use Keyword as K;
    match keyword {
        K::Title(_) | K::Description(_) | K::Example(_) | K::Unique(_) => true,
        K::ReadOnly(on) | K::WriteOnly(on) | K::Deprecated(on) | K::UniqueItems(on) => !*on,
        _ => false,
    }
}

/// Whether two schemas have the same keywords with the same values, but for the schemas in them, which are paired.
pub(super) fn keywords_alike(
    schemas: (&Schemas, &Schemas),
    old: &Schema,
    new: &Schema,
    on_pair: OnPair<'_, SchemaId>,
) -> bool {
    let said = |schema: &Schema| schema.keywords.iter().filter(|keyword| !is_silent(keyword)).count();
    if old.types != new.types || said(old) != said(new) {
        return false;
    }
    let unevaluated = |keyword: &Keyword| {
        matches!(
            keyword,
            Keyword::UnevaluatedProperties(_) | Keyword::UnevaluatedItems(_) | Keyword::Enum(_) | Keyword::Const(_)
        )
    };
    // Beside these it matters which part holds a value.
    let is_whole = old.keywords.iter().any(unevaluated);
    let discriminated = old.keywords.iter().any(|keyword| matches!(keyword, Keyword::Discriminator { .. }));
    let mut on_pair = |old, new, role| on_pair(old, new, if is_whole { Role::Other } else { role });
    let mut at = new.keywords.iter().filter(|keyword| !is_silent(keyword));
    old.keywords.iter().filter(|keyword| !is_silent(keyword)).all(|keyword| {
        let kind = std::mem::discriminant(keyword);
        // Mostly both stand in the same order.
        let partner = at.next().filter(|other| std::mem::discriminant(*other) == kind);
        let partner = partner.or_else(|| new.keywords.iter().find(|other| std::mem::discriminant(*other) == kind));
        partner.is_some_and(|other| match (keyword, other) {
            (
                Keyword::Discriminator { property, mapping },
                Keyword::Discriminator { property: other, mapping: others },
            ) => property == other && targets(schemas.0, mapping).eq(targets(schemas.1, others)),
            _ => keyword_alike(keyword, other, discriminated, &mut on_pair),
        })
    })
}

/// The values of a mapping with the components that they name.
fn targets<'s>(
    schemas: &'s Schemas,
    mapping: &'s [(String, Option<SchemaId>)],
) -> impl Iterator<Item = (&'s str, Option<&'s str>)> {
    mapping.iter().map(|(value, id)| (value.as_str(), id.and_then(|id| schemas.get(id).name.as_deref())))
}

fn keyword_alike(old: &Keyword, new: &Keyword, discriminated: bool, on_pair: OnPair<'_, SchemaId>) -> bool {
    use Keyword as K;
    match (old, new) {
        (K::AnyOf(old), K::AnyOf(new)) => lists(old, new, Role::AnyOf, on_pair),
        (K::OneOf(old), K::OneOf(new)) => lists(old, new, Role::OneOf(discriminated), on_pair),
        (K::AllOf(old), K::AllOf(new)) => lists(old, new, Role::Other, on_pair),
        (K::PrefixItems(old), K::PrefixItems(new)) => lists(old, new, Role::Item, on_pair),
        (K::Items(old), K::Items(new)) => one(*old, *new, Role::Item, on_pair),
        (K::Properties(old), K::Properties(new)) => maps(old, new, Role::Property, on_pair),
        (K::PatternProperties(old), K::PatternProperties(new))
        | (K::DependentSchemas(old), K::DependentSchemas(new)) => maps(old, new, Role::Field, on_pair),
        (K::AdditionalProperties(old), K::AdditionalProperties(new)) => rests(*old, *new, Role::Field, on_pair),
        (K::UnevaluatedProperties(old), K::UnevaluatedProperties(new))
        | (K::UnevaluatedItems(old), K::UnevaluatedItems(new)) => rests(*old, *new, Role::Other, on_pair),
        (K::Ref(old), K::Ref(new))
        | (K::Not(old), K::Not(new))
        | (K::If(old), K::If(new))
        | (K::Then(old), K::Then(new))
        | (K::Else(old), K::Else(new))
        | (K::Contains(old), K::Contains(new))
        | (K::ContentSchema(old), K::ContentSchema(new))
        | (K::PropertyNames(old), K::PropertyNames(new)) => one(*old, *new, Role::Other, on_pair),
        (old, new) => old == new,
    }
}

fn one(old: SchemaId, new: SchemaId, role: Role, on_pair: OnPair<'_, SchemaId>) -> bool {
    on_pair(old, new, role);
    true
}

fn lists(old: &[SchemaId], new: &[SchemaId], role: Role, on_pair: OnPair<'_, SchemaId>) -> bool {
    old.iter().zip(new).for_each(|(old, new)| on_pair(*old, *new, role));
    old.len() == new.len()
}

fn rests(old: AdditionalProperties, new: AdditionalProperties, role: Role, on_pair: OnPair<'_, SchemaId>) -> bool {
    match (old, new) {
        (AdditionalProperties::Schema(old), AdditionalProperties::Schema(new)) => one(old, new, role, on_pair),
        (old, new) => old == new,
    }
}

fn maps(old: &[(String, SchemaId)], new: &[(String, SchemaId)], role: Role, on_pair: OnPair<'_, SchemaId>) -> bool {
    if old.len() != new.len() {
        return false;
    }
    if old.iter().zip(new).all(|((old, _), (new, _))| old == new) {
        old.iter().zip(new).for_each(|((_, old), (_, new))| on_pair(*old, *new, role));
        return true;
    }
    let sorted = |list: &[(String, SchemaId)]| {
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by(|one, other| list[*one].0.cmp(&list[*other].0));
        order
    };
    let pairs: Vec<(usize, usize)> = sorted(old).into_iter().zip(sorted(new)).collect();
    let alike = pairs.iter().all(|(one, other)| old[*one].0 == new[*other].0);
    if alike {
        pairs.iter().for_each(|(one, other)| on_pair(old[*one].1, new[*other].1, role));
    }
    alike
}
