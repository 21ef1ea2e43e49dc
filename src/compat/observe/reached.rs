//! What each pair of schemas is reached by: the operations and events above it. Pairs that lead to each other are reached
//! by the same, so the sets are made once for each cycle, and shared where nothing is added on the way down.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::super::change::{Reach, Reaching};

/// A set of reaches by their index: words of bits that are not zero, each with its place, in order. Of ten thousand schemas
/// each may be reached by one of ten thousand others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set(Rc<[(u32, u64)]>);

impl From<Vec<u64>> for Set {
    fn from(bits: Vec<u64>) -> Set {
        let words = (0_u32..).zip(bits);
        Set(words.filter(|(_, word)| *word != 0).collect())
    }
}

impl Set {
    /// Both together.
    pub(super) fn with(&self, other: &Set) -> Set {
        if Rc::ptr_eq(&self.0, &other.0) || other.0.is_empty() {
            return self.clone();
        }
        if self.0.is_empty() {
            return other.clone();
        }
        Set::joined(self.0.iter().chain(&*other.0).copied().collect())
    }

    fn of(indices: &[u32]) -> Set {
        Set::joined(indices.iter().map(|index| (index / 64, 1 << (index % 64))).collect())
    }

    /// The set of words in any order, of which several may have one place.
    fn joined(mut words: Vec<(u32, u64)>) -> Set {
        words.sort_unstable_by_key(|(at, _)| *at);
        words.dedup_by(|next, word| {
            let is_same = next.0 == word.0;
            word.1 |= if is_same { next.1 } else { 0 };
            is_same
        });
        Set(words.into())
    }

    fn indices(&self) -> impl Iterator<Item = usize> {
        let bits = |(at, word): (u32, u64)| (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| (at, bit));
        self.0.iter().copied().flat_map(bits).map(|(at, bit)| at as usize * 64 + bit)
    }
}

/// A list of no more reaches is made anew for each pair that has it: there may be as many such lists as pairs.
const FEW: usize = 2;
/// Marks what stands for such a list.
const SHORT: u32 = 1 << 31;

/// The reaches of a comparison.
#[derive(Default)]
pub(super) struct Reached {
    all: IndexSet<Reach, FxBuildHasher>,
    lists: FxHashMap<Set, Reaching>,
    /// The long lists that were given, by their address, each with its indices.
    given: IndexMap<usize, (Reaching, Box<[u32]>), FxBuildHasher>,
    /// The indices of the short ones, which are not held.
    short: IndexSet<SmallVec<[u32; FEW]>, FxBuildHasher>,
}

