//! Events between generated services on Kafka, where the constitution names it: they arrive, none is lost, none is handled
//! twice, and what cannot be handled is kept.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/kafka.rs"]
mod kafka;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use agentspec::model::{Broker, Platform};
use serde_json::{Value, json};

/// Publishes a body on a topic.
const PUBLISH: &str = "
import sys
from confluent_kafka import Producer
producer = Producer({'bootstrap.servers': sys.argv[1]})
producer.produce(sys.argv[2], sys.argv[3])
assert producer.flush(30) == 0";

/// Prints how many messages a topic holds.
const COUNT: &str = "
import sys
from confluent_kafka import Consumer, TopicPartition
consumer = Consumer({'bootstrap.servers': sys.argv[1], 'group.id': 'tests'})
known = consumer.list_topics(timeout=30).topics.get(sys.argv[2])
parts = [TopicPartition(sys.argv[2], number) for number in known.partitions] if known else []
print(sum(high - low for low, high in (consumer.get_watermark_offsets(part, timeout=30) for part in parts)))";

/// Prints the rows of a query as JSON.
const QUERY: &str = "
import json, sqlite3, sys
print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))";

fn script(interpreter: &Path, code: &str, arguments: &[&str]) -> String {
    python::run(Command::new(interpreter).args(["-c", code]).args(arguments)).unwrap().trim().to_owned()
}

fn on_kafka(platform: &mut Platform) {
    platform.technology.broker = Broker::Kafka;
}

/// Waits until something is as it should be.
fn eventually<T: PartialEq + std::fmt::Debug>(wanted: &T, look: impl Fn() -> T) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = look();
        if found == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?} is not {wanted:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_service_on_kafka_passes_its_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("a_service_on_kafka_passes_its_own_tests_and_linters") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "order-service", on_kafka);
    assert!(!folder.join("src/order_service/runtime/rabbitmq.py").exists());
    let cache = root.path().join("mypy");
    for arguments in [
        vec!["pytest", "-q", "-p", "no:cacheprovider"],
        vec!["ruff", "check", "--no-cache"],
        vec!["ruff", "format", "--no-cache", "--check"],
        vec!["mypy", "--cache-dir", cache.to_str().unwrap()],
    ] {
        let mut command = Command::new(&interpreter);
        command.arg("-m").args(&arguments).current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
        python::run(&mut command).unwrap_or_else(|output| panic!("{arguments:?}: {output}"));
    }
}

#[test]
fn events_arrive_once_over_kafka() {
    let Some(interpreter) = python::interpreter("events_arrive_once_over_kafka") else { return };
    let cluster = kafka::Kafka::start(&interpreter);
    let root = tempfile::tempdir().unwrap();
    let url = cluster.url();
    let variables =
        [("JWT_SECRET", service::SECRET), ("DATABASE_URL", "sqlite:///./test.db"), ("BROKER_URL", url.as_str())];
    let start = |name: &str| {
        let folder = root.path().join("services").join(name);
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), &variables)
    };
    for name in ["user-service", "order-service"] {
        service::write_changed(root.path(), name, on_kafka);
    }
    let (users, orders) = (start("user-service"), start("order-service"));
    let bearer = format!("Bearer {}", service::token(&interpreter));
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let database = root.path().join("services/order-service/test.db");
    let query = |sql: &str| -> Value {
        serde_json::from_str(&script(&interpreter, QUERY, &[database.to_str().unwrap(), sql])).unwrap()
    };
    let names = || query("SELECT json_extract(document, '$.firstName') FROM user_profile_copies");

    // A profile arrives as a copy.
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = users.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    eventually(&json!([["Ada"]]), names);

    // What is published while the consumer is away arrives when it is back, and no event is handled twice.
    drop(orders);
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let patched = users.send("PATCH", &path, &headers, &json!({ "firstName": "Augusta" }).to_string());
    assert_eq!(patched.status, 200, "{patched:?}");
    let _orders = start("order-service");
    eventually(&json!([["Augusta"]]), names);
    assert_eq!(query("SELECT count(*) FROM inbox"), json!([[2]]));

    // What is no message is a dead letter at once.
    script(&interpreter, PUBLISH, &[cluster.address(), "events.user.profile.created", "{}"]);
    let dead = || script(&interpreter, COUNT, &[cluster.address(), "order-service.user.profile.created.dead"]);
    eventually(&"1".to_owned(), dead);
}
