//! What a saga makes of the document that began it.

use serde_json::Value;

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::clients::Failure;
use crate::generate::code::events::Effect;
use crate::generate::code::names;
use crate::generate::code::sagas::{Callee, SagaPlan};
use crate::generate::code::service::OperationCode;

use super::checks::{Outcome, view_of};
use super::setup::shows;
use super::words::says;
use super::{Line, Script, Shown, Teller};

impl<'s> Teller<'s, '_, '_> {
    /// The saga that an operation begins.
    fn begun(&self, code: &OperationCode<'_>) -> Option<&'s SagaPlan> {
        self.samples.service.sagas.iter().find(|saga| saga.begun_by == code.operation.id)
    }

    /// The events that make the local copies which the steps of a saga fall back on: nobody answers its calls in a test.
    pub(super) fn copies(&self, code: &OperationCode<'_>, body: Option<&Value>) -> Result<Vec<(usize, Value)>, String> {
        let service = self.samples.service;
        let saga = self.begun(code).ok_or("no saga that is run begins with this operation")?;
        let mut found = Vec::new();
        for call in saga.steps.iter().filter_map(|step| step.act.as_ref()) {
            let Callee::Upstream(client, at) = call.callee else { continue };
            let unanswered = || "a step calls another service, which no test of this one answers".to_owned();
            let Failure::Copy(copied) = &service.clients[client].calls[at].call.failure else {
                return Err(unanswered());
            };
            let from = call.parameters.iter().find(|(name, _)| *name == copied.parameter).map(|(_, from)| from);
            let from = from.filter(|from| from.step == 0).ok_or_else(unanswered)?;
            let value = body.and_then(|body| body.get(&from.property)).ok_or_else(unanswered)?;
            let puts = |effect: Effect| effect == Effect::Put(copied.projection);
            let put = service.events.subscriptions.iter().find(|one| puts(one.effect)).ok_or_else(unanswered)?;
            let mut message = self.message(put.wire, super::consumed::MESSAGES[0]).ok_or_else(unanswered)?;
            message["data"][&service.events.projections[copied.projection].key] = value.clone();
            if !self.admits_message(put.wire, &message) {
                return Err(unanswered());
            }
            found.push((put.wire, message));
        }
        Ok(found)
    }

    /// Checks the state to which a saga brings its document.
    pub(super) fn saga(&self, script: &mut Script, outcome: &Outcome<'_>, text: &str) -> Result<(), String> {
        self.copies(outcome.code, outcome.body.as_ref())?;
        let moves = self.transitions(outcome.resource);
        let mut meant = moves.iter().filter(|(code, _)| {
            let verb = names::words(code.path.rsplit('/').next().unwrap_or_default()).replace('_', " ");
            says(text, &[&verb, &format!("{verb}s"), &format!("{verb}es")])
        });
        let (Some((step, transition)), None) = (meant.next(), meant.next()) else {
            return Err("what the saga leads to is no state that one operation of the contract names".to_owned());
        };
        let saga = self.begun(outcome.code).ok_or("no saga that is run begins with this operation")?;
        let last = saga.steps.last().and_then(|last| last.act.as_ref());
        if last.map(|call| &call.callee) != Some(&Callee::Own(step.operation.id.to_string())) {
            return Err("the last step of the saga is something else".to_owned());
        }
        let read = self.that(outcome.resource, |behaviour| matches!(behaviour, Behaviour::Read(_)));
        let view = read.and_then(|read| view_of(&read.behaviour)).filter(|view| shows(view, &transition.property));
        let (Some(read), Some(view)) = (read, view) else { return Err("no operation shows the state".to_owned()) };
        let key = outcome.key(script).ok_or_else(|| "the answer does not show the key".to_owned())?;
        let way = view.envelope.iter().cloned().chain([transition.property.clone()]).collect();
        let url = self.item(read, &outcome.resource.resource, &key);
        let shown = Shown { answer: script.name("found"), status: read.success, way };
        script.push(Line::Becomes(url, shown, transition.to.clone()));
        Ok(())
    }
}
