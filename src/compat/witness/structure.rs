//! Witnesses of what is not about payloads: lines of requests, statuses, topics.

use serde_json::{Value, json};

use super::super::change::{Action, Change, Direction, Kind, Reach};
use super::super::finding::Sides;
use super::super::relation::{View, Which};
use super::confirm::{Reading, accepts};
use super::part::{place, shape, title};
use super::{Shown, kind, nothing, sender, words};
use crate::diagnostic::Witness;
use crate::model::{MediaType, Operation, Origin, Parameter, ParameterLocation, Platform, SchemaId};

/// What shows a change that is not about the values of a schema; nothing for one that is.
pub(super) fn shown(sides: Sides<'_>, change: &Change, reach: &Reach) -> Option<Shown> {
    let look = Look { sides, change, reach };
    let subject = &change.subject;
    Some(match (change.kind, change.action) {
        (Kind::Operation | Kind::Api, _) => look.line("", "a request", "answered", "answered with 404 or 405"),
        (Kind::BasePath, _) => look.line("", "a request", "answered", "answered with 404"),
        (Kind::Webhook | Kind::Callback, _) => look.line("", "what the service sends", "sent", "no longer sent"),
        (Kind::Parameter | Kind::ParameterRequired, _) => look.parameter(),
        (Kind::ParameterStyle, _) => look.style(),
        (Kind::RequestBody, Action::Removed) => look.body(),
        (Kind::RequestBody | Kind::RequestBodyRequired, _) => look.payload_line("", "a request without a body"),
        (Kind::MediaType, _) => look.media_type(),
        (Kind::Response, _) => look.status(),
        (Kind::Header | Kind::HeaderRequired, _) => {
            let what = format!("a header of an answer to `{}`", reach.subject);
            look.text(json!(subject), &what, "always sent", "missing in some answers")
        }
        (Kind::Encoding, _) => {
            let sent = if sender(reach.direction) == Which::Old { &change.old } else { &change.new };
            let what = format!("the encoding of the part `{subject}` in the body of `{}`", reach.subject);
            let (was, now) = words(reach.direction);
            look.text(json!(sent), &what, &was, &now)
        }
        (Kind::Security, _) => look.credentials(),
        (Kind::Event, _) => look.text(json!(subject), "an event", "published", "no longer published"),
        (Kind::EventVersion, _) => {
            let event = format!("{subject} {}", change.old.as_deref().unwrap_or_default());
            look.text(json!(event.trim_end()), "a version of an event", "published", "no longer published")
        }
        (Kind::EventTopic, _) => {
            let (from, to) = (change.old.as_deref().unwrap_or_default(), change.new.as_deref().unwrap_or_default());
            let what = format!("the topic of `{subject}`");
            look.text(json!(from), &what, "where it was published", &format!("left for `{to}`"))
        }
        (Kind::Schema, Action::Added) if sender(reach.direction) == Which::Old => look.any_value(sides.new),
        (Kind::Schema, Action::Removed) if sender(reach.direction) == Which::New => look.any_value(sides.old),
        (Kind::Default | Kind::ParameterDefault, _) => {
            nothing("nothing is refused; who leaves it out gets another value than before")
        }
        (Kind::Stability, _) => nothing("no request and no answer changes with a promise"),
        _ => return None,
    })
}

struct Look<'l> {
    sides: Sides<'l>,
    change: &'l Change,
    reach: &'l Reach,
}

