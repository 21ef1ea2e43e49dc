//! A Kafka cluster of one broker in a process of its own, gone when it is dropped, and what services of the example do on
//! it, whatever language they are written in.
// Not every test that starts a cluster uses all of it.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{python, service};

/// Starts librdkafka's mock cluster, prints where it listens, and stays until its input ends.
const CLUSTER: &str = "
import sys
from confluent_kafka import Producer
cluster = Producer({'bootstrap.servers': 'none', 'test.mock.num.brokers': 1})
broker = next(iter(cluster.list_topics(timeout=30).brokers.values()))
print(f'{broker.host}:{broker.port}', flush=True)
sys.stdin.read()";

/// A cluster that runs until it is dropped.
pub struct Kafka {
    process: Child,
    _input: ChildStdin,
    address: String,
}

impl Kafka {
    /// Starts a cluster.
    pub fn start(interpreter: &Path) -> Kafka {
        let mut command = Command::new(interpreter);
        command.args(["-c", CLUSTER]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.contains(':'), "the cluster does not start");
        let input = process.stdin.take().unwrap();
        Kafka { process, _input: input, address: address.trim().to_owned() }
    }

    /// The URL that services get.
    pub fn url(&self) -> String {
        format!("kafka://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Kafka {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

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

/// Starts a written service with variables.
pub type Start<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> python::Running;

/// Events of user-service arrive at order-service once, none is lost, and what cannot be handled is kept. Both are written
/// below a folder, and started by name with variables.
pub fn events_arrive_once(interpreter: &Path, root: &Path, start: Start<'_>) {
    let cluster = Kafka::start(interpreter);
    let url = cluster.url();
    let variables =
        [("JWT_SECRET", service::SECRET), ("DATABASE_URL", "sqlite:///./test.db"), ("BROKER_URL", url.as_str())];
    let start = |name: &str| start(name, &variables);
    let (users, orders) = (start("user-service"), start("order-service"));
    let bearer = format!("Bearer {}", service::token(interpreter));
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let database = root.join("services/order-service/test.db");
    let query = |sql: &str| -> Value {
        serde_json::from_str(&script(interpreter, QUERY, &[database.to_str().unwrap(), sql])).unwrap()
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
    script(interpreter, PUBLISH, &[cluster.address(), "events.user.profile.created", "{}"]);
    let dead = || script(interpreter, COUNT, &[cluster.address(), "order-service.user.profile.created.dead"]);
    eventually(&"1".to_owned(), dead);
}
