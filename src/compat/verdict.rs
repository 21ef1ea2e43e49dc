//! The verdict table: what an observed change means for those who talk to each other. The verdict is derived from what
//! changed, its effect on the valid values, and the way the data flows; ids, texts and ways out hang on the rows as data.

use super::change::{Action, Change, Direction, Kind};
use super::relation::Decision;

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

/// Every row. Where kinds overlap, the first that matches counts: what is new stands before what is gone.
pub static ROWS: &[Row] = &[
    Row {
        id: "operation-added",
        summary: "An operation is new",
        why: "Nobody calls it yet.",
        way_out: "Nothing is to be done",
        kinds: &[Kind::Operation, Kind::Api],
        actions: ADDED,
    },
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
        summary: "A parameter or response header is serialised differently",
        why: "What one side sends is read as another value by the other.",
        way_out: "Keep `style` and `explode` as they were, or add another under another name",
        kinds: &[Kind::ParameterStyle, Kind::HeaderStyle],
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
        id: "response-header-added",
        summary: "A response header is new",
        why: "Nobody reads it yet.",
        way_out: "Nothing is to be done",
        kinds: &[Kind::Header],
        actions: ADDED,
    },
    Row {
        id: "response-header-removed",
        summary: "A response header is gone",
        why: "Consumers that read it find nothing.",
        way_out: "Keep sending the header until its readers have moved",
        kinds: &[Kind::Header, Kind::HeaderRequired],
        actions: ANY,
    },
    Row {
        id: "response-link-changed",
        summary: "A link of a response is gone, new or different",
        why: "Consumers that follow it have to find the next operation by themselves.",
        way_out: "Keep the link until nobody follows it",
        kinds: &[Kind::Link],
        actions: ANY,
    },
    Row {
        id: "webhook-changed",
        summary: "A webhook is gone or new",
        why: "Subscribers wait for requests that never come, and nothing fails loudly.",
        way_out: "Keep sending the webhook until nobody subscribes to it",
        kinds: &[Kind::Webhook],
        actions: ANY,
    },
    Row {
        id: "callback-changed",
        summary: "A callback is gone or new",
        why: "Who gave an address waits for requests that never come.",
        way_out: "Keep calling back until consumers have another way to learn of it",
        kinds: &[Kind::Callback],
        actions: ANY,
    },
    Row {
        id: "base-path-changed",
        summary: "The path before all paths changed",
        why: "Every request goes to an address that is no longer there.",
        way_out: "Serve both prefixes until consumers have moved",
        kinds: &[Kind::BasePath],
        actions: ANY,
    },
    Row {
        id: "server-changed",
        summary: "A server is gone or new",
        why: "Consumers that are set up for it may find nobody there.",
        way_out: "Keep the server until no consumer is set up for it",
        kinds: &[Kind::Server],
        actions: ANY,
    },
    Row {
        id: "operation-id-changed",
        summary: "An operation has another operationId",
        why: "Generated clients name their methods after it.",
        way_out: "Keep the operationId, or tell consumers to generate their clients anew",
        kinds: &[Kind::OperationId],
        actions: ANY,
    },
    Row {
        id: "tags-changed",
        summary: "An operation has other tags",
        why: "Generated clients and pages group operations by tag.",
        way_out: "Keep the tags where clients are generated from them",
        kinds: &[Kind::Tag],
        actions: ANY,
    },
    Row {
        id: "deprecation-changed",
        summary: "Something is deprecated, or no longer is",
        why: "What is deprecated goes away in time.",
        way_out: "Name the day with `x-sunset`, and what to use instead in the description",
        kinds: &[Kind::Deprecation],
        actions: ANY,
    },
    Row {
        id: "sunset-changed",
        summary: "The day on which an operation goes away changed",
        why: "Consumers planned their move for the day that was named.",
        way_out: "Keep the day, or move it back",
        kinds: &[Kind::Sunset],
        actions: ANY,
    },
    Row {
        id: "stability-changed",
        summary: "An operation is more or less settled than it was",
        why: "Consumers built on a promise that is now weaker.",
        way_out: "Keep the level, or add the less settled form as a new operation",
        kinds: &[Kind::Stability],
        actions: ANY,
    },
    Row {
        id: "contract-version-changed",
        summary: "The version that the contract states changed",
        why: "It tells consumers how much changed.",
        way_out: "Raise the major version with a breaking change, and only then",
        kinds: &[Kind::ContractVersion],
        actions: ANY,
    },
    Row {
        id: "contract-version-not-raised",
        summary: "The version that a contract states does not follow its changes",
        why: "Who pins or reads the version takes the new contract for one that fits.",
        way_out: "Raise the major version with a breaking change and the minor one with an addition (below 1.0.0: the minor and the patch)",
        kinds: &[],
        actions: &[],
    },
    Row {
        id: "encoding-changed",
        summary: "A part of a body is serialised differently",
        why: "What is sent is read as another value.",
        way_out: "Keep the encoding, or add the other one under another media type",
        kinds: &[Kind::Encoding],
        actions: ANY,
    },
    Row {
        id: "default-changed",
        summary: "The value that stands for one that is not sent changed",
        why: "Consumers that leave it out get something else without having changed anything.",
        way_out: "Keep the default, or send the value yourself where it matters",
        kinds: &[Kind::Default, Kind::ParameterDefault],
        actions: ANY,
    },
    Row {
        id: "discriminator-changed",
        summary: "What tells the alternatives of a schema apart changed",
        why: "Generated clients pick the type by it, and pick another or none.",
        way_out: "Keep the property and its values, and only add new ones",
        kinds: &[Kind::Discriminator],
        actions: ANY,
    },
    Row {
        id: "property-access-changed",
        summary: "A property is now only read, only written, or both",
        why: "What was sent is ignored or refused, or what was read no longer comes.",
        way_out: "Keep the property as it was, and add one of another name for the other way",
        kinds: &[Kind::Access],
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
        id: "event-added",
        summary: "An event is new",
        why: "Nobody waits for it yet.",
        way_out: "Nothing is to be done",
        kinds: &[Kind::Event],
        actions: ADDED,
    },
    Row {
        id: "event-removed",
        summary: "An event is gone",
        why: "Consumers wait for messages that never come, and nothing fails loudly.",
        way_out: "Publish the event until no service consumes it",
        kinds: &[Kind::Event],
        actions: ANY,
    },
    Row {
        id: "event-version-added",
        summary: "A version of an event is new",
        why: "The old version is still there.",
        way_out: "Nothing is to be done",
        kinds: &[Kind::EventVersion],
        actions: ADDED,
    },
    Row {
        id: "event-version-replaced",
        summary: "A version of an event is gone",
        why: "Consumers of the old version cannot read, or no longer receive, what is published.",
        way_out: "Publish the old version beside the new one until its consumers have moved",
        kinds: &[Kind::EventVersion],
        actions: ANY,
    },
    Row {
        id: "event-renamed",
        summary: "An event has another name and the same payload",
        why: "Consumers that listen to the old name wait for messages that never come, and nothing fails loudly.",
        way_out: "Publish it under both names until no service consumes the old one",
        kinds: &[Kind::EventName],
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
        summary: "The values that `enum`, `const` or `x-extensible-enum` name changed",
        why: "A value that was sent is refused, or consumers meet a value that they do not know.",
        way_out: "Accept the old values in requests; announce new values in responses before they are sent",
        kinds: &[Kind::Values, Kind::KnownValues],
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
        kinds: &[Kind::Composition, Kind::Alternative, Kind::Schema],
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

/// What a change means where data flows in `direction`: what was sent must still be taken, and what is sent now must have
/// been expected before. Messages that are kept and read again are such as were sent.
pub fn verdict(change: &Change, direction: Direction) -> Verdict {
    if let Some(guard) = guard(change, direction) {
        return guard.verdict;
    }
    let contained = relevant(change, direction);
    match contained {
        Decision::Yes => Verdict::Compatible,
        Decision::Unknown(_) => Verdict::Unknown,
        Decision::No => Verdict::BreaksConsumers,
    }
}

/// The containment that counts where data flows in `direction`.
pub(super) fn relevant(change: &Change, direction: Direction) -> Decision {
    match direction {
        Direction::Request | Direction::Replay => change.containment.old_in_new,
        Direction::Response | Direction::Event => change.containment.new_in_old,
    }
}

/// What must hold besides kind, action and direction for a guard to count.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Always,
    /// By the sets of values alone nothing would break.
    Contained,
    /// By the sets of values alone something breaks.
    Broken,
    /// The response code is one of success.
    Success,
    /// It was announced.
    Announced,
    /// The thing was not required.
    Optional,
}

