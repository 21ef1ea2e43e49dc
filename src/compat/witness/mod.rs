//! Shows what a breaking change breaks: a request, a response or a message that was fine and no longer is, or that could not
//! come before. Payloads are made around the changed node and confirmed by a JSON Schema validator; what is not about
//! payloads is shown as a request line, a status or a topic. Where nothing is shown, a sentence says why.
//!
//! Everything here is worked out for breaking changes alone, and for no more than [`MOST`] of them.

mod confirm;
mod listed;
mod message;
mod part;
mod payload;
mod structure;
mod style;
mod trail;

use super::change::{Change, Direction, Kind, Reach};
use super::finding::Sides;
use super::relation::{Decision, Relation, Which};
use super::verdict::relevant;
use crate::diagnostic::{REFUSED, VALID, Witness, WitnessKind};
use part::Part;
use trail::Trails;

/// Witnesses are looked for so many changes of one comparison.
pub(super) const MOST: usize = 200;

/// Examples are no longer than this, in bytes of JSON.
const LONGEST: usize = 2048;
const TOO_LONG: &str = "the smallest one that was found is too long to be shown";

/// What is told of a change that breaks something.
pub(super) enum Shown {
    /// What shows it.
    Witness(Witness),
    /// Why nothing is shown.
    Nothing(String),
}

/// The witnesses of one comparison.
pub(super) struct Witnesses<'a> {
    sides: Sides<'a>,
    left: usize,
    payloads: Option<Payloads<'a>>,
}

/// What witnesses of schema changes need; made when the first is asked for.
struct Payloads<'a> {
    old: Vec<Part<'a>>,
    new: Vec<Part<'a>>,
    trails: Trails<'a>,
    relation: Relation<'a>,
    holders: payload::Holders,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(sides: Sides<'a>) -> Self {
        Witnesses { sides, left: MOST, payloads: None }
    }

    /// What shows that a change breaks those whom it hits.
    pub(super) fn of(&mut self, change: &Change, hit: &[&Reach]) -> Shown {
        let Some(reach) = hit.first() else { return nothing("it reaches nothing") };
        let Some(left) = self.left.checked_sub(1) else {
            return nothing(&format!("{MOST} other changes of this comparison have theirs"));
        };
        self.left = left;
        if let Some(shown) = structure::shown(self.sides, change, reach) {
            return shown;
        }
        if relevant(change, reach.direction) == Decision::Yes {
            return nothing(match change.kind {
                Kind::Property => "the base allowed leaving the field out, so each answer alone is still a valid one",
                _ => "every payload that was valid still is",
            });
        }
        let sides = self.sides;
        let payloads = self.payloads.get_or_insert_with(|| {
            let (old, new) = (part::parts(sides.old), part::parts(sides.new));
            let trails = Trails::new(&sides.old.schemas, &old);
            let relation = Relation::new(&sides.old.schemas, &sides.new.schemas);
            Payloads { old, new, trails, relation, holders: payload::Holders::default() }
        });
        payload::shown(payloads, sides, change, hit)
    }
}

fn nothing(why: &str) -> Shown {
    Shown::Nothing(format!("No example is shown: {why}"))
}

/// On which side those stand who send, in that direction: what they sent must still be taken, or what they send now must
/// have been expected before.
fn sender(direction: Direction) -> Which {
    match direction {
        Direction::Request | Direction::Replay => Which::Old,
        Direction::Response | Direction::Event => Which::New,
    }
}

fn kind(direction: Direction) -> WitnessKind {
    match direction {
        Direction::Request => WitnessKind::Request,
        Direction::Response => WitnessKind::Response,
        Direction::Event | Direction::Replay => WitnessKind::Event,
    }
}

/// What both documents say of a payload that one sends and the other does not take.
fn words(direction: Direction) -> (String, String) {
    let (sent, taken) = (VALID.to_owned(), REFUSED.to_owned());
    match sender(direction) {
        Which::Old => (sent, taken),
        Which::New => (taken, sent),
    }
}
