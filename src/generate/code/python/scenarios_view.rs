//! The tests of a spec's scenarios, as Python writes them.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{Caller, Line, NamedBody, Request, ScenarioTests, Shown, Term, bodies};
use crate::generate::code::names::{Case, Names};
use crate::generate::code::service::ServiceCode;
use crate::model::Language;

use super::layout::{Code, WIDTH, string, value};

/// How far the lines of a test are indented.
const INDENT: usize = 4;

/// What the template of the tests is rendered over.
pub(crate) fn view(code: &ServiceCode<'_>, tests: &ScenarioTests<'_>) -> View {
    let bodies = bodies(&tests.cases);
    let renderer = Renderer { code, bodies: &bodies };
    let mut names = Names::new(Language::Python);
    let scenarios = tests.cases.iter().map(|case| {
        let lines: Vec<String> = case.lines.iter().flat_map(|one| renderer.line(one)).collect();
        json!({ "name": names.claim(&case.name(), Case::Snake), "lines": lines })
    });
    let scenarios: Vec<View> = scenarios.collect();
    let published: Vec<Code> = tests.published.iter().map(|wire| renderer.event(*wire)).collect();
    let published = if published.is_empty() {
        String::new()
    } else {
        Code::group("[", published, "]").lay_out(0, "PUBLISHED = ", "")
    };
    json!({
        "scenarios": scenarios,
        "bodies": (0..bodies.len()).map(|at| renderer.body(at)).collect::<Vec<_>>(),
        "published": published,
        "delivers": tests.delivers,
        "becomes": tests.waits,
        "bearer_calls": tests.bears})
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
                let base = Code::text(format!("**{}", constant_name(&self.bodies[*base])));
                let changes = changes.iter().map(|(name, changed)| Code::entry(name, value(changed)));
                Code::group("{", std::iter::once(base).chain(changes).collect(), "}")
            }
        };
        declared.lay_out(0, &format!("{}: dict[str, Any] = ", constant_name(body)), "")
    }

    fn event(&self, wire: usize) -> Code {
        Code::text(format!("events.{}", self.code.wires[wire].constant))
    }

    /// The statements of one line.
    fn line(&self, line: &Line) -> Vec<String> {
        let statement =
            |open: String, elements: Vec<Code>, close: &str| Code::group(open, elements, close).lay_out(INDENT, "", "");
        let one = match line {
            Line::Told(text) => return comment(text),
            Line::Send(request) => self.send(request),
            Line::Status(answer, status) => format!("assert {answer}.status_code == {status}, {answer}.text"),
            Line::Take(name, from) => format!("{name} = {}", shown(from)),
            Line::Equal(from, expected) => {
                Code::Labelled(format!("assert {} == ", shown(from)), Box::new(self.term(expected)))
                    .lay_out(INDENT, "", "")
            }
            Line::Present(from) => format!("assert {} is not None", shown(from)),
            Line::Values(from, property, expected) => {
                let open = format!("assert [one[{}] for one in {}] == [", string(property), shown(from));
                statement(open, expected.iter().map(|one| self.term(one)).collect(), "]")
            }
            Line::Same(first, second) => format!("assert {first}.json() == {second}.json()"),
            Line::Different(first, second) => format!("assert {first} != {second}"),
            Line::Deliver(wire, message) => {
                statement("await world.deliver(".to_owned(), vec![self.event(*wire), self.term(message)], ")")
            }
            Line::Published(wire, data) => {
                let data = Term::Object(data.clone());
                statement("await world.expect_published(".to_owned(), vec![self.event(*wire), self.term(&data)], ")")
            }
            Line::Becomes(url, from, expected) => {
                let way = from.way.iter().map(|name| Code::text(string(name)));
                let arguments = [url_of(url), Code::text(string(expected))].into_iter().chain(way).collect();
                statement("await world.expect_in_time(".to_owned(), arguments, ")")
            }
        };
        vec![one]
    }

    fn send(&self, request: &Request) -> String {
        let mut arguments = vec![Code::text(string(&request.method)), url_of(&request.url)];
        arguments.extend(request.body.as_ref().map(|one| self.term(one)));
        let headers = match (&request.caller, &request.media_type) {
            (Caller::Tester, None) => None,
            (Caller::Tester, Some(name)) => {
                Some(format!("{{**world.credentials, \"Content-Type\": {}}}", string(name)))
            }
            (Caller::Nobody, _) => Some("{}".to_owned()),
            (Caller::Bearer(token), _) => Some(format!("bearer({token})")),
            (Caller::Forger(token), _) => Some(format!("bearer({token} + \"x\")")),
        };
        arguments.extend(headers.map(|headers| Code::text(format!("headers={headers}"))));
        let before = format!("{} = ", request.answer);
        Code::group("await world.send(", arguments, ")").lay_out(INDENT, &before, "")
    }

    fn term(&self, term: &Term) -> Code {
        match term {
            Term::Constant(constant) => value(constant),
            Term::Body(_, body) => match self.bodies.iter().find(|one| one.value == *body) {
                Some(named) => Code::text(constant_name(named)),
                None => value(body),
            },
            Term::Variable(name) => Code::text(name.clone()),
            Term::Shown(from) => Code::text(shown(from)),
            Term::Object(entries) => {
                let entries = entries.iter().map(|(name, one)| Code::entry(name, self.term(one)));
                Code::group("{", entries.collect(), "}")
            }
        }
    }
}

fn constant_name(body: &NamedBody) -> String {
    Case::Constant.apply(&body.name)
}

/// A URL as a literal, in which variables stand in braces.
fn url_of(url: &str) -> Code {
    Code::text(if url.contains('{') { format!("f{}", string(url)) } else { string(url) })
}

fn shown(from: &Shown) -> String {
    let way: String = from.way.iter().map(|name| format!("[{}]", string(name))).collect();
    format!("{}.json(){way}", from.answer)
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
            _ => lines.push(format!("# {word}")),
        }
    }
    lines
}
