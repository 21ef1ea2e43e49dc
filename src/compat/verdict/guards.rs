//! Where sets of values do not tell what a change means.

use super::{Verdict, relevant};
use crate::compat::change::{Action, Change, Direction, Kind};
use crate::compat::relation::Decision;

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
pub(super) struct Guard {
    pub(super) kind: Kind,
    action: Option<Action>,
    direction: Option<Direction>,
    when: When,
    /// Why, for those who read the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test that asks for one"))]
    pub(super) reason: &'static str,
    pub(super) verdict: Verdict,
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

/// Every guard.
pub(super) static GUARDS: &[Guard] = {
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
        guard_of(K::SharedSchema, Some(Added), None, Always, "nobody refers to it yet", Compatible),
        guard_of(K::SharedSchema, Some(Removed), None, Always, "what refers to it finds nothing", Breaks),
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
        guard_of(K::Discriminator, Some(Added), Some(Request), Always, "what was sent is still known", Compatible),
        guard_of(K::Discriminator, Some(Removed), Some(Response), Always, "what comes was known before", Compatible),
        guard_of(K::Discriminator, Some(Removed), Some(Event), Always, "what comes was known before", Compatible),
        guard_of(K::Discriminator, None, None, Always, "generated clients pick the type by it", MayBreak),
    ]
};

/// The guard of a change where data flows in `direction`.
pub(super) fn guard(change: &Change, direction: Direction) -> Option<&'static Guard> {
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
