//! What is so after an operation on one document: its answer, what is stored, and what is published.

use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, View};
use crate::generate::code::names;
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::setup::{Stored, shows};
use super::words::{self, Steps, about, names_one, says};
use super::{Caller, Left, Line, Script, Shown, Teller, Term, left};

/// Why something is not checked that no rule here knows.
pub(super) const NO_CHECK: &str = "no check is known for it";

/// What is known after the request of a scenario.
pub(super) struct Outcome<'t> {
    pub(super) code: &'t OperationCode<'t>,
    pub(super) resource: &'t ResourceCode,
    pub(super) nouns: Vec<String>,
    /// The property that holds the state of a document, and its values.
    pub(super) states: Option<(String, Vec<String>)>,
    /// The variable with the answer, and the status that it should have.
    pub(super) answer: String,
    pub(super) status: u16,
    /// How the answer shows the document.
    pub(super) view: Option<View>,
    /// The document before.
    pub(super) stored: Option<Stored>,
    /// What was sent.
    pub(super) body: Option<Value>,
}

/// A comment on what a test leaves out.
pub(super) fn not_tested(said: &str) -> String {
    format!("Not tested here: {said}")
}

/// How an operation shows its document.
pub(super) fn view_of(behaviour: &Behaviour) -> Option<View> {
    match behaviour {
        Behaviour::Read(view) => Some(view.clone()),
        Behaviour::Create { view, .. } | Behaviour::Replace { view, .. } | Behaviour::Patch { view, .. } => {
            view.clone()
        }
        Behaviour::Delete(view) => view.clone(),
        Behaviour::Transition(transition) => transition.view.clone(),
        _ => None,
    }
}

/// Whether a value is compared as a whole: a text that is not long, a number, a truth value.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().count() <= 40,
        value => value.is_number() || value.is_boolean(),
    }
}

