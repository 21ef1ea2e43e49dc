//! No file makes a whole run take more memory than 40 times its size and 30 MB: read, modelled, checked by every rule and
//! reported as JSON. Each case runs in a process of its own, whose peak the system reports; where it does not (outside of
//! Linux), there is nothing to assert. `tests/source_memory.rs` holds the same for reading alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

use std::process::Command;

use agentspec::check::{Scope, validate};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

const FACTOR: usize = 40;
/// What a run may take besides, with all that the process holds before it starts.
const BASE: usize = 30_000_000;
/// Contracts are of this size in bytes.
const CONTRACT: usize = 1_000_000;
/// Specs are of this size, which is near the most that is read.
const SPEC: usize = 130_000;
const CASE: &str = "AGENTSPEC_RUN_MEMORY_CASE";

/// Name, what stands before, what is repeated (`#` becomes a number, `@` a long path), what stands behind. Contracts.
const CONTRACTS: [(&str, &str, &str, &str); 12] = [
    ("flow-map.yaml", "openapi: 3.1.0\nx: {a", ",a", "}\n"),
    ("flow-sequence.yaml", "openapi: 3.1.0\nx: [1", ",1", "]\n"),
    ("sequence.json", "{\"openapi\":\"3.1.0\",\"x\":[1", ",1", "]}"),
    ("paths.json", "{\"openapi\":\"3.1.0\",\"paths\":{\"/\":{}", ",\"/p#\":{}", "}}"),
    ("operations.json", "{\"openapi\":\"3.1.0\",\"paths\":{\"/\":{}", ",\"/p#\":{\"get\":{}}", "}}"),
    ("enum.json", "{\"openapi\":\"3.1.0\",\"components\":{\"schemas\":{\"A\":{\"enum\":[1", ",\"1\"", "]}}}}"),
    (
        "references.json",
        "{\"openapi\":\"3.1.0\",\"components\":{\"schemas\":{\"A\":{}",
        ",\"A#\":{\"$ref\":\"#/components/schemas/A#\"}",
        "}}}",
    ),
    (
        "parameters.json",
        "{\"openapi\":\"3.1.0\",\"paths\":{\"/a\":{\"get\":{\"parameters\":[{}",
        ",{\"name\":\"a\",\"in\":\"query\"}",
        "]}}}}",
    ),
    (
        "patterns.json",
        "{\"openapi\":\"3.1.0\",\"components\":{\"schemas\":{\"A\":{}",
        ",\"A#\":{\"type\":\"string\",\"pattern\":\"^[\\\\p{L}\\\\w]{1,2#}$\",\"example\":\"1\"}",
        "}}}",
    ),
    (
        "pact.json",
        "{\"consumer\":{\"name\":\"c\"},\"provider\":{\"name\":\"s\"},\"interactions\":[{}",
        ",{\"request\":{\"method\":\"GET\",\"path\":\"/a\"}}",
        "]}",
    ),
    (
        "rules.pact.json",
        "{\"consumer\":{\"name\":\"c\"},\"provider\":{\"name\":\"s\"},\"interactions\":[{\"request\":{\"method\":\"GET\",\
         \"path\":\"/a\"},\"response\":{\"status\":200,\"body\":{\"a\":1},\"matchingRules\":{\"$.body.b\":{}",
        ",\"$.body.a#@\":{}",
        "}}}]}",
    ),
    (
        "event.json",
        "{\"eventType\":\"a.b.c\",\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1",
        ",1",
        "]}}}}",
    ),
];

/// The same for specs.
const SPECS: [(&str, &str, &str, &str); 18] = [
    ("rows", "## Upstream Services\n\n| Service | Purpose |\n|---|---|\n", "| a | b |\n", ""),
    ("numbered rows", "## Upstream Services\n\n| Service | Purpose |\n|---|---|\n", "| a# | b |\n", ""),
    ("bullets", "## Upstream Services\n\n", "- a\n", ""),
    ("names in a line", "## Service Dependencies\n\nUpstream: a", ",a", "\n"),
    ("operations in a cell", "## Upstream Services\n\n| Service | API |\n|---|---|\n| a | b", ",b", " |\n"),
    (
        "nested bullets",
        "## Upstream Services\n\n",
        "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a\n",
        "",
    ),
    ("headings", "# T\n\n", "# a\n", ""),
    ("events", "## Events Published\n\n", "### e#\n", ""),
    ("scenarios", "## User Scenarios\n\n", "### P1: a\n", ""),
    ("steps", "## User Scenarios\n\n### P1: a\n", "- Given a\n", ""),
    ("placeholders", "# T\n\n", "TODO\n", ""),
    ("entities", "## Data Ownership\n\n| Entity | Fields |\n|---|---|\n", "| E# | b |\n", ""),
    ("saga steps", "## Saga\n\n### Saga: a\n\n", "1. b: c\n", ""),
    ("brackets", "- ", "[", ""),
    ("code marks", "- ", "`a` ", ""),
    ("emphasis", "- ", "*a **b ", ""),
    ("quotations", "", ">", "a"),
    ("comments", "", "<!--a-->\n", ""),
];

