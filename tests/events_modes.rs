//! What happens to events between two revisions, through the binary: they come, go, change names, topics and versions, and
//! their payloads change as their compatibility mode allows or not.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use platform::{Platform, Run, git, run_in, spec};
use serde_json::{Value, json};

const ORDERS: &str = "services/order-service/contracts/events/order-events.json";
const SPEC: &str = "services/order-service/specs/001-first/spec.md";

/// An event in version 1 whose payload has these properties, of which the first is required.
fn event(name: &str, properties: &Value) -> Value {
    let mut all = json!({"eventType": {"const": name}});
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    json!({
        "eventType": name, "version": "v1", "description": "Something happened.", "topic": "orders",
        "schema": {"type": "object", "required": ["eventType", "orderId"], "properties": all},
        "consumers": ["mail-service"],
    })
}

fn order() -> Value {
    json!({"orderId": {"type": "string"}, "note": {"type": "string"}})
}

fn placed() -> Value {
    event("order.order.placed", &order())
}

fn with(mut event: Value, key: &str, value: &Value) -> Value {
    event[key] = value.clone();
    event
}

fn write(platform: &Platform, list: &[Value]) {
    platform.write(ORDERS, &serde_json::to_string_pretty(&json!({ "events": list })).unwrap());
}

fn consumed(name: &str) -> String {
    format!(
        "### Event: {name}\n\n**From:** order-service\n**Topic:** orders\n**Action:** Write a mail\n\
         **Idempotency:** By orderId\n**Error Handling:** DLQ\n"
    )
}

/// order-service, which publishes these events, and mail-service, which consumes `order.order.placed`.
fn platform(list: &[Value]) -> Platform {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Shop\n\n## Standards\n\n- Error format: RFC 9457\n");
    platform.write(SPEC, &spec("order-service", "| None | – | – |", "None", "None"));
    let mail = spec("mail-service", "| None | – | – |", "None", &consumed("order.order.placed"));
    platform.write("services/mail-service/specs/001-first/spec.md", &mail);
    write(&platform, list);
    platform.commit();
    platform
}

fn compare(platform: &Platform, more: &[&str]) -> Run {
    platform.run(&[&["validate-contracts", "--breaking-changes-only"], more].concat())
}

/// The one finding after the events became these.
#[track_caller]
fn only(platform: &Platform, list: &[Value]) -> Value {
    write(platform, list);
    let findings = compare(platform, &["--json"]).exits(1).findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["severity"], "error");
    findings[0].clone()
}

