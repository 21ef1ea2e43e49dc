//! Tests of what a spec's scenarios say. A scenario becomes a list of lines that every language can write: requests,
//! messages, and checks of what came of them. What cannot be set up or checked by what the contract and the spec tell is
//! named with the reason, and never guessed.

mod action;
mod bodies;
mod checks;
mod consumed;
mod list;
mod needs;
mod saga;
mod session;
mod setup;
mod variants;
mod words;

use serde::Serialize;
use serde_json::Value;

use crate::generate::code::service::ServiceCode;
use crate::model::{Scenario, Schemas};

use super::Samples;
use action::Action;
pub(crate) use bodies::{NamedBody, bodies};
pub(crate) use needs::ScenarioTests;
use words::Steps;

/// The longest name of a test, in bytes.
const LONGEST_NAME: usize = 60;

/// Words before the names of variables that are taken.
const ORDINALS: [&str; 4] = ["second", "third", "fourth", "fifth"];

/// What becomes of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct ScenarioPlan {
    /// Its priority; empty where it has none.
    pub(crate) priority: String,
    /// Its title.
    pub(crate) title: String,
    /// Its tests: the first one is what it says, the others are what "Or" says.
    pub(crate) cases: Vec<ScenarioCase>,
    /// What is not tested.
    pub(crate) left: Vec<Left>,
}

/// Something that a scenario says and no test checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The words.
    pub said: String,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioCase {
    /// What it is called, in words.
    pub(crate) title: String,
    /// What it does.
    pub(crate) lines: Vec<Line>,
}

impl ScenarioCase {
    /// The words that its test is named by.
    pub(crate) fn name(&self) -> String {
        let mut name = String::new();
        for word in self.title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if name.len() + word.len() >= LONGEST_NAME && !name.is_empty() {
                break;
            }
            name = format!("{name} {word}");
        }
        name
    }
}

/// Who sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody who may do everything.
    Tester,
    /// Somebody without credentials.
    Nobody,
    /// Who has the token in this variable.
    Bearer(String),
    /// Who has the token in this variable with something behind it that its signature does not cover.
    Forger(String),
}

/// A place in the JSON of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The variable that holds the answer.
    pub(crate) answer: String,
    /// Its status.
    pub(crate) status: u16,
    /// The properties that lead there.
    pub(crate) way: Vec<String>,
}

/// A value that is sent or expected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Term {
    /// A constant.
    Constant(Value),
    /// A whole body or message that may be sent more than once, and what it is called.
    Body(String, Value),
    /// A text that was taken from an answer.
    Variable(String),
    /// What an answer shows.
    Shown(Shown),
    /// An object of such values.
    Object(Vec<(String, Term)>),
}

/// One thing that a test does. Names of variables are in snake case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// A step, as the spec has it.
    Told(String),
    /// Sends a request.
    Send(Request),
    /// An answer has a status.
    Status(String, u16),
    /// Keeps a text of an answer in a variable.
    Take(String, Shown),
    /// An answer shows a value.
    Equal(Shown, Term),
    /// An answer shows anything but null.
    Present(Shown),
    /// The items of a list in an answer have these values of a property, in this order.
    Values(Shown, String, Vec<Term>),
    /// Two answers have the same content.
    Same(String, String),
    /// Two variables differ.
    Different(String, String),
    /// An event arrives and is handled: index in `Events::wires`, and the message.
    Deliver(usize, Term),
    /// An event is published once with this data, of which the first entry identifies it: index in `Events::wires`.
    Published(usize, Vec<(String, Term)>),
    /// After a while, a document that is read at this URL shows a text: by a variable for the answer, the status, the way.
    Becomes(String, Shown, String),
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    /// The variable that gets the answer.
    pub(crate) answer: String,
    /// The method in capital letters.
    pub(crate) method: String,
    /// The URL, with `{variables}`.
    pub(crate) url: String,
    /// The JSON body.
    pub(crate) body: Option<Term>,
    /// Its media type, where it is not `application/json`.
    pub(crate) media_type: Option<String>,
    /// Who sends it.
    pub(crate) caller: Caller,
}

/// The lines of a test as they are found, with the names that are taken.
#[derive(Clone, Debug, Default)]
struct Script {
    lines: Vec<Line>,
    names: Vec<String>,
}

impl Script {
    /// A name that no variable has.
    fn name(&mut self, wanted: &str) -> String {
        let told = ORDINALS.iter().map(|ordinal| format!("{ordinal}_{wanted}"));
        let numbered = (6..).map(|number| format!("{wanted}_{number}"));
        let mut all = std::iter::once(wanted.to_owned()).chain(told).chain(numbered);
        let free = all.find(|name| !self.names.contains(name));
        let name = free.unwrap_or_default();
        self.names.push(name.clone());
        name
    }

    fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The lines without variables that nothing uses.
    fn finish(self) -> Vec<Line> {
        let used: Vec<String> = self.lines.iter().flat_map(uses).collect();
        let needed = |line: &Line| !matches!(line, Line::Take(name, _) if !used.contains(name));
        self.lines.into_iter().filter(needed).collect()
    }
}

/// The variables with texts that a line uses.
fn uses(line: &Line) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending: Vec<&Term> = Vec::new();
    match line {
        Line::Send(request) => {
            found.extend(placeholders(&request.url));
            pending.extend(&request.body);
            if let Caller::Bearer(name) | Caller::Forger(name) = &request.caller {
                found.push(name.clone());
            }
        }
        Line::Equal(_, term) => pending.push(term),
        Line::Values(_, _, terms) => pending.extend(terms),
        Line::Different(first, second) => found.extend([first.clone(), second.clone()]),
        Line::Published(_, data) => pending.extend(data.iter().map(|(_, term)| term)),
        Line::Becomes(url, ..) => found.extend(placeholders(url)),
        Line::Deliver(_, message) => pending.push(message),
        Line::Told(_) | Line::Status(..) | Line::Take(..) | Line::Present(_) | Line::Same(..) => {}
    }
    while let Some(term) = pending.pop() {
        match term {
            Term::Variable(name) => found.push(name.clone()),
            Term::Object(entries) => pending.extend(entries.iter().map(|(_, term)| term)),
            Term::Constant(_) | Term::Body(..) | Term::Shown(_) => {}
        }
    }
    found
}

/// The variables in a URL.
fn placeholders(url: &str) -> Vec<String> {
    url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect()
}

/// What is known of a scenario while its tests are written.
struct Teller<'s, 'a, 'b> {
    samples: &'s Samples<'a, 'b>,
    scenario: &'s Scenario,
    steps: Steps<'s>,
}

fn left(said: &str, why: impl Into<String>) -> Left {
    Left { said: said.split_whitespace().collect::<Vec<_>>().join(" "), why: why.into() }
}

/// The tests of a service's scenarios, in the order of its spec.
pub(crate) fn plans(schemas: &Schemas, service: &ServiceCode<'_>) -> Vec<ScenarioPlan> {
    let samples = Samples::new(schemas, service);
    let scenarios = service.service.spec.iter().flat_map(|spec| &spec.scenarios);
    scenarios.map(|scenario| samples.scenario(scenario)).collect()
}

impl Samples<'_, '_> {
    /// What becomes of one scenario.
    fn scenario(&self, scenario: &Scenario) -> ScenarioPlan {
        let teller = Teller { samples: self, scenario, steps: Steps::of(scenario) };
        let (mut cases, mut open) = (Vec::new(), Vec::new());
        match teller.actions() {
            Ok(actions) => {
                for action in &actions {
                    match teller.tell(action, actions.len() > 1) {
                        Ok((found, more)) => {
                            cases.extend(found);
                            open.extend(more);
                        }
                        Err(why) => open.push(why),
                    }
                }
            }
            Err(why) => open.push(why),
        }
        let mut once: Vec<Left> = Vec::new();
        for one in open {
            if !once.contains(&one) {
                once.push(one);
            }
        }
        ScenarioPlan { priority: scenario.priority.clone(), title: scenario.title.clone(), cases, left: once }
    }
}

impl Teller<'_, '_, '_> {
    /// The tests of one action; an error where it cannot be set up, or nothing of what it leads to can be checked.
    fn tell(&self, action: &Action<'_>, one_of_many: bool) -> Result<(Vec<ScenarioCase>, Vec<Left>), Left> {
        let suffix = match action {
            Action::Call(code) if one_of_many => format!(" by {}", code.operation.id),
            _ => String::new(),
        };
        let title = format!("{}{suffix}", self.scenario.title);
        let (script, mut open) = match action {
            Action::Call(code) => self.call(code)?,
            Action::Event(at) => self.event(*at, false)?,
            Action::Repeat(at) => self.event(*at, true)?,
        };
        let mut cases = vec![ScenarioCase { title: title.clone(), lines: script.finish() }];
        for (_, said) in &self.steps.or {
            let Action::Call(code) = action else {
                open.push(left(said, "what happens instead cannot be set up"));
                continue;
            };
            let (found, more) = self.variant(code, said);
            let named = |(label, script): (String, Script)| ScenarioCase {
                title: format!("{title} {label}"),
                lines: script.finish(),
            };
            cases.extend(found.into_iter().map(named));
            open.extend(more);
        }
        Ok((cases, open))
    }

    /// The comments of some steps.
    fn told(&self, script: &mut Script, steps: &[(crate::model::StepKind, &str)]) {
        for (kind, text) in steps {
            script.push(Line::Told(words::told(*kind, text)));
        }
    }
}
