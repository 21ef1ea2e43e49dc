//! What may be so instead: "Or the answer is 404 if there is none with this identifier".

use serde_json::{Value, json};

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::names;
use crate::generate::code::service::OperationCode;
use crate::model::StepKind;

use super::words::{self, says};
use super::{Caller, Left, Line, Script, Teller, left};

/// Words that say that there is nothing of an identifier.
const NONE: [&str; 7] = ["none", "no such", "unknown", "does not exist", "not found", "nothing", "not there"];
/// Words that say that something has a value already.
const TAKEN: [&str; 6] = ["another", "already", "other", "taken", "second", "exists"];
/// Words that say that something was done already.
const DONE: [&str; 4] = ["before", "already", "again", "twice"];

/// The tests of an alternative, each with a label that tells it from others.
type Variants = (Vec<(String, Script)>, Vec<Left>);

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// The tests of one alternative, as far as its cause can be set up.
    pub(super) fn variant(&self, code: &'s OperationCode<'a>, said: &str) -> Variants {
        let Some(status) = words::status(said) else {
            return (Vec::new(), vec![left(said, "it names no status")]);
        };
        if let Some(step) = Self::auth(code) {
            return self.session_variant(code, step, said, status);
        }
        match self.refusal(code, said, status) {
            Ok(found) => (vec![found], Vec::new()),
            Err(why) => (Vec::new(), vec![left(said, why)]),
        }
    }

    fn refusal(&self, code: &'s OperationCode<'a>, said: &str, status: u16) -> Result<(String, Script), String> {
        let text = words::plain(said);
        let why = |left: Left| left.why;
        if status == 404 && says(&text, &NONE) {
            let sent = self.samples.request(code).filter(|sent| sent.headers.is_empty());
            let sent = sent.ok_or_else(|| "no request is known that the contract admits".to_owned())?;
            let mut script = Script::default();
            self.told(&mut script, &self.steps.when);
            let answer = self.request(&mut script, code, sent.url, sent.body, Caller::Tester);
            return Ok(("of what is not there".to_owned(), self.refused(script, said, answer, status)));
        }
        if status == 401 && says(&text, &["token", "credentials", "signed in", "logged in"]) && !code.is_public() {
            let mut script = Script::default();
            let sent = self.samples.request(code).filter(|sent| sent.headers.is_empty());
            let sent = sent.ok_or_else(|| "no request is known that the contract admits".to_owned())?;
            self.told(&mut script, &self.steps.when);
            let answer = self.request(&mut script, code, sent.url, sent.body, Caller::Nobody);
            return Ok(("without a token".to_owned(), self.refused(script, said, answer, status)));
        }
        if let Behaviour::Transition(transition) = &code.behaviour
            && (says(&text, &DONE) || says(&text, &[&transition.to.to_lowercase()]))
        {
            if transition.repeatable || transition.refusal != status {
                return Err("a second call is answered otherwise by the contract".to_owned());
            }
            let mut script = Script::default();
            let outcome = self.act(&mut script, code, said).map_err(why)?;
            script.push(Line::Status(outcome.answer, code.success));
            let stored = outcome.stored.ok_or_else(|| "nothing is stored".to_owned())?;
            let url = self.item(code, &outcome.resource.resource, &stored.key);
            script.push(Line::Told(words::told(StepKind::Or, said)));
            let answer = self.request(&mut script, code, url, outcome.body, Caller::Tester);
            script.push(Line::Status(answer, status));
            return Ok(("a second time".to_owned(), script));
        }
        if status == 409 && says(&text, &TAKEN) {
            return self.taken(code, said, &text);
        }
        Err("what leads to it cannot be set up by what the contract tells".to_owned())
    }

    fn refused(&self, mut script: Script, said: &str, answer: String, status: u16) -> Script {
        script.push(Line::Told(words::told(StepKind::Or, said)));
        script.push(Line::Status(answer, status));
        script
    }

    /// A value that another document has already.
    fn taken(&self, code: &'s OperationCode<'a>, said: &str, text: &str) -> Result<(String, Script), String> {
        let why = |left: Left| left.why;
        let unknown = || "no two documents are known that the contract admits".to_owned();
        let resource = self.resource(code, said).map_err(why)?;
        let of = &resource.resource;
        let named = |name: &&String| says(text, &[&names::words(name).replace('_', " ")]);
        let property =
            of.unique.iter().find(named).ok_or("the contract does not say that it is unique (`x-unique`)")?;
        let create = self.that(resource, |one| matches!(one, Behaviour::Create { .. })).ok_or_else(unknown)?;
        let first = self.body(create, 1).flatten().ok_or_else(unknown)?;
        let value = first.get(property).cloned().ok_or_else(unknown)?;
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        self.store(&mut script, create, of, Some(first.clone())).ok_or_else(unknown)?;
        let (url, body) = if matches!(code.behaviour, Behaviour::Create { .. }) {
            (self.url(code), first)
        } else {
            let second = self.body(create, 2).flatten().ok_or_else(unknown)?;
            let stored = self.store(&mut script, create, of, Some(second)).ok_or_else(unknown)?;
            let mut body = match &code.behaviour {
                Behaviour::Replace { .. } => self.change(code).flatten().ok_or_else(unknown)?,
                Behaviour::Patch { .. } => json!({}),
                _ => return Err("the operation does not change it".to_owned()),
            };
            body[property.as_str()] = value;
            (self.item(code, of, &stored.key), body)
        };
        if !self.admits(code, &body) {
            return Err(unknown());
        }
        self.told(&mut script, &self.steps.when);
        let answer = self.request(&mut script, code, url, Some(body), Caller::Tester);
        Ok(("where another has it".to_owned(), self.refused(script, said, answer, 409)))
    }

    /// Whether the contract admits a body.
    fn admits(&self, code: &OperationCode<'_>, body: &Value) -> bool {
        let definition = code.body.as_ref().and_then(|one| one.content.first()).and_then(|(_, name)| name.as_ref());
        definition.is_some_and(|definition| self.samples.accepts(definition, body))
    }
}
