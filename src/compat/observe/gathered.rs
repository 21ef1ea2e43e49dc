//! Changes as they are told. What is told more than once, because operations share it, becomes one change that reaches all
//! of them. Two files can differ in a hundred thousand places, so of changes that are alike the first are kept and the
//! others are counted: nobody reads more, and each takes a hundred times the bytes that it is about.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::super::change::{Change, Direction, Reaching};
use super::super::verdict::{Verdict, verdict};
use super::reached::Reached;
use super::told::{self, Told};
use crate::diagnostic::KEPT;

/// What is called with each change that is counted and not kept.
pub(in crate::compat) type Counted<'a> = Box<dyn FnMut(&Change) + 'a>;

pub(super) struct Gathered<'a> {
    /// By what changes are known, what they do and reach.
    told: IndexMap<Change, Told, FxBuildHasher>,
    pub(super) reached: Reached,
    /// How many there are of each kind, by its identity.
    likes: IndexMap<u64, Likes, FxBuildHasher>,
    /// By the identity of a change that is only counted, the index of its kind.
    counted: FxHashMap<u64, u32>,
    on_counted: Counted<'a>,
    /// The last list of what is reached, with its directions.
    last: Option<(Reaching, [bool; Direction::ALL.len()])>,
    /// So many of a kind are kept.
    kept: usize,
    /// More in all are not kept but for the first of each kind.
    most: usize,
}

/// So many changes are kept altogether, and one more for so many operations and schemas: there may be many files.
const MOST: usize = 2000;
const SHARE: usize = 40;

/// So many are known again when they are told again; further ones count anew.
const MOST_COUNTED: usize = 200_000;

/// Changes that mean the same in the same files, and are told for the same service in the same directions.
struct Likes {
    worst: Verdict,
    told: usize,
    counted: usize,
    /// The first that was counted.
    first_counted: Option<Change>,
}

impl<'a> Gathered<'a> {
    /// `size` is the number of operations and schemas on both sides, `more` how many changes are kept beyond what is usual.
    pub(super) fn new(size: usize, more: usize, on_counted: Counted<'a>) -> Self {
        Gathered {
            told: IndexMap::default(),
            reached: Reached::default(),
            likes: IndexMap::default(),
            counted: FxHashMap::default(),
            on_counted,
            last: None,
            kept: KEPT + more,
            most: MOST + size / SHARE + more,
        }
    }

    /// Adds a change, or what a known one does and reaches besides.
    pub(super) fn tell(&mut self, change: Change) {
        let known_by = told::known_by(&change);
        if let Some(known) = self.told.get_mut(&known_by) {
            return known.add(&change, &mut self.reached);
        }
        let identity = identity(&known_by);
        let like = self.like(&change);
        if let Some(before) = self.counted.get(&identity).copied() {
            if !self.is_worth_more(like, before) {
                return (self.on_counted)(&change);
            }
            self.counted.remove(&identity);
            self.likes[before as usize].counted -= 1;
        }
        let kept = if self.told.len() < self.most { self.kept } else { 1 };
        let likes = &mut self.likes[like as usize];
        if likes.told < kept {
            likes.told += 1;
            self.told.insert(known_by, Told::new(&change));
            return;
        }
        likes.counted += 1;
        if self.counted.len() < MOST_COUNTED {
            self.counted.insert(identity, like);
        }
        (self.on_counted)(&change);
        likes.first_counted.get_or_insert(change);
    }

    /// What was told, in the order of the first mention; then a change for those of each kind that were only counted.
    pub(super) fn into_changes(self) -> Vec<Change> {
        let Gathered { told, mut reached, likes, .. } = self;
        let mut changes: Vec<Change> =
            told.into_iter().map(|(known, told)| told.change(&known, &mut reached)).collect();
        let rests = likes.into_values().filter(|likes| likes.counted > 0);
        changes.extend(rests.filter_map(|likes| Some(Change { count: likes.counted, ..likes.first_counted? })));
        changes
    }

