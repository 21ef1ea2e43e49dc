//! What happens in a scenario: an operation or an event that "When" names, or the only operation that its verb can mean.

use crate::generate::code::behaviour::{AuthStep, Behaviour};
use crate::generate::code::events::Effect;
use crate::generate::code::names;
use crate::generate::code::service::OperationCode;

use super::words::{self, Steps, says};
use super::{Left, Teller, left};

/// What happens.
#[derive(Clone, Copy)]
pub(super) enum Action<'t> {
    /// A request to this operation.
    Call(&'t OperationCode<'t>),
    /// A consumed event arrives: index of its subscription.
    Event(usize),
    /// One that was handled arrives again.
    Repeat(usize),
}

/// Verbs that stand for an operation wherever it is the only one of its kind.
const VERBS: [(&str, &[&str]); 4] = [
    ("create", &["creates"]),
    ("delete", &["deletes", "removes"]),
    ("replace", &["replaces"]),
    ("patch", &["patches"]),
];
/// The same for accounts and tokens.
const ROLES: [(&str, &[&str]); 5] = [
    ("register", &["registers", "signs up"]),
    ("login", &["logs in", "signs in"]),
    ("refresh", &["refreshes"]),
    ("validate", &["validates"]),
    ("logout", &["logs out", "signs out"]),
];

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// What happens: one thing, or each of several operations that are named.
    pub(super) fn actions(&self) -> Result<Vec<Action<'s>>, Left> {
        let service = self.samples.service;
        let Some((_, said)) = self.steps.when.first() else {
            return Err(left(&self.scenario.title, "nothing stands under When"));
        };
        let (mut named, mut events) = (Vec::new(), Vec::new());
        for (_, text) in &self.steps.when {
            let (found, unknown) = words::operations(text, service.api);
            if let Some(unknown) = unknown.first() {
                return Err(left(text, format!("the contract has no operation `{unknown}`")));
            }
            named.extend(found);
            events.extend(self.consumed(text));
        }
        if !named.is_empty() && events.is_empty() {
            let mut actions = Vec::new();
            for operation in named {
                let code = service.operations.iter().find(|code| std::ptr::eq(code.operation, operation));
                let code = code.ok_or_else(|| left(said, "the run time answers it, and no handler"))?;
                actions.push(Action::Call(code));
            }
            return Ok(actions);
        }
        let when = Steps::words(&self.steps.when);
        let again = says(&when, &["again", "twice", "second time", "once more"]);
        match events.as_slice() {
            [one] if named.is_empty() => {
                return Ok(vec![if again { Action::Repeat(*one) } else { Action::Event(*one) }]);
            }
            [] => {}
            _ => return Err(left(said, "it names more than one thing that happens")),
        }
        let given = Steps::words(&self.steps.given);
        let handled = says(&given, &["handled already", "was handled", "already handled", "been handled"]);
        if again && handled {
            return self.handled().map(|at| vec![Action::Repeat(at)]);
        }
        self.meant(&when).map(|code| vec![Action::Call(code)]).ok_or_else(|| {
            left(
                said,
                "it names no operation of the contract (by method and path, or by id), and no event that is consumed",
            )
        })
    }

    /// The consumed events that a text names.
    pub(super) fn consumed(&self, text: &str) -> Vec<usize> {
        let events = &self.samples.service.events;
        let plain = words::plain(text);
        let named = |at: &usize| says(&plain, &[&events.wires[events.subscriptions[*at].wire].name.to_lowercase()]);
        (0..events.subscriptions.len()).filter(named).collect()
    }

    /// The event that was handled before: the one that "Given" names, or else the first whose handling can be seen.
    fn handled(&self) -> Result<usize, Left> {
        let given: Vec<usize> = self.steps.given.iter().flat_map(|(_, text)| self.consumed(text)).collect();
        let subscriptions = &self.samples.service.events.subscriptions;
        let seen = || subscriptions.iter().position(|one| matches!(one.effect, Effect::Record(_)));
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        given.first().copied().or_else(seen).ok_or_else(|| left(said, "no event stores anything that can be seen"))
    }

    /// The only operation that the verbs of a text can mean.
    fn meant(&self, when: &str) -> Option<&'s OperationCode<'a>> {
        let service = self.samples.service;
        let means = |code: &OperationCode<'_>| {
            let kind = code.behaviour.name();
            let known = match &code.behaviour {
                Behaviour::Auth(_) => ROLES.iter().find(|(name, _)| *name == kind),
                _ => VERBS.iter().find(|(name, _)| *name == kind),
            };
            if let Behaviour::Transition(_) = code.behaviour {
                let verb = names::words(code.path.rsplit('/').next().unwrap_or_default()).replace('_', " ");
                return says(when, &[&format!("{verb}s"), &format!("{verb}es")]);
            }
            known.is_some_and(|(_, verbs)| says(when, verbs))
        };
        // A text that has the words of two operations means one of them, and who knows which.
        if says(when, &["or"]) {
            return None;
        }
        let mut found = service.operations.iter().filter(|code| means(code));
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether an operation is one of accounts and tokens.
    pub(super) fn auth<'c>(code: &'c OperationCode<'_>) -> Option<&'c AuthStep> {
        match &code.behaviour {
            Behaviour::Auth(step) => Some(step),
            _ => None,
        }
    }
}
