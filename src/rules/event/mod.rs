//! Rules of events: in specs, in contract files, and between them.

mod look;
mod value;

rules! {
    event_compatibility_mismatch,
    event_compatibility_unknown,
    event_const_mismatch,
    event_consumer_claim_unmatched,
    event_consumer_undeclared,
    event_consumer_unknown,
    event_contract_without_spec,
    event_duplicate_definition,
    event_file_invalid,
    event_from_mismatch,
    event_name_missing,
    event_payload_undeclared,
    event_producer_unknown,
    event_schema_invalid,
    event_topic_mismatch,
    event_two_publishers,
    event_unconsumed,
    event_unpublished,
    event_version_missing,
    event_without_contract,
    event_without_schema,
}
