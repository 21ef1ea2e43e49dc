//! Compares two OpenAPI documents and prints the time beside the floor: the parser's events of both, counted and dropped.
//! `cargo bench --bench compare -- OLD NEW` takes two files. Without them, documents of 450 operations and 4 MB are made
//! whose schemas form one cycle, as YAML and as JSON: with one change deep inside, with none, with a change in every second
//! schema, and without tags that tell alternatives apart. Each is compared in a process of its own, so that its peak of
//! memory can be told.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::Duration;

use agentspec::compat::{self, Level, Sides};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

mod support;

/// What differs between the two documents that are made.
const SCENARIOS: [&str; 4] = ["deep", "none", "many", "untagged"];

/// Rounds of each measurement, of which the median counts.
const ROUNDS: usize = 9;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match files.as_slice() {
        [scenario] if scenario.contains(':') => {
            let (name, format) = scenario.split_once(':').unwrap();
            let made = |changed| (format!("api.{format}"), written(&document(name, changed, format), format));
            report(scenario, &made(false), &made(true));
        }
        [old, new] => report("", &file(old), &file(new)),
        _ => {
            for (name, format) in SCENARIOS.iter().flat_map(|name| [(name, "yaml"), (name, "json")]) {
                let own = std::env::current_exe().unwrap();
                std::process::Command::new(own).arg(format!("{name}:{format}")).status().unwrap();
            }
        }
    }
}

type File = (String, String);

fn report(title: &str, old: &File, new: &File) {
    println!("{title} {} and {} bytes", old.1.len(), new.1.len());
    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut findings = 0;
    for _ in 0..ROUNDS {
        // One after the other in each round, so that what else the machine does disturbs all of them.
        let (_, floor) = support::timed(|| events(old) + events(new));
        let (loaded, read) = support::timed(|| load(old, new));
        let (count, compared) = support::timed(|| compare(&loaded.0, &loaded.1));
        drop(loaded);
        let (_, whole) = support::timed(|| {
            let (before, after) = load(old, new);
            let count = compare(&before, &after);
            rayon::join(|| drop(before), || drop(after));
            count
        });
        findings = count;
        times.iter_mut().zip([floor, read, compared, whole]).for_each(|(list, time)| list.push(time));
    }
    let [floor, read, compared, whole] = times.map(median);
    let line = |name: &str, time: Duration| println!("  {name:<22}{:>12}", support::milliseconds(time));
    line("events of both", floor);
    line("reading both", read);
    line("comparing", compared);
    line("the whole", whole);
    let times = whole.as_secs_f64() / floor.as_secs_f64();
    println!("  {times:.1} times the floor, {findings} findings, {}", peak().unwrap_or_default());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The peak of the process's memory, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{} MB at most", kilobytes / 1024))
}

fn file(path: &str) -> File {
    (path.rsplit('/').next().unwrap_or(path).to_owned(), std::fs::read_to_string(path).unwrap())
}

/// The events of the parser of YAML; for JSON those that `serde_json` hands to a visitor.
fn events((name, text): &File) -> usize {
    if name.ends_with(".json") {
        return serde_json::from_str::<Events>(text).map_or(0, |events| events.0);
    }
    support::granit_events(text)
}

