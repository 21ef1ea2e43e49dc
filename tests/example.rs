//! The platforms of this repository: the example and the tool's own specification are clean, the broken one shows each of
//! its defects.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::fs;

use platform::{Platform, repository};
use serde_json::Value;

/// Validates a folder where it stands, with every rule, so that an info fails as well.
#[track_caller]
fn clean(folder: &str) {
    let root = repository().join(folder);
    for subcommand in ["validate", "validate-contracts"] {
        let arguments = [subcommand, "--json", "--fail-on", "info", "--root", root.to_str().unwrap()];
        let run = platform::run(&arguments);
        let rules = run.rules();
        assert!(rules.is_empty(), "{folder}, {subcommand}: {rules:?}\n{}", run.out);
        assert_eq!(run.json()["summary"]["suppressed"], 0, "{folder}: nothing is held back");
        run.exits(0);
    }
}

#[test]
fn the_example_is_clean() {
    clean("examples/ecommerce");
}

#[test]
fn the_specification_of_this_tool_is_clean() {
    clean("specs");
}

/// With what is generated in place, every rule holds, those too that the configuration turns off.
#[test]
fn the_example_is_clean_once_it_is_generated() {
    let platform = Platform::example();
    let config: Value = serde_json::from_str(&platform.text(".speckit.config.json")).unwrap();
    let off: Vec<&String> = config["rules"].as_object().unwrap().keys().collect();
    assert_eq!(off, ["service-not-implemented"], "the example turns nothing else off");
    platform.write(".speckit.config.json", "{}");
    platform.run(&["generate"]).exits(0);
    let run = platform.run(&["validate", "--json", "--fail-on", "info"]);
    assert!(run.rules().is_empty(), "{}", run.out);
}

#[test]
fn the_committed_catalog_is_what_is_written() {
    const CATALOG: &str = "docs/SERVICE-CATALOG.md";
    let platform = Platform::example();
    platform.run(&["service-catalog", "--check"]).exits(0);
    platform.remove(CATALOG);
    platform.run(&["service-catalog"]).exits(0);
    let written = platform.text(CATALOG);
    let path = repository().join("examples/ecommerce").join(CATALOG);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == written, "{} is stale; `UPDATE=1 cargo test --test example` writes it", path.display());
    // All that is generated around it changes nothing in it.
    platform.run(&["generate"]).exits(0);
    assert_eq!(platform.text(CATALOG), written);
}

/// The rule that finds each row of the table in NOTES.md, in its order. An empty name is a row of which nothing is said.
const ROWS: &[(&str, &str)] = &[];

struct Row {
    defect: String,
    file: String,
    line: u64,
}

/// The table of NOTES.md.
fn rows() -> Vec<Row> {
    let notes = fs::read_to_string(repository().join("tests/platforms/broken/NOTES.md")).unwrap();
    let cells = notes.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.map(|line| line.split(" | ").collect::<Vec<_>>()).filter(|cells| cells[0] != "Defect");
    rows.map(|cells| Row {
        defect: cells[0].to_owned(),
        file: cells[1].trim_matches('`').to_owned(),
        line: cells[2].parse().unwrap_or(1),
    })
    .collect()
}

#[test]
fn print_rows() {
    let platform = Platform::copy("tests/platforms/broken");
    let run = platform.run(&["validate", "--json"]).exits(1);
    for row in rows() {
        let found: Vec<String> = run
            .findings()
            .iter()
            .filter(|one| one["file"].as_str().unwrap().starts_with(&row.file))
            .filter(|one| one["line"].as_u64().unwrap().abs_diff(row.line) <= 1)
            .map(|one| format!("{}@{}", one["rule"].as_str().unwrap(), one["line"]))
            .collect();
        println!("{} | {} {} | {found:?}", row.defect, row.file, row.line);
    }
    let _ = ROWS;
}
