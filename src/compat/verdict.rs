//! The verdict table: what an observed change means for those who talk to each other. The verdict is derived from what
//! changed, its effect on the valid values, and the way the data flows; ids, texts and ways out hang on the rows as data.

use super::change::{Action, Change, Direction, Effect, Kind};

/// What a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nobody needs to do anything.
    Compatible,
    /// It could not be decided.
    Unknown,
    /// It breaks some who use it in a way that the contract does not tell.
    MayBreak,
    /// Consumers that worked stop working.
    BreaksConsumers,
}

/// One row: the first that matches a change tells its id, and what to do.
pub struct Row {
    /// The id under which it is reported, explained and suppressed.
    pub id: &'static str,
    /// What it is, for lists.
    pub summary: &'static str,
    /// Why it hurts.
    pub why: &'static str,
    /// What to do instead.
    pub way_out: &'static str,
    kinds: &'static [Kind],
    actions: &'static [Action],
}

const ANY: &[Action] = &[Action::Added, Action::Removed, Action::Changed];
const ADDED: &[Action] = &[Action::Added];
const REMOVED: &[Action] = &[Action::Removed];

/// Every row. The order matters only where kinds overlap, which they do not.
pub static ROWS: &[Row] = &[
    Row {
        id: "operation-removed",
        summary: "An operation that consumers may call is gone",
        why: "Every call of the operation fails with 404 or 405 from the moment the new version runs.",
        way_out: "Keep the operation with `deprecated: true` until its consumers have moved, or add the new one as v2 beside it",
        kinds: &[Kind::Operation, Kind::Api],
        actions: ANY,
    },
    Row {
        id: "parameter-removed",
        summary: "A parameter is gone",
        why: "What consumers still send is ignored or refused, so their requests mean something else.",
        way_out: "Keep the parameter with `deprecated: true`, and ignore it in the service",
        kinds: &[Kind::Parameter],
        actions: REMOVED,
    },
    Row {
        id: "parameter-added",
        summary: "A new parameter must be sent",
        why: "Requests that were complete are refused.",
        way_out: "Make the parameter optional with a default in the service, or bump the version to v2",
        kinds: &[Kind::Parameter],
        actions: ADDED,
    },
    Row {
        id: "parameter-requiredness-changed",
        summary: "A parameter became required",
        why: "Requests that left it out are refused.",
        way_out: "Leave the parameter optional, or bump the version to v2",
        kinds: &[Kind::ParameterRequired],
        actions: ANY,
    },
    Row {
        id: "parameter-style-changed",
        summary: "A parameter is serialised differently",
        why: "What consumers send is read as another value.",
        way_out: "Keep `style` and `explode` as they were, or add a parameter with another name",
        kinds: &[Kind::ParameterStyle],
        actions: ANY,
    },
    Row {
        id: "request-body-changed",
        summary: "A request body came, went or became required",
        why: "Requests without it, or with it, are refused.",
        way_out: "Accept both forms until consumers have moved, or bump the version to v2",
        kinds: &[Kind::RequestBody, Kind::RequestBodyRequired],
        actions: ANY,
    },
    Row {
        id: "media-type-changed",
        summary: "A media type is gone or new",
        why: "Consumers that send or expect only this media type get 415 or something they cannot read.",
        way_out: "Keep the old media type beside the new one",
        kinds: &[Kind::MediaType],
        actions: ANY,
    },
    Row {
        id: "response-changed",
        summary: "A response code is gone or new",
        why: "Consumers that wait for this code no longer see it.",
        way_out: "Keep answering with the documented success code, or bump the version to v2",
        kinds: &[Kind::Response],
        actions: ANY,
    },
    Row {
        id: "response-header-removed",
        summary: "A response header is gone",
        why: "Consumers that read it find nothing.",
        way_out: "Keep sending the header until its readers have moved",
        kinds: &[Kind::Header],
        actions: ANY,
    },
    Row {
        id: "security-changed",
        summary: "An operation asks for other credentials",
        why: "Requests with the old credentials are refused with 401 or 403.",
        way_out: "Accept the old credentials as an alternative until consumers have the new ones",
        kinds: &[Kind::Security],
        actions: ANY,
    },
    Row {
        id: "event-removed",
        summary: "An event is gone or new",
        why: "Consumers wait for messages that never come, and nothing fails loudly.",
        way_out: "Publish the event until no service consumes it",
        kinds: &[Kind::Event],
        actions: ANY,
    },
    Row {
        id: "event-version-replaced",
        summary: "A version of an event is gone or new",
        why: "Consumers of the old version cannot read, or no longer receive, what is published.",
        way_out: "Publish the old version beside the new one until its consumers have moved",
        kinds: &[Kind::EventVersion],
        actions: ANY,
    },
    Row {
        id: "event-topic-changed",
        summary: "An event moved to another topic",
        why: "Consumers that are bound to the old topic receive nothing.",
        way_out: "Publish to both topics until consumers are bound to the new one",
        kinds: &[Kind::EventTopic],
        actions: ANY,
    },
    Row {
        id: "property-removed",
        summary: "A property is gone",
        why: "Consumers that read it find nothing.",
        way_out: "Keep the property with `deprecated: true` until its readers have moved, or bump the version to v2",
        kinds: &[Kind::Property],
        actions: REMOVED,
    },
    Row {
        id: "property-added",
        summary: "A new property must be sent",
        why: "Requests that were complete are refused.",
        way_out: "Make field optional or bump version to v2",
        kinds: &[Kind::Property],
        actions: ADDED,
    },
    Row {
        id: "property-became-required",
        summary: "A property became required",
        why: "Requests that left it out are refused.",
        way_out: "Make field optional or bump version to v2",
        kinds: &[Kind::PropertyRequired],
        actions: ADDED,
    },
    Row {
        id: "property-became-optional",
        summary: "A property may now be missing",
        why: "Consumers that rely on it find nothing in some answers.",
        way_out: "Keep sending the property always, and list it in `required`",
        kinds: &[Kind::PropertyRequired],
        actions: REMOVED,
    },
    Row {
        id: "type-changed",
        summary: "The type of a value changed",
        why: "Values of the old type are refused, or consumers meet a type that they cannot read.",
        way_out: "Add a property of the new type under another name, and keep the old one until its users have moved",
        kinds: &[Kind::Type],
        actions: ANY,
    },
    Row {
        id: "allowed-values-changed",
        summary: "The values that `enum` or `const` allow changed",
        why: "A value that was sent is refused, or consumers meet a value that they do not know.",
        way_out: "Accept the old values in requests; announce new values in responses before they are sent",
        kinds: &[Kind::Values],
        actions: ANY,
    },
    Row {
        id: "constraint-changed",
        summary: "A bound, length, pattern or format changed",
        why: "Values that were valid are refused, or consumers meet values outside what they were promised.",
        way_out: "Keep the bound as wide as it was for requests and as narrow as it was for responses",
        kinds: &[Kind::Constraint],
        actions: ANY,
    },
    Row {
        id: "undeclared-properties-changed",
        summary: "Whether undeclared properties are allowed changed",
        why: "Requests with additional properties are refused, or consumers meet properties that were ruled out.",
        way_out: "Leave `additionalProperties` as it was",
        kinds: &[Kind::AdditionalProperties],
        actions: ANY,
    },
    Row {
        id: "schema-composition-changed",
        summary: "The parts that a schema is composed of changed",
        why: "Values that were valid may be refused, or consumers may meet values that were ruled out.",
        way_out: "Add the new form as an alternative, and keep the old one until its users have moved",
        kinds: &[Kind::Composition],
        actions: ANY,
    },
];

