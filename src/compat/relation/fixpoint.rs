//! Works out pairs until nothing falls any more: the greatest fixed point.

use smallvec::SmallVec;

use super::local::DYNAMIC;
use super::{Decision, Entry, MAX_TRIES, Node, Pair, Relation, View, Which, composition, parts};

impl Relation<'_> {
    /// Works out what was asked, until nothing falls any more. That something is unknown is believed last: while others may
    /// still fall, two alternatives may seem to overlap that do not.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some(at) = self.queue.pop_front() {
                self.work(at, false);
            }
            // The last to be asked for stands deepest.
            let Some(at) = self.undecided.pop_last() else { return };
            self.work(at, true);
        }
    }

    fn work(&mut self, at: u32, believes: bool) {
        let Some((&pair, entry)) = self.pairs.get_index_mut(at as usize) else { return };
        entry.queued = false;
        if entry.answer == Decision::No {
            return;
        }
        self.current = at;
        let answer = self.decide(at, pair.view, pair.sub, pair.sup);
        let believes = believes && self.queue.is_empty();
        let Some((_, entry)) = self.pairs.get_index_mut(at as usize) else { return };
        if answer >= entry.answer {
            return;
        }
        if answer != Decision::No && !believes {
            self.undecided.insert(at);
            return;
        }
        entry.answer = answer;
        for dependent in std::mem::take(&mut entry.dependents) {
            self.enqueue(dependent);
        }
    }

    fn decide(&mut self, at: u32, view: View, sub: Node, sup: Node) -> Decision {
        // What is valid as it was written is read as that.
        if view.is_text() && self.ask_within(view.json(), sub, sup) == Decision::Yes {
            return Decision::Yes;
        }
        let parts = parts::within(self, view, sub, sup);
        if let parts::Answer::Sure(decision) = parts {
            return decision;
        }
        let decision = composition::within(self, view, sub, sup);
        if parts == parts::Answer::Alike {
            return decision;
        }
        let decision = self.unless_empty(view, (sub, sup), decision);
        if !matches!(decision, Decision::Unknown(_)) {
            return decision;
        }
        if decision == Decision::Unknown(DYNAMIC) {
            return decision;
        }
        let Some((_, entry)) = self.pairs.get_index_mut(at as usize) else { return decision };
        if std::mem::replace(&mut entry.tried, true) || self.tries >= MAX_TRIES {
            return decision;
        }
        self.tries += 1;
        if self.separating(view, sub, sup).is_some() { Decision::No } else { decision }
    }

    fn enqueue(&mut self, at: u32) {
        if let Some((_, entry)) = self.pairs.get_index_mut(at as usize)
            && !entry.queued
            && entry.answer != Decision::No
        {
            entry.queued = true;
            self.queue.push_back(at);
        }
    }

    /// The answer to a question as far as it is known; the pair that is being worked out depends on it.
    pub(super) fn ask(&mut self, pair: Pair) -> Decision {
        if pair.sub == pair.sup {
            return Decision::Yes;
        }
        if self.pairs.len() >= self.most_pairs && !self.pairs.contains_key(&pair) {
            return Decision::Unknown("too many pairs of schemas");
        }
        let current = self.current;
        let fresh = Entry { answer: Decision::Yes, dependents: SmallVec::new(), queued: false, tried: false };
        let slot = self.pairs.entry(pair);
        let at = slot.index() as u32;
        let is_new = matches!(slot, indexmap::map::Entry::Vacant(_));
        let entry = slot.or_insert(fresh);
        if current != u32::MAX && entry.answer != Decision::No && entry.dependents.last() != Some(&current) {
            entry.dependents.push(current);
        }
        let answer = entry.answer;
        if is_new {
            self.enqueue(at);
        }
        answer
    }

    pub(super) fn ask_within(&mut self, view: View, sub: Node, sup: Node) -> Decision {
        if self.is_clear(sub, sup) { Decision::Yes } else { self.ask(Pair { view, sub, sup }) }
    }

    /// Whether a pair is contained without a look at it: it is given, or says the same.
    pub(super) fn is_clear(&mut self, sub: Node, sup: Node) -> bool {
        let is_given = !self.given.is_empty() && {
            let (old, new) = if sub.which == Which::Old { (sub, sup) } else { (sup, sub) };
            self.given.contains(&(old.conj, new.conj))
        };
        is_given || self.same(sub, sup)
    }
}