impl Look<'_> {
    fn text(&self, example: Value, what: &str, was: &str, now: &str) -> Shown {
        let (what, was, now) = (what.to_owned(), was.to_owned(), now.to_owned());
        let kind = kind(self.reach.direction);
        Shown::Witness(Witness { kind, what, example, at: None, was, now, checked: false })
    }

    /// The line of the request on the side of the sender, with more lines under it.
    fn line(&self, more: &str, what: &str, was: &str, now: &str) -> Shown {
        let subject = &self.reach.subject;
        let platform = if sender(self.reach.direction) == Which::Old { self.sides.old } else { self.sides.new };
        let api = platform.service(&self.reach.service).and_then(|service| service.api.as_ref());
        let line = match (api, subject.split_once(" /")) {
            (Some(api), Some((method, path))) if !method.contains(' ') => {
                format!("{method} {}/{path}", api.base_path)
            }
            _ => subject.to_string(),
        };
        self.text(json!(format!("{line}{more}")), what, was, now)
    }

    fn payload_line(&self, more: &str, what: &str) -> Shown {
        let (was, now) = words(self.reach.direction);
        self.line(more, what, &was, &now)
    }

    /// The operation on one side.
    fn operation<'p>(&self, platform: &'p Platform) -> Option<&'p Operation> {
        let api = platform.service(&self.reach.service)?.api.as_ref()?;
        let wanted = shape(&self.reach.subject);
        let called =
            |one: &&Operation, before: &str| shape(&format!("{before}{}", title(one.method, &one.path))) == wanted;
        let callback = self.reach.subject.strip_prefix("callback ").and_then(|rest| rest.split_once(" of "));
        let same = match callback {
            Some((name, holder)) => {
                let holder = shape(holder);
                let mut holders = api.operations.iter();
                let holder = holders.find(|one| shape(&title(one.method, &one.path)) == holder);
                let callbacks = holder.into_iter().flat_map(|one| &one.callbacks);
                let own = || callbacks.filter(|one| one.name == name).flat_map(|one| &one.operations);
                let mut own: Vec<&Operation> = own().collect();
                own.sort_by_key(|one| one.id != self.reach.key);
                own.first().copied()
            }
            None => {
                let webhook = || api.webhooks.iter().find(|one| called(one, "webhook "));
                api.operations.iter().find(|one| called(one, "")).or_else(webhook)
            }
        };
        let by_id = || api.operations.iter().chain(&api.webhooks).find(|one| one.id == self.reach.key);
        same.or_else(by_id)
    }

    fn parameter(&self) -> Shown {
        let (name, side) = (&self.change.subject, self.sides);
        let at = |origin: &Option<Origin>, platform| {
            let of = self.operation(platform)?.parameters.iter();
            of.into_iter().find(|one| Some(&one.origin) == origin.as_ref()).map(|one| place(one.location))
        };
        let (new, old) = (&self.change.new_origin, &self.change.old_origin);
        let location = at(new, side.new).or_else(|| at(old, side.old)).unwrap_or_default();
        let what = format!("a request without the {location} parameter `{name}`").replace("  ", " ");
        self.payload_line("", &what)
    }

    fn style(&self) -> Shown {
        let find = |platform: &Platform, origin: &Option<Origin>| {
            let operation = self.operation(platform)?;
            operation.parameters.iter().find(|one| Some(&one.origin) == origin.as_ref()).cloned()
        };
        let (old, new) = (find(self.sides.old, &self.change.old_origin), find(self.sides.new, &self.change.new_origin));
        let sent = if sender(self.reach.direction) == Which::Old { old } else { new };
        let Some(parameter) = sent else { return nothing("the parameter was not found") };
        let what = format!("the value a, b of the {} parameter `{}`", place(parameter.location), parameter.name);
        self.text(json!(list_of_two(&parameter)), &what, "read as that", "read as something else")
    }

    fn body(&self) -> Shown {
        if self.reach.direction != Direction::Request {
            return self.line("", "the body of what the service sends", "there", "gone");
        }
        let media = self.operation(self.sides.old).and_then(|one| one.request_body.as_ref()?.content.first());
        let media = media.map_or(String::new(), |media| format!("\nContent-Type: {}", media.name));
        self.line(&media, "a request with a body", "read", "refused, or read without it")
    }

    fn media_type(&self) -> Shown {
        let (subject, change) = (&self.change.subject, self.change);
        match (self.reach.direction, sender(self.reach.direction), change.action) {
            (Direction::Request, _, _) => {
                let more = format!("\nContent-Type: {subject}");
                self.line(&more, "a request", "read", "refused with 415")
            }
            (_, Which::New, Action::Changed) => {
                let now = change.new.as_deref().unwrap_or(subject);
                let what = format!("the media type of an answer to `{}`", self.reach.subject);
                self.text(json!(now), &what, "ruled out", "possible")
            }
            _ => {
                let more = format!("\nAccept: {subject}");
                self.line(&more, "a request", "answered in this media type", "answered in another or with 406")
            }
        }
    }

    fn status(&self) -> Shown {
        let what = format!("the status of an answer to `{}`", self.reach.subject);
        match self.change.action {
            Action::Changed => {
                let now = self.change.new.as_deref().unwrap_or_default();
                let other = now.chars().next().filter(char::is_ascii_digit).map(|first| format!("{first}99"));
                self.text(json!(other.as_deref().unwrap_or(now)), &what, "ruled out", "possible")
            }
            _ => self.text(json!(self.change.subject), &what, "possible", "no longer sent"),
        }
    }

    fn credentials(&self) -> Shown {
        match self.change.old.as_deref() {
            Some("none") | None => self.line("", "a request without credentials", "let in", "refused with 401"),
            Some(old) => {
                let what = format!("a request with the credentials {old}");
                self.line("", &what, "let in", "refused with 401 or 403")
            }
        }
    }

    /// A value that the one schema refuses, where the other side has none and takes anything.
    fn any_value(&self, platform: &Platform) -> Shown {
        let origin =
            if std::ptr::eq(platform, self.sides.new) { &self.change.new_origin } else { &self.change.old_origin };
        let found = self.operation(platform).and_then(|operation| schema_at(operation, origin.as_ref()?));
        let event = || {
            let definitions = platform.events.iter().flat_map(|event| &event.definitions);
            let mut same = definitions.filter(|one| one.contract == *origin || one.spec == *origin);
            same.find_map(|one| one.schema)
        };
        let Some(schema) = found.or_else(event) else { return nothing("the schema was not found") };
        let view = if self.reach.direction == Direction::Request { View::Sent } else { View::Received };
        let reading = Reading { view, formats: false };
        let tries = [json!(null), json!(true), json!(0), json!(""), json!([]), json!({})];
        let refused = |value: &&Value| accepts(&platform.schemas, schema, value, reading) == Some(false);
        let Some(value) = tries.iter().find(refused) else {
            return nothing(&format!("none of the {} values that were tried shows it", tries.len()));
        };
        let (was, now) = words(self.reach.direction);
        let (kind, what) = (kind(self.reach.direction), format!("a value of `{}`", self.reach.subject));
        Shown::Witness(Witness { kind, what, example: value.clone(), at: None, was, now, checked: true })
    }
}

