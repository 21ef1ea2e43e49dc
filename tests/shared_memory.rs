//! What many places of a contract share, a component or the beginning of their paths, is held once: a run over such files
//! stays within 40 times their size and 30 MB, when one is checked and when two states are compared. Each case runs in a
//! process of its own, whose peak the system reports; where it does not (outside of Linux), there is nothing to assert.
//! `tests/run_memory.rs` and `tests/comparison_memory.rs` hold the same for files that are large without sharing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use agentspec::check::{self, Scope, Side, validate};
use agentspec::report::{Style, changelog};
use agentspec::source::WorktreeStore;
use agentspec::template::Engine;
use agentspec::workspace::Workspace;

const FACTOR: usize = 40;
/// What a run may take besides, with all that the process holds before it starts.
const BASE: usize = 30_000_000;
/// Files are of this size in bytes: half of it refers, the other half is referred to.
const SIZE: usize = 200_000;
const CASE: &str = "AGENTSPEC_SHARED_MEMORY_CASE";

/// Name, paths before the references, one reference, what is behind, one part of what they share, what closes it. `#`
/// becomes a number, `@` what tells the sides apart, `^` a key of a quarter of the size, and `%` as much as makes few parts.
type Case = (&'static str, [&'static str; 5]);

const CASES: [Case; 25] = [
    ("headers", [ONE, RESPONSE, "}}}},`components`:{`responses`:{`R`:{`headers`:{`a`:{}", ",`@#`:{}", "}}}}}"]),
    ("links", [ONE, RESPONSE, "}}}},`components`:{`responses`:{`R`:{`links`:{`a`:{}", ",`@#`:{}", "}}}}}"]),
    ("content", [ONE, RESPONSE, "}}}},`components`:{`responses`:{`R`:{`content`:{`a`:{}", ",`x/@#`:{}", "}}}}}"]),
    ("description", [ONE, RESPONSE, "}}}},`components`:{`responses`:{`R`:{`description`:`", "@", "`}}}}"]),
    (
        "header content",
        [
            "{`openapi`:`3.1.0`,`paths`:{`/a`:{`get`:{`responses`:{`200`:{`headers`:{`a`:{}",
            ",`h#`:{`$ref`:`#/components/headers/R`}",
            "}}}}}},`components`:{`headers`:{`R`:{`content`:{`a`:{}",
            ",`x/@#`:{}",
            "}}}}}",
        ],
    ),
    (
        "parameter content",
        [
            PATHS,
            ",`/p#`:{`get`:{`parameters`:[{`$ref`:`#/components/parameters/R`}]}}",
            "},`components`:{`parameters`:{`R`:{`name`:`a`,`in`:`query`,`content`:{`a`:{}",
            ",`x/@#`:{}",
            "}}}}}",
        ],
    ),
    (
        "bodies",
        [
            PATHS,
            ",`/p#`:{`post`:{`requestBody`:{`$ref`:`#/components/requestBodies/R`}}}",
            "},`components`:{`requestBodies`:{`R`:{`content`:{`a`:{}",
            ",`x/@#`:{}",
            "}}}}}",
        ],
    ),
    (
        "callbacks",
        [
            PATHS,
            ",`/p#`:{`post`:{`callbacks`:{`c`:{`$ref`:`#/components/callbacks/R`}}}}",
            "},`components`:{`callbacks`:{`R`:{`a`:{}",
            ",`@#`:{`post`:{}}",
            "}}}}",
        ],
    ),
    ("item parameters", [PATHS, ITEM, GET_OF_ITEM, ",{`name`:`@#`,`in`:`query`}", "]}}}}}"]),
    ("item responses", [PATHS, ITEM, RESPONSES_OF_ITEM, ",`@#`:{}", "}}}}}}"]),
    ("item tags", [PATHS, ITEM, TAGS_OF_ITEM, ",`@#`", "]}}}}}"]),
    ("item callbacks", [PATHS, ITEM, CALLBACKS_OF_ITEM, ",`@#`:{`x`:{`post`:{}}}", "}}}}}}"]),
    ("security", [PATHS, ",`/p#`:{`get`:{}}", "},`security`:[{`a`:[]}", ",{`@#`:[]}", "]}"]),
    ("scopes", [PATHS, ",`/p#`:{`get`:{}}", "},`security`:[{`a`:[`a`", ",`@#`", "]}]}"]),
    (
        "long path",
        ["{`openapi`:`3.1.0`,`paths`:{`/^`:{`get`:{`parameters`:[{}", ",{`name`:`@#`,`in`:`query`}", "]}}}}", "", ""],
    ),
    (
        "long path responses",
        ["{`openapi`:`3.1.0`,`paths`:{`/^`:{`get`:{`responses`:{`a`:{}", ",`@#`:{}", "}}}}}", "", ""],
    ),
    (
        "long status",
        [
            "{`openapi`:`3.1.0`,`paths`:{`/a`:{`get`:{`responses`:{`2^`:{`headers`:{`a`:{}",
            ",`@#`:{}",
            "}}}}}}}",
            "",
            "",
        ],
    ),
    (
        "long path callbacks",
        ["{`openapi`:`3.1.0`,`paths`:{`/^`:{`get`:{`callbacks`:{`a`:{}", ",`@#`:{`x`:{`post`:{}}}", "}}}}}", "", ""],
    ),
    ("item texts", [PATHS, ITEM, "},`components`:{`pathItems`:{`R`:{`get`:{`operationId`:`", "@", "`}}}}}"]),
    ("alias description", ["openapi: 3.1.0\nx: &a `a", "@", ALIASED, ",p#: {description: *a, x: %}", END_OF_ALIASED]),
    ("alias required", ["openapi: 3.1.0\nx: &a [a", ",@#", ALIASED_LIST, ",p#: {required: *a, x: %}", END_OF_ALIASED]),
    (
        "alias needed",
        ["openapi: 3.1.0\nx: &a [a", ",@#", ALIASED_LIST, ",p#: {dependentRequired: {b: *a}, x: %}", END_OF_ALIASED],
    ),
    ("alias value", ["openapi: 3.1.0\nx: &a [1", ",1", ALIASED_LIST, ",p#: {const: [*a, @], x: %}", END_OF_ALIASED]),
    (
        "alias of operations",
        ["openapi: 3.1.0\nx: &a `a", "@", "`\npaths: {/: {}", ",/p#: {get: {operationId: *a, x: %}}", "}\n"],
    ),
    ("long property", [PROPERTIES_OF_LONG, ",`@#`:{`type`:`string`}", "}}}}}}}", "", ""]),
];

