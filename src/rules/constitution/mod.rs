//! Rules of the constitution itself, and of what it demands from contracts.

mod enforcement;

pub(crate) use enforcement::PREFERS_EVENTS;
pub(crate) use enforcement::demands;
pub use enforcement::enforcement;

rules! {
    authentication_kind,
    authentication_missing,
    constitution_missing,
    constitution_section_missing,
    error_format_mismatch,
    event_name_segments,
    health_endpoint_missing,
    path_prefix_missing,
    waiver_ended,
    waiver_incomplete,
    waiver_unknown_rule,
}
