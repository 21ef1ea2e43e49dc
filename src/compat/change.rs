//! What a comparison observes: one change for each changed node, without a judgement.

use std::borrow::Cow;
use std::sync::Arc;

pub use super::kind::Kind;
use super::relation::Decision;
use crate::model::{Origin, Text};
use crate::template::names;

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is different.
    Changed,
}

impl Action {
    /// What happened to something that was, or is, there.
    pub(crate) fn of(before: bool, after: bool) -> Action {
        match (before, after) {
            (false, true) => Action::Added,
            (true, false) => Action::Removed,
            _ => Action::Changed,
        }
    }

    /// The opposite.
    pub fn mirrored(self) -> Action {
        match self {
            Action::Added => Action::Removed,
            Action::Removed => Action::Added,
            Action::Changed => Action::Changed,
        }
    }
}

/// What a change does to the set of valid values: containment of the old in the new and of the new in the old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The same values are valid.
    None,
    /// Some values that were valid no longer are.
    Narrowed,
    /// Some values are valid that were not.
    Widened,
    /// They overlap, and neither contains the other.
    Both,
    /// No value is valid on both sides.
    Disjoint,
    /// It could not be decided.
    Unknown,
}

impl Effect {
    /// The effect of two containments: is every old value still valid, was every new value valid before.
    pub fn of(old_in_new: bool, new_in_old: bool) -> Effect {
        match (old_in_new, new_in_old) {
            (true, true) => Effect::None,
            (true, false) => Effect::Widened,
            (false, true) => Effect::Narrowed,
            (false, false) => Effect::Both,
        }
    }

    /// The effect with old and new swapped.
    pub fn mirrored(self) -> Effect {
        match self {
            Effect::Narrowed => Effect::Widened,
            Effect::Widened => Effect::Narrowed,
            same => same,
        }
    }
}

/// The two containments that an effect is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Containment {
    /// Whether every value that was valid still is.
    pub old_in_new: Decision,
    /// Whether every value that is valid was so before.
    pub new_in_old: Decision,
}

impl Containment {
    /// The same values are valid.
    pub const EQUAL: Containment = Containment { old_in_new: Decision::Yes, new_in_old: Decision::Yes };

    /// The containments that make an effect.
    pub(crate) fn of(effect: Effect) -> Containment {
        let unknown = Decision::Unknown("the difference is not understood");
        let (old_in_new, new_in_old) = match effect {
            Effect::None => (Decision::Yes, Decision::Yes),
            Effect::Narrowed => (Decision::No, Decision::Yes),
            Effect::Widened => (Decision::Yes, Decision::No),
            Effect::Both | Effect::Disjoint => (Decision::No, Decision::No),
            Effect::Unknown => (unknown, unknown),
        };
        Containment { old_in_new, new_in_old }
    }

    pub(crate) fn effect(self) -> Effect {
        match (self.old_in_new, self.new_in_old) {
            (Decision::Unknown(_), _) | (_, Decision::Unknown(_)) => Effect::Unknown,
            (old_in_new, new_in_old) => Effect::of(old_in_new == Decision::Yes, new_in_old == Decision::Yes),
        }
    }

    /// What is worse of both.
    pub(crate) fn worse(self, other: Containment) -> Containment {
        Containment {
            old_in_new: self.old_in_new.min(other.old_in_new),
            new_in_old: self.new_in_old.min(other.new_in_old),
        }
    }

    /// What is left where something else is explained: a way that is explained in part counts as explained.
    pub(crate) fn beyond(self, explained: Containment) -> Containment {
        let left = |own: Decision, told: Decision| if told == Decision::Yes { own } else { Decision::Yes };
        Containment {
            old_in_new: left(self.old_in_new, explained.old_in_new),
            new_in_old: left(self.new_in_old, explained.new_in_old),
        }
    }
}

/// Which way the data flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From consumer to provider.
    Request,
    /// From provider to consumer.
    Response,
    /// From publisher to consumer: what is published now is read by those who know what was published before.
    Event,
    /// From publisher to consumer: what was published before is read by those who know what is published now.
    Replay,
}

