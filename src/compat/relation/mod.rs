//! Containment of schemas: is every value of one a value of the other? One relation over pairs of conjunctions, each pair
//! worked out once. Everything that is not decided yet counts as contained; a pair whose answer falls makes those that
//! relied on it be worked out again, until nothing falls any more. That is the greatest fixed point, so recursive schemas
//! need no special care, and nothing that was assumed on the way and then failed survives.

mod alike;
mod array;
mod composition;
mod conjunction;
mod disjoint;
mod empty;
mod fixpoint;
mod flat;
mod held;
mod keyword;
mod local;
mod matching;
mod member;
mod merge;
mod number;
mod object;
mod parts;
mod pattern;
mod probe;
mod same;
mod sample;
mod scalar;
mod text;
mod traits;
mod types;
mod value;
mod view;

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde_json::Value;
use smallvec::SmallVec;

use alike::Alike;
pub(crate) use conjunction::Conj;
use conjunction::Side;
pub(crate) use flat::{Flat, Group, Rest};
use local::DYNAMIC;
pub(crate) use local::{Local, Mapping, Names, Needs, are_apart, beyond, is_within};
pub(crate) use number::Count;
pub(crate) use object::{MANY, Slot, is_left_out, missing, slot};
pub(crate) use probe::Step;
pub(crate) use sample::Range;
pub(crate) use scalar::failures;
pub(crate) use text::readings;
pub(crate) use view::Fields;
pub use view::{Flow, View, Writing};

use crate::model::{Keyword, SchemaId, Schemas, Types};

/// More pairs than this, and [`PAIRS_OF_A_NODE`] for each schema, are not worked out. Contracts need few for each of theirs;
/// alternatives of alternatives make as many as there are ways through them.
const MAX_PAIRS: usize = 10_000;
const PAIRS_OF_A_NODE: usize = 8;

/// Where more pairs than this are known, one that needed no further ones and is asked for as a whole is not kept: it is soon
/// worked out again, and there may be one for each line of a file. So it is for pairs that are asked whether they are alike.
const MOST_ALONE: usize = 5_000;

/// Pairs that are refuted by examples, which cost more than the rest; those beyond stay undecided.
const MAX_TRIES: u32 = 2_000;

/// An answer that may be missing, with the reason. Ordered from bad to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// There is a value that is not contained.
    No,
    /// It could not be decided.
    Unknown(&'static str),
    /// Every value is contained.
    Yes,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The base.
    Old,
    /// What is compared with it.
    New,
}

impl Which {
    pub(crate) fn other(self) -> Which {
        match self {
            Which::Old => Which::New,
            Which::New => Which::Old,
        }
    }
}

/// A conjunction of one of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node {
    pub(crate) which: Which,
    pub(crate) conj: Conj,
}

/// Is every value of the first one of the second?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Pair {
    view: View,
    sub: Node,
    sup: Node,
}

struct Entry {
    answer: Decision,
    dependents: SmallVec<[u32; 4]>,
    queued: bool,
    /// Whether examples have been tried.
    tried: bool,
}

/// The relation between the schemas of two documents.
pub struct Relation<'a> {
    old: Side<'a>,
    new: Side<'a>,
    pairs: IndexMap<Pair, Entry, FxBuildHasher>,
    queue: VecDeque<u32>,
    /// Pairs whose answer seems to be unknown.
    undecided: BTreeSet<u32>,
    current: u32,
    disjoint: FxHashMap<(Writing, Node, Node), bool>,
    types: FxHashMap<(Node, u32), Types>,
    empty: FxHashMap<(View, Node, u32), bool>,
    alike: Alike,
    /// Pairs of both documents that count as contained while a question is asked.
    given: FxHashSet<(Conj, Conj)>,
    tries: u32,
    /// How many pairs are worked out.
    most_pairs: usize,
    has_read_only: bool,
    has_write_only: bool,
    has_xml: bool,
    /// Whether any `$dynamicRef` may lead to several schemas.
    has_dynamic: bool,
}

impl<'a> Relation<'a> {
    /// Nothing is worked out before it is asked for.
    pub fn new(old: &'a Schemas, new: &'a Schemas) -> Self {
        let (mut has_read_only, mut has_write_only, mut has_xml, mut has_dynamic) = (false, false, false, false);
        for keyword in [old, new].into_iter().flat_map(|side| &side.nodes).flat_map(|schema| &schema.keywords) {
            has_read_only |= matches!(keyword, Keyword::ReadOnly(true));
            has_write_only |= matches!(keyword, Keyword::WriteOnly(true));
            has_xml |= matches!(keyword, Keyword::Xml(_));
            has_dynamic |= matches!(keyword, Keyword::DynamicScope);
        }
        Relation {
            old: Side::new(old),
            new: Side::new(new),
            pairs: IndexMap::default(),
            queue: VecDeque::new(),
            undecided: BTreeSet::new(),
            current: u32::MAX,
            disjoint: FxHashMap::default(),
            types: FxHashMap::default(),
            empty: FxHashMap::default(),
            alike: Alike::default(),
            given: FxHashSet::default(),
            tries: 0,
            most_pairs: MAX_PAIRS + PAIRS_OF_A_NODE * (old.nodes.len() + new.nodes.len()),
            has_read_only,
            has_write_only,
            has_xml,
            has_dynamic,
        }
    }

    /// Whether every value of one schema is a value of the other; `sub_of` tells in which document the first stands.
    pub fn contains(&mut self, view: View, sub_of: Which, sub: SchemaId, sup: SchemaId) -> Decision {
        let (sub, sup) = (self.node(sub_of, sub), self.node(sub_of.other(), sup));
        self.within(view, sub, sup)
    }

