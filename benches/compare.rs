//! Compares two OpenAPI documents and prints the time beside the floor (the parser's events of both, counted and dropped):
//! `cargo bench --bench compare -- OLD NEW`. Without files a document of 450 operations is made, whose schemas form one
//! cycle, with a change deep inside.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use agentspec::compat::{self, Level, Sides};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use serde_json::{Map, Value, json};

mod support;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (old, new) = match files.as_slice() {
        [old, new] => (file(old), file(new)),
        _ => (("a.json".to_owned(), made(false)), ("b.json".to_owned(), made(true))),
    };
    println!("{}: {} bytes, {}: {} bytes", old.0, old.1.len(), new.0, new.1.len());
    let floor = best(|| events(&old) + events(&new));
    let (before, after) = (load(&old), load(&new));
    let compared = best(|| compare(&before, &after));
    let whole = best(|| compare(&load(&old), &load(&new)));
    println!("events of both      {floor:>12.1?}");
    println!("comparison alone    {compared:>12.1?}");
    println!("the whole           {whole:>12.1?}  {:.1} x the floor", whole.as_secs_f64() / floor.as_secs_f64());
    println!("{} findings", compare(&before, &after));
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        println!("{}", peak.unwrap_or_default());
    }
}

fn file(path: &str) -> (String, String) {
    (path.rsplit('/').next().unwrap_or(path).to_owned(), std::fs::read_to_string(path).unwrap())
}

fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..3).map(one).min().unwrap_or_default()
}

/// The events of the parser, or for JSON of the reader that this tool uses.
fn events((name, text): &(String, String)) -> usize {
    if name.ends_with(".json") {
        return serde_json::from_str::<serde::de::IgnoredAny>(text).map_or(0, |_| 1);
    }
    support::granit_events(text)
}

fn load((name, text): &(String, String)) -> Workspace {
    let store = MemoryStore::new([(name.as_str(), text.as_str())]);
    Workspace::contract(&store, name, "api").unwrap()
}

fn compare(old: &Workspace, new: &Workspace) -> usize {
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    compat::findings(sides, None, Level::All).len()
}

/// 450 operations over 900 schemas (or `COMPARE_SCHEMAS`) that all reach each other.
fn made(changed: bool) -> String {
    let schema_count: usize = std::env::var("COMPARE_SCHEMAS").ok().and_then(|text| text.parse().ok()).unwrap_or(900);
    let mut schemas = Map::new();
    for at in 0..schema_count {
        let reference =
            |step: usize| json!({ "$ref": format!("#/components/schemas/S{}", (at + step) % schema_count) });
        let mut properties = Map::new();
        for field in 0..30 {
            let schema = match field % 5 {
                0 => {
                    json!({ "type": "string", "maxLength": 100 + field, "description": "A text of some length that says what it is for" })
                }
                1 => json!({ "type": "string", "enum": ["draft", "open", "paid", "void"] }),
                2 => {
                    json!({ "anyOf": [{ "type": "string", "maxLength": 5000 }, reference(field), reference(field * 7)], "nullable": true })
                }
                3 => json!({ "type": "array", "items": reference(field + 1) }),
                _ => json!({ "allOf": [reference(1)] }),
            };
            properties.insert(format!("field_{field}"), schema);
        }
        properties.insert("object".to_owned(), json!({ "type": "string", "enum": [format!("s{at}")] }));
        if changed && at == schema_count / 2 {
            properties.insert("field_0".to_owned(), json!({ "type": "string", "maxLength": 10 }));
            properties.insert("added".to_owned(), json!({ "type": "string" }));
        }
        let schema = json!({ "type": "object", "required": ["object"], "properties": properties });
        schemas.insert(format!("S{at}"), schema);
    }
    let mut paths = Map::new();
    for at in 0..450 {
        let media = |step: usize| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/S{}", at * step) } } });
        let operation = json!({
            "operationId": format!("op{at}"),
            "requestBody": { "content": media(1) },
            "responses": { "200": { "description": "ok", "content": media(2) } }
        });
        paths.insert(format!("/api/v1/things{at}"), json!({ "post": operation }));
    }
    let document: Value = json!({
        "openapi": "3.0.3",
        "info": { "title": "made", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas }
    });
    serde_json::to_string_pretty(&document).unwrap()
}
