//! Approvals of breaking changes, through the binary: what is approved fails no run and stays in sight, and what is wrong with
//! an approval is a finding.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use platform::{Platform, Run, spec};
use serde_json::{Value, json};

const USERS: &str = "services/user-service/contracts/api-spec.yaml";
const APPROVALS: &str = ".agentspec/approvals.json";

const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Users, version: 1.0.0}
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200':
          description: Users.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/User'}
  /users/{id}:
    get:
      operationId: getUser
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The user.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/User'}
components:
  schemas:
    User:
      type: object
      required: [id]
      properties:
        id: {type: string}
        email: {type: string}
        phone: {type: string}
";

/// user-service without `phone`, which page-service may read, and with its version raised.
fn broken() -> Platform {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Shop\n\n## Core Principles\n\n- Contracts before code\n");
    let of = |name: &str, upstream: &str| {
        platform.write(&format!("services/{name}/specs/001-first/spec.md"), &spec(name, upstream, "None", "None"));
    };
    of("user-service", "| None | – | – |");
    of("page-service", "| user-service | `GET /users` | Show nothing |");
    platform.write(USERS, CONTRACT);
    platform.commit();
    platform.edit(USERS, "        phone: {type: string}\n", "");
    platform.edit(USERS, "version: 1.0.0", "version: 2.0.0");
    platform
}

fn compare(platform: &Platform, more: &[&str]) -> Run {
    platform.run(&[&["validate-contracts", "--breaking-changes-only"], more].concat())
}

fn entry() -> Value {
    json!({
        "rule": "property-removed", "service": "user-service", "at": ["GET /users", "GET /users/{id}"],
        "pointer": "/components/schemas/User", "subject": "phone",
        "reason": "Its only reader has moved", "owner": "users-team", "until": "2027-03-31",
    })
}

fn approve(platform: &Platform, entries: &[Value]) {
    platform.write(APPROVALS, &serde_json::to_string_pretty(&json!({"version": 1, "approvals": entries})).unwrap());
}

#[test]
fn what_is_approved_fails_no_run_and_stays_in_sight() {
    let platform = broken();
    let before = compare(&platform, &["--json"]).exits(1).findings();
    assert_eq!(
        before[0]["changed"],
        json!({"service": "user-service", "at": ["GET /users", "GET /users/{id}"], "subject": "phone"})
    );
    assert_eq!(before[0]["pointer"], "/components/schemas/User");
    approve(&platform, &[entry()]);
    let run = compare(&platform, &["--json", "--today", "2027-03-31"]).exits(0);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((&findings[0]["rule"], &findings[0]["severity"]), (&json!("property-removed"), &json!("info")));
    assert_eq!(
        findings[0]["approved"],
        json!({"reason": "Its only reader has moved", "owner": "users-team", "until": "2027-03-31"})
    );
    assert_eq!(findings[0]["consumers"], json!(["page-service"]));
    assert_eq!(findings[0]["fingerprint"], before[0]["fingerprint"], "approving is no other finding");
    assert_eq!(run.json()["summary"], json!({"errors": 0, "warnings": 0, "infos": 0, "suppressed": 0, "approved": 1}));
    let account = run.json()["account"].to_string();
    assert!(account.contains("No breaking changes since HEAD but those that are approved"), "{account}");
    assert!(account.contains("Approved by users-team until 2027-03-31: field `phone` removed"), "{account}");
    compare(&platform, &["--fail-on", "info", "--today", "2027-03-31"]).exits(0);
    let human = compare(&platform, &["--today", "2027-03-31"]).exits(0).out;
    assert!(human.contains("no findings (1 approved)") && human.contains("Its only reader has moved"), "{human}");
}