/// The schema of the parameter, header or media type at a place.
fn schema_at(operation: &Operation, origin: &Origin) -> Option<SchemaId> {
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    let answers = operation.responses.iter().flat_map(|response| &response.content);
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let parameters: Vec<&Parameter> = operation.parameters.iter().chain(headers).collect();
    let inner = parameters.iter().flat_map(|one| &one.content);
    let media: Option<&MediaType> = bodies.chain(answers).chain(inner).find(|media| media.origin == *origin);
    let parameter = || parameters.iter().find(|one| one.origin == *origin).and_then(|one| one.schema);
    media.and_then(|media| media.schema).or_else(parameter)
}

/// A list of `a` and `b` as it is sent (OpenAPI 3.1.1, section 4.8.12.6).
fn list_of_two(parameter: &Parameter) -> String {
    let name = &parameter.name;
    let apart = |sign: &str| format!("a{sign}b");
    let named = |sign: &str| format!("{name}=a{sign}{name}=b");
    let text = match (parameter.style.as_str(), parameter.explode) {
        ("form", true) => named("&"),
        ("form", false) => format!("{name}={}", apart(",")),
        ("spaceDelimited", _) => format!("{name}={}", apart("%20")),
        ("pipeDelimited", _) => format!("{name}={}", apart("|")),
        ("label", true) => format!(".{}", apart(".")),
        ("label", false) => format!(".{}", apart(",")),
        ("matrix", true) => format!(";{}", named(";")),
        ("matrix", false) => format!(";{name}={}", apart(",")),
        _ => apart(","),
    };
    match parameter.location {
        ParameterLocation::Query => format!("?{text}"),
        ParameterLocation::Header => format!("{name}: {text}"),
        ParameterLocation::Path | ParameterLocation::Cookie => text,
    }
}
