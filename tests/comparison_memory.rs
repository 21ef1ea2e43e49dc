//! No two states of a contract make their comparison take more memory than 40 times both and 30 MB, by `diff` and by
//! `validate-contracts --breaking-changes-only`. Each case runs in a process of its own, whose peak the system reports; where
//! it does not (outside of Linux), there is nothing to assert. `tests/run_memory.rs` holds the same for one file alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use agentspec::check::{self, Base, History, Scope, Side};
use agentspec::report::{Style, changelog};
use agentspec::source::{GitStore, WorktreeStore};
use agentspec::workspace::Workspace;

const FACTOR: usize = 40;
/// What a run may take besides, with all that the process holds before it starts.
const BASE: usize = 30_000_000;
/// Each side is of this size in bytes.
const SIZE: usize = 1_000_000;
const CASE: &str = "AGENTSPEC_COMPARISON_MEMORY_CASE";

/// The cases that `validate-contracts` runs too; `diff` runs all.
const BREAKING: [&str; 7] = [
    "operations.json",
    "enumeration.json",
    "properties.yaml",
    "required.json",
    "headers.json",
    "event.json",
    "folder.json",
];

/// Name, what stands before, what is repeated (`#` becomes a number, `@` what tells the sides apart), what stands behind,
/// and what `@` becomes on either side.
type Case = (&'static str, &'static str, &'static str, &'static str, [&'static str; 2]);

const CASES: [Case; 31] = [
    ("operations.json", "{#paths{\"/\":{}", ",\"/@#\":{\"get\":{}}", "}}", ["a", "b"]),
    ("operations.yaml", "openapi: 3.1.0\npaths:\n", "  /@#:\n    get: {}\n", "", ["a", "b"]),
    ("enumeration.json", "{#schema{\"enum\":[1", ",\"@#\"", "]}}}}", ["a", "b"]),
    ("numbers.json", "{#schema{\"enum\":[\"\"", ",@#", "]}}}}", ["1", "2"]),
    ("enumeration.yaml", "#yaml      enum:\n", "      - @#\n", "", ["a", "b"]),
    ("properties.json", "{#schema{\"properties\":{\"a\":{}", ",\"p#\":{\"type\":\"@\"}", "}}}}}", ["string", "object"]),
    ("properties.yaml", "#yaml      properties:\n", "        p#: {type: @}\n", "", ["string", "object"]),
    ("gone.json", "{#schema{\"properties\":{\"a\":{}", ",\"@#\":{\"type\":\"string\"}", "}}}}}", ["a", "b"]),
    ("required.json", "{#schema{\"required\":[\"a\"", ",\"@#\"", "]}}}}", ["a", "b"]),
    ("alternatives.json", "{#schema{\"oneOf\":[{}", ",{\"const\":\"@#\"}", "]}}}}", ["a", "b"]),
    ("chain.json", "{#schema{\"$ref\":\"#/components/schemas/A0\"}", ",#chain", "}}}", ["string", "integer"]),
    ("known.json", "{#schema{\"x-extensible-enum\":[\"\"", ",\"@#\"", "]}}}}", ["a", "b"]),
    ("parameters.json", "{#one\"parameters\":[{}", ",{\"name\":\"@#\",\"in\":\"query\"}", "]}}}}", ["a", "b"]),
    (
        "parameter-types.json",
        "{#one\"parameters\":[{}",
        ",{\"name\":\"p#\",\"in\":\"query\",\"schema\":{\"type\":\"@\"}}",
        "]}}}}",
        ["string", "object"],
    ),
    ("responses.json", "{#one\"responses\":{\"200\":{}", ",\"@#\":{}", "}}}}}", ["a", "b"]),
    ("headers.json", "{#one\"responses\":{\"200\":{\"headers\":{\"a\":{}", ",\"@#\":{}", "}}}}}}}", ["a", "b"]),
    ("links.json", "{#one\"responses\":{\"200\":{\"links\":{\"a\":{}", ",\"@#\":{}", "}}}}}}}", ["a", "b"]),
    ("media-types.json", "{#one\"requestBody\":{\"content\":{\"a\":{}", ",\"x/@#\":{}", "}}}}}}", ["a", "b"]),
    ("tags.json", "{#one\"tags\":[\"a\"", ",\"@#\"", "]}}}}", ["a", "b"]),
    ("security.json", "{#one\"security\":[{\"z\":[]}", ",{\"@#\":[]}", "]}}}}", ["a", "b"]),
    ("webhooks.json", "{#webhooks{\"a\":{}", ",\"@#\":{\"post\":{}}", "}}", ["a", "b"]),
    ("servers.json", "{#servers[{}", ",{\"url\":\"/@#\"}", "]}", ["a", "b"]),
    (
        "event.json",
        "{\"eventType\":\"a.b.c\",#payload{\"a\":{}",
        ",\"p#\":{\"type\":\"@\"}",
        "}}}",
        ["string", "object"],
    ),
    ("digits.json", "{#schema{\"enum\":[0", ",@", "]}}}}", ["1", "2"]),
    ("constant.json", "{#schema{\"const\":[0", ",@", "]}}}}", ["1", "2"]),
    ("nested.json", "{#schema{\"const\":[0", ",[[{\"\":@}]]", "]}}}}", ["1", "2"]),
    ("default.json", "{#schema{\"default\":[0", ",@", "]}}}}", ["1", "2"]),
    ("known-digits.json", "{#schema{\"x-extensible-enum\":[0", ",@", "]}}}}", ["1", "2"]),
    ("event-digits.json", "{\"eventType\":\"a.b.c\",#payload{\"a\":{\"enum\":[0", ",@", "]}}}}", ["1", "2"]),
    ("shared.json", "{\"R\":{\"headers\":{\"a\":{}", ",\"@#\":{}", "}}}", ["a", "b"]),
    ("folder.json", "{#paths{\"/\":{}", ",\"/@#\":{\"get\":{}}", "}}", ["a", "b"]),
];

const ONE: &str = "{#one\"responses\":{\"200\":{}";
const REFERENCE: &str = ",\"#\":{\"$ref\":\"../../../shared/r.json#/R\"}";

/// The files of one side of a case, by path; below a service.
fn files(case: usize, side: usize) -> Vec<(String, String)> {
    let (name, before, repeated, behind, tokens) = CASES[case];
    let (stem, extension) = name.rsplit_once('.').unwrap();
    let text = |size: usize| made((before, repeated, behind), tokens[side], size);
    match stem {
        "event" | "event-digits" => vec![("services/s/contracts/events/a.json".to_owned(), text(SIZE))],
        // One file that forty services refer to.
        "shared" => {
            let service = made((ONE, REFERENCE, "}}}}}"), "", SIZE / 320);
            let services = (0..40).map(|n| (format!("services/s{n}/contracts/api-spec.json"), service.clone()));
            services.chain([("shared/r.json".to_owned(), text(SIZE / 8))]).collect()
        }
        "folder" => (0..40).map(|n| (format!("services/s{n}/contracts/api-spec.json"), text(SIZE / 40))).collect(),
        _ => vec![(format!("services/s/contracts/api-spec.{extension}"), text(SIZE))],
    }
}

fn made((before, repeated, behind): (&str, &str, &str), token: &str, size: usize) -> String {
    const VERSION: &str = "\"openapi\":\"3.1.0\"";
    const BODY: &str =
        "{\"description\":\"\",\"content\":{\"a/json\":{\"schema\":{\"$ref\":\"#/components/schemas/A\"}}}}";
    let yaml = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: a\n          \
                content:\n            a/json:\n              schema: {$ref: '#/components/schemas/A'}\ncomponents:\n  \
                schemas:\n    A:\n";
    let schema = format!(
        "{VERSION},\"paths\":{{\"/a\":{{\"post\":{{\"requestBody\":{BODY},\"responses\":{{\"200\":{BODY}}}}}}}}},\
         \"components\":{{\"schemas\":{{\"A\":"
    );
    let chain = "\"A#\":{\"properties\":{\"n\":{\"$ref\":\"#/components/schemas/A+\"},\"v\":{\"type\":\"@\"}}}";
    let openings = [
        ("#paths", format!("{VERSION},\"paths\":")),
        ("#webhooks", format!("{VERSION},\"webhooks\":")),
        ("#servers", format!("{VERSION},\"paths\":{{\"/a\":{{\"get\":{{}}}}}},\"servers\":")),
        ("#one", format!("{VERSION},\"paths\":{{\"/a\":{{\"get\":{{")),
        ("#schema", schema),
        ("#payload", "\"schema\":{\"type\":\"object\",\"properties\":".to_owned()),
        ("#yaml", yaml.to_owned()),
    ];
    let mut text = openings.iter().fold(before.to_owned(), |text, (mark, opening)| text.replacen(mark, opening, 1));
    let repeated = repeated.replace("#chain", chain).replace('@', token);
    for n in 0.. {
        let one = repeated.replace("#/", "\u{1}").replace('#', &n.to_string()).replace('\u{1}', "#/");
        let one = one.replace('+', &(n + 1).to_string());
        if text.len() + one.len() + behind.len() > size {
            break;
        }
        text.push_str(&one);
    }
    text + behind
}

#[test]
fn memory_of_a_comparison_stays_within_the_bound() {
    if peak().is_none() {
        println!("this system reports no peak of memory: nothing to assert");
        return;
    }
    let runs: Vec<Run> = (0..CASES.len())
        .flat_map(|case| {
            let both = [Run { case, is_diff: true }, Run { case, is_diff: false }];
            both.into_iter().filter(move |run| run.is_diff || BREAKING.contains(&CASES[case].0))
        })
        .collect();
    // Two at a time, because a run that is not optimised takes seconds for some.
    let over = std::thread::scope(|scope| {
        let runs = &runs;
        let workers = [0, 1].map(|first| {
            scope.spawn(move || runs.iter().skip(first).step_by(2).filter_map(|run| run.over()).collect())
        });
        workers.into_iter().flat_map(|worker| -> Vec<_> { worker.join().unwrap() }).collect::<Vec<_>>()
    });
    assert_eq!(over, [""; 0], "these comparisons take too much memory");
}

/// A case with one of both commands.
#[derive(Clone, Copy)]
struct Run {
    case: usize,
    is_diff: bool,
}

impl Run {
    fn name(self) -> String {
        format!("{} {}", if self.is_diff { "diff" } else { "breaking" }, CASES[self.case].0)
    }

    fn named(name: &str) -> Run {
        let (command, case) = name.split_once(' ').unwrap();
        Run { case: CASES.iter().position(|one| one.0 == case).unwrap(), is_diff: command == "diff" }
    }

    /// Its name, where its process takes more than the bound.
    fn over(self) -> Option<String> {
        let name = self.name();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "run_one_case", "--ignored", "--nocapture"]).env(CASE, &name);
        let output = child.output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {out}{}", String::from_utf8_lossy(&output.stderr));
        let report = out.lines().find_map(|line| line.split_once("figures ")).unwrap().1;
        let figures: Vec<usize> = report.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
        let [size, taken, findings] = figures[..] else { panic!("{report}") };
        assert!(findings > 0, "{name}: nothing was found");
        let allowed = FACTOR * size + BASE;
        println!(
            "{name:30} {size:8} bytes, {findings:5} findings, {:4} MB taken, {:4} MB allowed",
            taken / 1_000_000,
            allowed / 1_000_000
        );
        (taken > allowed).then_some(name)
    }
}

