//! Rules of behaviour under failure.

rules! {
    compensation_missing,
    dead_letter_missing,
    error_handling_missing,
    failure_mode_missing,
    idempotency_missing,
    retry_without_idempotency,
    saga_operation_unknown,
    saga_service_unknown,
    timeout_missing,
}