impl Direction {
    /// Every direction, in the order of the declaration.
    pub const ALL: [Direction; 4] = [Direction::Request, Direction::Response, Direction::Event, Direction::Replay];

    /// Whether it is that of an event.
    pub fn is_event(self) -> bool {
        matches!(self, Direction::Event | Direction::Replay)
    }

    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
            Direction::Event | Direction::Replay => "event",
        }
    }
}

/// Something that consumers use, and that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reach {
    /// The service that provides or publishes it.
    pub service: Text,
    /// The operation (`METHOD path`) or the event's name.
    pub subject: Text,
    /// Operation id, for a join with what consumers declare; the event's name for an event.
    pub key: Text,
    /// Which way the data flows there.
    pub direction: Direction,
}

/// Names that are part of others are told so far, in bytes: thousands of callbacks may stand below one path of kilobytes.
const LONGEST_NAME: usize = 1000;

/// Values are told so far, in bytes.
const LONGEST_VALUE: usize = 2000;

/// A name as it is part of another.
pub(super) fn short(name: &str) -> Cow<'_, str> {
    names::short(name, LONGEST_NAME)
}

/// What a change reaches, shared by all that reach the same.
pub type Reaching = Arc<[Reach]>;

/// One observed change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// What changed.
    pub kind: Kind,
    /// What happened to it.
    pub action: Action,
    /// What that does to the set of valid values.
    pub effect: Effect,
    /// The same as two containments, each with its reason where it is not known.
    pub containment: Containment,
    /// Its name: a property, a parameter, a keyword, an operation.
    pub subject: Text,
    /// Whether the thing that was added or removed is required where it stands.
    pub required: bool,
    /// Whether it was announced: deprecated, with the day on which it goes.
    pub announced: bool,
    /// Its value before, for messages.
    pub old: Option<String>,
    /// Its value now.
    pub new: Option<String>,
    /// Where it stands, or stood, in the base.
    pub old_origin: Option<Origin>,
    /// Where it stands now; for what was removed, what held it.
    pub new_origin: Option<Origin>,
    /// Everything that it reaches, sorted; no change is without one. Shared by all that reach the same.
    pub reaches: Reaching,
    /// How many changes it stands for: more than one where too many are alike to keep them all.
    pub count: usize,
}

impl Change {
    /// A change of one kind; the rest is added by the methods below.
    pub(crate) fn new(kind: Kind, action: Action, effect: Effect, subject: impl Into<Text>) -> Change {
        Change {
            kind,
            action,
            effect,
            containment: Containment::of(effect),
            subject: subject.into(),
            required: false,
            announced: false,
            old: None,
            new: None,
            old_origin: None,
            new_origin: None,
            reaches: Arc::default(),
            count: 1,
        }
    }

    /// The way back: from what is new to what was before.
    pub(crate) fn mirrored(&self) -> Change {
        let mut back = Change {
            action: self.action.mirrored(),
            effect: self.effect.mirrored(),
            containment: Containment {
                old_in_new: self.containment.new_in_old,
                new_in_old: self.containment.old_in_new,
            },
            ..self.clone()
        };
        std::mem::swap(&mut back.old, &mut back.new);
        std::mem::swap(&mut back.old_origin, &mut back.new_origin);
        back
    }

    pub(crate) fn values(mut self, old: impl Into<String>, new: impl Into<String>) -> Change {
        let shown = |value: String| match value.len() > LONGEST_VALUE {
            true => names::short(&value, LONGEST_VALUE).into_owned(),
            false => value,
        };
        self.old = Some(shown(old.into()));
        self.new = Some(shown(new.into()));
        self
    }

    pub(crate) fn contained(mut self, containment: Containment) -> Change {
        self.effect = containment.effect();
        self.containment = containment;
        self
    }

    pub(crate) fn required(mut self, required: bool) -> Change {
        self.required = required;
        self
    }

    pub(crate) fn places(mut self, old: Option<&Origin>, new: Option<&Origin>) -> Change {
        self.old_origin = old.cloned();
        self.new_origin = new.cloned();
        self
    }

    pub(crate) fn reaching(mut self, reaches: &Reaching) -> Change {
        self.reaches = Arc::clone(reaches);
        self
    }
}