/// A guard: where sets of values do not tell the whole. The first that matches counts.
struct Guard {
    kind: Kind,
    action: Option<Action>,
    direction: Option<Direction>,
    when: When,
    /// Why, for those who read the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test that asks for one"))]
    reason: &'static str,
    verdict: Verdict,
}

const fn guard_of(
    kind: Kind,
    action: Option<Action>,
    direction: Option<Direction>,
    when: When,
    reason: &'static str,
    verdict: Verdict,
) -> Guard {
    Guard { kind, action, direction, when, reason, verdict }
}

static GUARDS: &[Guard] = {
    use Action::{Added, Changed, Removed};
    use Direction::{Event, Request, Response};
    use Kind as K;
    use Verdict::{BreaksConsumers as Breaks, Compatible, MayBreak};
    use When::{Always, Announced, Broken, Contained, Optional, Success};
    &[
        guard_of(K::Property, Some(Removed), Some(Response), Always, "its readers find nothing", Breaks),
        guard_of(K::Property, Some(Removed), Some(Event), Always, "its readers find nothing", Breaks),
        guard_of(K::Property, Some(Removed), Some(Request), Contained, "what is still sent is ignored", MayBreak),
        guard_of(K::Access, Some(Removed), None, Contained, "what is still sent or read has no effect", MayBreak),
        guard_of(K::AdditionalProperties, None, Some(Response), Broken, "nothing more need be sent", MayBreak),
        guard_of(K::AdditionalProperties, None, Some(Event), Broken, "nothing more need be sent", MayBreak),
        guard_of(K::Parameter, Some(Removed), None, Always, "what is still sent is ignored or refused", MayBreak),
        guard_of(K::Operation, Some(Added), None, Always, "nobody calls it yet", Compatible),
        guard_of(K::Operation, Some(Removed), None, Announced, "the day was named", MayBreak),
        guard_of(K::Api, Some(Removed), None, Always, "nothing answers any more", Breaks),
        guard_of(K::Webhook, Some(Added), None, Always, "nobody subscribes to it yet", Compatible),
        guard_of(K::Webhook, Some(Removed), None, Always, "nothing comes any more", Breaks),
        guard_of(K::Callback, Some(Added), None, Always, "nobody waits for it yet", Compatible),
        guard_of(K::Callback, Some(Removed), None, Always, "nothing comes any more", Breaks),
        guard_of(K::RequestBody, Some(Removed), Some(Response), Always, "its readers find nothing", Breaks),
        guard_of(K::EventName, None, None, Always, "nothing comes under the old name any more", Breaks),
        guard_of(K::Event, Some(Added), None, Always, "nobody waits for it yet", Compatible),
        guard_of(K::EventVersion, Some(Added), None, Always, "the old version is still there", Compatible),
        guard_of(K::Event, Some(Removed), None, Always, "nothing comes any more", Breaks),
        guard_of(K::EventVersion, Some(Removed), None, Always, "nothing comes any more", Breaks),
        guard_of(K::Response, Some(Added), None, Always, "a code that was not documented may come anyway", Compatible),
        guard_of(K::Response, Some(Removed), None, Success, "the success that is waited for never comes", Breaks),
        guard_of(K::Response, Some(Removed), None, Always, "only success is waited for", Compatible),
        guard_of(K::Header, Some(Added), None, Always, "nobody reads it yet", Compatible),
        guard_of(K::Header, Some(Removed), None, Optional, "readers had to do without it anyway", MayBreak),
        guard_of(K::Header, Some(Removed), None, Always, "its readers find nothing", Breaks),
        guard_of(K::MediaType, Some(Added), None, Always, "the old one is still there", Compatible),
        guard_of(K::MediaType, Some(Removed), None, Always, "who knows only this one has none", Breaks),
        guard_of(K::Server, Some(Added), None, Always, "nobody is set up for it yet", Compatible),
        guard_of(K::Server, Some(Removed), None, Always, "its address may still answer", MayBreak),
        guard_of(K::Sunset, None, None, Broken, "the move was planned for the day named", MayBreak),
        guard_of(K::Stability, None, None, Broken, "what was promised to stay may go", Breaks),
        guard_of(K::Default, Some(Changed), Some(Request), Always, "who leaves it out gets another", Breaks),
        guard_of(K::Default, Some(Added), Some(Request), Always, "who leaves it out may get another", MayBreak),
        guard_of(K::Default, Some(Removed), Some(Request), Always, "who leaves it out may get another", MayBreak),
        guard_of(
            K::ParameterDefault,
            None,
            Some(Request),
            Always,
            "who leaves it out is answered in another way",
            Breaks,
        ),
        guard_of(
            K::Schema,
            Some(Removed),
            Some(Response),
            Always,
            "nothing else need come, though nothing says so",
            MayBreak,
        ),
        guard_of(K::Discriminator, None, None, Always, "generated clients pick the type by it", MayBreak),
    ]
};