const PROPERTIES_OF_LONG: &str = "{`openapi`:`3.1.0`,`paths`:{`/a`:{`get`:{`responses`:{`200`:{`content`:{`a/json`:{`schema`:\
    {`$ref`:`#/components/schemas/A`}}}}}}}},`components`:{`schemas`:{`A`:{`properties`:{`^`:{`properties`:{`a`:{}";
const ALIASED: &str = "`\npaths: {/a: {post: {requestBody: {content: {a/json: {schema: {properties: {a: {}";
const ALIASED_LIST: &str = "]\npaths: {/a: {post: {requestBody: {content: {a/json: {schema: {properties: {a: {}";
const END_OF_ALIASED: &str = "}}}}}}}}\n";
const ONE: &str = "{`openapi`:`3.1.0`,`paths`:{`/a`:{`get`:{`responses`:{`default`:{}";
const RESPONSE: &str = ",`#`:{`$ref`:`#/components/responses/R`}";
const PATHS: &str = "{`openapi`:`3.1.0`,`paths`:{`/`:{}";
const ITEM: &str = ",`/p#`:{`$ref`:`#/components/pathItems/R`}";
const GET_OF_ITEM: &str = "},`components`:{`pathItems`:{`R`:{`get`:{`parameters`:[{}";
const RESPONSES_OF_ITEM: &str = "},`components`:{`pathItems`:{`R`:{`get`:{`responses`:{`a`:{}";
const TAGS_OF_ITEM: &str = "},`components`:{`pathItems`:{`R`:{`get`:{`tags`:[`a`";
const CALLBACKS_OF_ITEM: &str = "},`components`:{`pathItems`:{`R`:{`get`:{`callbacks`:{`a`:{}";

