//! Rules of the platform as a whole: references between services, cycles, depth and ownership.

mod look;

rules! {
    call_chain_too_deep,
    dependency_cycle,
    downstream_claim_unmatched,
    downstream_unknown,
    entity_two_owners,
    gateway_route_conflict,
    second_contract,
    service_not_implemented,
    service_without_contract,
    shared_database,
    upstream_operation_unknown,
    upstream_undeclared_downstream,
    upstream_unknown,
}