fn guard(change: &Change, direction: Direction) -> Option<&'static Guard> {
    let holds = |when: When| match when {
        When::Always => true,
        When::Contained => relevant(change, direction) == Decision::Yes,
        When::Broken => relevant(change, direction) == Decision::No,
        When::Success => change.subject.starts_with('2'),
        When::Announced => change.announced,
        When::Optional => !change.required,
    };
    GUARDS.iter().find(|guard| {
        guard.kind == change.kind
            && guard.action.is_none_or(|action| action == change.action)
            && guard.direction.is_none_or(|only| only == direction)
            && holds(guard.when)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::change::{Containment, Effect};

    /// Kinds whose verdict is not the same with request and response, and old and new, exchanged; and why.
    const WAIVERS: &[(Kind, &str)] = &[
        (Kind::Property, "a reader misses what is gone; who sends it is at worst ignored"),
        (Kind::AdditionalProperties, "a request with more is refused; an answer that may hold more need not"),
        (Kind::Parameter, "a parameter that is gone is ignored at worst"),
        (Kind::Access, "what is only read or written from now on is still there the other way"),
        (Kind::RequestBody, "who reads a body misses it; who sends it is refused"),
        (Kind::Operation, "nobody depends on what was not there"),
        (Kind::Api, "nobody depends on what was not there"),
        (Kind::Webhook, "nobody depends on what was not there"),
        (Kind::Callback, "nobody depends on what was not there"),
        (Kind::Event, "nobody depends on what was not there"),
        (Kind::EventVersion, "nobody depends on what was not there"),
        (Kind::Response, "nobody depends on what was not there"),
        (Kind::Header, "nobody depends on what was not there"),
        (Kind::MediaType, "nobody depends on what was not there"),
        (Kind::Server, "nobody depends on what was not there"),
        (Kind::Sunset, "time runs one way"),
        (Kind::KnownValues, "others may come in an answer anyway"),
        (Kind::Stability, "only a promise that is weaker matters"),
        (Kind::ParameterDefault, "a default fills in what is not sent in a request"),
        (Kind::Schema, "who sends is refused; who reads may get what came before"),
        (Kind::Default, "a default fills in what is not sent in a request"),
    ];

    #[test]
    fn ids_are_unique() {
        let ids: std::collections::BTreeSet<_> = ROWS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ROWS.len());
    }

    #[test]
    fn every_guard_has_a_reason_and_a_row() {
        for guard in GUARDS {
            assert!(!guard.reason.is_empty());
            assert!(ROWS.iter().any(|row| row.kinds.contains(&guard.kind)), "{:?} has no row", guard.kind);
        }
    }

    #[test]
    fn every_row_has_its_mirror_or_a_waiver() {
        let kinds = ROWS.iter().flat_map(|row| row.kinds);
        for &kind in kinds {
            if WAIVERS.iter().any(|(waived, why)| *waived == kind && !why.is_empty()) {
                continue;
            }
            for action in [Action::Added, Action::Removed, Action::Changed] {
                for effect in [Effect::None, Effect::Narrowed, Effect::Widened, Effect::Both, Effect::Unknown] {
                    let change = Change::new(kind, action, effect, "x");
                    let swapped = Containment {
                        old_in_new: change.containment.new_in_old,
                        new_in_old: change.containment.old_in_new,
                    };
                    let mirror = Change::new(kind, action.mirrored(), effect.mirrored(), "x").contained(swapped);
                    let (request, response) =
                        (verdict(&change, Direction::Request), verdict(&mirror, Direction::Response));
                    assert_eq!(request, response, "{kind:?} {action:?} {effect:?}");
                }
            }
        }
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
        }
    }
}
