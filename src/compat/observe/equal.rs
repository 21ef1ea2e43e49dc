//! Whether two schemas say the same, keyword by keyword: for the keywords whose insides are not compared any finer.

use rustc_hash::FxHashSet;

use crate::model::{AdditionalProperties, Keyword, SchemaId, Schemas};

/// Whether the schemas are equal but for annotations, ids and component names. Cycles are equal when all that is met on
/// the way is.
pub(super) fn equal(old: &Schemas, old_id: SchemaId, new: &Schemas, new_id: SchemaId) -> bool {
    let mut seen = FxHashSet::default();
    let mut stack = vec![(old_id, new_id)];
    while let Some((before, after)) = stack.pop() {
        let (before, after) = (old.resolve(before), new.resolve(after));
        if !seen.insert((before, after)) {
            continue;
        }
        let (a, b) = (old.get(before), new.get(after));
        let parts = |keywords: &[Keyword]| -> Vec<(Keyword, Vec<SchemaId>)> {
            keywords.iter().filter(|keyword| !is_annotation(keyword)).map(split).collect()
        };
        let (mut left, mut right) = (parts(&a.keywords), parts(&b.keywords));
        left.sort_by_cached_key(|(keyword, _)| format!("{keyword:?}"));
        right.sort_by_cached_key(|(keyword, _)| format!("{keyword:?}"));
        if a.types != b.types || left.len() != right.len() {
            return false;
        }
        for ((keyword, children), (other, others)) in left.into_iter().zip(right) {
            if keyword != other || children.len() != others.len() {
                return false;
            }
            stack.extend(children.into_iter().zip(others));
        }
    }
    true
}

fn is_annotation(keyword: &Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::Title(_) | K::Description(_) | K::Default(_) | K::Example(_) | K::Deprecated(_) | K::Discriminator { .. }
    )
}

/// A keyword with its schema ids set to zero, and the ids.
fn split(keyword: &Keyword) -> (Keyword, Vec<SchemaId>) {
    use Keyword as K;
    let mut keyword = keyword.clone();
    let mut ids = Vec::new();
    let mut take = |id: &mut SchemaId| ids.push(std::mem::take(id));
    match &mut keyword {
        K::Ref(id)
        | K::Not(id)
        | K::If(id)
        | K::Then(id)
        | K::Else(id)
        | K::ContentSchema(id)
        | K::Items(id)
        | K::Contains(id)
        | K::PropertyNames(id)
        | K::UnevaluatedItems(AdditionalProperties::Schema(id))
        | K::AdditionalProperties(AdditionalProperties::Schema(id))
        | K::UnevaluatedProperties(AdditionalProperties::Schema(id)) => take(id),
        K::AllOf(list) | K::AnyOf(list) | K::OneOf(list) | K::PrefixItems(list) => list.iter_mut().for_each(take),
        K::Properties(list) | K::PatternProperties(list) | K::DependentSchemas(list) => {
            list.sort_by(|a, b| a.0.cmp(&b.0));
            list.iter_mut().for_each(|(_, id)| take(id));
        }
        K::Required(names) => names.sort(),
        _ => {}
    }
    (keyword, ids)
}
