//! The verdict table: what an observed change means for those who talk to each other. The verdict is derived from what
//! changed, its effect on the valid values, and the way the data flows; ids, texts and ways out hang on the rows as data.

mod guards;
mod rows;

use super::change::{Change, Direction};
use super::relation::Decision;
use guards::guard;
pub use rows::{ROWS, Row, find, row};

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

#[cfg(test)]
mod tests {
    use super::guards::GUARDS;
    use super::*;
    use crate::compat::change::{Action, Containment, Effect, Kind};

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
        (Kind::SharedSchema, "nobody depends on what was not there"),
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
        (Kind::EventSchema, "who reads may get what came before"),
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
