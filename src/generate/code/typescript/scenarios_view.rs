//! The tests of a spec's scenarios, as TypeScript writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{Caller, Line, NamedBody, Request, ScenarioTests, Shown, Term, bodies};
use crate::generate::code::names::Case;
use crate::generate::code::service::ServiceCode;
use crate::model::Language;
use crate::template::names::{Scope, identifier};

use super::layout::{Code, WIDTH, access, string, template, value};

/// How far the lines of a test are indented.
const INDENT: usize = 2;

/// What the template of the tests is rendered over.
pub(crate) fn view(code: &ServiceCode<'_>, tests: &ScenarioTests<'_>) -> View {
    let bodies = bodies(&tests.cases);
    let renderer = Renderer { code, bodies: &bodies };
    let mut titles = Scope::new();
    let scenarios = tests.cases.iter().map(|case| {
        let lines: Vec<String> = case.lines.iter().flat_map(|one| renderer.line(one)).collect();
        let title = string(&titles.unique(&case.title, " "));
        json!({ "open": format!("test({title}, async (t) => {{"), "lines": lines })
    });
    let scenarios: Vec<View> = scenarios.collect();
    let published: Vec<Code> = tests.published.iter().map(|wire| renderer.event(*wire)).collect();
    let published =
        if published.is_empty() { String::new() } else { Code::Array(published).lay_out(0, "const PUBLISHED = ", ";") };
    json!({
        "scenarios": scenarios,
        "bodies": (0..bodies.len()).map(|at| renderer.body(at)).collect::<Vec<_>>(),
        "published": published,
        "delivers": tests.delivers,
        "waits": tests.waits,
        "lists": tests.lists,
        "bears": tests.bears})
}

/// The tests of one service as they are written.
struct Renderer<'r, 'a> {
    code: &'r ServiceCode<'a>,
    bodies: &'r [NamedBody],
}

impl Renderer<'_, '_> {
    /// The declaration of a body with a name.
    fn body(&self, at: usize) -> String {
        let body = &self.bodies[at];
        let declared = match &body.like {
            None => value(&body.value),
            Some((base, changes)) => {
                let base = Code::text(format!("...{}", constant_name(&self.bodies[*base])));
                let changes = changes.iter().map(|(name, changed)| Code::entry(name, value(changed)));
                Code::Object(std::iter::once(base).chain(changes).collect())
            }
        };
        declared.lay_out(0, &format!("const {} = ", constant_name(body)), ";")
    }

    fn event(&self, wire: usize) -> Code {
        Code::text(format!("events.{}", self.code.wires[wire].constant))
    }

    /// The statements of one line.
    fn line(&self, line: &Line) -> Vec<String> {
        let call = |name: &str, arguments: Vec<Code>| Code::Call(name.to_owned(), arguments).lay_out(INDENT, "", ";");
        let one = match line {
            Line::Told(text) => return comment(text),
            Line::Send(request) => self.send(request),
            Line::Status(answer, status) => {
                let answer = variable(answer);
                format!("assert.equal({answer}.status, {status}, {answer}.text);")
            }
            Line::Take(name, from) => format!("const {}: string = {};", variable(name), shown(from)),
            Line::Equal(from, expected) => call("assert.equal", vec![Code::text(shown(from)), self.term(expected)]),
            Line::Present(from) => format!("assert.notEqual({} ?? null, null);", shown(from)),
            Line::Values(from, property, expected) => {
                let items =
                    Code::Call("valuesOf".to_owned(), vec![Code::text(shown(from)), Code::text(string(property))]);
                let expected = Code::Array(expected.iter().map(|one| self.term(one)).collect());
                call("assert.deepEqual", vec![items, expected])
            }
            Line::Same(first, second) => {
                format!("assert.deepEqual({}.json, {}.json);", variable(first), variable(second))
            }
            Line::Different(first, second) => format!("assert.notEqual({}, {});", variable(first), variable(second)),
            Line::Deliver(wire, message) => call("await world.deliver", vec![self.event(*wire), self.term(message)]),
            Line::Published(wire, data) => {
                let data = self.term(&Term::Object(data.clone()));
                call("await world.expectPublished", vec![self.event(*wire), data])
            }
            Line::Becomes(url, from, expected) => {
                let way = from.way.iter().map(|name| Code::text(string(name)));
                let arguments = [url_of(url), Code::text(string(expected))].into_iter().chain(way).collect();
                call("await world.expectInTime", arguments)
            }
        };
        vec![one]
    }

    fn send(&self, request: &Request) -> String {
        let mut arguments = vec![Code::text(string(&request.method)), url_of(&request.url)];
        let headers = match (&request.caller, &request.media_type) {
            (Caller::Tester, None) => None,
            (Caller::Tester, Some(name)) => {
                let parts =
                    [Code::text("...(await credentials())"), Code::entry("Content-Type", Code::text(string(name)))];
                Some(Code::Object(parts.to_vec()))
            }
            (Caller::Nobody, _) => Some(Code::Object(Vec::new())),
            (Caller::Bearer(token), _) => Some(Code::text(format!("bearer({})", variable(token)))),
            (Caller::Forger(token), _) => Some(Code::text(format!("bearer(`${{{}}}x`)", variable(token)))),
        };
        match (&request.body, &headers) {
            (Some(body), _) => arguments.push(self.term(body)),
            (None, Some(_)) => arguments.push(Code::text("undefined")),
            (None, None) => {}
        }
        arguments.extend(headers);
        let before = format!("const {} = ", variable(&request.answer));
        Code::Call("await world.send".to_owned(), arguments).lay_out(INDENT, &before, ";")
    }

    fn term(&self, term: &Term) -> Code {
        match term {
            Term::Constant(constant) => value(constant),
            Term::Body(_, body) => match self.bodies.iter().find(|one| one.value == *body) {
                Some(named) => Code::text(constant_name(named)),
                None => value(body),
            },
            Term::Variable(name) => Code::text(variable(name)),
            Term::Shown(from) => Code::text(shown(from)),
            Term::Object(entries) => {
                Code::Object(entries.iter().map(|(name, one)| Code::entry(name, self.term(one))).collect())
            }
        }
    }
}

fn constant_name(body: &NamedBody) -> String {
    Case::Constant.apply(&body.name)
}

/// The name of a variable.
fn variable(name: &str) -> String {
    identifier(Language::Typescript, Case::Camel, name)
}

/// A URL as a literal, in which variables stand in braces.
fn url_of(url: &str) -> Code {
    if !url.contains('{') {
        return Code::text(string(url));
    }
    let mut parts = url.split('{');
    let mut text = template(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        text.push_str(&format!("${{{}}}{}", variable(name), template(rest)));
    }
    Code::text(format!("`{text}`"))
}

fn shown(from: &Shown) -> String {
    let way: String = from.way.iter().map(|name| access(name)).collect();
    format!("{}.json{way}", variable(&from.answer))
}

/// A comment, broken where a line would get too long.
fn comment(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if INDENT + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("// {word}")),
        }
    }
    lines
}