#[track_caller]
fn silent(platform: &Platform, list: &[Value]) {
    write(platform, list);
    assert_eq!(compare(platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
}

fn says(finding: &Value, text: &str) -> bool {
    finding["message"].as_str().unwrap().contains(text)
}

#[test]
fn an_event_may_come_and_not_go() {
    let platform = platform(&[placed()]);
    let other = event("order.order.cancelled", &json!({"orderId": {"type": "string"}, "reason": {"type": "string"}}));
    silent(&platform, &[placed(), other.clone()]);
    let gone = only(&platform, &[]);
    assert_eq!((&gone["rule"], &gone["consumers"]), (&json!("event-removed"), &json!(["mail-service"])));
    // One that is gone and another one that is new, with another payload, are not one that was renamed.
    let gone = only(&platform, &[other]);
    assert_eq!(gone["rule"], "event-removed");
}

#[test]
fn an_event_with_another_name_and_the_same_payload_is_one_finding() {
    let cancelled = || event("order.order.cancelled", &order());
    let platform = platform(&[placed(), cancelled()]);
    let renamed = only(&platform, &[event("order.order.created", &order()), cancelled()]);
    assert_eq!(renamed["rule"], "event-renamed");
    assert!(says(&renamed, "from `order.order.placed` to `order.order.created`"), "{renamed:#}");
    assert_eq!(renamed["consumers"], json!(["mail-service"]));
    assert_eq!(renamed["file"], ORDERS);
    // Two at once: each is paired with the likest name, whatever the order in the file.
    let both = [event("order.order.cancelled2", &order()), event("order.order.placed2", &order())];
    write(&platform, &both);
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    let messages: Vec<&str> = findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages.contains(&"event renamed from `order.order.placed` to `order.order.placed2`"), "{messages:?}");
    assert!(
        messages.contains(&"event renamed from `order.order.cancelled` to `order.order.cancelled2`"),
        "{messages:?}"
    );
}

#[test]
fn an_event_that_moves_to_another_topic_is_lost() {
    let platform = platform(&[placed()]);
    let moved = only(&platform, &[with(placed(), "topic", &json!("orders.v2"))]);
    assert_eq!(moved["rule"], "event-topic-changed");
    assert!(says(&moved, "from orders to orders.v2"), "{moved:#}");
    assert_eq!(moved["consumers"], json!(["mail-service"]));
}

#[test]
fn a_version_may_stand_beside_another_but_not_replace_it() {
    let platform = platform(&[placed()]);
    let second = with(event("order.order.placed", &json!({"orderId": {"type": "integer"}})), "version", &json!("v2"));
    silent(&platform, &[placed(), second.clone()]);
    let replaced = only(&platform, std::slice::from_ref(&second));
    assert_eq!(replaced["rule"], "event-version-replaced");
    assert!(says(&replaced, "replaced from v1 to v2"), "{replaced:#}");
    // Both are published; then the old one goes.
    write(&platform, &[placed(), second.clone()]);
    platform.commit();
    let removed = only(&platform, &[second]);
    assert!(says(&removed, "version v1 of event `order.order.placed` removed"), "{removed:#}");
}

#[test]
fn a_version_that_is_only_written_otherwise_is_the_same() {
    let mut unnamed = placed();
    unnamed.as_object_mut().unwrap().remove("version");
    let platform = platform(&[placed()]);
    silent(&platform, &[with(placed(), "version", &json!("1"))]);
    silent(&platform, &[unnamed.clone()]);
    platform.commit();
    silent(&platform, &[placed()]);
}

/// The payloads of before and now, and whether forward and backward compatibility hold.
fn payloads() -> Vec<(&'static str, Value, Value, bool, bool)> {
    let of = |properties: Value, required: Value| {
        let mut event = event("order.order.placed", &properties);
        event["schema"]["required"] = required;
        event
    };
    let optional = || of(order(), json!(["orderId"]));
    let required = || of(order(), json!(["orderId", "note"]));
    let without = || of(json!({"orderId": {"type": "string"}}), json!(["orderId"]));
    let wide = || of(json!({"orderId": {"type": ["string", "integer"]}}), json!(["orderId"]));
    vec![
        ("a field is new", without(), optional(), true, true),
        ("an optional field is gone", optional(), without(), false, true),
        ("a field became required", optional(), required(), true, false),
        ("a field became optional", required(), optional(), false, true),
        ("a type is wider", without(), wide(), false, true),
        ("a type is narrower", wide(), without(), true, false),
    ]
}

#[test]
fn the_mode_says_which_containment_must_hold() {
    for (case, before, now, forward, backward) in payloads() {
        let platform = platform(&[before]);
        for (mode, holds) in [
            ("forward", forward),
            ("backward", backward),
            ("full", forward && backward),
            ("FORWARD", forward),
            ("forward_transitive", forward),
            ("backward-transitive", backward),
            ("full-transitive", forward && backward),
        ] {
            write(&platform, &[with(now.clone(), "x-compatibility", &json!(mode))]);
            let run = compare(&platform, &["--json"]);
            assert_eq!(run.code == 0, holds, "{case}, {mode}: {}", run.out);
            assert_eq!(run.findings().len(), usize::from(!holds), "{case}, {mode}: {}", run.out);
        }
        write(&platform, &[now]);
        assert_eq!(compare(&platform, &[]).code == 0, forward, "{case}: forward is the default");
    }
}

#[test]
fn the_mode_is_that_of_the_event_then_of_the_spec_then_of_the_platform() {
    // Breaks forward, and not backward.
    let now = event("order.order.placed", &json!({"orderId": {"type": "string"}}));
    let platform = platform(&[placed()]);
    write(&platform, std::slice::from_ref(&now));
    let holds = |expected: bool| {
        let run = compare(&platform, &["--json"]);
        assert_eq!(run.code == 0, expected, "{}", run.out);
    };
    holds(false);
    platform.write(".speckit.config.json", r#"{"compatibility": {"events": "backward"}}"#);
    holds(true);
    platform.edit("constitution.md", "- Error", "- Event compatibility: forward\n- Error");
    holds(false);
    let published = "### Event: order.order.placed\n\n**Topic:** orders\n**Compatibility:** backward\n**Consumers:** mail-service\n";
    platform.write(SPEC, &spec("order-service", "| None | – | – |", published, "None"));
    holds(true);
    write(&platform, &[with(now.clone(), "x-compatibility", &json!("forward"))]);
    holds(false);
    let mut in_schema = now;
    in_schema["schema"]["x-compatibility"] = json!("backward");
    write(&platform, &[in_schema]);
    holds(true);
}

#[test]
fn a_mode_that_does_not_exist_is_a_finding() {
    let platform = platform(&[with(placed(), "x-compatibility", &json!("backwards"))]);
    platform.edit("constitution.md", "- Error", "- Event compatibility: strict\n- Error");
    platform.write(".speckit.config.json", r#"{"compatibility": {"events": "strict"}}"#);
    let findings = platform.run(&["validate-contracts", "--json"]).findings();
    let of = |rule: &str| findings.iter().filter(|finding| finding["rule"] == rule).collect::<Vec<_>>();
    let unknown = of("event-compatibility-unknown");
    assert_eq!(unknown.len(), 2, "{findings:#?}");
    assert!(
        unknown.iter().any(|one| one["file"] == ORDERS && one["help"] == "Did you mean `backward`?"),
        "{unknown:#?}"
    );
    assert!(unknown.iter().any(|one| one["file"] == "constitution.md"), "{unknown:#?}");
    assert_eq!(of("config-wrong-type").len(), 1, "{findings:#?}");
}

/// Three revisions: `note` is a text, then there is none, then it is a number.
fn history(mode: &str) -> Platform {
    let of = |properties: &Value| with(event("order.order.placed", properties), "x-compatibility", &json!(mode));
    let platform = platform(&[of(&order())]);
    write(&platform, &[of(&json!({"orderId": {"type": "string"}}))]);
    platform.commit();
    write(&platform, &[of(&json!({"orderId": {"type": "string"}, "note": {"type": "integer"}}))]);
    platform
}

#[test]
fn a_transitive_mode_looks_at_every_version_there_was() {
    let platform = history("backward");
    let run = compare(&platform, &["--json"]);
    assert_eq!(run.exits(0).findings(), Vec::<Value>::new(), "the last version alone counts");
    for mode in ["backward-transitive", "full-transitive"] {
        let platform = history(mode);
        let first = platform.git(&["rev-parse", "HEAD~1"]);
        let findings = compare(&platform, &["--json"]).exits(1).findings();
        assert_eq!(findings.len(), 1, "{mode}: {findings:#?}");
        assert_eq!(findings[0]["rule"], "type-changed");
        assert_eq!(findings[0]["consumers"], json!(["mail-service"]));
        let notes = findings[0]["notes"].to_string();
        assert!(notes.contains(&first[..10]) && notes.contains(ORDERS), "{notes}");
        assert_eq!(findings[0]["related"], Value::Null, "it is not about the base");
        let run = compare(&platform, &["--service", "mail-service"]);
        run.exits(0);
    }
}

#[test]
fn the_history_is_that_of_the_branch_and_of_its_event_files() {
    let platform = history("backward-transitive");
    // A version that only ever was on a branch is none of this branch's.
    platform.git(&["stash", "-q"]);
    platform.git(&["checkout", "-q", "-b", "work"]);
    let of = |kind: &str| {
        let properties = json!({"orderId": {"type": "string"}, "extra": {"type": kind}});
        with(event("order.order.placed", &properties), "x-compatibility", &json!("backward-transitive"))
    };
    write(&platform, &[of("string")]);
    platform.commit();
    write(&platform, &[of("number")]);
    platform.commit();
    platform.git(&["checkout", "-q", "main"]);
    platform.git(&["merge", "-q", "--no-ff", "-m", "merged", "work"]);
    silent(&platform, &[of("number")]);
    // The file had another name in the same folder.
    platform.git(&["mv", ORDERS, "services/order-service/contracts/events/events.json"]);
    platform.commit();
    let later = "services/order-service/contracts/events/events.json";
    let now = with(
        event("order.order.placed", &json!({"orderId": {"type": "string"}, "note": {"type": "integer"}})),
        "x-compatibility",
        &json!("backward-transitive"),
    );
    platform.write(later, &json!({ "events": [now] }).to_string());
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    assert!(findings.iter().any(|one| one["rule"] == "type-changed" && says(one, "note")), "{findings:#?}");
}

#[test]
fn a_schema_in_another_file_has_its_own_history() {
    let shared = "shared/contracts/schemas/order.json";
    let by_reference = || {
        with(
            json!({"eventType": "order.order.placed", "version": "v1", "topic": "orders", "consumers": ["mail-service"],
                   "schema": {"$ref": "../../../../shared/contracts/schemas/order.json"}}),
            "x-compatibility",
            &json!("backward-transitive"),
        )
    };
    let schema = |properties: &Value| json!({"type": "object", "properties": properties}).to_string();
    let platform = platform(&[by_reference()]);
    platform.write(shared, &schema(&order()));
    platform.commit();
    platform.write(shared, &schema(&json!({"orderId": {"type": "string"}})));
    platform.commit();
    platform.write(shared, &schema(&json!({"orderId": {"type": "string"}, "note": {"type": "integer"}})));
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((&findings[0]["rule"], &findings[0]["file"]), (&json!("type-changed"), &json!(shared)));
}

#[test]
fn a_shallow_clone_has_no_history_to_look_at() {
    for (mode, code) in [("backward-transitive", 2), ("backward", 0)] {
        let platform = history(mode);
        platform.commit();
        let clones = Platform::empty();
        let from = format!("file://{}", platform.root().display());
        git(clones.root(), &["clone", "-q", "--depth", "1", &from, "clone"]);
        let run = run_in(&clones.path("clone"), &["validate-contracts", "--breaking-changes-only"]).exits(code);
        assert_eq!(run.err.contains("git fetch --unshallow"), code == 2, "{}", run.err);
    }
}
