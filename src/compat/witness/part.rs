//! The schemas that operations and events use directly: bodies, parameters, headers, payloads.

use std::fmt;

use super::super::change::{Direction, Reach};
use super::super::relation::View;
use crate::model::{MediaType, Method, Operation, Parameter, ParameterLocation, Platform, SchemaId};

/// Which part of an operation or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    Parameter(ParameterLocation, &'a str),
    Body(&'a str),
    Answer(&'a str, &'a str),
    Header(&'a str, &'a str),
    Payload(Option<&'a str>),
}

/// A schema that an operation or event uses.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    service: &'a str,
    subject: String,
    /// The subject without the names of path parameters.
    shape: String,
    key: &'a str,
    pub(super) direction: Direction,
    pub(super) name: Name<'a>,
    pub(super) schema: SchemaId,
    /// How values are sent there.
    pub(super) view: View,
}

impl Part<'_> {
    /// Whether a change that reaches this reaches the part.
    pub(super) fn is_reached(&self, reach: &Reach) -> bool {
        self.service == reach.service
            && self.direction.name() == reach.direction.name()
            && self.has_shape_of(&reach.subject)
    }

    fn has_shape_of(&self, subject: &str) -> bool {
        if subject.contains('{') { shape(subject) == self.shape } else { subject == self.shape }
    }

    /// What stands for the part among those of the other side: by its name, otherwise one of its kind.
    pub(super) fn counterpart<'o, 'p>(&self, others: &'o [Part<'p>]) -> Option<&'o Part<'p>> {
        let same = |other: &&Part<'_>| {
            other.service == self.service
                && other.direction.name() == self.direction.name()
                && (other.shape == self.shape || other.key == self.key)
        };
        let mut alike = others.iter().filter(same);
        let named = alike.clone().find(|other| other.name.stands_for(self.name));
        named.or_else(|| alike.find(|other| other.name.is_like(self.name)))
    }
}

impl Name<'_> {
    fn stands_for(self, other: Name<'_>) -> bool {
        match (self, other) {
            (Name::Header(status, name), Name::Header(of, known)) => status == of && name.eq_ignore_ascii_case(known),
            (Name::Parameter(ParameterLocation::Header, name), Name::Parameter(ParameterLocation::Header, known)) => {
                name.eq_ignore_ascii_case(known)
            }
            _ => self == other,
        }
    }

    /// Of one kind: another media type, a range of codes, a path parameter with another name.
    fn is_like(self, other: Name<'_>) -> bool {
        match (self, other) {
            (Name::Body(_), Name::Body(_)) | (Name::Payload(_), Name::Payload(_)) => true,
            (Name::Answer(status, _), Name::Answer(of, _)) => status.as_bytes().first() == of.as_bytes().first(),
            (Name::Parameter(one, _), Name::Parameter(other, _)) => one == other && one == ParameterLocation::Path,
            _ => false,
        }
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match self.name {
            Name::Parameter(location, name) => write!(f, "{} parameter `{name}` of `{subject}`", place(location)),
            Name::Body(_) => write!(f, "the body of `{subject}`"),
            Name::Answer(status, _) => write!(f, "the body of the {status} answer to `{subject}`"),
            Name::Header(status, name) => write!(f, "header `{name}` of the {status} answer to `{subject}`"),
            Name::Payload(Some(version)) => write!(f, "the message of `{subject}` {version}"),
            Name::Payload(None) => write!(f, "the message of `{subject}`"),
        }
    }
}

/// The word for where a parameter is sent.
pub(super) fn place(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

/// How messages call an operation.
pub(super) fn title(method: Method, path: &str) -> String {
    format!("{} {path}", method.key().to_ascii_uppercase())
}

/// The same without the names of path parameters.
pub(super) fn shape(subject: &str) -> String {
    let mut shape = String::with_capacity(subject.len());
    let mut is_name = false;
    for character in subject.chars() {
        is_name &= character != '}';
        if !is_name {
            shape.push(character);
        }
        is_name |= character == '{';
    }
    shape
}

/// Every part of a platform.
pub(super) fn parts(platform: &Platform) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    for service in &platform.services {
        let Some(api) = &service.api else { continue };
        let mut list = Operations { service: &service.name, found: &mut found };
        for operation in &api.operations {
            let name = title(operation.method, &operation.path);
            list.add(operation, &name, false);
            for callback in &operation.callbacks {
                let name = format!("callback {} of {name}", callback.name);
                callback.operations.iter().for_each(|own| list.add(own, &name, true));
            }
        }
        for webhook in &api.webhooks {
            list.add(webhook, &format!("webhook {}", title(webhook.method, &webhook.path)), true);
        }
    }
    for event in &platform.events {
        let service = event.publishers.first().map_or("", String::as_str);
        for definition in &event.definitions {
            let Some(schema) = definition.schema else { continue };
            found.push(Part {
                service,
                shape: shape(&event.name),
                subject: event.name.clone(),
                key: &event.name,
                direction: Direction::Event,
                name: Name::Payload(definition.version.as_deref()),
                schema,
                view: View::Whole,
            });
        }
    }
    found
}

struct Operations<'f, 'a> {
    service: &'a str,
    found: &'f mut Vec<Part<'a>>,
}

impl<'a> Operations<'_, 'a> {
    fn add(&mut self, operation: &'a Operation, subject: &str, is_sent_back: bool) {
        let (sent, answered) = match is_sent_back {
            false => (Direction::Request, Direction::Response),
            true => (Direction::Response, Direction::Request),
        };
        let mut one = |direction: Direction, name: Name<'a>, schema: Option<SchemaId>| {
            let Some(schema) = schema else { return };
            let view = match (direction, name) {
                (Direction::Request, Name::Parameter(..) | Name::Header(..)) => View::Text,
                (Direction::Request, _) => View::Sent,
                _ => View::Received,
            };
            let (service, key, shape) = (self.service, operation.id.as_str(), shape(subject));
            let subject = subject.to_owned();
            self.found.push(Part { service, subject, shape, key, direction, name, schema, view });
        };
        for parameter in &operation.parameters {
            let name = Name::Parameter(parameter.location, &parameter.name);
            one(sent, name, parameter.schema);
            content(parameter).for_each(|media| one(sent, name, media.schema));
        }
        for media in operation.request_body.iter().flat_map(|body| &body.content) {
            one(sent, Name::Body(&media.name), media.schema);
        }
        for response in &operation.responses {
            for media in &response.content {
                one(answered, Name::Answer(&response.status, &media.name), media.schema);
            }
            for header in &response.headers {
                let name = Name::Header(&response.status, &header.name);
                one(answered, name, header.schema);
                content(header).for_each(|media| one(answered, name, media.schema));
            }
        }
    }
}

fn content(parameter: &Parameter) -> impl Iterator<Item = &MediaType> {
    parameter.content.iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_path_parameters_do_not_matter() {
        assert_eq!(shape("GET /users/{id}/cards/{card}"), "GET /users/{}/cards/{}");
        assert_eq!(shape("orders.order.created"), "orders.order.created");
    }
}