fn text((_, [before, one, between, part, behind]): Case, token: &str) -> String {
    let long = "k".repeat(SIZE / 4);
    let padding = "k".repeat(SIZE / 30);
    let plain = |text: &str| text.replace('`', "\"").replace('^', &long).replace('%', &padding);
    let repeated = |text: &str, size: usize| {
        let one = plain(text).replace('@', token).replace("#/", "\u{1}");
        let mut made = String::new();
        for n in 0.. {
            let one = one.replace('#', &n.to_string()).replace('\u{1}', "#/");
            if one.is_empty() || made.len() + one.len() > size {
                break;
            }
            made.push_str(&one);
        }
        made
    };
    let (references, parts) = (repeated(one, SIZE / 2), repeated(part, SIZE / 2));
    [plain(before), references, plain(between), parts, plain(behind)].concat()
}

#[test]
fn what_is_shared_is_held_once() {
    if peak().is_none() {
        println!("this system reports no peak of memory: nothing to assert");
        return;
    }
    let checked = CASES.iter().map(|case| format!("check {}", case.0));
    let compared = CASES.iter().map(|case| format!("compare {}", case.0));
    let runs: Vec<String> = checked.chain(compared).chain(["catalog item texts".to_owned()]).collect();
    // Two at a time, because a run that is not optimised takes seconds for some.
    let over = std::thread::scope(|scope| {
        let runs = &runs;
        let workers = [0, 1]
            .map(|first| scope.spawn(move || runs.iter().skip(first).step_by(2).filter(|run| is_over(run)).collect()));
        workers.into_iter().flat_map(|worker| -> Vec<&String> { worker.join().unwrap() }).collect::<Vec<_>>()
    });
    assert_eq!(over, [""; 0], "these take too much memory");
}

/// Whether the process of a run takes more than the bound.
fn is_over(run: &str) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "run_one_case", "--ignored", "--nocapture"]).env(CASE, run);
    let output = child.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{run}: {out}{}", String::from_utf8_lossy(&output.stderr));
    let report = out.lines().find_map(|line| line.split_once("figures ")).unwrap().1;
    let figures: Vec<usize> = report.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [size, taken, found] = figures[..] else { panic!("{report}") };
    // Texts are not compared.
    assert!(found > 0 || run.starts_with("compare") && run.contains("description"), "{run}: nothing was found");
    let allowed = FACTOR * size + BASE;
    println!("{run:26} {size:8} bytes, {:4} MB taken, {:4} MB allowed", taken / 1_000_000, allowed / 1_000_000);
    taken > allowed
}

#[test]
#[ignore = "run by what_is_shared_is_held_once in a process of its own"]
fn run_one_case() {
    let Ok(run) = std::env::var(CASE) else { return };
    let (command, name) = run.split_once(' ').unwrap();
    let case = *CASES.iter().find(|case| case.0 == name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut size = 0;
    let sides: &[(&str, &str)] = if command == "compare" { &[("old", "a"), ("new", "b")] } else { &[("new", "b")] };
    for (root, token) in sides {
        let contracts = folder.path().join(root).join("services/s/contracts");
        fs::create_dir_all(&contracts).unwrap();
        let text = text(case, token);
        size += text.len();
        let name = if text.starts_with('{') { "api-spec.json" } else { "api-spec.yaml" };
        fs::write(contracts.join(name), text).unwrap();
    }
    let found = match command {
        "check" => check(&folder.path().join("new")),
        "catalog" => catalog(&folder.path().join("new")),
        _ => compare(folder.path()),
    };
    println!("figures {size} {} {found}", peak().unwrap());
}

fn check(root: &Path) -> usize {
    let workspace = Workspace::load(&WorktreeStore::open(root).unwrap()).unwrap();
    assert!(workspace.platform.services[0].api.is_some());
    let outcome = validate(&workspace, &[], &Scope::default());
    serde_json::to_writer(io::sink(), &outcome.findings).unwrap();
    outcome.findings.len()
}

fn catalog(root: &Path) -> usize {
    let workspace = Workspace::load(&WorktreeStore::open(root).unwrap()).unwrap().lower_schemas();
    let engine = Engine::new(BTreeMap::new()).unwrap();
    agentspec::catalog::markdown(&workspace.platform, &engine, None).unwrap().len()
}

fn compare(folder: &Path) -> usize {
    let (old, new) = Side::pair("old", "new", folder).unwrap();
    let found = check::diff(old, new, None).unwrap();
    changelog::human(&found, &mut io::sink(), Style::default()).unwrap();
    serde_json::to_writer(io::sink(), &found.outcome.findings).unwrap();
    found.outcome.findings.len()
}

/// The most memory that this process has held, in bytes.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