/// How many events there were.
struct Events(usize);

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counter)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = Events;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_str<E>(self, _: &str) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_unit<E>(self) -> Result<Events, E> {
        Ok(Events(1))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Events, A::Error> {
        let mut count = 2;
        while let Some(item) = items.next_element::<Events>()? {
            count += item.0;
        }
        Ok(Events(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Events, A::Error> {
        let mut count = 2;
        while let Some((key, value)) = fields.next_entry::<Events, Events>()? {
            count += key.0 + value.0;
        }
        Ok(Events(count))
    }
}

/// Reads both at once, as the commands do.
fn load(old: &File, new: &File) -> (Workspace, Workspace) {
    let one = |(name, text): &File| {
        let store = MemoryStore::new([(name.as_str(), text.as_str())]);
        Workspace::contract(&store, name, "api").unwrap()
    };
    rayon::join(|| one(old), || one(new))
}

fn compare(old: &Workspace, new: &Workspace) -> usize {
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    compat::findings(sides, None, Level::All).len()
}

/// 450 operations over schemas that all reach each other; `COMPARE_SCHEMAS` says how many instead of 4 MB of them.
fn document(scenario: &str, changed: bool, format: &str) -> Value {
    let for_size = if format == "json" { 590 } else { 800 };
    let stated = std::env::var("COMPARE_SCHEMAS").ok().and_then(|text| text.parse().ok());
    let schema_count: usize = stated.unwrap_or(for_size);
    let mut schemas = Map::new();
    for at in 0..schema_count {
        let is_changed = changed
            && match scenario {
                "none" => false,
                "many" => at % 2 == 0,
                _ => at == schema_count / 2,
            };
        schemas.insert(format!("S{at}"), component(at, schema_count, scenario != "untagged", is_changed));
    }
    let mut paths = Map::new();
    for at in 0..450 {
        let media = |step: usize| {
            let name = format!("#/components/schemas/S{}", at * step % schema_count);
            json!({ "application/json": { "schema": { "$ref": name } } })
        };
        let operation = json!({
            "operationId": format!("op{at}"),
            "requestBody": { "content": media(1) },
            "responses": { "200": { "description": "ok", "content": media(2) } }
        });
        paths.insert(format!("/api/v1/things{at}"), json!({ "post": operation }));
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "made", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas }
    })
}

/// A schema of thirty fields that leads to others.
fn component(at: usize, count: usize, tagged: bool, changed: bool) -> Value {
    let reference = |step: usize| json!({ "$ref": format!("#/components/schemas/S{}", (at + step) % count) });
    let mut properties = Map::new();
    for field in 0..30 {
        let schema = match field % 5 {
            0 => {
                let text = "A text of some length that says what it is for";
                json!({ "type": "string", "maxLength": 100 + field, "description": text })
            }
            1 => json!({ "type": "string", "enum": ["draft", "open", "paid", "void"] }),
            2 => {
                let list = [json!({ "type": "string", "maxLength": 5000 }), reference(field), reference(field * 7)];
                json!({ "anyOf": list, "nullable": true })
            }
            3 => json!({ "type": "array", "items": reference(field + 1) }),
            _ => json!({ "allOf": [reference(1)] }),
        };
        properties.insert(format!("field_{field}"), schema);
    }
    if changed {
        properties.insert("field_0".to_owned(), json!({ "type": "string", "maxLength": 10 }));
        properties.insert("added".to_owned(), json!({ "type": "string" }));
    }
    if !tagged {
        return json!({ "type": "object", "properties": properties });
    }
    properties.insert("object".to_owned(), json!({ "type": "string", "enum": [format!("s{at}")] }));
    json!({ "type": "object", "required": ["object"], "properties": properties })
}

fn written(document: &Value, format: &str) -> String {
    if format == "json" {
        return serde_json::to_string_pretty(document).unwrap();
    }
    let mut text = String::new();
    block(document, 0, &mut text);
    text
}

/// A mapping or list as block YAML, scalars as in JSON.
fn block(value: &Value, depth: usize, text: &mut String) {
    let fields = value.as_object().into_iter().flatten().map(|(key, field)| (format!("{key}:"), field));
    let items = value.as_array().into_iter().flatten().map(|item| ("-".to_owned(), item));
    for (head, inner) in fields.chain(items) {
        text.push_str(&"  ".repeat(depth));
        let head = if head.starts_with(|first: char| first.is_ascii_digit() || first == '$') {
            format!("'{}':", head.trim_end_matches(':'))
        } else {
            head
        };
        text.push_str(&head);
        if inner.is_object() || inner.is_array() {
            text.push('\n');
            block(inner, depth + 1, text);
        } else {
            text.push_str(&format!(" {inner}\n"));
        }
    }
}
