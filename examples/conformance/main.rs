//! Compares pairs of OpenAPI documents with known answers: `cargo run --example conformance -- FOLDER [NAME]`.
//!
//! The folder holds `cases.json`, a list of cases with `name`, `base` and `revision` (paths below the folder), the findings
//! of another tool in `all_default` (each with `id` and `level`), `config` and `time_dependent`. Cases with a configuration
//! or that depend on the day are left out. `ERR` counts as breaking. With a second argument only the cases whose name
//! holds it are compared, and each is shown.
//!
//! Each case in which only one of the two says that something breaks is printed with its class, of those that
//! `docs/compatibility.md` explains under "Where others judge otherwise". How what breaks is shown is counted. The run fails
//! where a case fits no class, or fewer than 89 % agree. How far both agree on the operations is told and asks for nothing.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod classes;
mod difference;
mod pair;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use agentspec::source::WorktreeStore;
use anyhow::{Context, Result};
use serde_json::Value;

use pair::Pair;

/// So many of a hundred cases must agree.
const AGREE: usize = 89;
/// What stands for a class where there is none.
const UNEXPLAINED: &str = "no class";

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("name the folder that holds cases.json")?;
    let only = arguments.next();
    let store = WorktreeStore::open(&folder)?;
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(Path::new(&folder).join("cases.json"))?)?;
    let mut outcome = Outcome::default();
    for case in &cases {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        let is_configured = case["config"].as_object().is_some_and(|config| !config.is_empty());
        let is_asked = only.as_ref().is_none_or(|only| text("name").contains(only.as_str()));
        if is_asked && !is_configured && case["time_dependent"] != true {
            let pair = Pair::read(&store, text("base"), text("revision"))?;
            outcome.add(case, &pair, only.is_some());
        }
    }
    Ok(outcome.print())
}

/// What came out so far.
#[derive(Default)]
struct Outcome {
    total: usize,
    agree: usize,
    /// The operations of which both say that something breaks, and those of which one does.
    operations: (usize, usize),
    /// The cases to be shown, by what they are.
    shown: BTreeMap<&'static str, Vec<String>>,
    /// The number of cases by who says that something breaks, and class.
    classes: BTreeMap<(&'static str, &'static str), usize>,
    /// The number of breaking changes by how they are shown.
    witnesses: BTreeMap<String, usize>,
}

impl Outcome {
    fn add(&mut self, case: &Value, pair: &Pair, is_always_shown: bool) {
        let (said, theirs) = (pair.said(), ids(case, "ERR"));
        self.total += 1;
        let (is_agreed, kind) = match (said.breaks, theirs.is_empty()) {
            (true, true) => (false, "breaks by containment, and not there"),
            (false, false) => (false, "breaks there, and not by containment"),
            _ => (true, "agreed"),
        };
        let classes: BTreeSet<&'static str> = match (is_agreed, said.breaks) {
            (true, _) => BTreeSet::new(),
            (false, true) => pair.broken().into_iter().map(|class| class.unwrap_or(UNEXPLAINED)).collect(),
            (false, false) => match pair.harmless(&theirs) {
                none if none.is_empty() => BTreeSet::from([UNEXPLAINED]),
                some => some.into_iter().map(|class| class.unwrap_or(UNEXPLAINED)).collect(),
            },
        };
        self.agree += usize::from(is_agreed);
        let (own, others) = (pair.operations(), operations(case));
        self.operations.0 += own.intersection(&others).count();
        self.operations.1 += own.union(&others).count();
        for how in pair.shown() {
            *self.witnesses.entry(how).or_default() += 1;
        }
        for class in &classes {
            *self.classes.entry((kind, class)).or_default() += 1;
        }
        if is_agreed && !is_always_shown {
            return;
        }
        let levels = ["ERR", "WARN", "INFO"].into_iter();
        let all = levels.flat_map(|level| ids(case, level).into_iter().map(move |id| format!("{level} {id}")));
        self.shown.entry(kind).or_default().push(format!(
            "{} ({} -> {})\n    class:  {}\n    theirs: {}\n    ours:   {}",
            case["name"].as_str().unwrap_or_default(),
            case["base"].as_str().unwrap_or_default(),
            case["revision"].as_str().unwrap_or_default(),
            classes.into_iter().collect::<Vec<_>>().join(", "),
            all.collect::<Vec<_>>().join(", "),
            said.lines.join("\n            ")
        ));
    }

    fn print(&self) -> ExitCode {
        for (kind, list) in &self.shown {
            println!("## {kind}: {}", list.len());
            for one in list {
                println!("- {one}");
            }
        }
        println!("## witnesses of what breaks: {}", self.witnesses.values().sum::<usize>());
        for (how, count) in &self.witnesses {
            println!("{count:3} {how}");
        }
        println!("## classes (a case may be of two)");
        for ((kind, class), count) in &self.classes {
            println!("{count:3} {class} ({kind})");
        }
        let (agree, total) = (self.agree, self.total);
        println!("{agree} of {total} agree ({:.1} %)", 100.0 * agree as f64 / total.max(1) as f64);
        println!("{} of {} operations that break for one break for both", self.operations.0, self.operations.1);
        let is_explained = self.classes.keys().all(|(_, class)| *class != UNEXPLAINED);
        if !is_explained {
            println!("failed: a case fits no class");
        }
        let is_enough = agree * 100 >= total * AGREE;
        if !is_enough {
            println!("failed: fewer than {AGREE} % agree");
        }
        if is_explained && is_enough { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// The operations of which the other tool says that something breaks.
fn operations(case: &Value) -> BTreeSet<String> {
    let list = case["all_default"].as_array().into_iter().flatten().filter(|one| one["level"] == "ERR");
    list.filter_map(|one| Some(format!("{} {}", one["operation"].as_str()?, one["path"].as_str()?))).collect()
}

/// The ids that the other tool has at a level, sorted.
fn ids(case: &Value, level: &str) -> Vec<String> {
    let list = case["all_default"].as_array().into_iter().flatten();
    let ids: BTreeSet<&str> =
        list.filter(|one| one["level"] == level).map(|one| one["id"].as_str().unwrap_or("?")).collect();
    ids.into_iter().map(str::to_owned).collect()
}
