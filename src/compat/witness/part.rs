//! The schemas that operations and events use directly: bodies, parameters, headers, payloads.

use std::fmt;

use rustc_hash::FxHashMap;

use super::super::change::{Direction, Reach, short};
use super::super::relation::{Flow, Relation, View, Writing};
use super::super::written;
use crate::model::{Api, List, MediaType, Method, Operation, Parameter, ParameterLocation, Platform, SchemaId, Text};

/// Which part of an operation or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    Parameter(ParameterLocation, &'a str),
    Body(&'a str),
    Answer(&'a str, &'a str),
    Header(&'a str, &'a str),
    Payload(Option<&'a str>),
    /// A schema of a document that has no operations.
    Shared,
}

/// A schema that an operation or event uses.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    service: &'a str,
    subject: Text,
    /// The subject without the names of path parameters.
    shape: Text,
    key: &'a str,
    pub(super) direction: Direction,
    pub(super) name: Name<'a>,
    pub(super) schema: SchemaId,
    /// Which properties count there.
    flow: Flow,
    /// The media type of the content, where it has one.
    media: Option<&'a MediaType>,
}

impl Part<'_> {
    /// Whether a change that reaches this reaches the part.
    pub(super) fn is_reached(&self, reach: &Reach) -> bool {
        self.service == reach.service
            && self.direction.name() == reach.direction.name()
            && self.has_shape_of(&reach.subject)
    }

    /// Whether single values are texts.
    pub(super) fn is_text(&self) -> bool {
        let is_parameter = matches!(self.name, Name::Parameter(..) | Name::Header(..));
        self.media.map_or(is_parameter, |media| written::is_text(&media.name))
    }

    /// How values are seen that are sent by one side and taken by the other.
    pub(super) fn view(&self, relation: &mut Relation<'_>, other: &Part<'_>) -> View {
        let writing = match (self.media, other.media) {
            (Some(before), Some(after)) => written::writing(relation, before, after),
            _ if self.is_text() || other.is_text() => Writing::Parameter,
            _ => Writing::Json,
        };
        relation.effective(View { flow: self.flow, writing })
    }

    fn has_shape_of(&self, subject: &str) -> bool {
        if subject.contains('{') { self.shape == shape(subject) } else { self.shape == *subject }
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
            Name::Shared => write!(f, "a value of `{subject}`"),
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

/// An operation, webhook or callback as messages call it.
pub(super) struct Named<'a> {
    pub(super) subject: String,
    pub(super) operation: &'a Operation,
    /// Whether the service sends the request.
    pub(super) is_sent_back: bool,
}

/// What several places share is told of so many of them that this many parts come of it, and of the first always.
const MOST_SHARED: usize = 5000;

/// How often lists were met, by their address.
#[derive(Default)]
struct Mentions(FxHashMap<usize, usize>);

impl Mentions {
    /// Whether a list is told here too: thousands of places may share one of thousands.
    fn is_told<T>(&mut self, list: &List<T>) -> bool {
        let mentions = self.0.entry(list.as_ptr().addr()).or_default();
        *mentions += 1;
        *mentions == 1 || *mentions * list.len() <= MOST_SHARED
    }
}

/// The operations of a contract, its webhooks, and their callbacks, which run the other way than what holds them.
pub(super) fn named_operations(api: &Api) -> Vec<Named<'_>> {
    let mut list: Vec<Named<'_>> = Vec::new();
    for operation in &api.operations {
        let subject = title(operation.method, &operation.path);
        list.push(Named { subject, operation, is_sent_back: false });
    }
    for operation in &api.webhooks {
        let subject = format!("webhook {}", title(operation.method, &operation.path));
        list.push(Named { subject, operation, is_sent_back: true });
    }
    let (mut at, mut mentions) = (0, Mentions::default());
    while let Some(holder) = list.get(at) {
        let is_sent_back = !holder.is_sent_back;
        let mut inner = Vec::new();
        if !mentions.is_told(&holder.operation.callbacks) {
            at += 1;
            continue;
        }
        for callback in holder.operation.callbacks.iter().filter(|one| mentions.is_told(&one.operations)) {
            let subject = || format!("callback {} of {}", short(&callback.name), short(&holder.subject));
            inner.extend(callback.operations.iter().map(|own| Named {
                subject: subject(),
                operation: own,
                is_sent_back,
            }));
        }
        list.extend(inner);
        at += 1;
    }
    list
}

