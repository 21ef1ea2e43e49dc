//! Rules of what consumers say that they use: Pact files, and `Uses` in specs.

mod fields;
mod look;

rules! {
    pact_malformed,
    pact_unknown_consumer,
    pact_unknown_event,
    pact_unknown_field,
    pact_unknown_operation,
    pact_unknown_parameter,
    pact_unknown_provider,
    pact_unknown_status,
    pact_without_upstream,
    uses_unknown_field,
    uses_unknown_operation,
}