#[test]
#[ignore = "run by memory_of_a_comparison_stays_within_the_bound in a process of its own"]
fn run_one_case() {
    let Ok(name) = std::env::var(CASE) else { return };
    let Run { case, is_diff } = Run::named(&name);
    let folder = tempfile::tempdir().unwrap();
    let mut size = 0;
    for (side, root) in ["old", "new"].into_iter().enumerate() {
        // `breaking` takes one folder: what it was is committed before it becomes what it is.
        let root = folder.path().join(if is_diff { root } else { "" });
        for (path, text) in files(case, side) {
            size += text.len();
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        if !is_diff && side == 0 {
            commit(&root);
        }
    }
    let findings = if is_diff { diff(folder.path()) } else { breaking(folder.path()) };
    println!("figures {size} {} {findings}", peak().unwrap());
}

fn diff(folder: &Path) -> usize {
    let (old, new) = Side::pair("old", "new", folder).unwrap();
    let found = check::diff(old, new, None).unwrap();
    changelog::human(&found, &mut io::sink(), Style::default()).unwrap();
    serde_json::to_writer(io::sink(), &found.outcome.findings).unwrap();
    found.outcome.findings.len()
}

fn breaking(folder: &Path) -> usize {
    let workspace = Workspace::load(&WorktreeStore::open(folder).unwrap()).unwrap().lower_schemas();
    let base = Workspace::load(&GitStore::open(folder, "HEAD").unwrap()).unwrap().lower_schemas();
    let history = History::read(folder, "HEAD", &workspace).unwrap();
    let base = Base { workspace: &base, rev: "HEAD", history: &history, today: None };
    let outcome = check::breaking_changes(base, &workspace, &Scope::default());
    serde_json::to_writer(io::sink(), &outcome.findings).unwrap();
    outcome.findings.len()
}

fn commit(folder: &Path) {
    let settings = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    for arguments in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "--message", "old"]] {
        let mut git = Command::new("git");
        let done = git.current_dir(folder).args(settings).args(arguments).status().unwrap();
        assert!(done.success(), "git {arguments:?}");
    }
}

/// The most memory that this process has held, in bytes.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