/// The row of a change.
pub fn row(change: &Change) -> &'static Row {
    let matches = |row: &&Row| row.kinds.contains(&change.kind) && row.actions.contains(&change.action);
    ROWS.iter().find(matches).unwrap_or(&ROWS[ROWS.len() - 1])
}

/// The row with that id.
pub fn find(id: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.id == id)
}

/// What a change means where data flows in `direction`.
pub fn verdict(change: &Change, direction: Direction) -> Verdict {
    if let Some((_, verdict)) = guard(change, direction) {
        return verdict;
    }
    let breaking_effect = match direction {
        Direction::Request => Effect::Narrowed,
        Direction::Response | Direction::Event => Effect::Widened,
    };
    match change.effect {
        Effect::None => Verdict::Compatible,
        Effect::Unknown => Verdict::Unknown,
        Effect::Both | Effect::Disjoint => Verdict::BreaksConsumers,
        effect if effect == breaking_effect => Verdict::BreaksConsumers,
        _ => Verdict::Compatible,
    }
}

/// A guard: where sets of values do not tell the whole, with the reason.
type Guard = (Kind, Action, Option<Direction>, &'static str, Verdict);

static GUARDS: &[Guard] = &[
    (Kind::Property, Action::Removed, Some(Direction::Response), "its readers find nothing", Verdict::BreaksConsumers),
    (Kind::Property, Action::Removed, Some(Direction::Event), "its readers find nothing", Verdict::BreaksConsumers),
    (Kind::Property, Action::Removed, Some(Direction::Request), "what is still sent may be refused", Verdict::MayBreak),
    (Kind::Property, Action::Added, Some(Direction::Response), "undeclared counts as not sent", Verdict::Compatible),
    (Kind::Property, Action::Added, Some(Direction::Event), "undeclared counts as not sent", Verdict::Compatible),
    (Kind::Parameter, Action::Removed, None, "what is still sent is ignored or refused", Verdict::MayBreak),
    (Kind::Operation, Action::Added, None, "nobody calls it yet", Verdict::Compatible),
    (Kind::Event, Action::Added, None, "nobody waits for it yet", Verdict::Compatible),
    (Kind::EventVersion, Action::Added, None, "the old version is still there", Verdict::Compatible),
    (Kind::Event, Action::Removed, None, "nothing comes any more", Verdict::BreaksConsumers),
    (Kind::EventVersion, Action::Removed, None, "nothing comes any more", Verdict::BreaksConsumers),
    (
        Kind::Response,
        Action::Added,
        None,
        "codes that were not documented may be sent at any time",
        Verdict::Compatible,
    ),
    (Kind::Header, Action::Removed, None, "its readers find nothing", Verdict::BreaksConsumers),
    (Kind::MediaType, Action::Added, None, "the old one is still there", Verdict::Compatible),
    (Kind::MediaType, Action::Removed, None, "who knows only this one has none", Verdict::BreaksConsumers),
];

fn guard(change: &Change, direction: Direction) -> Option<(&'static str, Verdict)> {
    if (change.kind, change.action) == (Kind::Response, Action::Removed) {
        let verdict = if change.subject.starts_with('2') { Verdict::BreaksConsumers } else { Verdict::Compatible };
        return Some(("only success codes are waited for", verdict));
    }
    let matches = |guard: &&Guard| {
        (guard.0, guard.1) == (change.kind, change.action) && guard.2.is_none_or(|only| only == direction)
    };
    GUARDS.iter().find(matches).map(|guard| (guard.3, guard.4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let ids: std::collections::BTreeSet<_> = ROWS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ROWS.len());
    }

    #[test]
    fn a_request_may_widen_and_a_response_may_narrow() {
        for (effect, request, response) in [
            (Effect::Widened, Verdict::Compatible, Verdict::BreaksConsumers),
            (Effect::Narrowed, Verdict::BreaksConsumers, Verdict::Compatible),
        ] {
            let change = Change::new(Kind::Type, Action::Changed, effect, "x");
            assert_eq!(verdict(&change, Direction::Request), request);
            assert_eq!(verdict(&change, Direction::Response), response);
            let mirrored = Change { effect: effect.mirrored(), ..change };
            assert_eq!(verdict(&mirrored, Direction::Request), response);
        }
    }
}