#[test]
fn an_approval_is_for_what_it_names_alone() {
    let platform = broken();
    let with = |key: &str, value: Value| {
        let mut entry = entry();
        entry[key] = value;
        entry
    };
    let without = |key: &str| {
        let mut entry = entry();
        entry.as_object_mut().unwrap().remove(key);
        entry
    };
    for (entry, code) in [
        (without("at"), 0),
        (without("pointer"), 0),
        (without("subject"), 0),
        (with("rule", json!("type-changed")), 1),
        (with("service", json!("page-service")), 1),
        (with("subject", json!("email")), 1),
        (with("pointer", json!("/components/schemas/Account")), 1),
        // It reaches more than was approved.
        (with("at", json!(["GET /users"])), 1),
    ] {
        approve(&platform, std::slice::from_ref(&entry));
        let run = compare(&platform, &["--json"]).exits(code);
        assert_eq!(run.rules().contains(&"approval-stale".to_owned()), code == 1, "{entry}: {}", run.out);
    }
    // A second change beside an approved one is not approved.
    approve(&platform, &[entry()]);
    platform.edit(USERS, "        email: {type: string}\n", "");
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    let errors: Vec<_> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
    assert!(errors.len() == 1 && errors[0]["message"].as_str().unwrap().contains("`email`"), "{findings:#?}");
}

#[test]
fn an_approval_ends_on_the_day_that_is_given() {
    let platform = broken();
    approve(&platform, &[entry()]);
    // Without a day nobody knows.
    let run = compare(&platform, &["--json"]).exits(0);
    assert!(run.json()["account"].to_string().contains("--today YYYY-MM-DD"), "{}", run.out);
    let arguments = ["validate-contracts", "--breaking-changes-only", "--json"];
    let on = |day: &str| platform.run_with(&[("AGENTSPEC_TODAY", day)], &arguments);
    assert!(!on("2027-03-31").exits(0).out.contains("--today"));
    let run = on("2027-04-01").exits(1);
    let ended = run.findings().into_iter().find(|finding| finding["rule"] == "approval-ended").unwrap();
    assert_eq!((&ended["file"], &ended["line"]), (&json!(APPROVALS), &json!(4)));
    assert!(run.findings().iter().any(|one| one["rule"] == "property-removed" && one["severity"] == "error"));
    // The option counts before the variable.
    let run =
        platform.run_with(&[("AGENTSPEC_TODAY", "2027-04-01")], &[&arguments[..], &["--today", "2027-01-01"]].concat());
    run.exits(0);
    assert!(on("soon").exits(2).err.contains("YYYY-MM-DD"));
    assert!(compare(&platform, &["--today", "2027-02-30"]).exits(2).err.contains("YYYY-MM-DD"));
    platform.run(&["validate-contracts", "--today", "2027-01-01"]).exits(2);
}