/// The path and the text of a case.
fn input(case: usize) -> (String, String) {
    let ((name, before, repeated, behind), size) = match CONTRACTS.get(case) {
        Some(contract) => (*contract, CONTRACT),
        None => (SPECS[case - CONTRACTS.len()], SPEC),
    };
    let path = match name.rsplit_once('.') {
        Some(("pact" | "rules.pact", _)) => "services/s/pacts/pact.json".to_owned(),
        Some(("event", _)) => "services/s/contracts/events/event.json".to_owned(),
        Some((_, extension)) => format!("services/s/contracts/api-spec.{extension}"),
        None => "services/s/specs/001-s/spec.md".to_owned(),
    };
    (path, repeat(before, repeated, behind, size))
}

fn repeat(before: &str, repeated: &str, behind: &str, size: usize) -> String {
    let mut text = before.to_owned();
    let repeated = &repeated.replace('@', &".*".repeat(300));
    for n in 0.. {
        // Where there are two, as in a chain of references, the second number is one less.
        let one = match repeated.match_indices("A#").count() {
            2 => repeated.replacen("A#", &format!("A{}", n + 1), 1).replacen("A#", &format!("A{n}"), 1),
            _ if repeated.starts_with('#') => repeated.to_owned(),
            _ if repeated.contains("### ") => repeated.replace("e#", &format!("e{n}")),
            _ => repeated.replace('#', &n.to_string()),
        };
        if text.len() + one.len() + behind.len() > size {
            break;
        }
        text.push_str(&one);
    }
    text + behind
}

#[test]
fn memory_of_a_run_stays_within_the_bound() {
    if peak().is_none() {
        println!("this system reports no peak of memory: nothing to assert");
        return;
    }
    let cases = CONTRACTS.len() + SPECS.len();
    // Two at a time, because a run that is not optimised takes seconds for some.
    let over = std::thread::scope(|scope| {
        let workers = [0, 1].map(|first| scope.spawn(move || (first..cases).step_by(2).filter_map(over).collect()));
        workers.into_iter().flat_map(|worker| -> Vec<_> { worker.join().unwrap() }).collect::<Vec<_>>()
    });
    assert_eq!(over, [""; 0], "these inputs take too much memory");
}

/// The name of a case whose process takes more than the bound.
fn over(case: usize) -> Option<&'static str> {
    let name = CONTRACTS.iter().chain(&SPECS).nth(case).unwrap().0;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "run_one_case", "--ignored", "--nocapture"]).env(CASE, case.to_string());
    let output = child.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name}: {out}{}", String::from_utf8_lossy(&output.stderr));
    let report = out.lines().find_map(|line| line.split_once("figures ")).unwrap().1;
    let figures: Vec<usize> = report.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [size, taken] = figures[..] else { panic!("{report}") };
    let allowed = FACTOR * size + BASE;
    println!("{name:22} {size:8} bytes, {:4} MB taken, {:4} MB allowed", taken / 1_000_000, allowed / 1_000_000);
    (taken > allowed).then_some(name)
}

#[test]
#[ignore = "run by memory_of_a_run_stays_within_the_bound in a process of its own"]
fn run_one_case() {
    let Some(case) = std::env::var(CASE).ok().and_then(|case| case.parse::<usize>().ok()) else { return };
    let (path, text) = input(case);
    let size = text.len();
    let start = peak().unwrap();
    let store = MemoryStore::new([(path.as_str(), text.into_bytes())]);
    let workspace = Workspace::load(&store).unwrap();
    println!("read: {}", peak().unwrap() - start);
    let outcome = validate(&workspace, &[], &Scope::default());
    println!("checked: {}", peak().unwrap() - start);
    let json = serde_json::to_string(&outcome.findings).unwrap();
    println!("{} findings, {} bytes of report", outcome.findings.len(), json.len());
    println!("figures {size} {}", peak().unwrap());
}

/// The most memory that this process has held, in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
