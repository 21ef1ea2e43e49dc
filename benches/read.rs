//! What reading costs, against the floor: the parser's events of the same bytes, counted and dropped. Run it with
//! `cargo bench --bench read`; `-- FILE` writes the YAML document to a file instead.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agentspec::source::{MemoryStore, NodeKey, NodeRef, Parsed, Sources, load, parse_json, parse_yaml};

/// Rounds of each measurement; the fastest counts, as the others were disturbed.
const ROUNDS: usize = 9;
/// The size of the document in bytes, at least.
const SIZE: usize = 8 << 20;
/// The length of each chain of references.
const CHAIN: usize = 1000;

fn main() {
    let yaml = document();
    if let Some(path) = std::env::args().nth(1).filter(|argument| !argument.starts_with('-')) {
        if let Err(error) = std::fs::write(&path, &yaml) {
            eprintln!("{path}: {error}");
        }
        return;
    }
    let yaml: Arc<str> = Arc::from(yaml);
    let tree = tree_of(parse_yaml(&yaml));
    let json: Arc<str> = Arc::from(to_json(tree.root()));
    let events = granit_events(&yaml);
    println!(
        "{} bytes of YAML, {} lines, {events} events; {} bytes of JSON",
        yaml.len(),
        yaml.lines().count(),
        json.len()
    );

    let floor = fastest(|| granit_events(&yaml));
    report("YAML", "granit-parser, events counted", floor, fastest(|| parse_yaml(&yaml)));
    let floor = fastest(|| serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok());
    report("JSON", "serde_json, values ignored", floor, fastest(|| parse_json(&json)));

    let store = MemoryStore::new([("api.yaml", yaml.as_bytes())]);
    let loads = (0..ROUNDS).filter_map(|_| load(&store, &|_| true).ok()).collect::<Vec<_>>();
    let times = loads.iter().map(|sources| timed(|| follow_everything(sources)));
    let (count, _) = times.clone().min_by_key(|(_, time)| *time).unwrap_or_default();
    let time = times.map(|(_, time)| time).min().unwrap_or_default();
    println!("{count} references in chains of {CHAIN}, each followed to its end: {}", milliseconds(time));
}

/// An OpenAPI 3.0 document of paths, each with two operations, and of schemas that refer to each other in chains.
fn document() -> String {
    let mut text = String::from("openapi: 3.0.3\ninfo:\n  title: Benchmark\n  version: 1.0.0\npaths:\n");
    let mut operations = 0;
    while text.len() < SIZE * 6 / 10 {
        operations += 1;
        let n = operations;
        let _ = write!(text, "  /api/v1/resources{n}/{{id}}:\n");
        for (method, id) in [("get", "read"), ("put", "replace")] {
            let _ = write!(
                text,
                "    {method}:\n      operationId: {id}Resource{n}\n      summary: \"The resource {n}: {id}\"\n      tags:\n        \
                 - resources\n      parameters:\n        - name: id\n          in: path\n          required: true\n          \
                 schema:\n            type: string\n            format: uuid\n      responses:\n        '200':\n          \
                 description: |\n            The resource as it is now,\n            with all of its fields.\n          content:\n            \
                 application/json:\n              schema:\n                $ref: '#/components/schemas/Resource{n}'\n        \
                 default:\n          description: Any error\n          content:\n            application/problem+json:\n              \
                 schema:\n                $ref: '#/components/schemas/Problem'\n"
            );
        }
    }
    text.push_str("components:\n  schemas:\n    Problem:\n      type: object\n");
    let mut n = 0;
    while text.len() < SIZE || n < operations {
        n += 1;
        if n % CHAIN == 0 || n > operations {
            let _ = write!(
                text,
                "    Resource{n}:\n      type: object\n      required: [id, name]\n      properties:\n        id:\n          \
                 type: string\n          format: uuid\n        name:\n          type: string\n          minLength: 1\n        \
                 amount:\n          type: number\n          minimum: 0.5\n        next:\n          \
                 $ref: '#/components/schemas/Resource1'\n"
            );
        } else {
            let _ = write!(text, "    Resource{n}:\n      $ref: '#/components/schemas/Resource{}'\n", n + 1);
        }
    }
    text
}

fn granit_events(text: &str) -> usize {
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    granit_parser::Parser::new_from_str_with_options(text, options).filter(Result::is_ok).count()
}

fn tree_of(parsed: Parsed) -> agentspec::source::Tree {
    match parsed.tree {
        Some(tree) => tree,
        None => {
            eprintln!("the document of the benchmark is wrong: {:?}", parsed.problems);
            std::process::exit(2);
        }
    }
}

/// The tree as JSON, two spaces a level. The document is shallow, so recursion is fine here.
fn to_json(root: NodeRef<'_>) -> String {
    fn write(node: NodeRef<'_>, indent: usize, out: &mut String) {
        let (open, close) = if node.is_mapping() { ('{', '}') } else { ('[', ']') };
        let mut entries: Vec<_> = node.entries().map(|(key, value)| (key.scalar(), value)).collect();
        entries.extend(node.items().map(|item| (None, item)));
        if entries.is_empty() {
            match (node.as_str(), node.scalar()) {
                (Some(text), _) => out.push_str(&serde_json::Value::from(text).to_string()),
                (None, text) => out.push_str(text.unwrap_or_default()),
            }
            return;
        }
        out.push(open);
        for (at, (key, value)) in entries.into_iter().enumerate() {
            let _ = write!(out, "{}\n{:indent$}", if at > 0 { "," } else { "" }, "");
            if let Some(key) = key {
                let _ = write!(out, "{}: ", serde_json::Value::from(key));
            }
            write(value, indent + 2, out);
        }
        out.push(close);
    }
    let mut out = String::new();
    write(root, 2, &mut out);
    out
}

/// Follows every reference; gives how many lead somewhere.
fn follow_everything(sources: &Sources) -> usize {
    let keys = sources.iter().filter_map(|(file, source)| Some((file, source.tree()?)));
    keys.flat_map(|(file, tree)| tree.ids().map(move |node| NodeKey { file, node }))
        .filter(|&key| sources.node(key).str_at("$ref").is_some() && sources.follow(key).is_ok())
        .count()
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(run());
    let time = start.elapsed();
    (result, time)
}

fn fastest<T>(mut run: impl FnMut() -> T) -> Duration {
    (0..ROUNDS).map(|_| timed(&mut run).1).min().unwrap_or_default()
}

fn report(what: &str, peer: &str, floor: Duration, ours: Duration) {
    let ratio = ours.as_secs_f64() / floor.as_secs_f64();
    println!("{what}: {peer} {}, our tree {}, ratio {ratio:.2}", milliseconds(floor), milliseconds(ours));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
