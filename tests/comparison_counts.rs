//! Of many changes of one kind the first are told and the others counted: what is counted is judged all the same, its
//! consumers are named, and no approval of something else covers it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use platform::{Platform, spec};
use serde_json::json;

const CONTRACT: &str = "services/part-service/contracts/api-spec.json";
const OPERATIONS: usize = 700;

fn contract(operations: usize) -> String {
    let answer = json!({ "description": "ok" });
    let item = |n: usize| {
        let get = json!({ "operationId": format!("part{n}"), "responses": { "200": answer } });
        (format!("/parts/{n}"), json!({ "get": get }))
    };
    let paths: serde_json::Map<_, _> = (0..operations).map(item).collect();
    json!({ "openapi": "3.1.0", "info": { "title": "Parts", "version": "1.0.0" }, "paths": paths }).to_string()
}

/// A platform whose contract lost all operations but the first since the commit. Somebody uses one that comes late.
fn broken() -> Platform {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Shop\n\n## Core Principles\n\n- Contracts before code\n");
    let write = |name: &str, upstream: &str| {
        platform.write(&format!("services/{name}/specs/001-first/spec.md"), &spec(name, upstream, "None", "None"));
    };
    write("part-service", "| None | – | – |");
    write("late-service", &format!("| part-service | `GET /parts/{}` | Later |", OPERATIONS - 1));
    platform.write(CONTRACT, &contract(OPERATIONS));
    platform.git(&["init", "-q", "-b", "main"]);
    platform.commit();
    platform.write(CONTRACT, &contract(1));
    platform
}

#[test]
fn what_is_counted_is_judged_and_names_its_consumers() {
    let platform = broken();
    let run = platform.run(&["validate-contracts", "--breaking-changes-only"]).exits(1);
    assert!(run.out.contains("699 breaking changes since HEAD"), "{}", run.out);
    assert!(run.out.contains("Consumers affected: late-service"), "{}", run.out);
    let run = platform.run(&["diff", "--since", "HEAD", "--json"]).exits(1);
    let removed = run.findings().into_iter().filter(|one| one["rule"] == "operation-removed");
    let messages: Vec<String> = removed.map(|one| one["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(messages.len(), 501);
    assert!(messages.iter().any(|one| one == "199 more changes of this kind in this file"), "{messages:?}");
}

#[test]
fn what_is_counted_can_be_approved_in_turn() {
    let platform = broken();
    let approve = |operations: std::ops::Range<usize>| {
        let entry = |n: usize| {
            json!({
                "rule": "operation-removed", "service": "part-service", "subject": format!("GET /parts/{n}"),
                "reason": "Nobody calls it", "owner": "parts-team", "until": "2027-03-31",
            })
        };
        let entries: Vec<_> = operations.map(entry).collect();
        platform.write(".agentspec/approvals.json", &json!({ "version": 1, "approvals": entries }).to_string());
        platform.run(&["validate-contracts", "--breaking-changes-only", "--today", "2027-03-01"])
    };
    let run = approve(501..502).exits(1);
    assert!(run.out.contains("698 breaking changes"), "no other is approved: {}", run.out);
    let run = approve(1..OPERATIONS - 1).exits(1);
    assert!(run.out.contains("1 breaking change since"), "{}", run.out);
    approve(1..OPERATIONS).exits(0);
}
