//! What reading costs, against the floor: the parser's events of the same bytes, counted and dropped. Run it with
//! `cargo bench --bench read`; `-- FILE` writes the YAML document to a file instead.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use agentspec::source::{MemoryStore, NodeKey, NodeRef, Parsed, Sources, load, parse_json, parse_yaml};
use support::{CHAIN, ROUNDS, document, fastest, granit_events, milliseconds, timed};

mod support;

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

fn report(what: &str, peer: &str, floor: Duration, ours: Duration) {
    let ratio = ours.as_secs_f64() / floor.as_secs_f64();
    println!("{what}: {peer} {}, our tree {}, ratio {ratio:.2}", milliseconds(floor), milliseconds(ours));
}