    /// A value of a schema that the other refuses, where not all are contained and one is found.
    pub fn witness(&mut self, view: View, sub_of: Which, sub: SchemaId, sup: SchemaId) -> Option<Value> {
        let (sub, sup) = (self.node(sub_of, sub), self.node(sub_of.other(), sup));
        if self.within(view, sub, sup) == Decision::No { self.separating(view, sub, sup) } else { None }
    }

    pub(crate) fn node(&mut self, which: Which, id: SchemaId) -> Node {
        Node { which, conj: self.side(which).single(id) }
    }

    pub(crate) fn flat(&mut self, node: Node) -> Rc<Flat<'a>> {
        self.side(node.which).flat(node.conj)
    }

    fn side(&mut self, which: Which) -> &mut Side<'a> {
        match which {
            Which::Old => &mut self.old,
            Which::New => &mut self.new,
        }
    }

    /// Whether every value of `sub` is one of `sup`.
    pub(crate) fn within(&mut self, view: View, sub: Node, sup: Node) -> Decision {
        let view = self.contained_in(view);
        if self.same(sub, sup) {
            return Decision::Yes;
        }
        self.answer(Pair { view, sub, sup })
    }

    /// The same for a pair that is hardly asked for again: of many, one that needed no further pairs is not kept.
    pub(crate) fn within_once(&mut self, view: View, sub: Node, sup: Node) -> Decision {
        let known = self.pairs.len();
        let answer = self.within(view, sub, sup);
        let is_alone = known >= MOST_ALONE && self.pairs.len() == known + 1;
        if is_alone && !matches!(answer, Decision::Unknown(_)) && self.pairs.last().is_some_and(|(_, one)| !one.tried) {
            self.pairs.pop();
        }
        answer
    }

    /// The same where some pairs of both documents count as contained: what a pair says by itself.
    pub(crate) fn within_given(&mut self, view: View, (sub, sup): (Node, Node), given: &[(Conj, Conj)]) -> Decision {
        let view = self.contained_in(view);
        if self.same(sub, sup) {
            return Decision::Yes;
        }
        let mut given: FxHashSet<(Conj, Conj)> = given.iter().copied().collect();
        loop {
            let known = self.pairs.len();
            self.current = u32::MAX;
            std::mem::swap(&mut self.given, &mut given);
            let answer = composition::within(self, view, sub, sup);
            let answer = self.unless_empty(view, (sub, sup), answer);
            std::mem::swap(&mut self.given, &mut given);
            self.settle();
            // What was asked for the first time counted as contained.
            if self.pairs.len() == known {
                return answer;
            }
        }
    }

    /// The same for values of some types only.
    pub(crate) fn restricted(&mut self, node: Node, types: Types) -> Node {
        Node { conj: self.side(node.which).restricted(node.conj, types), ..node }
    }

    /// The pairs below one that differ, each with how it is seen, where nothing else can differ there.
    pub(crate) fn followed(&mut self, view: View, pair: u32) -> Option<Vec<(u32, View)>> {
        parts::followed(self, self.effective(view), pair)
    }

    /// The schemas that are shown for a pair, where they are those of whole schemas.
    pub(crate) fn shown(&self, pair: u32) -> (Option<SchemaId>, Option<SchemaId>) {
        match self.terms(pair) {
            Some((old, new)) => (self.old.shown_of(old), self.new.shown_of(new)),
            None => (None, None),
        }
    }

    /// Whether any value at all is one of `sup`.
    pub(crate) fn takes_any(&mut self, view: View, from: Which, sup: Node) -> Decision {
        let conj = self.side(from).intern([]);
        self.within(view, Node { which: from, conj }, sup)
    }

    /// Whether which values it has depends on the way to it.
    pub(crate) fn is_dynamic(&mut self, node: Node) -> bool {
        self.has_dynamic && self.flat(node).local.unsure == Some(DYNAMIC)
    }

    /// Whether no value satisfies it, at a look.
    pub(crate) fn is_never(&mut self, node: Node) -> bool {
        self.side(node.which).traits(node.conj).types == Types::NONE
    }

    /// Whether no value satisfies both, as far as that is seen.
    pub(crate) fn are_apart(&mut self, view: View, one: Node, other: Node) -> bool {
        disjoint::disjoint(self, self.contained_in(view), one, other)
    }

    /// The schemas that a conjunction is made of.
    pub(crate) fn schemas_of(&self, node: Node) -> Vec<SchemaId> {
        let side = match node.which {
            Which::Old => &self.old,
            Which::New => &self.new,
        };
        let parts = side.members(node.conj).iter();
        parts.filter(|part| part.bare_types().is_none()).map(|part| part.id).collect()
    }

    fn answer(&mut self, pair: Pair) -> Decision {
        self.current = u32::MAX;
        self.ask(pair);
        self.settle();
        self.pairs.get(&pair).map_or(Decision::Unknown("too many pairs of schemas"), |entry| entry.answer)
    }

    /// A value of one that the other refuses, where one is found. What is sent is one as it is written in JSON.
    pub(crate) fn separating(&mut self, view: View, sub: Node, sup: Node) -> Option<Value> {
        let (sent, taken) = (view.json(), self.contained_in(view));
        let mut samples = sample::samples(self.side(sub.which), sub.conj, sent, Range::Full);
        // What the other excludes is where to look for what it refuses.
        for out in self.flat(sup).nots.clone() {
            samples.extend(sample::samples(self.side(sup.which), out, sent.strict(), Range::Full));
        }
        let (own, steps) = (self.side(sub.which), value::Steps::few());
        samples.retain(|sample| value::among(own, sub.conj, sample, sent, &steps) == Decision::Yes);
        let side = self.side(sup.which);
        samples.into_iter().find(|sample| value::among(side, sup.conj, sample, taken, &steps) == Decision::No)
    }
}
