//! Pairs that wait to be compared. What several operations share, a component or a whole path item, is one pair that is
//! compared once, for everything that it reaches; otherwise thousands of operations that refer to one large response would
//! take thousands of comparisons of it, and tell each change as often.

use std::hash::Hash;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::super::change::{Direction, Reach, Reaching};
use crate::model::{Callback, Link, List, MediaType, Operation, Origin, Parameter, Response};

/// A list on one side, with what holds it: the place where something that is missing in the list is missing.
#[derive(Debug)]
pub(super) struct Part<'a, T> {
    pub(super) list: &'a List<T>,
    pub(super) holder: &'a Origin,
}

impl<T> Clone for Part<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<'_, T> {}

/// The same part before and now.
pub(super) type Pair<'a, T> = [Part<'a, T>; 2];

/// The operations of a callback before and now, as far as there is one of that name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Callbacks<'a> {
    pub(super) name: &'a str,
    pub(super) requests: [Option<&'a Callback>; 2],
    pub(super) holders: [&'a Origin; 2],
}

type Address = (usize, usize);

/// All that waits, by what it is. What is of one kind leads to later kinds alone, so that all that reaches a pair is known
/// when its turn comes.
#[derive(Default)]
pub(super) struct Later<'a> {
    pub(super) merged: Merged,
    pub(super) operations: Queue<[&'a Origin; 2], [&'a Operation; 2]>,
    pub(super) callbacks: Queue<(&'a str, Address), Callbacks<'a>>,
    pub(super) parameters: Queue<Address, Pair<'a, Parameter>>,
    pub(super) responses: Queue<Address, Pair<'a, Response>>,
    pub(super) headers: Queue<Address, Pair<'a, Parameter>>,
    pub(super) links: Queue<Address, Pair<'a, Link>>,
    pub(super) content: Queue<Address, Pair<'a, MediaType>>,
}

impl<'a> Later<'a> {
    pub(super) fn callbacks(&mut self, callbacks: Callbacks<'a>, reaching: &Reaching) {
        let address = |one: Option<&Callback>| one.map_or(0, |one| one.operations.as_ptr().addr());
        let [old, new] = callbacks.requests.map(address);
        self.callbacks.add((callbacks.name, (old, new)), callbacks, reaching);
    }
}

impl<'a, T> Queue<Address, Pair<'a, T>> {
    /// Adds two lists, unless both are empty.
    pub(super) fn lists(&mut self, [old, new]: Pair<'a, T>, reaching: &Reaching) {
        if !old.list.is_empty() || !new.list.is_empty() {
            self.add(addresses(old.list, new.list), [old, new], reaching);
        }
    }
}

/// The addresses of two lists. Both live as long as the models.
fn addresses<T>(old: &List<T>, new: &List<T>) -> Address {
    (old.as_ptr().addr(), new.as_ptr().addr())
}

/// Pairs of one kind by their identity, in the order in which they were met.
pub(super) struct Queue<K, P> {
    waiting: IndexMap<(K, bool), (P, Vec<Reaching>), FxBuildHasher>,
}

impl<K, P> Default for Queue<K, P> {
    fn default() -> Self {
        Queue { waiting: IndexMap::default() }
    }
}

impl<K: Eq + Hash, P> Queue<K, P> {
    /// Adds a pair, or what a known one reaches besides.
    pub(super) fn add(&mut self, key: K, pair: P, reaching: &Reaching) {
        let is_request = reaching.first().is_some_and(|reach| reach.direction == Direction::Request);
        let (_, all) = self.waiting.entry((key, is_request)).or_insert_with(|| (pair, Vec::new()));
        if all.last().is_none_or(|last| !Arc::ptr_eq(last, reaching)) {
            all.push(Arc::clone(reaching));
        }
    }

    /// All that waits, with what each reaches.
    pub(super) fn take(&mut self, merged: &mut Merged) -> Vec<(P, Reaching)> {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_values().map(|(pair, all)| (pair, merged.of(all))).collect()
    }
}

/// Lists of what is reached that were put together. Many parts are reached by the same ones.
#[derive(Default)]
pub(super) struct Merged {
    /// By the addresses of the lists, which are held so that no other has them.
    known: FxHashMap<Vec<usize>, (Vec<Reaching>, Reaching)>,
}

impl Merged {
    fn of(&mut self, mut all: Vec<Reaching>) -> Reaching {
        let address = |list: &Reaching| list.as_ptr().addr();
        all.sort_by_key(address);
        all.dedup_by_key(|list| address(list));
        if let [only] = all.as_slice() {
            return Arc::clone(only);
        }
        let key: Vec<usize> = all.iter().map(address).collect();
        if let Some((_, known)) = self.known.get(&key) {
            return Arc::clone(known);
        }
        let mut reaches: Vec<Reach> = all.iter().flat_map(|list| list.iter().cloned()).collect();
        reaches.sort();
        reaches.dedup();
        let reaching: Reaching = reaches.into();
        self.known.insert(key, (all, Arc::clone(&reaching)));
        reaching
    }
}
