//! The JSON Schemas in `specs/schemas/` are what the code says, and what the program reads and writes fits them.
//! `UPDATE=1 cargo test --test schemas` writes those that are generated.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::fs;

use platform::{Platform, repository};
use serde_json::{Value, json};

fn generated() -> [(&'static str, Value); 6] {
    [
        ("approvals", agentspec::document::approvals::schema()),
        ("can-deploy", agentspec::check::deployment_schema()),
        ("baseline", agentspec::diagnostic::baseline::schema()),
        ("config", agentspec::document::config::json_schema()),
        ("findings", agentspec::report::json::schema()),
        ("model", agentspec::model::json_schema()),
    ]
}

fn committed(name: &str) -> Value {
    let path = repository().join(format!("specs/schemas/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
}

/// What does not fit the committed schema of that name.
fn misfits(name: &str, document: &Value) -> Vec<String> {
    let schema = committed(name);
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[track_caller]
fn fits(name: &str, document: &Value) {
    let misfits = misfits(name, document);
    assert!(misfits.is_empty(), "{name}: {misfits:#?}");
}

#[test]
fn the_schemas_are_what_the_code_says() {
    let mut known = vec!["events.schema.json".to_owned()];
    for (name, schema) in generated() {
        let path = repository().join(format!("specs/schemas/{name}.schema.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "{} is stale; `UPDATE=1 cargo test --test schemas` writes it", path.display());
        known.push(format!("{name}.schema.json"));
    }
    known.sort();
    let mut there: Vec<String> = fs::read_dir(repository().join("specs/schemas"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, known, "no schema without a test");
}

#[test]
fn models_fit() {
    for folder in ["examples/ecommerce", "specs", "tests/platforms/broken", "tests/platforms/messy"] {
        fits("model", &Platform::copy(folder).run(&["model"]).exits(0).json());
    }
    fits("model", &Platform::small().run(&["model"]).exits(0).json());
    let printed = platform::run(&["model", "--schema"]).exits(0).json();
    assert_eq!(printed, committed("model"));
    assert!(!misfits("model", &json!({"version": 1})).is_empty());
}

#[test]
fn findings_fit() {
    for (folder, code) in [("examples/ecommerce", 0), ("tests/platforms/broken", 1)] {
        fits("findings", &Platform::copy(folder).run(&["validate", "--json"]).exits(code).json());
    }
    let platform = Platform::copy("examples/ecommerce");
    platform.commit();
    platform.edit("services/user-service/contracts/api-spec.yaml", "operationId: getUser\n", "operationId: readUser\n");
    platform.edit(
        "services/user-service/contracts/api-spec.yaml",
        "  /api/v1/users/{userId}:",
        "  /api/v1/user/{userId}:",
    );
    let run = platform.run(&["validate-contracts", "--breaking-changes-only", "--json"]).exits(1);
    assert!(run.findings().iter().any(|finding| finding["consumers"] == json!(["order-service"])), "{}", run.out);
    fits("findings", &run.json());
    assert!(!misfits("findings", &json!({"version": 2, "findings": []})).is_empty());
}

#[test]
fn a_written_baseline_fits() {
    let platform = Platform::copy("tests/platforms/broken");
    platform.run(&["validate", "--write-baseline"]).exits(0);
    let baseline: Value = serde_json::from_str(&platform.text(".agentspec/baseline.json")).unwrap();
    assert!(baseline["findings"].as_array().unwrap().len() > 20);
    fits("baseline", &baseline);
}

#[test]
fn written_approvals_fit() {
    let platform = Platform::example();
    platform.commit();
    platform.edit("services/user-service/contracts/api-spec.yaml", "operationId: getUser\n", "operationId: readUser\n");
    platform.edit(
        "services/user-service/contracts/api-spec.yaml",
        "  /api/v1/users/{userId}:",
        "  /api/v1/user/{userId}:",
    );
    let what = ["validate-contracts", "--breaking-changes-only", "--approve", "all"];
    let how = ["--reason", "Moved", "--owner", "users-team", "--until", "2027-03-31"];
    platform.run(&[&what[..], &how[..]].concat()).exits(0);
    let approvals: Value = serde_json::from_str(&platform.text(".agentspec/approvals.json")).unwrap();
    assert!(!approvals["approvals"].as_array().unwrap().is_empty());
    fits("approvals", &approvals);
    fits("findings", &platform.run(&["validate-contracts", "--breaking-changes-only", "--json"]).exits(0).json());
}

#[test]
fn configurations_fit_where_the_program_takes_them() {
    for path in ["examples/ecommerce/.speckit.config.json", "specs/.speckit.config.json"] {
        fits("config", &serde_json::from_str(&fs::read_to_string(repository().join(path)).unwrap()).unwrap());
    }
    let folder = Platform::empty();
    platform::run_in(folder.root(), &["init", "new"]).exits(0);
    fits("config", &serde_json::from_str(&folder.text("new/.speckit.config.json")).unwrap());
    // Schema and program agree on what is wrong.
    let platform = Platform::small();
    for (config, right) in [
        (json!({}), true),
        (json!({"validation": {"strict": false}}), true),
        (json!({"validation": {"strict": "yes"}}), false),
        (json!({"validation": {"strickt": true}}), false),
        (json!({"documentation": {"token_target": 50}}), true),
        (json!({"documentation": {"token_target": 49}}), false),
        (json!({"analysis": {"default_mode": "full"}}), true),
        (json!({"analysis": {"default_mode": "fast"}}), false),
        (json!({"rules": {"timeout-missing": "off"}}), true),
        (json!({"rules": {"timeout-missing": "never"}}), false),
        (json!({"cache": 7}), false),
        (json!({"other": {}}), false),
        (json!([]), false),
    ] {
        assert_eq!(misfits("config", &config).is_empty(), right, "{config}");
        platform.write(".speckit.config.json", &config.to_string());
        let rules = platform.run(&["validate", "--json"]).rules();
        assert_eq!(!rules.iter().any(|rule| rule.starts_with("config-")), right, "{config}: {rules:?}");
    }
}

#[test]
fn event_contracts_fit() {
    let example = platform::tree(&repository().join("examples/ecommerce"));
    let files: Vec<_> = example.iter().filter(|(path, _)| path.contains("contracts/events/")).collect();
    assert_eq!(files.len(), 3);
    for (path, bytes) in files {
        let misfits = misfits("events", &serde_json::from_slice(bytes).unwrap());
        assert!(misfits.is_empty(), "{path}: {misfits:#?}");
    }
    for wrong in [
        json!({}),
        json!({"events": [{"eventType": "a.b.c", "version": "v1"}]}),
        json!({"events": [{"eventType": "", "version": "v1", "schema": {}}]}),
        json!({"events": [{"eventType": "a.b.c", "version": "v1", "schema": {}, "consumer": []}]}),
        json!({"events": [{"eventType": "a.b.c", "version": 1, "schema": {}}]}),
    ] {
        assert!(!misfits("events", &wrong).is_empty(), "{wrong}");
    }
}
