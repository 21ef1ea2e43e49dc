//! A Kafka cluster of one broker in a process of its own, gone when it is dropped.
// Not every test that starts a cluster uses all of it.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::events::Broker;
use crate::service::script;

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

impl Broker for Kafka {
    fn url(&self) -> String {
        format!("kafka://{}", self.address)
    }

    fn publish(&self, interpreter: &Path, topic: &str, body: &str) {
        script(interpreter, PUBLISH, &[&self.address, topic, body]);
    }

    fn count(&self, interpreter: &Path, queue: &str) -> String {
        script(interpreter, COUNT, &[&self.address, queue])
    }
}
