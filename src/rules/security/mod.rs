//! Rules for authentication and transport, as the contracts declare them.

rules! {
    api_key_in_query,
    credentials_in_url,
    http_basic,
    secret_in_file,
    security_scheme_undefined,
    security_scope_undefined,
    server_without_tls,
    write_operation_unsecured,
}
