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
    let config: Value = serde_json::from_str(&Platform::example().text(".speckit.config.json")).unwrap();
    assert_eq!(config["validation"]["strict"], true);
    assert!(config.get("rules").is_none(), "every rule runs, at its own severity");
}

#[test]
fn the_specification_of_this_tool_is_clean() {
    clean("specs");
}

/// With what is generated in place as well, and after some of it is gone again.
#[test]
fn the_example_is_clean_once_it_is_generated() {
    let platform = Platform::example();
    platform.run(&["generate"]).exits(0);
    let run = platform.run(&["validate", "--json", "--fail-on", "info"]);
    assert!(run.rules().is_empty(), "{}", run.out);
    fs::remove_dir_all(platform.path("services/order-service/src")).unwrap();
    let run = platform.run(&["validate", "--json"]).exits(1);
    assert_eq!(run.rules(), ["service-not-implemented"], "strict: a warning fails");
}

#[test]
fn the_finding_in_the_readme_is_what_is_printed() {
    const USERS: &str = "services/user-service/contracts/api-spec.yaml";
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let shown = readme.split("```text\n").find(|block| block.starts_with("error[property-removed]")).unwrap();
    let shown = shown.split("```").next().unwrap();
    let platform = Platform::example();
    platform.git(&["init", "-q", "-b", "main"]);
    platform.commit();
    let text = platform.text(USERS).replacen("version: 1.0.0", "version: 2.0.0", 1);
    let (before, user) = text.split_once("\n    User:\n").unwrap();
    let (properties, after) = user.split_once("\n        locale:\n").unwrap();
    let (_, after) = after.split_once("\n        createdAt:").unwrap();
    let properties = properties.replacen("locale, ", "", 1);
    platform.write(USERS, &format!("{before}\n    User:\n{properties}\n        createdAt:{after}"));
    let run = platform.run(&["validate-contracts", "--breaking-changes-only", "--base", "main"]).exits(1);
    assert!(run.out.starts_with(shown), "{}", run.out);
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

/// Where a row of the table in NOTES.md is found.
enum Found {
    /// By this rule at the row's own line, be it as the place of the finding or as one that explains it.
    Here(&'static str),
    /// By this rule at another line, because of what is said.
    At(&'static str, u64, &'static str),
    /// By this rule in another file of the service, because of what is said.
    In(&'static str, &'static str, u64, &'static str),
    /// Not by `validate`, because of what is said.
    Not(&'static str),
}

use Found::{At, Here, In, Not};

/// How each defect of the broken platform is found, in the order of the table.
const DEFECTS: &[(&str, Found)] = &[
    ("principle that no rule enforces", Not("`agentspec constitution` shows it; the next test looks")),
    ("placeholder TBD", Here("placeholder-left")),
    ("configuration value of the wrong type", Here("config-wrong-type")),
    ("configuration value out of range", Here("config-wrong-type")),
    ("configuration value not among", Here("config-wrong-type")),
    ("unknown configuration key", Here("config-unknown-key")),
    ("duplicate configuration key", Here("duplicate-key")),
    ("unknown configuration section", Here("config-unknown-key")),
    ("unknown owner in a boundary", Here("exclusion-owner-unknown")),
    ("unknown upstream", Here("upstream-unknown")),
    ("missing failure mode; first edge", Here("failure-mode-missing")),
    ("upstream operation that the other", Here("upstream-operation-unknown")),
    ("downstream claim that the other", Here("downstream-claim-unmatched")),
    ("unknown downstream", Here("downstream-unknown")),
    ("payload field that is not", Here("event-payload-undeclared")),
    ("consumer that no service is; orders", Here("event-consumer-unknown")),
    ("event name of two segments where", Here("event-name-segments")),
    ("listed consumer that does not", Here("event-consumer-claim-unmatched")),
    ("event without a schema", In("event-without-schema", EVENTS, 99, "one finding for both places: where it belongs")),
    ("saga step without compensation", Here("compensation-missing")),
    ("saga compensation that names", Here("saga-operation-unknown")),
    ("saga step of an unknown service", Here("saga-service-unknown")),
    ("schema const that differs from the event name", Here("event-const-mismatch")),
    ("required names no property (event)", Here("required-undeclared")),
    ("consumer that no service is (event file)", Here("event-consumer-unknown")),
    ("event name of two segments (event file)", Here("event-name-segments")),
    ("schema const that differs from the event version", Here("event-const-mismatch")),
    ("example that its schema refuses (event)", Here("example-mismatch")),
    ("event without a schema (event file)", Here("event-without-schema")),
    ("closes the synchronous cycle", Here("dependency-cycle")),
    ("second owner of an event", Here("event-two-publishers")),
    ("missing idempotency and missing", Here("idempotency-missing")),
    ("topic that differs", Here("event-topic-mismatch")),
    ("consumed event that nobody", Here("event-unpublished")),
    ("shared database", Here("shared-database")),
    ("second owner of the entity", Here("entity-two-owners")),
    ("no health endpoint", Here("health-endpoint-missing")),
    ("path without the version prefix", Here("path-prefix-missing")),
    ("default that its schema refuses", Here("default-mismatch")),
    ("enum value of another type", Here("enum-mismatch")),
    ("parameter declared twice", Here("duplicate-parameter")),
    ("operation without an error response", At("error-response-missing", 26, "the operation's key, a line above")),
    ("duplicate operationId", Here("duplicate-operation-id")),
    ("tag that is not declared", Here("tag-undeclared")),
    ("security scheme that is not", Here("security-scheme-undefined")),
    ("example that its schema refuses", Here("example-mismatch")),
    ("error response that is not problem", Here("error-format-mismatch")),
    ("path parameter that is not declared", At("path-parameter-undeclared", 87, "the operation below the path")),
    ("dangling $ref", Here("ref-dangling")),
    ("paths that differ only", Here("paths-equivalent")),
    ("path parameter that the path", Here("path-parameter-unused")),
    ("placeholder FIXME", Here("placeholder-left")),
    ("remote $ref", Here("ref-remote")),
    ("$ref that leaves the platform", Here("ref-escapes-platform")),
    ("$ref to a file that does not", Here("ref-dangling")),
    ("required names no property", Here("required-undeclared")),
    ("minLength above maxLength", Here("bounds-contradict")),
    ("pattern that is no regular", Here("pattern-invalid")),
    ("type that does not exist", Here("openapi-structure")),
    ("enum value listed twice", Here("enum-duplicate")),
    ("duplicate key", Here("duplicate-key")),
    ("component that nothing uses", Here("component-unused")),
    ("unknown service type", Here("service-type-unknown")),
    ("scenario without Given, When", Here("scenario-incomplete")),
    ("scenario without When", Here("scenario-incomplete")),
    ("synchronous chain", Here("call-chain-too-deep")),
    ("Service Name and folder disagree", Here("service-name-mismatch")),
    ("missing section Service Boundary", Here("service-boundary-missing")),
    ("placeholder NEEDS CLARIFICATION", Here("placeholder-left")),
    ("placeholder TODO as the failure", Here("placeholder-left")),
    ("missing sections", Here("section-missing")),
    ("file that is not UTF-8", Here("not-utf8")),
    ("$ref chain that is nothing", Here("ref-cycle")),
    ("JSON syntax error", Here("json-syntax")),
    ("empty specification", Here("spec-empty")),
    ("YAML syntax error", Here("yaml-syntax")),
    ("missing specification", Here("spec-missing")),
    ("alias bomb", Here("alias-bomb")),
];

const BROKEN: &str = "tests/platforms/broken";
const EVENTS: &str = "services/orders-service/contracts/events/order-events.json";

/// Defect, file and line of each row of the table in NOTES.md.
fn rows() -> Vec<(String, String, u64)> {
    let notes = fs::read_to_string(repository().join(BROKEN).join("NOTES.md")).unwrap();
    let cells = notes.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.map(|line| line.split(" | ").collect::<Vec<_>>()).filter(|cells| cells[0] != "Defect");
    rows.map(|cells| (cells[0].to_owned(), cells[1].trim_matches('`').to_owned(), cells[2].parse().unwrap_or(1)))
        .collect()
}

#[test]
fn each_defect_of_the_broken_platform_is_found_where_it_is() {
    let findings = Platform::copy(BROKEN).run(&["validate", "--json"]).exits(1).findings();
    let stands = |place: &Value, file: &str, line: u64| {
        place["file"].as_str().unwrap().starts_with(file) && place["line"].as_u64().unwrap() == line
    };
    let is_found = |rule: &str, file: &str, line: u64| {
        findings.iter().filter(|finding| finding["rule"] == rule).any(|finding| {
            let related = finding["related"].as_array().into_iter().flatten();
            stands(finding, file, line) || related.clone().any(|place| stands(place, file, line))
        })
    };
    let rows = rows();
    assert_eq!(rows.len(), DEFECTS.len(), "each row of NOTES.md has one here");
    let mut lost = Vec::new();
    for ((defect, file, line), (start, found)) in rows.iter().zip(DEFECTS) {
        assert!(defect.starts_with(start), "in the order of NOTES.md: {defect} / {start}");
        let (rule, file, line, why) = match found {
            Here(rule) => (rule, file.as_str(), *line, ""),
            At(rule, line, why) => (rule, file.as_str(), *line, *why),
            In(rule, file, line, why) => (rule, *file, *line, *why),
            Not(why) => {
                assert!(!why.is_empty(), "{defect}: a reason is needed");
                continue;
            }
        };
        if !is_found(rule, file, line) {
            lost.push(format!("{defect}: {rule} at {file}:{line} ({why})"));
        }
    }
    assert!(lost.is_empty(), "not found: {lost:#?}");
}

#[test]
fn a_principle_that_nothing_enforces_is_shown() {
    let (_, file, line) = rows().remove(0);
    assert_eq!(file, "constitution.md");
    let principles = Platform::copy(BROKEN).run(&["constitution", "--json"]).exits(0).json()["principles"].clone();
    let free = principles.as_array().unwrap().iter().find(|one| one["line"].as_u64() == Some(line)).unwrap();
    assert_eq!(free["rules"], Value::Array(Vec::new()));
}

/// What is broken in one file hides nothing of another.
#[test]
fn what_is_legal_in_the_broken_platform_is_silent() {
    let findings = Platform::copy(BROKEN).run(&["validate", "--json"]).exits(1).findings();
    let said = |rule: &str, text: &str| {
        findings.iter().any(|one| one["rule"] == rule && one["message"].as_str().unwrap().contains(text))
    };
    assert!(!said("ref-cycle", "Item"), "a schema that holds itself is legal");
    assert!(!said("array-without-items", ""), "legal in the contract's OpenAPI 3.1: an array of anything");
    let cycles = findings.iter().filter(|one| one["rule"] == "dependency-cycle").count();
    assert_eq!(cycles, 1, "one cycle is one finding");
    assert!(!said("plan-missing", ""), "plans are optional");
}