    /// The directions in which something is reached. Many changes in a row reach the same thousands.
    fn directions(&mut self, reaches: &Reaching) -> [bool; Direction::ALL.len()] {
        if let Some((_, told)) = self.last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, reaches)) {
            return *told;
        }
        let mut told = [false; Direction::ALL.len()];
        reaches.iter().for_each(|reach| told[reach.direction as usize] = true);
        self.last = Some((Arc::clone(reaches), told));
        told
    }

    /// The index of the kind of a change.
    fn like(&mut self, change: &Change) -> u32 {
        let verdicts = Direction::ALL.map(|direction| verdict(change, direction));
        let told = self.directions(&change.reaches);
        let worst = verdicts.iter().zip(told).filter(|(_, told)| *told).map(|(verdict, _)| *verdict).max();
        let service = change.reaches.first().map(|reach| &reach.service);
        let identity = identity(&(form(change), verdicts, told, service));
        let fresh = || Likes { worst: worst.unwrap_or(Verdict::Compatible), told: 0, counted: 0, first_counted: None };
        let entry = self.likes.entry(identity);
        let at = entry.index() as u32;
        entry.or_insert_with(fresh);
        at
    }

    /// Whether a change that was counted as one of a kind must be told as one of another.
    fn is_worth_more(&self, like: u32, before: u32) -> bool {
        let [now, before] = [like, before].map(|at| &self.likes[at as usize]);
        now.worst > before.worst || now.told == 0
    }
}

/// What changes of one kind have in common.
pub(super) fn form(change: &Change) -> impl Hash {
    let file = |origin: &Option<crate::model::Origin>| origin.as_ref().map(|origin| Arc::clone(&origin.file));
    let Change { kind, action, effect, containment, required, announced, .. } = *change;
    (kind, action, effect, containment, required, announced, file(&change.old_origin), file(&change.new_origin))
}

/// Stands for a value. The hasher's keys are fixed, so every run agrees.
pub(super) fn identity(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::super::change::{Action, Effect, Kind, Reach};
    use super::*;

    fn change(name: &str, subject: &str, direction: Direction) -> Change {
        let reach = Reach { service: "s".into(), subject: subject.into(), key: subject.into(), direction };
        Change::new(Kind::Property, Action::Removed, Effect::Widened, name).reaching(&[reach].into())
    }

    fn gathered(changes: impl IntoIterator<Item = Change>) -> (Vec<Change>, usize) {
        let mut counted = 0;
        let mut gathered = Gathered::new(0, 0, Box::new(|_| counted += 1));
        changes.into_iter().for_each(|change| gathered.tell(change));
        let changes = gathered.into_changes();
        (changes, counted)
    }

    #[test]
    fn what_is_told_again_reaches_more() {
        let told = ["GET /b", "GET /a", "GET /b"].map(|subject| change("p", subject, Direction::Request));
        let (changes, _) = gathered(told);
        let subjects: Vec<&str> = changes[0].reaches.iter().map(|reach| reach.subject.as_str()).collect();
        assert_eq!((changes.len(), changes[0].count, subjects), (1, 1, vec!["GET /a", "GET /b"]));
    }

    #[test]
    fn the_first_of_a_kind_are_kept_and_the_others_counted_once() {
        let of = |n: usize, subject: &str| change(&format!("p{n}"), subject, Direction::Request);
        let once = (0..KEPT + 7).map(|n| of(n, "GET /a"));
        let again = (0..KEPT + 7).map(|n| of(n, "GET /b"));
        let (changes, counted) = gathered(once.chain(again));
        assert_eq!((changes.len(), counted), (KEPT + 1, 14));
        let rest = changes.last().unwrap();
        assert_eq!((rest.count, rest.subject.as_str()), (7, format!("p{KEPT}").as_str()));
        assert_eq!(changes.iter().map(|one| one.count).sum::<usize>(), KEPT + 7);
    }

    #[test]
    fn what_turns_out_worse_is_told_after_all() {
        let of = |n: usize, direction| change(&format!("p{n}"), "GET /a", direction);
        let sent = (0..KEPT + 2).map(|n| of(n, Direction::Response));
        let gone = change("p1", "GET /a", Direction::Response);
        assert!(verdict(&gone, Direction::Response) > verdict(&gone, Direction::Request));
        let first = (0..KEPT + 2).map(|n| of(n, Direction::Request));
        let (changes, _) = gathered(first.chain(sent));
        assert_eq!(changes.len(), KEPT + 2, "the last two are told as what they break");
        assert_eq!(changes.iter().map(|one| one.count).sum::<usize>(), KEPT + 2);
    }
}
