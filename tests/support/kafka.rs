//! A Kafka cluster of one broker in a process of its own, gone when it is dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

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
