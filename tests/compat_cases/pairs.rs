//! Pairs of contracts, and what is said of them.

use agentspec::compat::{self, Level, Sides};
use agentspec::diagnostic::Diagnostic;
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

pub fn findings(old: &str, new: &str) -> Vec<String> {
    told(old, new).into_iter().map(|found| format!("{} {}", found.severity.name(), found.rule)).collect()
}

pub fn messages(old: &str, new: &str) -> Vec<String> {
    told(old, new).into_iter().map(|found| found.message).collect()
}

fn told(old: &str, new: &str) -> Vec<Diagnostic> {
    let load = |text: &str| Workspace::contract(&MemoryStore::new([("api.yaml", text)]), "api.yaml", "s").unwrap();
    let (old, new) = (load(old), load(new));
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    compat::findings(sides, None, Level::All)
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// A contract whose one request body or answer has the schema `A`, with further components.
pub fn schema(version: &str, request: bool, components: &str) -> String {
    let media = "content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}";
    let (body, answer) = if request {
        (format!("requestBody: {{{media}}}"), String::new())
    } else {
        (String::new(), format!(", {media}"))
    };
    format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths:\n  /x:\n    post:\n      {body}\n      responses: {{'200': {{description: d{answer}}}}}\ncomponents:\n  schemas:\n{}",
        indented(components, 4)
    )
}

/// Compares two schemas as a request and as an answer.
pub fn both(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let of = |request| findings(&schema("3.1.0", request, old), &schema("3.1.0", request, new));
    (of(true), of(false))
}

/// Asserts what is said of a change in a request and in an answer.
#[track_caller]
pub fn says(old: &str, new: &str, request: &[&str], answer: &[&str]) {
    assert_eq!(
        both(old, new),
        (request.iter().map(|s| (*s).to_owned()).collect(), answer.iter().map(|s| (*s).to_owned()).collect())
    );
}

pub fn api(rest: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{rest}")
}

#[track_caller]
pub fn api_says(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(findings(&api(old), &api(new)), expected);
}
