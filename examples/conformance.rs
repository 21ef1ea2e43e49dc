//! Compares pairs of OpenAPI documents with known answers: `cargo run --release --example conformance -- FOLDER`.
//!
//! The folder holds `cases.json`, a list of cases with `name`, `base` and `revision` (paths below the folder), the findings
//! of another tool in `all_default` (each with `id` and `level`), `config` and `time_dependent`. Cases with a configuration
//! or that depend on the day are left out. `ERR` counts as breaking. With a second argument only the cases whose name
//! holds it are compared, and all their findings shown.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use agentspec::compat::{self, Level, Sides};
use agentspec::diagnostic::{Diagnostic, Severity};
use agentspec::source::WorktreeStore;
use agentspec::workspace::Workspace;
use anyhow::{Context, Result};
use serde_json::Value;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("name the folder that holds cases.json")?;
    let only = arguments.next();
    let folder = Path::new(&folder);
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.join("cases.json"))?)?;
    let (mut agree, mut total) = (0, 0);
    let mut differences: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for case in &cases {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        if case["config"].as_object().is_some_and(|config| !config.is_empty()) || case["time_dependent"] == true {
            continue;
        }
        if only.as_ref().is_some_and(|only| !text("name").contains(only.as_str())) {
            continue;
        }
        let found = compare(folder, text("base"), text("revision"))?;
        let expected = ids(case, "ERR");
        let (theirs, ours) = (!expected.is_empty(), found.iter().any(|one| one.severity == Severity::Error));
        total += 1;
        agree += usize::from(theirs == ours);
        if theirs != ours || only.is_some() {
            let of = if ours { Severity::Error } else { Severity::Info };
            let own: Vec<String> = found
                .iter()
                .filter(|one| one.severity >= of)
                .map(|one| format!("{} {}: {}", one.severity.name(), one.rule, one.message))
                .collect();
            let class =
                if ours { "breaks by containment, and not there" } else { "breaks there, and not by containment" };
            let all = [expected, ids(case, "WARN"), ids(case, "INFO")].concat();
            differences.entry(class).or_default().push(format!(
                "{} ({} -> {})\n    theirs: {}\n    ours:   {}",
                text("name"),
                text("base"),
                text("revision"),
                all.join(", "),
                own.join("\n            ")
            ));
        }
    }
    for (class, list) in &differences {
        println!("## {class}: {}", list.len());
        for one in list {
            println!("- {one}");
        }
    }
    println!("{agree} of {total} agree ({:.1} %)", 100.0 * agree as f64 / f64::from(total.max(1)));
    Ok(())
}

fn ids(case: &Value, level: &str) -> Vec<String> {
    let list = case["all_default"].as_array().into_iter().flatten();
    let mut ids: Vec<String> = list
        .filter(|one| one["level"] == level)
        .map(|one| format!("{level} {}", one["id"].as_str().unwrap_or("?")))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn compare(folder: &Path, base: &str, revision: &str) -> Result<Vec<Diagnostic>> {
    let store = WorktreeStore::open(folder)?;
    let old = Workspace::contract(&store, base, "api")?;
    let new = Workspace::contract(&store, revision, "api")?;
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    Ok(compat::findings(sides, None, Level::All))
}
