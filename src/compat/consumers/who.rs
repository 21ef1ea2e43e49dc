//! Whom a kind of change concerns among those who use the operation or event: the one table of it.

use crate::compat::change::{Action, Direction, Kind};

/// Whom a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Everybody who uses the operation or event, whatever they say of its parts.
    Everyone,
    /// Who sends the parameter.
    ParameterSenders,
    /// Who sends a body.
    BodySenders,
    /// Who sends the object that holds the field: it is the one that lacks something now.
    HolderSenders,
    /// Who sends, reads or takes the field, something that holds it, or all that lies above it.
    FieldUsers,
    /// Who expects the status code.
    StatusReaders,
    /// Who reads the header.
    HeaderReaders,
    /// Who reads the body of the answer.
    BodyReaders,
}

/// Whom a change concerns where it is sent in this direction.
pub(super) fn who(kind: Kind, action: Action, direction: Direction) -> Who {
    use Direction::{Request, Response};
    match (kind, action, direction) {
        // What is asked for anew is asked of everybody who sends what holds it; for a parameter that is the request.
        (Kind::Parameter, Action::Added, _) | (Kind::ParameterRequired, _, _) => Who::Everyone,
        (Kind::RequestBody, Action::Added, _) | (Kind::RequestBodyRequired, _, _) => Who::Everyone,
        (Kind::Property, Action::Added, Request)
        | (Kind::PropertyRequired, _, Request)
        | (Kind::Access, Action::Added, Request)
        // Who leaves it out is the one who gets another value.
        | (Kind::Default, _, Request) => Who::HolderSenders,
        // What is taken away or narrowed concerns who sends it.
        (Kind::Parameter | Kind::ParameterStyle, _, _) => Who::ParameterSenders,
        (Kind::RequestBody, _, _) => Who::BodySenders,
        (Kind::MediaType | Kind::Encoding | Kind::Schema, _, Request) => Who::BodySenders,
        (Kind::MediaType | Kind::Encoding | Kind::Schema | Kind::Link, _, Response) => Who::BodyReaders,
        (Kind::Response, _, _) => Who::StatusReaders,
        (Kind::Header | Kind::HeaderRequired, _, _) => Who::HeaderReaders,
        (
            Kind::Property
            | Kind::PropertyRequired
            | Kind::Access
            | Kind::Default
            | Kind::Type
            | Kind::Values
            | Kind::KnownValues
            | Kind::Constraint
            | Kind::AdditionalProperties
            | Kind::Composition
            | Kind::Alternative
            | Kind::Discriminator
            | Kind::Deprecation,
            _,
            _,
        ) => Who::FieldUsers,
        // What belongs to the operation, the event or the contract as a whole.
        _ => Who::Everyone,
    }
}
