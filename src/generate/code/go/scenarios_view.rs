//! The tests of a spec's scenarios, as Go writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{Caller, Line, NamedBody, Request, ScenarioTests, Shown, Term, bodies};
use crate::generate::code::names::{Case, Names as Scope};
use crate::model::Language;

use super::layout::{composite, indented, json as literal, string};
use super::names::Names;
use super::words::{exported, unexported};

/// The longest line of a comment.
const WIDTH: usize = 120;

/// What the template of the tests is rendered over.
pub(crate) fn view(names: &Names, tests: &ScenarioTests<'_>) -> View {
    let bodies = bodies(&tests.cases);
    let renderer = Renderer { names, bodies: &bodies };
    let mut taken = Scope::new(Language::Go);
    let scenarios = tests.cases.iter().map(|case| {
        let lines: Vec<String> = case.lines.iter().flat_map(|one| renderer.line(one)).collect();
        json!({ "name": exported(&taken.claim(&case.name(), Case::Snake)), "lines": lines })
    });
    let scenarios: Vec<View> = scenarios.collect();
    let lines = || tests.cases.iter().flat_map(|case| &case.lines);
    let calls = |caller: fn(&Request) -> bool| lines().any(|line| matches!(line, Line::Send(one) if caller(one)));
    let is_number = |term: &Term| matches!(term, Term::Constant(View::Number(_)));
    json!({
        "scenarios": scenarios,
        "bodies": bodies.iter().map(|one| format!("const {} = {}", unexported(&one.name), literal(&one.value))).collect::<Vec<_>>(),
        "published": tests.published.iter().map(|wire| renderer.event(*wire)).collect::<Vec<_>>(),
        "sees_bus": tests.sees_bus(),
        "delivers": tests.delivers,
        "waits": tests.waits,
        "lists": tests.lists,
        "bears": tests.bears,
        "sends": tests.waits || calls(|one| one.caller == Caller::Tester && one.media_type.is_none()),
        "credentials_used": calls(|one| one.caller == Caller::Tester && one.media_type.is_some()),
        "same": tests.lists || lines().any(|line| matches!(line, Line::Equal(..) | Line::Same(..))),
        "present": lines().any(|line| matches!(line, Line::Present(_))),
        "numbers": lines().any(|line| matches!(line, Line::Equal(_, term) if is_number(term)))})
}

/// The tests of one service as they are written.
struct Renderer<'r> {
    names: &'r Names,
    bodies: &'r [NamedBody],
}

impl Renderer<'_> {
    fn event(&self, wire: usize) -> String {
        format!("contract.{}", self.names.events[wire])
    }

    /// The statements of one line.
    fn line(&self, line: &Line) -> Vec<String> {
        let one = match line {
            Line::Told(text) => return comment(text),
            Line::Send(request) => return self.send(request),
            Line::Status(answer, status) => format!("{}.Expect(t, {status})", unexported(answer)),
            Line::Take(name, from) => format!("{} := {}", unexported(name), shown(from, "Text")),
            Line::Equal(from, expected) => format!("same(t, {}, {})", shown(from, "JSON"), self.term(expected)),
            Line::Present(from) => format!("present(t, {})", shown(from, "JSON")),
            Line::Values(from, property, expected) => {
                let expected: Vec<String> = expected.iter().map(|one| self.term(one)).collect();
                let items = shown(from, "JSON");
                format!("same(t, values({items}, {}), []any{{{}}})", string(property), expected.join(", "))
            }
            Line::Same(first, second) => {
                format!("same(t, {}.Content, {}.Content)", unexported(first), unexported(second))
            }
            Line::Different(first, second) => {
                let (first, second) = (unexported(first), unexported(second));
                format!("if {first} == {second} {{\n\t\tt.Error(\"it is the same as before\")\n\t}}")
            }
            Line::Deliver(wire, message) => format!("world.deliver({}, {})", self.event(*wire), self.body(message)),
            Line::Published(wire, data) => {
                let name = data.first().map_or("", |(name, _)| name.as_str());
                let told: Vec<(String, String)> =
                    data.iter().map(|(name, one)| (string(name), self.term(one))).collect();
                let told = indented(&composite("map[string]any", &told), 1);
                format!("world.expectPublished({}, {}, {told})", self.event(*wire), string(name))
            }
            Line::Becomes(url, from, expected) => {
                let way: String = from.way.iter().map(|name| format!(", {}", string(name))).collect();
                format!("world.expectInTime({}, {}{way})", url_of(url), string(expected))
            }
        };
        vec![one]
    }

    fn send(&self, request: &Request) -> Vec<String> {
        let body = request.body.as_ref().map_or("\"\"".to_owned(), |body| self.body(body));
        let answer = unexported(&request.answer);
        let sent = format!("{}, {}, {body}", string(&request.method), url_of(&request.url));
        let with = |header: String| vec![format!("{answer} := world.Send({sent}, {header})")];
        match (&request.caller, &request.media_type) {
            (Caller::Tester, None) => vec![format!("{answer} := world.send({sent})")],
            (Caller::Tester, Some(name)) => {
                let header = format!("{answer}Header");
                vec![
                    format!("{header} := world.credentials()"),
                    format!("{header}.Set(\"Content-Type\", {})", string(name)),
                    format!("{answer} := world.Send({sent}, {header})"),
                ]
            }
            (Caller::Nobody, _) => with("nil".to_owned()),
            (Caller::Bearer(token), _) => with(format!("bearer({})", unexported(token))),
            (Caller::Forger(token), _) => with(format!("bearer({}+\"x\")", unexported(token))),
        }
    }

    /// The text of a body.
    fn body(&self, body: &Term) -> String {
        match body {
            Term::Constant(constant) => literal(constant),
            Term::Body(_, body) => match self.bodies.iter().find(|one| one.value == *body) {
                Some(named) => unexported(&named.name),
                None => literal(body),
            },
            Term::Object(entries) if entries.len() == 1 => {
                let value = entries[0].1.clone();
                format!("apptest.Object({}, {})", string(&entries[0].0), self.term(&value))
            }
            Term::Object(_) | Term::Variable(_) | Term::Shown(_) => "\"\"".to_owned(),
        }
    }

    /// A value as JSON is read: numbers keep their text.
    fn term(&self, term: &Term) -> String {
        match term {
            Term::Constant(View::String(text)) => string(text),
            Term::Constant(View::Number(number)) => format!("json.Number({})", string(&number.to_string())),
            Term::Constant(other) | Term::Body(_, other) => other.to_string(),
            Term::Variable(name) => unexported(name),
            Term::Shown(from) => shown(from, "JSON"),
            Term::Object(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(name, one)| format!("{}: {}", string(name), self.term(one))).collect();
                format!("map[string]any{{{}}}", entries.join(", "))
            }
        }
    }
}

/// A URL as an argument, in which variables stand in braces.
fn url_of(url: &str) -> String {
    let mut parts = url.split('{');
    let mut terms = vec![string(parts.next().unwrap_or_default())];
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        terms.push(unexported(name));
        if !rest.is_empty() {
            terms.push(string(rest));
        }
    }
    terms.join("+")
}

fn shown(from: &Shown, method: &str) -> String {
    let way: String = from.way.iter().map(|name| format!(", {}", string(name))).collect();
    format!("{}.{method}(t, {}{way})", unexported(&from.answer), from.status)
}

/// A comment, broken where a line would get too long.
fn comment(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 5 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("// {word}")),
        }
    }
    lines
}
