//! What `project_context.md` shows of the platform.

use serde::Serialize;

use crate::model::{Broker, Database, DependencyKind, Language, Platform, Service};
use crate::template::names;

/// The platform at a glance.
#[derive(Debug, Serialize)]
pub(super) struct Context<'a> {
    title: &'a str,
    /// Names and values of the technology stack.
    technology: Vec<(String, String)>,
    /// Names and values of the standards, as written.
    standards: Vec<(String, String)>,
    services: Vec<Row<'a>>,
    events: usize,
    calls: usize,
}

/// One service.
#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    kind: &'static str,
    operations: usize,
    publishes: Vec<&'a str>,
    consumes: Vec<&'a str>,
    calls: Vec<&'a str>,
    entities: Vec<&'a str>,
    /// The path of the spec.
    spec: Option<&'a str>,
}

/// The context of a platform.
pub(super) fn of(platform: &Platform) -> Context<'_> {
    let synchronous = |kind| kind == DependencyKind::Synchronous;
    Context {
        title: names::platform_title(&platform.name),
        technology: technology(platform),
        standards: stated(platform.standards.stated.iter()),
        services: platform.services.iter().map(row).collect(),
        events: platform.events.len(),
        calls: platform.dependencies.iter().filter(|edge| synchronous(edge.kind)).count(),
    }
}

/// What the constitution states, or the choices that generation falls back to.
fn technology(platform: &Platform) -> Vec<(String, String)> {
    let stack = &platform.technology;
    if !stack.stated.is_empty() {
        return stated(stack.stated.iter());
    }
    let language = match stack.language {
        Language::Python => "Python",
        Language::Typescript => "TypeScript",
        Language::Go => "Go",
        Language::Other => "Other",
    };
    let database = match stack.database {
        Database::Postgresql => "PostgreSQL",
        Database::Sqlite => "SQLite",
        Database::Other => "Other",
    };
    let broker = match stack.broker {
        Broker::Rabbitmq => "RabbitMQ",
        Broker::Kafka => "Kafka",
        Broker::Other => "Other",
    };
    let chosen = [("Language", language), ("Database", database), ("Message Bus", broker)];
    chosen.map(|(key, value)| (key.to_owned(), format!("{value} (default)"))).to_vec()
}

fn stated<'a>(entries: impl Iterator<Item = (&'a String, &'a String)>) -> Vec<(String, String)> {
    entries.map(|(key, value)| (capitalised(key), value.clone())).collect()
}

/// A key of the constitution, which the model has in lower case, as a heading would have it.
fn capitalised(text: &str) -> String {
    const ACRONYMS: [&str; 10] = ["api", "rest", "http", "url", "jwt", "ci", "cd", "sla", "slo", "id"];
    let word = |(at, word): (usize, &str)| {
        if ACRONYMS.contains(&word) {
            return word.to_uppercase();
        }
        let mut letters = word.chars();
        match letters.next().filter(|_| at == 0) {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => word.to_owned(),
        }
    };
    text.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

fn row(service: &Service) -> Row<'_> {
    let mut calls: Vec<&str> = service.upstream.iter().map(|row| row.service.as_str()).collect();
    calls.dedup();
    Row {
        name: &service.name,
        kind: service.kind.title(),
        operations: service.api.as_ref().map_or(0, |api| api.operations.len()),
        publishes: service.publishes.iter().map(|event| event.name.as_str()).collect(),
        consumes: service.consumes.iter().map(|event| event.name.as_str()).collect(),
        calls,
        entities: service.ownership.entities.iter().map(|entity| entity.name.as_str()).collect(),
        spec: service.spec.as_ref().map(|spec| &*spec.origin.file),
    }
}
