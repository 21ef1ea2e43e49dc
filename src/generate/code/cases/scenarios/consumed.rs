//! What is so after an event: the document that it stores, once.

use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, PagePart};
use crate::generate::code::events::Effect;
use crate::generate::code::records::{Given, Record};
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::shape;

use super::words::{self, names_one, says};
use super::{Caller, Left, Line, Request, Script, Shown, Teller, Term, left};

/// Identifiers of messages.
pub(super) const MESSAGES: [&str; 2] = ["5f0c2d7e-3a4b-4c1d-9e8f-1a2b3c4d5e6f", "7b1e4f9a-6c2d-4e8b-a3f5-2d4c6e8a0b1c"];

/// Words that say that something is stored.
const STORED: [&str; 5] = ["recorded", "stored", "saved", "created", "added"];

/// How the documents that an event makes are seen.
struct Seen {
    /// The URL of the list.
    url: String,
    /// Status of its answer.
    status: u16,
    /// The way to the items.
    items: Vec<String>,
}

impl Teller<'_, '_, '_> {
    /// The test of an event that arrives, or arrives again.
    pub(super) fn event(&self, at: usize, again: bool) -> Result<(Script, Vec<Left>), Left> {
        let events = &self.samples.service.events;
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        let subscription = &events.subscriptions[at];
        let record = match subscription.effect {
            Effect::Record(at) => &events.records[at],
            Effect::Put(_) | Effect::Forget(_) => return Err(left(said, "local copies are not seen from outside")),
            Effect::Unknown => return Err(left(said, "what the event does is left to a person")),
        };
        let (Some(seen), Some(kind)) = (self.seen(record), kind(record, &subscription.action)) else {
            return Err(left(said, "no list shows what it stores"));
        };
        if !again {
            self.world(&[], &[])?;
        }
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        let message = self.messages(&mut script, record, subscription.wire);
        let message = message.ok_or_else(|| left(said, "no message is known that its contract admits"))?;
        if again {
            script.push(self.delivery(subscription.wire, message.clone()));
        }
        self.told(&mut script, &self.steps.when);
        script.push(self.delivery(subscription.wire, message));
        let answer = script.name("found");
        let mut asked = false;
        let (mut open, mut any) = (Vec::new(), false);
        for (step, text) in &self.steps.then {
            script.push(Line::Told(words::told(*step, text)));
            for clause in words::clauses(text).iter().flat_map(|clause| clause.split(" or ")) {
                match self.told_of(record, &kind, clause) {
                    Ok((property, value)) => {
                        if !asked {
                            self.ask(&mut script, &seen, &answer);
                        }
                        (asked, any) = (true, true);
                        let shown = Shown { answer: answer.clone(), status: seen.status, way: seen.items.clone() };
                        script.push(Line::Values(shown, property, vec![Term::Constant(value)]));
                    }
                    Err(why) => {
                        script.push(Line::Told(super::checks::not_tested(clause.trim())));
                        open.push(left(clause, why));
                    }
                }
            }
        }
        match open.first() {
            Some(first) if !any => Err(first.clone()),
            _ => Ok((script, open)),
        }
    }

    fn ask(&self, script: &mut Script, seen: &Seen, answer: &str) {
        script.push(Line::Send(Request {
            answer: answer.to_owned(),
            method: "GET".to_owned(),
            url: seen.url.clone(),
            body: None,
            media_type: None,
            caller: Caller::Tester,
        }));
        script.push(Line::Status(answer.to_owned(), seen.status));
    }

    /// Where the documents of a record are listed.
    fn seen(&self, record: &Record) -> Option<Seen> {
        let service = self.samples.service;
        let resource = service.resources.iter().find(|one| one.resource.path == record.collection)?;
        let code = self.that(resource, |behaviour| matches!(behaviour, Behaviour::List(_)))?;
        let Behaviour::List(list) = &code.behaviour else { return None };
        let items = match &list.answer {
            None => Vec::new(),
            Some(parts) => vec![parts.iter().find(|(_, part)| *part == PagePart::Items)?.0.clone()],
        };
        let plain = self.samples.request(code).is_some_and(|sent| sent.headers.is_empty() && !sent.url.contains('?'));
        plain.then(|| Seen { url: self.url(code), status: code.success, items })
    }

    /// The message of an event; before it, what makes the copy that the event names.
    fn messages(&self, script: &mut Script, record: &Record, wire: usize) -> Option<Value> {
        let events = &self.samples.service.events;
        let mut message = self.message(wire, MESSAGES[0])?;
        if let Some((copy, key)) = &record.copy {
            let put = events.subscriptions.iter().find(|one| one.effect == Effect::Put(*copy))?;
            let first = self.message(put.wire, MESSAGES[1])?;
            *message.get_mut("data")?.get_mut(key)? = first["data"][&events.projections[*copy].key].clone();
            script.push(self.delivery(put.wire, first));
        }
        self.admits_message(wire, &message).then_some(message)
    }

    /// An event arrives; its message is called by the last words of its name.
    pub(super) fn delivery(&self, wire: usize, message: Value) -> Line {
        let name = &self.samples.service.events.wires[wire].name;
        let words: Vec<&str> = name.split('.').collect();
        let last = words[words.len().saturating_sub(2)..].join("_");
        Line::Deliver(wire, Term::Body(crate::generate::code::names::words(&last), message))
    }

    pub(super) fn message(&self, wire: usize, identifier: &str) -> Option<Value> {
        let service = self.samples.service;
        let mut message = sample(self.samples.schemas, service.events.wires[wire].schema?, Direction::Response)?;
        message["eventId"] = identifier.into();
        self.admits_message(wire, &message).then_some(message)
    }

    pub(super) fn admits_message(&self, wire: usize, message: &Value) -> bool {
        let definition = self.samples.service.wires[wire].definition.as_deref();
        definition.is_some_and(|definition| self.samples.accepts(definition, message))
    }

    /// What a clause says of the stored document: the only one has this value of this property.
    fn told_of(&self, record: &Record, kind: &(String, Value), clause: &str) -> Result<(String, Value), String> {
        let service = self.samples.service;
        let text = words::plain(clause);
        if words::status(clause).is_some() {
            return Err("an event has no answer".to_owned());
        }
        let resource = service.resources.iter().find(|one| one.resource.path == record.collection);
        let resource = &resource.ok_or("no operation works on what it stores")?.resource;
        let nouns = words::nouns(service.api, resource);
        if names_one(&text, &nouns) && says(&text, &STORED) {
            let named =
                resource.shape.property(&kind.0).and_then(|one| shape::choices(self.samples.schemas, one.schema));
            let named = named.unwrap_or_default();
            let other = named
                .iter()
                .filter_map(Value::as_str)
                .find(|choice| says(&text, &[&choice.to_lowercase()]) && Some(*choice) != kind.1.as_str());
            return match other {
                Some(other) => Err(format!("by its Action the event stores no `{other}`")),
                None => Ok(kind.clone()),
            };
        }
        for (name, given) in &record.fields {
            let Given::Constant(Value::String(stored)) = given else { continue };
            let property = resource.shape.property(name).filter(|_| *name != kind.0);
            let choices = property.and_then(|one| shape::choices(self.samples.schemas, one.schema)).unwrap_or_default();
            let said = choices.iter().filter_map(Value::as_str).find(|choice| says(&text, &[&choice.to_lowercase()]));
            match said {
                Some(state) if state == stored => return Ok((name.clone(), state.into())),
                Some(_) => {
                    return Err(format!("the handler leaves `{name}` at `{stored}` until a person writes the rest"));
                }
                None => {}
            }
        }
        Err(super::checks::NO_CHECK.to_owned())
    }
}

/// The property that names the kind of a document, with its value.
fn kind(record: &Record, action: &str) -> Option<(String, Value)> {
    let named: Vec<&str> = action.split_whitespace().map(|word| word.trim_matches(['`', '"', ',', '.', ';'])).collect();
    let is_kind = |value: &Value| value.as_str().is_some_and(|text| named.contains(&text));
    record.fields.iter().find_map(|(name, given)| match given {
        Given::Constant(value) if is_kind(value) => Some((name.clone(), value.clone())),
        _ => None,
    })
}