#[test]
fn what_matches_nothing_is_stale() {
    let platform = broken();
    approve(&platform, &[entry()]);
    platform.commit();
    let stale = |run: &Run| run.rules().iter().filter(|rule| *rule == "approval-stale").count();
    let run = compare(&platform, &["--json"]).exits(0);
    assert_eq!(stale(&run), 1, "{}", run.out);
    assert_eq!(run.findings()[0]["severity"], "warning");
    assert_eq!(stale(&compare(&platform, &["--json", "--service", "user-service"])), 1);
    assert_eq!(stale(&compare(&platform, &["--json", "--service", "page-service"])), 0);
    assert_eq!(stale(&compare(&platform, &["--json", "--base", "HEAD~1"])), 0);
    let mut unknown = entry();
    unknown["rule"] = json!("property-remove");
    approve(&platform, &[unknown]);
    let finding = compare(&platform, &["--json"]).findings()[0].clone();
    assert_eq!(finding["rule"], "approval-stale");
    assert!(finding["help"].as_str().unwrap().contains("`property-removed`"), "{finding:#}");
    // A contract that cannot be read says nothing of what changed.
    approve(&platform, &[entry()]);
    platform.write(USERS, "openapi: [\n");
    assert_eq!(stale(&compare(&platform, &["--json"]).exits(1)), 0);
    // As other findings, this one can be switched off.
    platform.write(USERS, CONTRACT);
    platform.write(".speckit.config.json", r#"{"rules": {"approval-stale": "off"}}"#);
    assert_eq!(stale(&compare(&platform, &["--json"])), 0);
}

#[test]
fn what_is_no_approval_is_a_finding_in_every_run() {
    let platform = broken();
    for key in ["rule", "service", "reason", "owner", "until"] {
        let mut entry = entry();
        entry.as_object_mut().unwrap().remove(key);
        approve(&platform, &[entry]);
        let runs = [compare(&platform, &["--json"]).exits(1), platform.run(&["validate-contracts", "--json"]).exits(1)];
        for run in runs {
            let findings = run.findings();
            let one = findings.iter().find(|finding| finding["rule"] == "approval-incomplete").unwrap();
            assert!(one["message"].as_str().unwrap().contains(&format!("`{key}`")), "{one:#}");
        }
    }
    for (text, rule) in
        [("{", "json-syntax"), ("[]", "approval-incomplete"), ("{\"version\": 1}", "approval-incomplete")]
    {
        platform.write(APPROVALS, text);
        assert!(compare(&platform, &["--json"]).exits(1).rules().contains(&rule.to_owned()), "{text}");
        assert!(platform.run(&["validate", "--json"]).exits(1).rules().contains(&rule.to_owned()), "{text}");
    }
}

#[test]
fn approvals_are_written_on_demand() {
    let platform = broken();
    let how = ["--reason", "Moved", "--owner", "users-team", "--until", "2027-03-31"];
    let run = |what: &[&str]| compare(&platform, &[what, &how].concat());
    let wrong = run(&["--approve", "type-changed"]).exits(2);
    assert!(wrong.err.contains("there is property-removed"), "{}", wrong.err);
    compare(&platform, &["--approve", "all"]).exits(2);
    compare(&platform, &["--approve", "all", "--reason", " ", "--owner", "o", "--until", "2027-03-31"]).exits(2);
    let said = run(&["--approve", "property-removed"]).exits(0);
    assert!(said.err.contains("field `phone` removed") && said.out.is_empty(), "{}{}", said.out, said.err);
    let written: Value = serde_json::from_str(&platform.text(APPROVALS)).unwrap();
    let mut expected = entry();
    expected["reason"] = json!("Moved");
    assert_eq!(written, json!({"version": 1, "approvals": [expected]}));
    compare(&platform, &[]).exits(0);
    // What is there stays; a finding is named by its fingerprint too.
    platform.edit(USERS, "        email: {type: string}\n", "");
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    let open = findings.iter().find(|finding| finding["severity"] == "error").unwrap();
    run(&["--approve", open["fingerprint"].as_str().unwrap()]).exits(0);
    let written: Value = serde_json::from_str(&platform.text(APPROVALS)).unwrap();
    assert_eq!(written["approvals"].as_array().unwrap().len(), 2);
    compare(&platform, &["--today", "2027-01-01"]).exits(0);
    assert!(run(&["--approve", "all"]).exits(2).err.contains("there is nothing"));
}

#[test]
fn events_are_approved_by_name() {
    let platform = broken();
    platform.git(&["checkout", "-q", "--", USERS]);
    let file = "services/user-service/contracts/events/events.json";
    let event = json!({"eventType": "user.profile.created", "version": "v1", "schema": {"type": "object"}});
    platform.write(file, &json!({"events": [event]}).to_string());
    platform.commit();
    platform.write(file, &json!({"events": []}).to_string());
    compare(&platform, &[]).exits(1);
    approve(
        &platform,
        &[json!({"rule": "event-removed", "service": "user-service", "at": ["user.profile.created"],
                 "reason": "Nobody listens", "owner": "users-team", "until": "2027-03-31"})],
    );
    compare(&platform, &[]).exits(0);
}