/// The operations, webhooks or callbacks that messages call so, whatever the names of path parameters.
pub(super) fn called<'a>(api: &'a Api, subject: &str) -> Vec<&'a Operation> {
    if let Some((name, holder)) = subject.strip_prefix("callback ").and_then(|rest| rest.split_once(" of ")) {
        let callbacks = called(api, holder).into_iter().flat_map(|holder| &holder.callbacks);
        return callbacks.filter(|one| short(&one.name) == name).flat_map(|one| &one.operations).collect();
    }
    let (list, request) = match subject.strip_prefix("webhook ") {
        Some(request) => (&api.webhooks, request),
        None => (&api.operations, subject),
    };
    // There may be tens of thousands, and most are found by what they are called.
    let is_named = |one: &&Operation| {
        let path = request.split_once(' ').filter(|(method, _)| one.method.key().eq_ignore_ascii_case(method));
        path.is_some_and(|(_, path)| one.path == path)
    };
    if let Some(found) = list.iter().find(is_named) {
        return vec![found];
    }
    let wanted = shape(request);
    let is_meant = |one: &&Operation| {
        let title = title(one.method, &one.path);
        shape(&title) == wanted || short(&title) == request
    };
    list.iter().filter(is_meant).collect()
}

/// Every part of a platform.
pub(super) fn parts(platform: &Platform) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    for service in &platform.services {
        let Some(api) = &service.api else { continue };
        let mut list = Operations { service: &service.name, found: &mut found, mentions: Mentions::default() };
        for one in named_operations(api) {
            list.add(one.operation, &one.subject, one.is_sent_back);
        }
        if api.is_bundle() {
            // There may be tens of thousands: no room for more.
            list.found.reserve_exact(2 * api.schemas.len());
            api.schemas.iter().for_each(|(name, schema)| list.shared(name, *schema));
        }
    }
    for event in &platform.events {
        let service = event.publishers.first().map_or("", String::as_str);
        for definition in &event.definitions {
            let Some(schema) = definition.schema else { continue };
            found.push(Part {
                service,
                shape: shape(&event.name).into(),
                subject: event.name.as_str().into(),
                key: &event.name,
                direction: Direction::Event,
                name: Name::Payload(definition.version.as_deref()),
                schema,
                flow: Flow::Whole,
                media: None,
            });
        }
    }
    found
}

struct Operations<'f, 'a> {
    service: &'a str,
    found: &'f mut Vec<Part<'a>>,
    mentions: Mentions,
}

impl<'a> Operations<'_, 'a> {
    fn add(&mut self, operation: &'a Operation, subject: &str, is_sent_back: bool) {
        let (sent, answered) = match is_sent_back {
            false => (Direction::Request, Direction::Response),
            true => (Direction::Response, Direction::Request),
        };
        let of = Of::new(subject, operation.id.as_str());
        if self.mentions.is_told(&operation.parameters) {
            for parameter in &operation.parameters {
                self.described(&of, sent, Name::Parameter(parameter.location, &parameter.name), parameter);
            }
        }
        if let Some(body) = &operation.request_body {
            self.content(&of, sent, &body.content, Name::Body);
        }
        if !self.mentions.is_told(&operation.responses) {
            return;
        }
        for response in &operation.responses {
            self.content(&of, answered, &response.content, |media| Name::Answer(&response.status, media));
            if self.mentions.is_told(&response.headers) {
                for header in &response.headers {
                    self.described(&of, answered, Name::Header(&response.status, &header.name), header);
                }
            }
        }
    }

    fn shared(&mut self, name: &'a str, schema: SchemaId) {
        let subject = Api::shared_schema(&short(name));
        let of = Of::new(&subject, name);
        for direction in [Direction::Request, Direction::Response] {
            self.one(&of, direction, Name::Shared, (Some(schema), None));
        }
    }

    fn described(&mut self, of: &Of<'a>, direction: Direction, name: Name<'a>, one: &'a Parameter) {
        self.one(of, direction, name, (one.schema, None));
        self.content(of, direction, &one.content, |_| name);
    }

    fn content(
        &mut self,
        of: &Of<'a>,
        direction: Direction,
        list: &'a List<MediaType>,
        name: impl Fn(&'a str) -> Name<'a>,
    ) {
        if !list.is_empty() && self.mentions.is_told(list) {
            list.iter().for_each(|media| self.one(of, direction, name(&media.name), (media.schema, Some(media))));
        }
    }

    fn one(
        &mut self,
        of: &Of<'a>,
        direction: Direction,
        name: Name<'a>,
        (schema, media): (Option<SchemaId>, Option<&'a MediaType>),
    ) {
        let Some(schema) = schema else { return };
        let flow = if direction == Direction::Request { Flow::Sent } else { Flow::Received };
        let (service, key, shape, subject) = (self.service, of.key, of.shape.clone(), of.subject.clone());
        self.found.push(Part { service, subject, shape, key, direction, name, schema, flow, media });
    }
}

/// The operation that parts belong to, which hold its texts together.
struct Of<'a> {
    subject: Text,
    shape: Text,
    key: &'a str,
}

impl<'a> Of<'a> {
    fn new(subject: &str, key: &'a str) -> Self {
        let text = Text::from(subject);
        let shape = if subject.contains('{') { shape(subject).into() } else { text.clone() };
        Of { subject: text, shape, key }
    }
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
