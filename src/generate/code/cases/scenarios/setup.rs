//! What is there before a scenario begins: a signed-in caller, stored documents, a state.

use serde_json::{Value, json};

use crate::generate::code::behaviour::{Behaviour, Transition, View};
use crate::generate::code::resource::{KeyKind, Resource};
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::words::{self, Steps, says};
use super::{Caller, Left, Line, Request, Script, Shown, Teller, Term, left};

/// Words of worlds that are otherwise than what is set up here.
const OTHER: [&str; 24] = [
    "already",
    "away",
    "before",
    "cannot",
    "down",
    "empty",
    "expired",
    "fail",
    "failed",
    "fails",
    "full",
    "long",
    "missing",
    "mistyped",
    "never",
    "no",
    "not",
    "twice",
    "unavailable",
    "unknown",
    "unreachable",
    "without",
    "wrong",
    "yesterday",
];
/// How "Given" says that there is nothing of a kind yet: "an address that no account has".
const NOTHING: [&str; 3] = ["that no", "which no", "no"];

/// A document that was stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// The variable with the answer to its creation.
    pub(super) answer: String,
    /// The status of that.
    pub(super) status: u16,
    /// The property around the document in that answer.
    pub(super) envelope: Option<String>,
    /// The variable with its key.
    pub(super) key: String,
}

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// Refuses what "Given" says of the world and the set-up is not like.
    pub(super) fn world(&self, nouns: &[String], states: &[&str]) -> Result<(), Left> {
        for (_, said) in &self.steps.given {
            let mut text = words::plain(said);
            let kinds = nouns.iter().map(String::as_str).chain(["account"]);
            // Every test begins with an empty database.
            for kind in kinds {
                for nothing in NOTHING {
                    text = text.replace(&format!(" {nothing} {kind} "), " ");
                }
            }
            for known in [" without a token ", " without credentials ", " not signed in ", " not logged in "] {
                text = text.replace(known, " ");
            }
            let word = OTHER.iter().find(|word| says(&text, &[*word]) && !states.contains(*word));
            if let Some(word) = word {
                return Err(left(said, format!("what is `{word}` there cannot be set up by what the contract tells")));
            }
        }
        Ok(())
    }

    /// Who sends the request of the scenario.
    pub(super) fn caller(&self) -> Caller {
        let said = format!("{}{}", Steps::words(&self.steps.given), Steps::words(&self.steps.when));
        let nobody =
            ["without a token", "without credentials", "not signed in", "not logged in", "without an access token"];
        if says(&said, &nobody) { Caller::Nobody } else { Caller::Tester }
    }

    /// The resource of an operation, with texts as keys and nothing before it in its path.
    pub(super) fn resource(&self, code: &OperationCode<'_>, said: &str) -> Result<&'s ResourceCode, Left> {
        let found = code.resource.and_then(|at| self.samples.service.resources.get(at));
        let found = found.ok_or_else(|| left(said, format!("what {} does is left to a person", code.operation.id)))?;
        let of = &found.resource;
        if !of.parents.is_empty() || of.key_kind == KeyKind::Number {
            return Err(left(said, "documents that belong to others or are numbered are not set up here"));
        }
        Ok(found)
    }

    /// The operation of a resource that does this, where a test's credentials let it in.
    pub(super) fn that(
        &self,
        resource: &ResourceCode,
        wanted: fn(&Behaviour) -> bool,
    ) -> Option<&'s OperationCode<'a>> {
        let service = self.samples.service;
        let at = service.resources.iter().position(|one| std::ptr::eq(one, resource));
        let mut own = service.operations.iter().filter(|code| code.resource == at);
        own.find(|code| wanted(&code.behaviour) && self.samples.can_authenticate(code))
    }

    /// The body that a test sends, the `number`th of its kind: unique texts differ.
    pub(super) fn body(&self, code: &OperationCode<'_>, number: usize) -> Option<Option<Value>> {
        let sent = self.samples.request(code).filter(|sent| sent.headers.is_empty() && !sent.url.contains('?'))?;
        let Some(mut body) = sent.body else { return Some(None) };
        let resource = code.resource.and_then(|at| self.samples.service.resources.get(at));
        let unique = resource.into_iter().flat_map(|one| {
            let key = (one.resource.key_kind == KeyKind::Sent).then_some(&one.resource.key);
            one.resource.unique.iter().chain(key)
        });
        for name in unique {
            let Some(value) = body.get(name).filter(|_| number > 1).cloned() else { continue };
            *body.get_mut(name)? = self.other(code, &body, name, &value, number)?;
        }
        Some(Some(body))
    }

    /// Another value of a property that the contract admits.
    pub(super) fn other(
        &self,
        code: &OperationCode<'_>,
        body: &Value,
        name: &str,
        value: &Value,
        number: usize,
    ) -> Option<Value> {
        let definition = code.body.as_ref()?.content.first()?.1.as_ref()?;
        let text = value.as_str()?;
        let last = text.char_indices().last().map_or(0, |(at, _)| at);
        let candidates = [
            format!("{number}{text}"),
            format!("{text}{number}"),
            // A number in place of the last letter keeps a UUID one.
            format!("{}{}", &text[..last], (number + 2) % 10),
        ];
        let admitted = |candidate: &&String| {
            let mut changed = body.clone();
            changed[name] = json!(candidate);
            **candidate != text && self.samples.accepts(definition, &changed)
        };
        let fits = candidates.iter().find(admitted).map(|found| json!(found));
        fits.or_else(|| self.next_choice(code, body, name, value))
    }

    /// Another value of an enumeration.
    fn next_choice(&self, code: &OperationCode<'_>, body: &Value, name: &str, value: &Value) -> Option<Value> {
        let (_, shape) = crate::generate::code::resource::body(self.samples.schemas, code.operation)?;
        let definition = code.body.as_ref()?.content.first()?.1.as_ref()?;
        let choices = crate::generate::code::shape::choices(self.samples.schemas, shape.property(name)?.schema)?;
        let admitted = |choice: &&Value| {
            let mut changed = body.clone();
            changed[name] = (*choice).clone();
            *choice != value && self.samples.accepts(definition, &changed)
        };
        choices.iter().find(admitted).cloned()
    }

    /// Stores a document with a body, and keeps its key.
    pub(super) fn store(
        &self,
        script: &mut Script,
        create: &OperationCode<'_>,
        resource: &Resource,
        body: Option<Value>,
    ) -> Option<Stored> {
        let Behaviour::Create { view: Some(view), .. } = &create.behaviour else { return None };
        if !shows(view, &resource.key) {
            return None;
        }
        let answer = script.name("stored");
        script.push(Line::Send(Request {
            answer: answer.clone(),
            method: "POST".to_owned(),
            url: self.url(create),
            body: body.map(|body| Term::Body(format!("new_{}", resource.singular), body)),
            media_type: None,
            caller: Caller::Tester,
        }));
        script.push(Line::Status(answer.clone(), create.success));
        let key = script.name(&key_name(resource));
        let stored = Stored { answer, status: create.success, envelope: view.envelope.clone(), key };
        script.push(Line::Take(stored.key.clone(), stored.shown(&resource.key)));
        Some(stored)
    }

    /// Stores the document that an operation works on, in a state from which it starts.
    pub(super) fn stored(&self, script: &mut Script, code: &OperationCode<'_>, said: &str) -> Result<Stored, Left> {
        let resource = self.resource(code, said)?;
        let create = self.that(resource, |behaviour| matches!(behaviour, Behaviour::Create { .. }));
        let unknown = || left(said, "no document can be stored by what the contract tells");
        let create = create.ok_or_else(unknown)?;
        let body = self.body(create, 1).ok_or_else(unknown)?;
        self.store(script, create, &resource.resource, body).ok_or_else(unknown)
    }

    /// The path of an operation with its base, whose variable stands for a key as `{key}`.
    pub(super) fn url(&self, code: &OperationCode<'_>) -> String {
        format!("{}{}", self.samples.service.api.base_path, code.operation.path.trim_end_matches('/'))
    }

    /// The same for one document, by the variable that has its key.
    pub(super) fn item(&self, code: &OperationCode<'_>, resource: &Resource, key: &str) -> String {
        self.url(code).replace(&format!("{{{}}}", resource.parameter), &format!("{{{key}}}"))
    }

    /// The transitions of a resource.
    pub(super) fn transitions(&self, resource: &ResourceCode) -> Vec<(&'s OperationCode<'a>, &'s Transition)> {
        let service = self.samples.service;
        let at = service.resources.iter().position(|one| std::ptr::eq(one, resource));
        let own = service.operations.iter().filter(|code| code.resource == at && self.samples.can_authenticate(code));
        own.filter_map(|code| match &code.behaviour {
            Behaviour::Transition(transition) => Some((code, transition)),
            _ => None,
        })
        .collect()
    }

    /// A request to one document, without a body or with that of the contract's sample.
    pub(super) fn request(
        &self,
        script: &mut Script,
        code: &OperationCode<'_>,
        url: String,
        body: Option<Value>,
        caller: Caller,
    ) -> String {
        let answer = script.name("answer");
        let media = code.body.as_ref().and_then(|one| one.content.first()).map(|(name, _)| name.clone());
        let media_type = media.filter(|name| name != "application/json" && body.is_some());
        let method = code.operation.method.key().to_uppercase();
        let resource = code.resource.and_then(|at| self.samples.service.resources.get(at));
        let singular = resource.map_or("", |one| one.resource.singular.as_str());
        let body = body.map(|body| match code.behaviour {
            Behaviour::Create { .. } => Term::Body(format!("new_{singular}"), body),
            Behaviour::Patch { .. } => Term::Body(format!("{singular}_changes"), body),
            _ => Term::Body(format!("changed_{singular}"), body),
        });
        script.push(Line::Send(Request { answer: answer.clone(), method, url, body, media_type, caller }));
        answer
    }
}

impl Stored {
    /// A property of the document in the answer to its creation.
    pub(super) fn shown(&self, property: &str) -> Shown {
        let way = self.envelope.iter().cloned().chain([property.to_owned()]);
        Shown { answer: self.answer.clone(), status: self.status, way: way.collect() }
    }
}

/// Whether a view shows a property.
pub(super) fn shows(view: &View, name: &str) -> bool {
    view.properties.as_ref().is_none_or(|list| list.iter().any(|(known, _)| known == name))
}

/// What a variable with the key of a document is called.
fn key_name(resource: &Resource) -> String {
    let key = crate::generate::code::names::words(&resource.key);
    if key.ends_with("_id") { key } else { format!("{}_{key}", resource.singular) }
}
