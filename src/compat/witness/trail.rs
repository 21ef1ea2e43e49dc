//! The shortest way from what an operation or event uses to a schema that changed.

use std::collections::VecDeque;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::super::change::Reach;
use super::super::relation::Step;
use super::part::Part;
use crate::model::json_schema::children;
use crate::model::{AdditionalProperties, Keyword, Origin, SchemaId, Schemas};
use crate::source::Pointer;

/// The schemas of one document from inside to outside.
pub(super) struct Trails<'a> {
    schemas: &'a Schemas,
    places: FxHashMap<(&'a str, Option<&'a Pointer>), SchemaId>,
    /// For each schema those that hold it.
    holders: Vec<SmallVec<[SchemaId; 4]>>,
    /// The parts that a schema stands for by itself.
    roots: FxHashMap<SchemaId, Vec<usize>>,
}

/// So many schemas more are looked at for a part in JSON where one of text was found.
const MORE: u32 = 1000;

/// A way: the part where it starts, by its place in the list, and the steps.
pub(super) type Trail = (usize, Vec<Step>);

impl<'a> Trails<'a> {
    pub(super) fn new(schemas: &'a Schemas, parts: &[Part<'_>]) -> Self {
        let count = schemas.nodes.len();
        let mut places = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
        let mut holders: Vec<SmallVec<[SchemaId; 4]>> = vec![SmallVec::new(); count];
        for (at, schema) in schemas.nodes.iter().enumerate() {
            let id = SchemaId(u32::try_from(at).unwrap_or(u32::MAX));
            places.insert(place(&schema.origin), id);
            let passed = |keyword: &&Keyword| !matches!(keyword, Keyword::PropertyNames(_));
            for child in schema.keywords.iter().filter(passed).flat_map(children) {
                if let Some(of) = holders.get_mut(child.0 as usize).filter(|of| of.last() != Some(&id)) {
                    of.push(id);
                }
            }
        }
        let mut roots: FxHashMap<SchemaId, Vec<usize>> = FxHashMap::default();
        for (at, part) in parts.iter().enumerate() {
            roots.entry(part.schema).or_default().push(at);
        }
        Trails { schemas, places, holders, roots }
    }

    /// The way to the schema at a place from the nearest part that is reached; rather from one in JSON than from one that is
    /// text, for what differs as text differs there, too, and not the other way round.
    pub(super) fn to(&self, origin: &Origin, parts: &[Part<'_>], hit: &[&Reach]) -> Option<Trail> {
        let goal = *self.places.get(&place(origin))?;
        let is_hit = |at: &&usize| hit.iter().any(|reach| parts[**at].is_reached(reach));
        let mut inner: FxHashMap<SchemaId, SchemaId> = FxHashMap::default();
        let mut seen = FxHashSet::from_iter([goal]);
        let mut open = VecDeque::from([goal]);
        let (mut text, mut left) = (None, MORE);
        while let Some(at) = open.pop_front() {
            let roots = self.roots.get(&at).into_iter().flatten().filter(is_hit);
            match roots.min_by_key(|part| parts[**part].is_text()) {
                Some(part) if !parts[*part].is_text() => return Some((*part, self.steps(at, goal, &inner))),
                Some(part) if text.is_none() => text = Some((*part, at)),
                _ => {}
            }
            left -= u32::from(text.is_some());
            if left == 0 {
                break;
            }
            for holder in self.holders.get(at.0 as usize).into_iter().flatten() {
                if seen.insert(*holder) {
                    inner.insert(*holder, at);
                    open.push_back(*holder);
                }
            }
        }
        text.map(|(part, root)| (part, self.steps(root, goal, &inner)))
    }

    fn steps(&self, root: SchemaId, goal: SchemaId, inner: &FxHashMap<SchemaId, SchemaId>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = root;
        while at != goal {
            let Some(child) = inner.get(&at) else { break };
            steps.extend(self.schemas.get(at).keywords.iter().find_map(|keyword| step(keyword, *child)).flatten());
            at = *child;
        }
        steps
    }
}

fn place(origin: &Origin) -> (&str, Option<&Pointer>) {
    (&origin.file, origin.pointer.as_ref())
}

/// Whether a keyword holds a schema, and the step into a value that leads there, where it speaks of a part of the value.
fn step(keyword: &Keyword, child: SchemaId) -> Option<Option<Step>> {
    use Keyword as K;
    let named = |list: &[(String, SchemaId)]| list.iter().find(|(_, id)| *id == child).map(|(name, _)| name.clone());
    match keyword {
        K::Properties(list) => named(list).map(|name| Some(Step::Property(name))),
        K::PatternProperties(list) => named(list).map(|pattern| Some(Step::Pattern(pattern))),
        K::AdditionalProperties(AdditionalProperties::Schema(id))
        | K::UnevaluatedProperties(AdditionalProperties::Schema(id)) => {
            (*id == child).then_some(Some(Step::Undeclared))
        }
        K::PrefixItems(list) => list.iter().position(|id| *id == child).map(|at| Some(Step::Item(at))),
        K::Items(id) | K::Contains(id) | K::UnevaluatedItems(AdditionalProperties::Schema(id)) => {
            (*id == child).then_some(Some(Step::Item(0)))
        }
        other => children(other).contains(&child).then_some(None),
    }
}
