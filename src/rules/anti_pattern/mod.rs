//! Architectures that are known to hurt.

rules! {
    chatty_service,
    distributed_monolith,
    missing_monitoring,
    no_fault_tolerance,
    synchronous_everywhere,
    unversioned_api,
}