impl Reached {
    pub(super) fn index_of(&mut self, reach: &Reach) -> u32 {
        let at = match self.all.get_index_of(reach) {
            Some(at) => at,
            None => self.all.insert_full(reach.clone()).0,
        };
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// Stands for a list.
    pub(super) fn index_of_list(&mut self, list: &Reaching) -> u32 {
        if list.len() <= FEW {
            let indices = list.iter().map(|reach| self.index_of(reach)).collect();
            return SHORT | self.short.insert_full(indices).0 as u32;
        }
        // It is held, so no other has its address.
        let address = list.as_ptr().addr();
        if let Some(at) = self.given.get_index_of(&address) {
            return at as u32;
        }
        let indices = list.iter().map(|reach| self.index_of(reach)).collect();
        self.given.insert_full(address, (Arc::clone(list), indices)).0 as u32
    }

    /// The indices of the reaches of a list.
    fn indices(&self, list: u32) -> &[u32] {
        if list & SHORT == 0 {
            return self.given.get_index(list as usize).map_or(&[], |(_, (_, indices))| indices);
        }
        self.short.get_index((list & !SHORT) as usize).map_or(&[], |indices| indices)
    }

    /// Adds reaches to a set that is being made.
    pub(super) fn mark(&mut self, reaches: &[Reach], bits: &mut Vec<u64>) {
        for reach in reaches {
            let index = self.index_of(reach) as usize;
            if bits.len() <= index / 64 {
                bits.resize(index / 64 + 1, 0);
            }
            bits[index / 64] |= 1 << (index % 64);
        }
    }

    /// The reaches of a set, sorted; equal sets share one list, if it is long.
    pub(super) fn list(&mut self, set: &Set) -> Reaching {
        if let Some(list) = self.lists.get(set) {
            return Arc::clone(list);
        }
        let mut list: Vec<Reach> = set.indices().filter_map(|at| self.all.get_index(at).cloned()).collect();
        list.sort();
        let list: Reaching = list.into();
        if list.len() > FEW {
            self.lists.insert(set.clone(), Arc::clone(&list));
        }
        list
    }

    /// For each pair, given by its parents and the lists of its own, what reaches it.
    pub(super) fn above(&self, pairs: &[(&[u32], &[u32])]) -> Vec<Set> {
        let mut sets: Vec<Set> = vec![Set::default(); pairs.len()];
        // Long lists as sets, which many pairs may have.
        let mut long: FxHashMap<u32, Set> = FxHashMap::default();
        // Parents come first: each cycle is finished after all that lead to it.
        for cycle in cycles(pairs) {
            let mut set = Set::default();
            for &at in &cycle {
                let (parents, own) = pairs[at as usize];
                for parent in parents {
                    set = set.with(&sets[*parent as usize]);
                }
                let mut few: Vec<u32> = Vec::new();
                for list in own {
                    let indices = self.indices(*list);
                    if indices.len() <= FEW {
                        few.extend_from_slice(indices);
                    } else {
                        let list = long.entry(*list).or_insert_with(|| Set::of(indices));
                        set = set.with(list);
                    }
                }
                set = set.with(&Set::of(&few));
            }
            for at in cycle {
                sets[at as usize] = set.clone();
            }
        }
        sets
    }
}

/// The strongly connected components of the graph that leads from each pair to its parents, what is led to first (Tarjan's
/// algorithm, with a stack of its own).
fn cycles(pairs: &[(&[u32], &[u32])]) -> Vec<Vec<u32>> {
    const NEW: u32 = u32::MAX;
    let mut order = vec![NEW; pairs.len()];
    let mut low = vec![0_u32; pairs.len()];
    let mut is_open = vec![false; pairs.len()];
    let (mut count, mut found, mut open) = (0, Vec::new(), Vec::new());
    for start in 0..pairs.len() {
        if order[start] != NEW {
            continue;
        }
        // A pair and how many of its parents have been followed.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((at, next)) = path.pop() {
            if next == 0 {
                (order[at], low[at], is_open[at]) = (count, count, true);
                count += 1;
                open.push(at as u32);
            }
            if let Some(&parent) = pairs[at].0.get(next) {
                let parent = parent as usize;
                path.push((at, next + 1));
                if order[parent] == NEW {
                    path.push((parent, 0));
                } else if is_open[parent] {
                    low[at] = low[at].min(order[parent]);
                }
                continue;
            }
            if low[at] == order[at] {
                let from = open.iter().rposition(|one| *one as usize == at).unwrap_or(0);
                let cycle = open.split_off(from);
                cycle.iter().for_each(|one| is_open[*one as usize] = false);
                found.push(cycle);
            }
            if let Some((below, _)) = path.last() {
                low[*below] = low[*below].min(low[at]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::Direction;

    #[test]
    fn what_leads_to_a_cycle_reaches_all_of_it() {
        let mut reached = Reached::default();
        let reach = |name: &str| Reach {
            service: "s".into(),
            subject: name.into(),
            key: name.into(),
            direction: Direction::Request,
        };
        let mut index = |name: &str| reached.index_of_list(&[reach(name)].into());
        let (b, a) = (index("b"), index("a"));
        // 0 and 1 form a cycle below 2; 3 lies below 1; 4 is apart.
        let pairs: [(&[u32], &[u32]); 5] = [(&[1, 2], &[]), (&[0], &[b]), (&[], &[a]), (&[1], &[]), (&[], &[a])];
        let sets = reached.above(&pairs);
        let names = |reached: &mut Reached, at: usize| -> Vec<String> {
            reached.list(&sets[at]).iter().map(|reach| reach.subject.to_string()).collect()
        };
        for at in [0, 1, 3] {
            assert_eq!(names(&mut reached, at), ["a", "b"]);
        }
        assert_eq!((names(&mut reached, 2), names(&mut reached, 4)), (vec!["a".to_owned()], vec!["a".to_owned()]));
    }
}
