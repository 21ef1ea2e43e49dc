//! A PostgreSQL server for tests: its own port, its own folder, gone when it is dropped.
// Not every test that starts one uses all of it.
#![allow(clippy::print_stderr, dead_code)]

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Below it Debian keeps a folder for each version of the server.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Whom the server runs as where the tests run as root, which it refuses.
const USER: &str = "postgres";

/// A server that runs until it is dropped.
pub struct Postgresql {
    server: Option<Child>,
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

impl Postgresql {
    /// Starts a server, or gives nothing where there is none: that is said loudly under the test's name, and fails where
    /// `AGENTSPEC_CI` is set.
    pub fn start(test: &str) -> Option<Postgresql> {
        match Postgresql::try_start() {
            Ok(server) => Some(server),
            Err(reason) => {
                assert!(std::env::var_os("AGENTSPEC_CI").is_none(), "{test} cannot run: {reason}");
                let _ = writeln!(std::io::stderr(), "\n######## NOT RUN: {test}: {reason}\n");
                None
            }
        }
    }

    fn try_start() -> Result<Postgresql, String> {
        let programs = programs().ok_or("there is no PostgreSQL server (Debian's package `postgresql`)")?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Postgresql { server: None, folder: tempfile::tempdir().unwrap(), programs, port };
        let folder = server.folder.path().to_owned();
        if is_root() {
            run(Command::new("chown").arg(USER).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut make = server.owned("initdb");
        make.arg("-D").arg(&data).args(["-A", "trust", "-U", USER, "-E", "UTF8", "--no-locale", "--no-sync"]);
        run(&mut make)?;
        let log = fs::File::create(folder.join("out.log")).unwrap();
        let mut command = server.owned("postgres");
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
        command.args(["-c", "fsync=off", "-c", "max_connections=300"]);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        server.server = Some(command.spawn().map_err(|error| error.to_string())?);
        server.wait()?;
        Ok(server)
    }

    /// Makes a database, and gives the URL that its service gets.
    pub fn create(&self, name: &str) -> String {
        self.query(USER, &format!("CREATE DATABASE {name}"));
        format!("postgresql://{USER}@127.0.0.1:{}/{name}", self.port)
    }

    /// Removes a database with all who use it.
    pub fn remove(&self, name: &str) {
        self.query(USER, &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    /// What a statement answers: a line a row, with `|` between columns.
    pub fn query(&self, database: &str, sql: &str) -> String {
        self.try_query(database, sql).unwrap_or_else(|output| panic!("{sql}: {output}"))
    }

    /// The same where it may fail, as before a table is there.
    ///
    /// # Errors
    /// What the server says.
    pub fn try_query(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER, "-d", database]);
        run(command.args(["-X", "-A", "-t", "-q", "-c", sql])).map(|text| text.trim().to_owned())
    }

    /// One of the server's programs, run by a user whom it takes.
    fn owned(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={USER}"), &format!("--regid={USER}"), "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }

    fn wait(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.try_query(USER, "SELECT 1").is_err() {
            let log = fs::read_to_string(self.folder.path().join("out.log")).unwrap_or_default();
            let ended =
                self.server.as_mut().is_some_and(|server| server.try_wait().is_ok_and(|status| status.is_some()));
            if ended || Instant::now() > deadline {
                return Err(format!("PostgreSQL does not start:\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Postgresql {
    fn drop(&mut self) {
        let Some(server) = &mut self.server else { return };
        // Its immediate shutdown, which ends its own processes, too.
        let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(10);
        while server.try_wait().is_ok_and(|status| status.is_none()) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = server.kill();
        let _ = server.wait();
    }
}

/// The folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).ok().into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    found.sort();
    let named = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    found.pop().map(|(_, folder)| folder).or_else(|| named.into_iter().find(|folder| folder.join("initdb").exists()))
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<String, String> {
    crate::python::run(command)
}
