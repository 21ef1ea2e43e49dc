//! A change that was told, with all that it reaches. The same node may be met in several ways: as one that is sent and one
//! that is received, in JSON and as text. It is one change, whose containment is the worst there is in each direction, and it
//! names what it means just that for: a number that became a text breaks those who send JSON, and nobody who sends a form.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::super::change::{Change, Containment, Direction, Effect, Reach, Reaching};
use super::super::verdict::{Verdict, verdict};
use super::reached::Reached;

/// What a change does in one way, and what it reaches in that way.
struct Way {
    effect: Effect,
    containment: Containment,
    first: Reaching,
    /// All of them as bits, where it was told again with others.
    all: Vec<u64>,
}

pub(super) struct Told(SmallVec<[Way; 1]>);

/// A change by which it is known again: without what it does and reaches.
pub(super) fn known_by(change: &Change) -> Change {
    let mut known = change.clone();
    known.reaches = Reaching::default();
    (known.effect, known.containment) = (Effect::None, Containment::EQUAL);
    known
}

impl Told {
    pub(super) fn new(change: &Change) -> Told {
        let (effect, containment, first) = (change.effect, change.containment, Arc::clone(&change.reaches));
        Told(smallvec![Way { effect, containment, first, all: Vec::new() }])
    }

    /// Adds what a change that is known by the same does and reaches.
    pub(super) fn add(&mut self, change: &Change, reached: &mut Reached) {
        let same = |way: &&mut Way| (way.effect, way.containment) == (change.effect, change.containment);
        match self.0.iter_mut().find(same) {
            Some(way) => way.add(&change.reaches, reached),
            None => self.0.extend(Told::new(change).0),
        }
    }

    /// The change as it is told.
    pub(super) fn change(self, known: &Change, reached: &mut Reached) -> Change {
        let ways = self.0.into_iter().map(|way| way.change(known, reached));
        let mut ways: SmallVec<[Change; 1]> = ways.collect();
        if ways.len() == 1
            && let Some(only) = ways.pop()
        {
            return only;
        }
        together(known, &ways)
    }
}

impl Way {
    fn add(&mut self, reaches: &Reaching, reached: &mut Reached) {
        if Arc::ptr_eq(&self.first, reaches) || (self.all.is_empty() && self.first == *reaches) {
            return;
        }
        if self.all.is_empty() {
            reached.mark(&self.first, &mut self.all);
        }
        reached.mark(reaches, &mut self.all);
    }

    fn change(self, known: &Change, reached: &mut Reached) -> Change {
        let reaches = if self.all.is_empty() { self.first } else { reached.list(&self.all.into()) };
        Change { effect: self.effect, containment: self.containment, reaches, ..known.clone() }
    }
}

/// Several ways as one change: what counts in a direction is the worst of those that go there, and what is reached is what
/// it means that for.
fn together(known: &Change, ways: &[Change]) -> Change {
    let goes = |way: &Change, directions: [Direction; 2]| {
        way.reaches.iter().any(|reach| directions.contains(&reach.direction))
    };
    let worst = |directions: [Direction; 2]| {
        let there: Vec<Containment> =
            ways.iter().filter(|way| goes(way, directions)).map(|way| way.containment).collect();
        let all = || ways.iter().map(|way| way.containment);
        if there.is_empty() { all().collect() } else { there }
    };
    let sent = worst([Direction::Request, Direction::Replay]);
    let received = worst([Direction::Response, Direction::Event]);
    let containment = Containment {
        old_in_new: sent.iter().map(|one| one.old_in_new).min().unwrap_or(Containment::EQUAL.old_in_new),
        new_in_old: received.iter().map(|one| one.new_in_old).min().unwrap_or(Containment::EQUAL.new_in_old),
    };
    let same = ways.iter().find(|way| way.containment == containment);
    let effect = same.map_or_else(|| containment.effect(), |way| way.effect);
    let mut change = Change { effect, containment, ..known.clone() };
    let verdicts = |change: &Change| -> [Verdict; Direction::ALL.len()] {
        Direction::ALL.map(|direction| verdict(change, direction))
    };
    let worst = verdicts(&change);
    let mut reaches: Vec<Reach> = Vec::new();
    for way in ways {
        let own = verdicts(way);
        let is_meant = |reach: &&Reach| own[reach.direction as usize] == worst[reach.direction as usize];
        reaches.extend(way.reaches.iter().filter(is_meant).cloned());
    }
    reaches.sort();
    reaches.dedup();
    change.reaches = reaches.into();
    change
}

#[cfg(test)]
mod tests {
    use super::super::super::change::{Action, Kind};
    use super::*;

    fn reach(subject: &str, direction: Direction) -> Reach {
        Reach { service: "s".into(), subject: subject.into(), key: subject.into(), direction }
    }

    #[test]
    fn of_several_ways_the_worst_counts_where_it_goes() {
        let of = |effect: Effect, reaches: &[Reach]| {
            Change::new(Kind::Type, Action::Changed, effect, "n").reaching(&reaches.into())
        };
        let json = of(Effect::Disjoint, &[reach("POST /json", Direction::Request)]);
        let text =
            of(Effect::Widened, &[reach("POST /xml", Direction::Request), reach("GET /xml", Direction::Response)]);
        let mut reached = Reached::default();
        let mut told = Told::new(&text);
        told.add(&json, &mut reached);
        let change = told.change(&known_by(&text), &mut reached);
        let subjects: Vec<&str> = change.reaches.iter().map(|reach| reach.subject.as_str()).collect();
        assert_eq!((change.effect, subjects), (Effect::Disjoint, vec!["GET /xml", "POST /json"]));
    }
}
