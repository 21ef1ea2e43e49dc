//! What a comparison observes: one change for each changed node, without a judgement.

use crate::model::Origin;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A service's whole HTTP contract.
    Api,
    /// An operation.
    Operation,
    /// A parameter.
    Parameter,
    /// Whether a parameter must be sent.
    ParameterRequired,
    /// How a parameter is serialised (`style`, `explode`).
    ParameterStyle,
    /// A request body.
    RequestBody,
    /// Whether a request body must be sent.
    RequestBodyRequired,
    /// A media type of a request or response.
    MediaType,
    /// A response code.
    Response,
    /// A response header.
    Header,
    /// The security requirements of an operation.
    Security,
    /// An event.
    Event,
    /// A version of an event.
    EventVersion,
    /// The topic of an event.
    EventTopic,
    /// A property of an object.
    Property,
    /// Whether a property must be there.
    PropertyRequired,
    /// The allowed types of a value.
    Type,
    /// The values that `enum` or `const` allow.
    Values,
    /// A bound, a length, a count, a pattern or a format.
    Constraint,
    /// Whether undeclared properties are allowed, and which.
    AdditionalProperties,
    /// The branches of `oneOf`, `anyOf`, `allOf`, or another keyword with schemas.
    Composition,
}

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

/// Which way the data flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From consumer to provider.
    Request,
    /// From provider to consumer.
    Response,
    /// From publisher to consumer.
    Event,
}

impl Direction {
    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
            Direction::Event => "event",
        }
    }
}

/// Something that consumers use, and that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reach {
    /// The service that provides or publishes it.
    pub service: String,
    /// The operation (`METHOD path`) or the event's name.
    pub subject: String,
    /// Operation id, for a join with what consumers declare; the event's name for an event.
    pub key: String,
    /// Which way the data flows there.
    pub direction: Direction,
}

/// One observed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub kind: Kind,
    /// What happened to it.
    pub action: Action,
    /// What that does to the set of valid values.
    pub effect: Effect,
    /// Its name: a property, a parameter, a keyword, an operation.
    pub subject: String,
    /// Whether the thing that was added or removed is required where it stands.
    pub required: bool,
    /// Its value before, for messages.
    pub old: Option<String>,
    /// Its value now.
    pub new: Option<String>,
    /// Where it stands, or stood, in the base.
    pub old_origin: Option<Origin>,
    /// Where it stands now; for what was removed, what held it.
    pub new_origin: Option<Origin>,
    /// Everything that it reaches, sorted; no change is without one.
    pub reaches: Vec<Reach>,
}

impl Change {
    /// A change of one kind; the rest is added by the methods below.
    pub(crate) fn new(kind: Kind, action: Action, effect: Effect, subject: impl Into<String>) -> Change {
        Change {
            kind,
            action,
            effect,
            subject: subject.into(),
            required: false,
            old: None,
            new: None,
            old_origin: None,
            new_origin: None,
            reaches: Vec::new(),
        }
    }

    pub(crate) fn values(mut self, old: impl Into<String>, new: impl Into<String>) -> Change {
        self.old = Some(old.into());
        self.new = Some(new.into());
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

    pub(crate) fn reaching(mut self, reach: &Reach) -> Change {
        self.reaches.push(reach.clone());
        self
    }
}
