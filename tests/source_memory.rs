//! No input takes more memory than 40 times its size and 30 MB. Each input is read in a process of its own, whose peak the
//! system reports; where it does not (outside of Linux), there is nothing to assert.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

use std::process::Command;

use agentspec::source::{MemoryStore, NodeKey, load};

const FACTOR: usize = 40;
const BASE: usize = 30_000_000;
/// The size of each input in bytes. The variable `AGENTSPEC_MEMORY_BYTES` overrides it, for larger trials.
const SIZE: usize = 1_000_000;
const CASE: &str = "AGENTSPEC_MEMORY_CASE";

/// Name, what stands before, what is repeated (`#` becomes a number), what stands behind.
const CASES: [(&str, &str, &str, &str); 27] = [
    ("numbers.json", "[1", ",1", "]"),
    ("empty-arrays.json", "[[]", ",[]", "]"),
    ("same-keys.json", "{\"a\":1", ",\"\":1", "}"),
    ("keys.json", "{\"a\":1", ",\"#\":1", "}"),
    ("pairs.json", "[1", ",{\"\":1}", "]"),
    ("escapes.json", "[1", ",\"\\n\"", "]"),
    ("text.json", "\"", "text ", "\""),
    ("escaped-text.json", "\"", "\\n", "\""),
    ("references.json", "[1", ",{\"$ref\":\"#/#\"}", "]"),
    ("self-references.json", "[1", ",{\"$ref\":\"#/1\"}", "]"),
    ("anchors.json", "[1", ",{\"$anchor\":\"#\"}", "]"),
    ("deep.json", "", "[", ""),
    ("space.json", "1", " ", ""),
    ("commas.json", "\"", ",:[{", "\""),
    ("set.yaml", "{a", ",a", "}"),
    ("flow-maps.yaml", "[a", ",a: ", "]"),
    ("keys.yaml", "", "#:\n", ""),
    ("same-keys.yaml", "", "a:\n", ""),
    ("explicit-keys.yaml", "", "?\n", ""),
    ("aliases.yaml", "[&a {b: c}", ",*a", "]"),
    ("alias-keys.yaml", "x: &a b\ny: {a", ",*a : 1", "}"),
    ("anchors.yaml", "[1", ",&# 1", "]"),
    ("literal.yaml", "|\n", " x\n", ""),
    ("plain.yaml", "", "x\n", ""),
    ("quoted.yaml", "\"", "\\n", "\""),
    ("documents.yaml", "", "---\n", ""),
    ("comments.yaml", "", "#\n", ""),
];

fn input(case: usize) -> String {
    let size = std::env::var("AGENTSPEC_MEMORY_BYTES").ok().and_then(|size| size.parse().ok()).unwrap_or(SIZE);
    let (name, before, repeated, behind) = CASES[case];
    let numbered = repeated.contains('#') && !name.starts_with("comments");
    let mut text = String::with_capacity(size + 64);
    text.push_str(before);
    for n in 0.. {
        if text.len() >= size {
            break;
        }
        // A pointer starts with `#/`, which is no number.
        match repeated.rsplit_once('#').filter(|_| numbered && name != "self-references.json") {
            Some((left, right)) => {
                text.push_str(left);
                text.push_str(&n.to_string());
                text.push_str(right);
            }
            None => text.push_str(repeated),
        }
    }
    text + behind
}

#[test]
fn memory_stays_within_the_bound() {
    if peak().is_none() {
        println!("this system reports no peak of memory: nothing to assert");
        return;
    }
    // Two at a time, because a reader that is not optimised takes seconds for some.
    let over = std::thread::scope(|scope| {
        let workers =
            [0, 1].map(|first| scope.spawn(move || (first..CASES.len()).step_by(2).filter_map(over).collect()));
        workers.into_iter().flat_map(|worker| -> Vec<_> { worker.join().unwrap() }).collect::<Vec<_>>()
    });
    assert_eq!(over, [""; 0], "these inputs take too much memory");
}

/// The name of a case whose process takes more than the bound.
fn over(case: usize) -> Option<&'static str> {
    let name = CASES[case].0;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "read_one_case", "--ignored", "--nocapture"]).env(CASE, case.to_string());
    let output = child.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name}: {out}{}", String::from_utf8_lossy(&output.stderr));
    let report = out.lines().find_map(|line| line.split_once("bytes ")).unwrap().1;
    let mut figures = report.split(" peak ").map(|figure| figure.trim().parse::<usize>().unwrap());
    let (size, peak) = (figures.next().unwrap(), figures.next().unwrap());
    let times = peak.saturating_sub(BASE) as f64 / size as f64;
    println!("{name:24} {size:9} bytes, peak {:4} MB: {times:5.1} times the file above 30 MB", peak / 1_000_000);
    (peak > FACTOR * size + BASE).then_some(name)
}

#[test]
#[ignore = "run by memory_stays_within_the_bound in a process of its own"]
fn read_one_case() {
    let Some(case) = std::env::var(CASE).ok().and_then(|case| case.parse::<usize>().ok()) else { return };
    let text = input(case);
    let size = text.len();
    let store = MemoryStore::new([(CASES[case].0, text.into_bytes())]);
    let sources = load(&store, &|_| true).unwrap();
    for (file, source) in sources.iter() {
        let nodes = source.tree().into_iter().flat_map(|tree| tree.ids());
        let found = nodes.filter(|&node| sources.follow(NodeKey { file, node }).is_ok()).count();
        let problems = source.problems.iter().map(|problem| problem.kind).next();
        println!("{found} nodes, {} problems, first {problems:?}", source.problems.len());
    }
    println!("bytes {size} peak {}", peak().unwrap());
}

/// The most memory that this process has held, in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
}
