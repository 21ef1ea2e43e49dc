//! A Redis server for tests: its own port, nothing on disk, gone when it is dropped.
#![allow(clippy::print_stderr)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::python::free_port;

/// A server that runs until it is dropped.
pub struct Redis {
    server: Child,
    port: u16,
}

impl Redis {
    /// Starts a server, or gives nothing where there is none: that is said loudly under the test's name, and fails where
    /// `AGENTSPEC_CI` is set.
    pub fn start(test: &str) -> Option<Redis> {
        let port = free_port();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(server) => {
                let started = Redis { server, port };
                started.wait();
                Some(started)
            }
            Err(_) => {
                assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: there is no redis-server");
                let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: there is no redis-server\n");
                None
            }
        }
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let answers = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
            stream.write_all(b"PING\r\n").ok()?;
            let mut pong = [0_u8; 7];
            stream.read_exact(&mut pong).ok().filter(|()| pong == *b"+PONG\r\n")
        };
        while answers().is_none() {
            assert!(Instant::now() < deadline, "Redis does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Lets it take connections and answer nothing.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it answer again.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.server.id().to_string()]).status().unwrap();
        assert!(sent.success(), "{signal}");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
