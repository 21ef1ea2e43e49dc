//! Witnesses of what is not about payloads: lines of requests, statuses, topics.

use serde_json::{Value, json};

use super::super::change::{Action, Change, Direction, Kind, Reach};
use super::super::finding::Sides;
use super::super::relation::{Flow, Which, readings};
use super::super::written::is_text;
use super::confirm::{Reading, accepts};
use super::part::{called, named_operations, place, shape};
use super::{LONGEST, Shown, TOO_LONG, kind, nothing, sender, words};
use super::{listed, message, style};
use crate::diagnostic::Witness;
use crate::model::{
    Api, MediaType, Operation, Origin, Parameter, ParameterLocation, Platform, Response, SchemaId, SecurityRequirement,
};

/// Why no validator is asked.
const WRITTEN: &str = "no schema says how a value is written";

/// A validator is asked about operations of at most so many parts, and about so many alternatives of credentials.
const MOST_PARTS: usize = 2000;
const MOST_ASKED: usize = 20;
const LARGE: Asked = Err("the operation is too large for it");

/// What shows a change that is not about the values of a schema; nothing for one that is.
pub(super) fn shown(sides: Sides<'_>, change: &Change, reach: &Reach) -> Option<Shown> {
    let look = Look { sides, change, reach };
    let subject = &change.subject;
    Some(match (change.kind, change.action) {
        (Kind::Operation | Kind::Api, _) => look.gone("a request", ("answered", "answered with 404 or 405")),
        (Kind::BasePath, _) => look.gone("a request", ("answered", "answered with 404")),
        (Kind::Webhook | Kind::Callback, _) => look.gone("what the service sends", ("sent", "no longer sent")),
        (Kind::Parameter | Kind::ParameterRequired, _) => look.parameter(),
        (Kind::ParameterStyle, _) => look.style(),
        (Kind::HeaderStyle, _) => look.header_style(),
        (Kind::RequestBody, Action::Removed) => look.body(),
        (Kind::RequestBody | Kind::RequestBodyRequired, _) => look.without_body(),
        (Kind::MediaType, _) => look.media_type(),
        (Kind::Response, _) => look.status(),
        (Kind::Header | Kind::HeaderRequired, _) => look.header(),
        (Kind::Encoding | Kind::Xml, _) => {
            let sent = if sender(reach.direction) == Which::Old { &change.old } else { &change.new };
            let what = match change.kind {
                Kind::Xml => format!("how `{subject}` is written in the body of `{}`", reach.subject),
                _ => format!("the encoding of the part `{subject}` in the body of `{}`", reach.subject),
            };
            let (was, now) = words(reach.direction);
            look.text(json!(sent), &what, (&was, &now), Err(WRITTEN))
        }
        (Kind::Security, _) => look.credentials(),
        (Kind::Event, _) => look.event(subject, "an event", ("published", "no longer published"), (None, None)),
        (Kind::EventName, _) => {
            let now = format!("published as `{}`", change.new.as_deref().unwrap_or_default());
            look.event(subject, "an event", ("published", &now), (None, None))
        }
        (Kind::EventVersion, _) => {
            let version = change.old.as_deref().filter(|version| *version != "no version");
            let event = format!("{subject} {}", change.old.as_deref().unwrap_or_default());
            let words = ("published", "no longer published");
            look.event(event.trim_end(), "a version of an event", words, (version, None))
        }
        (Kind::EventTopic, _) => {
            let (from, to) = (change.old.as_deref().unwrap_or_default(), change.new.as_deref().unwrap_or_default());
            let (what, left) = (format!("the topic of `{subject}`"), format!("left for `{to}`"));
            look.event(from, &what, ("where it was published", &left), (None, Some(from)))
        }
        (Kind::Schema, Action::Added) if sender(reach.direction) == Which::Old => look.any_value(sides.new),
        (Kind::Schema, Action::Removed) if sender(reach.direction) == Which::New => look.any_value(sides.old),
        (Kind::Default | Kind::ParameterDefault, _) => {
            nothing("nothing is refused; who leaves it out gets another value than before")
        }
        (Kind::EventSchema, _) => nothing("what is published is the same until somebody changes it unseen"),
        (Kind::SharedSchema, _) => nothing("no value changes where a schema is gone that others refer to"),
        (Kind::Stability, _) => nothing("no request and no answer changes with a promise"),
        _ => return None,
    })
}

/// What a validator said, or why it was not asked.
type Asked = Result<(), &'static str>;

struct Look<'l> {
    sides: Sides<'l>,
    change: &'l Change,
    reach: &'l Reach,
}

