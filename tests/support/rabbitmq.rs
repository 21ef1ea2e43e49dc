//! A RabbitMQ node for tests: its own ports, its own folder, no plugins, gone when it is dropped.
// Not every test that speaks with a broker starts this one.
#![allow(clippy::print_stderr, dead_code)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::events::Broker;
use crate::service::script;

/// Where the server's script stands: the one in the path may want another user.
const SCRIPTS: [&str; 2] = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server"];

/// Publishes a body on a topic.
const PUBLISH: &str = "
import asyncio, sys, aio_pika
async def main(url, topic, body):
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange('events')
        await exchange.publish(aio_pika.Message(body.encode()), routing_key=topic)
asyncio.run(main(*sys.argv[1:]))";

/// Prints how many messages a queue holds.
const COUNT: &str = "
import asyncio, sys, aio_pika
async def main(url, queue):
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        print((await channel.declare_queue(queue, passive=True)).declaration_result.message_count)
asyncio.run(main(*sys.argv[1:]))";

/// Publishes a body on a topic of the broker at a URL.
pub fn publish(interpreter: &Path, url: &str, topic: &str, body: &str) {
    script(interpreter, PUBLISH, &[url, topic, body]);
}

/// How many messages a queue of the broker at a URL holds.
pub fn count(interpreter: &Path, url: &str, queue: &str) -> String {
    script(interpreter, COUNT, &[url, queue])
}

/// A node that runs until it is dropped.
pub struct RabbitMq {
    server: Option<Child>,
    folder: tempfile::TempDir,
    port: u16,
    epmd: u16,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl RabbitMq {
    /// Starts a node, or gives nothing where there is no server: that is said loudly under the test's name, and fails
    /// where `AGENTSPEC_CI` is set.
    pub fn start(test: &str) -> Option<RabbitMq> {
        let Some(script) = SCRIPTS.iter().map(Path::new).find(|script| script.exists()) else {
            assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: there is no rabbitmq-server");
            let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: there is no rabbitmq-server\n");
            return None;
        };
        let mut node =
            RabbitMq { server: None, folder: tempfile::tempdir().unwrap(), port: free_port(), epmd: free_port() };
        let root = node.folder.path();
        fs::write(root.join("plugins"), "[].\n").unwrap();
        let log = fs::File::create(root.join("out.log")).unwrap();
        let mut command = node.environment(Command::new(script));
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        node.server = Some(command.spawn().unwrap());
        node.wait();
        Some(node)
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.path().join("pid")
    }

    fn environment(&self, mut command: Command) -> Command {
        let root = self.folder.path();
        command
            .env("HOME", root)
            .env("RABBITMQ_NODENAME", format!("test{}@localhost", self.port))
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", self.port.to_string())
            .env("RABBITMQ_DIST_PORT", free_port().to_string())
            .env("RABBITMQ_MNESIA_BASE", root.join("data"))
            .env("RABBITMQ_LOG_BASE", root.join("logs"))
            .env("RABBITMQ_PID_FILE", self.pid_file())
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", root.join("plugins"))
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("ERL_EPMD_PORT", self.epmd.to_string());
        command
    }

    /// Waits until it answers a protocol header (AMQP 0-9-1, section 4.2.2).
    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(90);
        let answers = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
            stream.write_all(b"AMQP\x00\x00\x09\x01").ok()?;
            let mut first = [0_u8; 1];
            stream.read_exact(&mut first).ok().filter(|()| first[0] == 1)
        };
        while answers().is_none() {
            let log = || fs::read_to_string(self.folder.path().join("out.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "RabbitMQ does not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Broker for RabbitMq {
    fn url(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/", self.port)
    }

    fn publish(&self, interpreter: &Path, topic: &str, body: &str) {
        publish(interpreter, &self.url(), topic, body);
    }

    fn count(&self, interpreter: &Path, queue: &str) -> String {
        count(interpreter, &self.url(), queue)
    }
}

impl Drop for RabbitMq {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        if let Ok(pid) = fs::read_to_string(self.pid_file()) {
            let _ = Command::new("kill").args(["-9", pid.trim()]).status();
        }
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
        let mut epmd = self.environment(Command::new("epmd"));
        let _ = epmd.arg("-kill").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