impl Outcome<'_> {
    /// A property of the document in the answer.
    fn shown(&self, property: &str) -> Option<Shown> {
        let view = self.view.as_ref().filter(|view| shows(view, property))?;
        let known = self.resource.resource.shape.property(property)?;
        let way = view.envelope.iter().cloned().chain([property.to_owned()]);
        (!known.write_only).then(|| Shown { answer: self.answer.clone(), status: self.status, way: way.collect() })
    }

    /// The variable with the document's key.
    pub(super) fn key(&self, script: &mut Script) -> Option<String> {
        if let Some(stored) = &self.stored {
            return Some(stored.key.clone());
        }
        let key = format!("{}_id", self.resource.resource.singular);
        if !script.names.contains(&key) {
            let shown = self.shown(&self.resource.resource.key)?;
            script.names.push(key.clone());
            script.push(Line::Take(key.clone(), shown));
        }
        Some(key)
    }
}

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// The test of an operation.
    pub(super) fn call(&self, code: &'s OperationCode<'a>) -> Result<(Script, Vec<Left>), Left> {
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        if !self.samples.can_authenticate(code) {
            return Err(left(said, "its credentials do not travel in headers"));
        }
        match &code.behaviour {
            Behaviour::Auth(step) => self.session(code, step),
            Behaviour::List(list) => self.list(code, list),
            Behaviour::Unknown => Err(left(said, format!("what {} does is left to a person", code.operation.id))),
            _ => self.document(code, said),
        }
    }

    fn document(&self, code: &'s OperationCode<'a>, said: &str) -> Result<(Script, Vec<Left>), Left> {
        let mut script = Script::default();
        let mut outcome = self.act(&mut script, code, said)?;
        let then = Steps::words(&self.steps.then);
        let caller = self.caller();
        if caller == Caller::Nobody {
            outcome.status = 401;
            outcome.view = None;
        }
        if words::status(&then).is_none() {
            script.push(Line::Status(outcome.answer.clone(), outcome.status));
        }
        let check =
            |script: &mut Script, clause: &str, open: &mut Vec<Left>| self.check(script, &outcome, clause, open);
        let open = self.checked(&mut script, (&outcome.answer, outcome.status), check)?;
        Ok((script, open))
    }

    /// Goes through what "Then" says, one thing after the other; an error where nothing of it can be checked.
    pub(super) fn checked(
        &self,
        script: &mut Script,
        (answer, status): (&str, u16),
        check: impl Fn(&mut Script, &str, &mut Vec<Left>) -> Result<(), String>,
    ) -> Result<Vec<Left>, Left> {
        let (mut open, mut any) = (Vec::new(), false);
        for (kind, said) in &self.steps.then {
            script.push(Line::Told(words::told(*kind, said)));
            if words::status(said) == Some(status) {
                script.push(Line::Status(answer.to_owned(), status));
            }
            for clause in words::clauses(said) {
                let before = open.len();
                match check(script, &clause, &mut open) {
                    Ok(()) => any = true,
                    Err(why) => open.push(left(&clause, why)),
                }
                script.lines.extend(open[before..].iter().map(|one| Line::Told(not_tested(&one.said))));
            }
        }
        match open.first() {
            Some(first) if !any => Err(first.clone()),
            None if !any => Err(left(&self.scenario.title, "nothing stands under Then")),
            _ => Ok(open),
        }
    }

    /// Sets the world up and sends the request.
    pub(super) fn act(
        &self,
        script: &mut Script,
        code: &'s OperationCode<'a>,
        said: &str,
    ) -> Result<Outcome<'s>, Left> {
        let resource = self.resource(code, said)?;
        let nouns = words::nouns(self.samples.service.api, &resource.resource);
        let states = self.states(resource);
        let known: Vec<&str> = states.iter().flat_map(|(_, states)| states).map(String::as_str).collect();
        self.world(&nouns, &known)?;
        self.told(script, &self.steps.given);
        let creates = matches!(code.behaviour, Behaviour::Create { .. });
        let stored = if creates { None } else { Some(self.stored(script, code, said)?) };
        if let Some(stored) = &stored {
            self.reach(script, resource, stored)?;
        }
        let sagas = creates && says(&Steps::words(&self.steps.then), &["saga"]);
        let copies = self.body(code, 1).flatten().filter(|_| sagas);
        let copies = copies.and_then(|body| self.copies(code, Some(&body)).ok());
        for (wire, message) in copies.into_iter().flatten() {
            script.push(self.delivery(wire, message));
        }
        self.told(script, &self.steps.when);
        let unknown = || left(said, format!("no request to {} is known that the contract admits", code.operation.id));
        let body = self.change(code).ok_or_else(unknown)?;
        let url = match &stored {
            Some(stored) => self.item(code, &resource.resource, &stored.key),
            None => self.url(code),
        };
        let answer = self.request(script, code, url, body.clone(), self.caller());
        let view = view_of(&code.behaviour);
        Ok(Outcome { code, resource, nouns, states, answer, status: code.success, view, stored, body })
    }

    /// What is sent: for a change, something else than what is stored.
    pub(super) fn change(&self, code: &OperationCode<'_>) -> Option<Option<Value>> {
        match &code.behaviour {
            Behaviour::Replace { .. } => self.body(code, 1).and_then(|_| self.samples.changed(code)).map(Some),
            Behaviour::Patch { .. } => {
                let (name, value) = self.samples.patch(code)?;
                let body = serde_json::json!({ name.clone(): value.clone() });
                let value = self.other(code, &body, &name, &value, 2).unwrap_or(value);
                Some(Some(serde_json::json!({ name: value })))
            }
            _ => self.body(code, 1),
        }
    }

    /// The property that transitions of a resource change, and its values.
    fn states(&self, resource: &ResourceCode) -> Option<(String, Vec<String>)> {
        let property = self.transitions(resource).first().map(|(_, one)| one.property.clone());
        let named = resource.resource.shape.properties.iter().find(|one| match &property {
            Some(property) => one.name == *property,
            None => ["status", "state"].contains(&one.name.as_str()),
        })?;
        let choices = crate::generate::code::shape::choices(self.samples.schemas, named.schema)?;
        Some((named.name.clone(), choices.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
    }

    /// Brings a document into the state that "Given" names, where it is not in that from the beginning.
    fn reach(&self, script: &mut Script, resource: &ResourceCode, stored: &Stored) -> Result<(), Left> {
        let given = Steps::words(&self.steps.given);
        let Some((property, states)) = self.states(resource) else { return Ok(()) };
        let named: Vec<&String> = states.iter().filter(|state| says(&given, &[&state.to_lowercase()])).collect();
        let create = self.that(resource, |behaviour| matches!(behaviour, Behaviour::Create { .. }));
        let initial = create.and_then(|create| self.samples.initial(create, &property));
        let (Some(first), Some(initial)) = (named.first(), initial) else { return Ok(()) };
        if named.iter().any(|state| **state == initial) {
            return Ok(());
        }
        let moves = self.transitions(resource);
        let step = moves.iter().find(|(_, one)| one.to == **first && one.from.contains(&initial));
        let said = self.steps.given.first().map_or("", |(_, text)| *text);
        let way = step.and_then(|(code, _)| Some((*code, self.body(code, 1)?)));
        let (code, body) = way.ok_or_else(|| left(said, format!("no single operation leads to `{first}`")))?;
        let url = self.item(code, &resource.resource, &stored.key);
        let answer = self.request(script, code, url, body, Caller::Tester);
        script.push(Line::Status(answer, code.success));
        Ok(())
    }

    /// Checks one thing; an error says why it is not.
    fn check(
        &self,
        script: &mut Script,
        outcome: &Outcome<'_>,
        clause: &str,
        open: &mut Vec<Left>,
    ) -> Result<(), String> {
        let text = words::plain(clause);
        if let Some(status) = words::status(clause) {
            if status != outcome.status {
                return Err(format!("this request is answered with {}", outcome.status));
            }
            if let Some((_, tail)) = text.split_once(" with ")
                && let Err(why) = self.holds(script, outcome, &format!(" {tail}"))
            {
                open.push(left(tail, why));
            }
            return Ok(());
        }
        if outcome.status == 401 {
            return Err("a request without credentials does nothing".to_owned());
        }
        if let Some(done) = self.published(script, outcome, &text) {
            return done;
        }
        if says(&text, &["saga"]) {
            return self.saga(script, outcome, &text);
        }
        let kept = says(&text, &["stored", "kept", "exists", "saved", "created"]) && about(&text, &outcome.nouns);
        let state = self.in_state(script, outcome, &text);
        if kept {
            return self.read(script, outcome).and(state.unwrap_or(Ok(())));
        }
        if let Some(state) = state {
            return state;
        }
        let gone =
            ["cannot be read any more", "cannot be read", "can no longer be read", "is gone", "no longer exists"];
        if says(&text, &gone) && matches!(outcome.code.behaviour, Behaviour::Delete(_)) {
            return self.gone(script, outcome);
        }
        let told = text.trim_start();
        let told = told.split_once("the answer holds ").or(told.split_once("it holds ")).map_or(told, |(_, rest)| rest);
        self.holds(script, outcome, &format!(" {told}"))
    }

    /// Checks that the answer shows something.
    fn holds(&self, script: &mut Script, outcome: &Outcome<'_>, text: &str) -> Result<(), String> {
        let resource = &outcome.resource.resource;
        let hidden = || "the answer does not show it".to_owned();
        if says(text, &["identifier", "id", "key"]) {
            script.push(Line::Present(outcome.shown(&resource.key).ok_or_else(hidden)?));
            return Ok(());
        }
        let named = resource.shape.properties.iter().filter(|one| one.required && !one.write_only);
        let named = named.map(|one| &one.name).find(|name| says(text, &[&names::words(name).replace('_', " ")]));
        if let Some(name) = named.filter(|_| !names_one(text, &outcome.nouns)) {
            script.push(Line::Present(outcome.shown(name).ok_or_else(hidden)?));
            return Ok(());
        }
        if !(names_one(text, &outcome.nouns) || says(text, &["it"])) || says(text, &["what", "which", "its"]) {
            return Err(NO_CHECK.to_owned());
        }
        let shown = outcome.shown(&resource.key).ok_or_else(hidden)?;
        let changes = matches!(outcome.code.behaviour, Behaviour::Replace { .. } | Behaviour::Patch { .. });
        if !changes {
            let key = outcome.key(script).ok_or_else(hidden)?;
            script.push(Line::Equal(shown, Term::Variable(key)));
            return Ok(());
        }
        for (name, value) in outcome.body.iter().filter_map(Value::as_object).flatten() {
            if let Some(shown) = outcome.shown(name).filter(|_| is_plain(value)) {
                script.push(Line::Equal(shown, Term::Constant(value.clone())));
            }
        }
        if says(text, &["stored", "kept"]) { self.read(script, outcome) } else { Ok(()) }
    }

    /// Reads the document and compares it with what the answer showed.
    fn read(&self, script: &mut Script, outcome: &Outcome<'_>) -> Result<(), String> {
        let found = self.fetched(script, outcome)?;
        let resource = &outcome.resource.resource;
        let sent = outcome.body.iter().filter_map(Value::as_object).flatten();
        let shown: Vec<(Shown, Term)> = sent
            .filter(|(_, value)| is_plain(value))
            .filter_map(|(name, value)| Some((found.shown(name)?, Term::Constant(value.clone()))))
            .collect();
        if shown.is_empty() {
            let key = found.key(script).ok_or_else(|| NO_CHECK.to_owned())?;
            let shown = found.shown(&resource.key).ok_or_else(|| NO_CHECK.to_owned())?;
            script.push(Line::Equal(shown, Term::Variable(key)));
        }
        script.lines.extend(shown.into_iter().map(|(shown, value)| Line::Equal(shown, value)));
        Ok(())
    }

    /// The document as it is read now.
    fn fetched<'o>(&self, script: &mut Script, outcome: &Outcome<'o>) -> Result<Outcome<'o>, String>
    where
        's: 'o,
        'a: 'o,
    {
        let resource = outcome.resource;
        let read = self.that(resource, |behaviour| matches!(behaviour, Behaviour::Read(_)));
        let read = read.ok_or_else(|| "no operation reads one document".to_owned())?;
        let key = outcome.key(script).ok_or_else(|| "the answer does not show the key".to_owned())?;
        let answer = script.name("found");
        let url = self.item(read, &resource.resource, &key);
        let caller = Caller::Tester;
        script.push(Line::Send(super::Request {
            answer: answer.clone(),
            method: "GET".to_owned(),
            url,
            body: None,
            media_type: None,
            caller,
        }));
        script.push(Line::Status(answer.clone(), read.success));
        Ok(Outcome {
            code: read,
            resource,
            nouns: outcome.nouns.clone(),
            states: outcome.states.clone(),
            answer,
            status: read.success,
            view: view_of(&read.behaviour),
            stored: outcome.stored.clone(),
            body: outcome.body.clone(),
        })
    }

    /// Checks that the document cannot be read any more.
    fn gone(&self, script: &mut Script, outcome: &Outcome<'_>) -> Result<(), String> {
        self.fetched(script, outcome)?;
        if let Some(Line::Status(_, status)) = script.lines.last_mut() {
            *status = 404;
        }
        Ok(())
    }

    /// Checks the state of the document, where the text names one.
    fn in_state(&self, script: &mut Script, outcome: &Outcome<'_>, text: &str) -> Option<Result<(), String>> {
        let (property, states) = outcome.states.as_ref()?;
        let state = states.iter().find(|state| says(text, &[&state.to_lowercase()]))?;
        if !(about(text, &outcome.nouns) || says(text, &["status", "state"])) {
            return None;
        }
        let expected = match &outcome.code.behaviour {
            Behaviour::Transition(transition) => Some(transition.to.clone()),
            Behaviour::Create { .. } => self.samples.initial(outcome.code, property),
            _ => None,
        };
        if expected.as_ref() != Some(state) {
            return Some(Err(match expected {
                Some(other) => format!("by the contract it is `{other}`"),
                None => "the contract does not say that the operation leads there".to_owned(),
            }));
        }
        let shown = outcome.shown(property).map(Ok);
        let shown = shown.unwrap_or_else(|| {
            let found = self.fetched(script, outcome)?;
            found.shown(property).ok_or_else(|| "no answer shows the state".to_owned())
        });
        Some(shown.map(|shown| script.push(Line::Equal(shown, Term::Constant(state.as_str().into())))))
    }

    /// Checks that an event is published, where the text names one.
    pub(super) fn published(
        &self,
        script: &mut Script,
        outcome: &Outcome<'_>,
        text: &str,
    ) -> Option<Result<(), String>> {
        let events = &self.samples.service.events;
        let wire = events.wires.iter().position(|wire| says(text, &[&wire.name.to_lowercase()]))?;
        let own = |trigger: &&crate::generate::code::events::Trigger| {
            trigger.wire == wire && trigger.operation == outcome.code.operation.id
        };
        let Some(trigger) = events.triggers.iter().find(own) else {
            return Some(Err(
                "no handler publishes it by itself, as its Trigger does not name this operation".to_owned()
            ));
        };
        if says(text, &["no", "not", "never", "nothing"]) {
            return Some(Err(NO_CHECK.to_owned()));
        }
        let key = &outcome.resource.resource.key;
        let mut data = Vec::new();
        for datum in trigger.data.iter().filter(|datum| datum.always) {
            if datum.property == *key {
                let Some(key) = outcome.key(script) else { continue };
                data.insert(0, (datum.name.clone(), Term::Variable(key)));
            } else if let Some(shown) = outcome.shown(&datum.property) {
                data.push((datum.name.clone(), Term::Shown(shown)));
            }
        }
        let known = trigger.data.iter().any(|datum| datum.property == *key);
        if !known || data.is_empty() {
            return Some(Err("its data does not tell which document it is of".to_owned()));
        }
        script.push(Line::Published(wire, data));
        Some(Ok(()))
    }
}
