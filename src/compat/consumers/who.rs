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
        (Kind::Header | Kind::HeaderRequired | Kind::HeaderStyle, _, _) => Who::HeaderReaders,
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
            | Kind::Deprecation
            | Kind::Xml,
            _,
            _,
        ) => Who::FieldUsers,
        // What belongs to the operation, the event or the contract as a whole.
        _ => Who::Everyone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row of the table in `docs/compatibility.md`.
    #[test]
    fn each_kind_of_change_concerns_those_that_the_page_says() {
        use Action::{Added, Changed, Removed};
        use Direction::{Event, Request, Response};
        for (kind, action, direction, expected) in [
            (Kind::Operation, Removed, Request, Who::Everyone),
            (Kind::Security, Changed, Request, Who::Everyone),
            (Kind::BasePath, Changed, Request, Who::Everyone),
            (Kind::Event, Removed, Event, Who::Everyone),
            (Kind::EventVersion, Removed, Event, Who::Everyone),
            (Kind::EventTopic, Changed, Event, Who::Everyone),
            (Kind::EventSchema, Removed, Event, Who::Everyone),
            (Kind::Parameter, Added, Request, Who::Everyone),
            (Kind::ParameterRequired, Added, Request, Who::Everyone),
            (Kind::RequestBody, Added, Request, Who::Everyone),
            (Kind::RequestBodyRequired, Added, Request, Who::Everyone),
            (Kind::Property, Added, Request, Who::HolderSenders),
            (Kind::PropertyRequired, Added, Request, Who::HolderSenders),
            (Kind::Access, Added, Request, Who::HolderSenders),
            (Kind::Default, Changed, Request, Who::HolderSenders),
            (Kind::Parameter, Removed, Request, Who::ParameterSenders),
            (Kind::ParameterStyle, Changed, Request, Who::ParameterSenders),
            (Kind::RequestBody, Removed, Request, Who::BodySenders),
            (Kind::MediaType, Removed, Request, Who::BodySenders),
            (Kind::Property, Removed, Request, Who::FieldUsers),
            (Kind::Values, Changed, Request, Who::FieldUsers),
            (Kind::Constraint, Changed, Request, Who::FieldUsers),
            (Kind::AdditionalProperties, Changed, Request, Who::FieldUsers),
            (Kind::Property, Removed, Response, Who::FieldUsers),
            (Kind::PropertyRequired, Removed, Response, Who::FieldUsers),
            (Kind::Type, Changed, Response, Who::FieldUsers),
            (Kind::Alternative, Added, Response, Who::FieldUsers),
            (Kind::Composition, Changed, Event, Who::FieldUsers),
            (Kind::Property, Removed, Event, Who::FieldUsers),
            (Kind::Response, Removed, Response, Who::StatusReaders),
            (Kind::Header, Removed, Response, Who::HeaderReaders),
            (Kind::HeaderRequired, Removed, Response, Who::HeaderReaders),
            (Kind::MediaType, Removed, Response, Who::BodyReaders),
            (Kind::Schema, Removed, Response, Who::BodyReaders),
        ] {
            assert_eq!(who(kind, action, direction), expected, "{kind:?} {action:?} {direction:?}");
        }
    }
}