impl Look<'_> {
    fn text(&self, example: Value, what: &str, (was, now): (&str, &str), asked: Asked) -> Shown {
        if example.to_string().len() > LONGEST {
            return nothing(TOO_LONG);
        }
        let (what, was, now) = (what.to_owned(), was.to_owned(), now.to_owned());
        let (kind, unchecked) = (kind(self.reach.direction), asked.err().map(str::to_owned));
        Shown::Witness(Witness { kind, what, example, at: None, was, now, checked: unchecked.is_none(), unchecked })
    }

    /// The line of the request on the side of the sender, with more lines under it.
    fn request(&self, more: &str, what: &str, words: (&str, &str), asked: Asked) -> Shown {
        let subject = &self.reach.subject;
        let api = self.api(self.platform(sender(self.reach.direction)));
        let line = match (api, subject.split_once(" /")) {
            (Some(api), Some((method, path))) if !method.contains(' ') => {
                format!("{method} {}/{path}", api.base_path)
            }
            _ => subject.to_string(),
        };
        self.text(json!(format!("{line}{more}")), what, words, asked)
    }

    /// A request that nothing answers any more, or that is no longer sent.
    fn gone(&self, what: &str, words: (&str, &str)) -> Shown {
        let subject = &self.reach.subject;
        let [old, new] = [self.sides.old, self.sides.new].map(|platform| self.api(platform));
        let asked = match old.filter(|_| self.change.kind != Kind::Webhook && self.change.kind != Kind::Callback) {
            Some(api) => listed::line(api, subject).map_or(Err("it is no request line"), |line| {
                listed::is_gone(&line, listed::lines(old, &line), listed::lines(new, &line))
            }),
            None => listed::is_gone(
                &json!(shape(subject)),
                listed::sent_back(old, subject),
                listed::sent_back(new, subject),
            ),
        };
        self.request("", what, words, asked)
    }

    /// An event that is no longer published in some version, or to some topic.
    fn event(
        &self,
        example: &str,
        what: &str,
        words: (&str, &str),
        (version, topic): (Option<&str>, Option<&str>),
    ) -> Shown {
        let event = &self.change.subject;
        let [old, new] = [self.sides.old, self.sides.new].map(|platform| listed::messages(platform, event));
        let asked = listed::is_gone(&listed::message(event, version, topic), old, new);
        self.text(json!(example), what, words, asked)
    }

    fn platform(&self, which: Which) -> &Platform {
        if which == Which::Old { self.sides.old } else { self.sides.new }
    }

    fn api<'p>(&self, platform: &'p Platform) -> Option<&'p Api> {
        platform.service(&self.reach.service)?.api.as_ref()
    }

    /// The operation on the side of the sender.
    fn sending(&self) -> Option<&Operation> {
        self.operation(self.platform(sender(self.reach.direction)))
    }

    /// What a validator says of a part of a message by what both operations say of it.
    fn ask(&self, value: Option<Value>, expected: [bool; 2], said: &dyn Fn(&Api, &Operation) -> Value) -> Asked {
        if self.is_large() {
            return LARGE;
        }
        let of = |platform| Some(said(self.api(platform)?, self.operation(platform)?));
        let (Some(value), Some(old), Some(new)) = (value, of(self.sides.old), of(self.sides.new)) else {
            return Err("it was not found in both documents");
        };
        match message::separates(&value, [old, new], expected) {
            true => Ok(()),
            false => Err("what else differs there decides, too"),
        }
    }

    /// Whether the operation of either side has more parts than a validator is asked about.
    fn is_large(&self) -> bool {
        let sides = [self.sides.old, self.sides.new].map(|platform| self.operation(platform));
        sides.into_iter().flatten().any(|operation| operation.parts() > MOST_PARTS)
    }

    /// What is expected where the sender's side accepts a message, and the other refuses it.
    fn of_sender(&self) -> [bool; 2] {
        let is_old = sender(self.reach.direction) == Which::Old;
        [is_old, !is_old]
    }

    /// The operation on one side.
    fn operation<'p>(&self, platform: &'p Platform) -> Option<&'p Operation> {
        let api = self.api(platform)?;
        let is_of_key = |one: &&&Operation| one.id == self.reach.key;
        // Several callbacks may have one name.
        let called = called(api, &self.reach.subject);
        let found = called.iter().find(is_of_key).or(called.first()).copied();
        found.or_else(|| named_operations(api).into_iter().map(|one| one.operation).find(|one| is_of_key(&one)))
    }

    fn parameter(&self) -> Shown {
        let (name, side) = (&self.change.subject, self.sides);
        let at = |origin: &Option<Origin>, platform| {
            let of = self.operation(platform)?.parameters.iter();
            of.into_iter().find(|one| Some(&one.origin) == origin.as_ref()).map(|one| one.location)
        };
        let (new, old) = (&self.change.new_origin, &self.change.old_origin);
        let location = at(new, side.new).or_else(|| at(old, side.old));
        let what =
            format!("a request without the {} parameter `{name}`", location.map_or("", place)).replace("  ", " ");
        let (was, now) = words(self.reach.direction);
        let asked = match location {
            None => Err("the parameter was not found"),
            Some(ParameterLocation::Path) => Err("a request without it goes to another path"),
            Some(location) => {
                let sent = self.sending().map(|one| message::parameters_but(one, location, name));
                self.ask(sent, self.of_sender(), &|_, operation| message::parameters(operation, location))
            }
        };
        self.request("", &what, (&was, &now), asked)
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
        let words = ("read as that", "read as something else");
        self.text(json!(style::list_of_two(&parameter)), &what, words, Err(WRITTEN))
    }

    /// An object in a header.
    fn header_style(&self) -> Shown {
        let (sent, words) = match sender(self.reach.direction) {
            Which::Old => (&self.change.old, ("read as that", "not read as that")),
            Which::New => (&self.change.new, ("not read as that", "sent for that")),
        };
        let example = style::object_in_header(&self.change.subject, sent.as_deref() == Some("explode true"));
        let what = format!("the object {{a: b}} in a header of an answer to `{}`", self.reach.subject);
        self.text(json!(example), &what, words, Err(WRITTEN))
    }

    fn body(&self) -> Shown {
        let media = self.operation(self.sides.old).and_then(|one| one.request_body.as_ref()?.content.first());
        let sent = media.map(|media| message::body_of(&media.name));
        let asked = self.ask(sent, [true, false], &|_, operation| message::body(operation));
        if self.reach.direction != Direction::Request {
            return self.request("", "the body of what the service sends", ("there", "gone"), asked);
        }
        let media = media.map_or(String::new(), |media| format!("\nContent-Type: {}", media.name));
        self.request(&media, "a request with a body", ("read", "refused, or read without it"), asked)
    }

    fn without_body(&self) -> Shown {
        let asked = self.ask(Some(json!({})), self.of_sender(), &|_, operation| message::body(operation));
        let (was, now) = words(self.reach.direction);
        self.request("", "a request without a body", (&was, &now), asked)
    }

    fn media_type(&self) -> Shown {
        let (subject, change) = (&self.change.subject, self.change);
        match (self.reach.direction, sender(self.reach.direction), change.action) {
            (Direction::Request, _, _) => {
                let sent = Some(message::body_of(subject));
                let asked = self.ask(sent, [true, false], &|_, operation| message::body(operation));
                let more = format!("\nContent-Type: {}", message::concrete(subject));
                self.request(&more, "a request", ("read", "refused with 415"), asked)
            }
            (_, Which::New, Action::Changed) => {
                let now = change.new.as_deref().unwrap_or(subject);
                let asked = self.ask_answer(self.sides.new, &change.new_origin, now, [false, true]);
                let what = format!("the media type of an answer to `{}`", self.reach.subject);
                self.text(json!(message::concrete(now)), &what, ("ruled out", "possible"), asked)
            }
            _ => {
                let asked = self.ask_answer(self.sides.old, &change.old_origin, subject, [true, false]);
                let more = format!("\nAccept: {subject}");
                let words = ("answered in this media type", "answered in another or with 406");
                self.request(&more, "a request", words, asked)
            }
        }
    }

    /// Asks about an answer in the media type at a place.
    fn ask_answer(&self, of: &Platform, origin: &Option<Origin>, media: &str, expected: [bool; 2]) -> Asked {
        let has = |response: &&Response| response.content.iter().any(|one| Some(&one.origin) == origin.as_ref());
        let response = self.operation(of).and_then(|operation| operation.responses.iter().find(has));
        let answer = response.map(|response| message::answer_but(response, "", Some(media)));
        self.ask(answer, expected, &|_, operation| message::answers(operation))
    }

    fn status(&self) -> Shown {
        let (change, what) = (self.change, format!("the status of an answer to `{}`", self.reach.subject));
        let find = |platform, status: &str| {
            let mut all = self.operation(platform)?.responses.iter();
            all.find(|one| one.status.eq_ignore_ascii_case(status)).map(|one| message::answer_but(one, "", None))
        };
        let said = |_: &Api, operation: &Operation| message::answers(operation);
        match change.action {
            Action::Changed => {
                let now = change.new.as_deref().unwrap_or_default();
                let asked = self.ask(find(self.sides.new, now), [false, true], &said);
                self.text(json!(message::code(now)), &what, ("ruled out", "possible"), asked)
            }
            _ => {
                let asked = self.ask(find(self.sides.old, &change.subject), [true, false], &said);
                self.text(json!(change.subject), &what, ("possible", "no longer sent"), asked)
            }
        }
    }

    /// A header of an answer that may be missing now; of one that consumers give, one that must not be any more.
    fn header(&self) -> Shown {
        let (name, what) = (&self.change.subject, format!("a header of an answer to `{}`", self.reach.subject));
        let which = sender(self.reach.direction);
        let origin = if which == Which::Old { &self.change.old_origin } else { &self.change.new_origin };
        let holds = |response: &&Response| {
            let mut places = response.headers.iter().map(|one| &one.origin).chain([&response.origin]);
            places.any(|one| Some(one) == origin.as_ref())
        };
        let response = self.operation(self.platform(which)).and_then(|one| one.responses.iter().find(holds));
        let answer = response.map(|response| message::answer_but(response, name, None));
        let asked = self.ask(answer, self.of_sender(), &|_, operation| message::answers(operation));
        let words = match which {
            Which::Old => ("missing in some answers", "asked for in every answer"),
            Which::New => ("always sent", "missing in some answers"),
        };
        self.text(json!(name), &what, words, asked)
    }

    fn credentials(&self) -> Shown {
        let said = |api: &Api, operation: &Operation| message::credentials(api, operation);
        let alternatives = self.operation(self.sides.old).map(|one| &one.security[..]).unwrap_or_default();
        let ask = |alternative: &[SecurityRequirement]| {
            let held = self.api(self.sides.old).map(|api| message::credentials_of(api, alternative));
            self.ask(held, [true, false], &said)
        };
        let asked = match alternatives {
            _ if self.is_large() => LARGE,
            [] => ask(&[]),
            some => {
                let mut asked = some.iter().take(MOST_ASKED).map(|one| ask(one));
                asked.find(Result::is_ok).unwrap_or(Err("what else differs there decides, too"))
            }
        };
        match self.change.old.as_deref() {
            Some("none") | None => {
                self.request("", "a request without credentials", ("let in", "refused with 401"), asked)
            }
            Some(old) => {
                let what = format!("a request with the credentials {old}");
                self.request("", &what, ("let in", "refused with 401 or 403"), asked)
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
            same.find_map(|one| Some((one.schema?, false)))
        };
        let Some((schema, is_text)) = found.or_else(event) else { return nothing("the schema was not found") };
        let flow = if self.reach.direction == Direction::Request { Flow::Sent } else { Flow::Received };
        let reading = Reading { flow, formats: false };
        // How `null` is written as text nothing says, and an empty text may be one.
        let tries = match is_text {
            true => vec![json!(true), json!(0), json!("a"), json!([]), json!({})],
            false => vec![json!(null), json!(true), json!(0), json!(""), json!([]), json!({})],
        };
        let refused = |value: &&Value| {
            let readings = if is_text { readings(value) } else { vec![(*value).clone()] };
            readings.iter().all(|value| accepts(&platform.schemas, schema, value, reading) == Ok(false))
        };
        let Some(value) = tries.iter().find(refused) else {
            return nothing(&format!("none of the {} values that were tried shows it", tries.len()));
        };
        let (was, now) = words(self.reach.direction);
        let (kind, what) = (kind(self.reach.direction), format!("a value of `{}`", self.reach.subject));
        let example = value.clone();
        Shown::Witness(Witness { kind, what, example, at: None, was, now, checked: true, unchecked: None })
    }
}

/// The schema of the parameter, header or media type at a place, and whether its values are written as text.
fn schema_at(operation: &Operation, origin: &Origin) -> Option<(SchemaId, bool)> {
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    let answers = operation.responses.iter().flat_map(|response| &response.content);
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let parameters: Vec<&Parameter> = operation.parameters.iter().chain(headers).collect();
    let inner = parameters.iter().flat_map(|one| &one.content);
    let media: Option<&MediaType> = bodies.chain(answers).chain(inner).find(|media| media.origin == *origin);
    let parameter = || parameters.iter().find(|one| one.origin == *origin).and_then(|one| Some((one.schema?, true)));
    media.and_then(|media| Some((media.schema?, is_text(&media.name)))).or_else(parameter)
}
