//! What a generated FastAPI service costs at run time: creating and reading documents on PostgreSQL, against the floor of
//! Starlette and asyncpg handlers with equal validation that are written by hand (`support/throughput/floor.py`). Run it
//! with `cargo bench --bench throughput`; it fails where the service takes more than 1.5 times as long.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use std::{fs, thread};

use postgresql::Postgresql;
use python::Running;
use support::{milliseconds, timed};

#[path = "../tests/support/postgresql.rs"]
mod postgresql;
#[path = "../tests/support/python.rs"]
mod python;
mod support;

const ROUNDS: usize = 5;
/// Connections that send at the same time, and the requests that each of them sends in a round.
const CONNECTIONS: usize = 8;
const REQUESTS: usize = 250;
/// The most that a generated service may take of the floor's time.
const BOUND: f64 = 1.5;
const KEY: &str = "only the benchmark knows this secret text";
const CONTRACT: &str = include_str!("support/throughput/contract.yaml");
const ORDER: &str = r#"{"customerId":"0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41","note":"Ring twice","items":[{"sku":"ABC-0001","quantity":2},{"sku":"XYZ-2000","quantity":1}]}"#;

fn main() {
    let name = "the benchmark of throughput";
    let (Some(interpreter), Some(server)) = (python::interpreter(name), Postgresql::start(name)) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = generate(root.path());
    let token = token(&interpreter);
    let variables = [("JWT_SECRET", KEY), ("DATABASE_URL", &*server.create("generated"))];
    let floor = Contender::new(floor(&interpreter, &folder, &server.create("floor")), &token);
    let service = Contender::new(Running::start(&interpreter, &folder, "order_service", &variables), &token);

    // What is compiled or connected on first use belongs to neither.
    for contender in [&floor, &service] {
        contender.create();
        contender.read();
    }
    let (mut creates, mut reads) = ([vec![], vec![]], [vec![], vec![]]);
    for _ in 0..ROUNDS {
        for (at, contender) in [&floor, &service].into_iter().enumerate() {
            creates[at].push(timed(|| contender.create()).1);
        }
        for (at, contender) in [&floor, &service].into_iter().enumerate() {
            reads[at].push(timed(|| contender.read()).1);
        }
    }
    println!("{} requests by {CONNECTIONS} connections, medians of {ROUNDS}", REQUESTS * CONNECTIONS);
    let ratios = [show("create", creates), show("read", reads)];
    assert!(ratios.iter().all(|ratio| *ratio <= BOUND), "a generated service takes more than {BOUND} times as long");
}

/// Prints both medians, and gives how they compare.
fn show(operation: &str, [mut floor, mut service]: [Vec<Duration>; 2]) -> f64 {
    floor.sort();
    service.sort();
    let (floor, service) = (floor[ROUNDS / 2], service[ROUNDS / 2]);
    let ratio = service.as_secs_f64() / floor.as_secs_f64();
    println!(
        "  {operation:<6}  floor (Starlette, asyncpg)  {:>10}   generated  {:>10}   {ratio:.2} times",
        milliseconds(floor),
        milliseconds(service)
    );
    ratio
}

/// Writes the service of the contract below a folder, and gives its own folder.
fn generate(root: &Path) -> PathBuf {
    let write = |path: &str, text: &str| {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    };
    write("constitution.md", "# Shop Constitution\n\n## Technology Stack\n\n- Language: Python (FastAPI)\n");
    write(".speckit.config.json", "{\"validation\": {\"auto_validate\": false}}\n");
    write("services/order-service/contracts/api-spec.yaml", CONTRACT);
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentspec"));
    command.args(["generate", "code"]).current_dir(root).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
    root.join("services/order-service")
}

/// Starts the handlers that are written by hand, on the schemas of the same contract.
fn floor(interpreter: &Path, folder: &Path, database: &str) -> Running {
    let mut command = Command::new(interpreter);
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/support/throughput/floor.py");
    command.arg(program).args([database, KEY, "src/order_service/contract/schemas.json"]);
    Running::spawn(command, folder, &[])
}

fn token(interpreter: &Path) -> String {
    let code = "import jwt, sys, time; \
                print(jwt.encode({'sub': 'ada', 'exp': int(time.time()) + 3600}, sys.argv[1], algorithm='HS256'))";
    python::run(Command::new(interpreter).args(["-c", code, KEY])).unwrap().trim().to_owned()
}

/// A service under load.
struct Contender {
    service: Running,
    headers: String,
    orders: Mutex<Vec<String>>,
}

impl Contender {
    fn new(service: Running, token: &str) -> Contender {
        let headers = format!("Host: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        Contender { service, headers, orders: Mutex::default() }
    }

    /// Creates as many orders as a round has requests.
    fn create(&self) {
        self.load(|connection, _| {
            let answer = connection.send("POST", "/api/v1/orders", &self.headers, ORDER, 201);
            let (_, rest) = answer.split_once("\"id\":\"").unwrap();
            self.orders.lock().unwrap().push(rest[..36].to_owned());
        });
    }

    /// Reads as many.
    fn read(&self) {
        let orders = self.orders.lock().unwrap().clone();
        self.load(|connection, at| {
            let path = format!("/api/v1/orders/{}", orders[at]);
            let answer = connection.send("GET", &path, &self.headers, "", 200);
            assert!(answer.contains(&orders[at]), "{answer}");
        });
    }

    fn load(&self, request: impl Fn(&mut Connection, usize) + Sync) {
        let url = self.service.url();
        let address = url.strip_prefix("http://").unwrap();
        thread::scope(|scope| {
            for worker in 0..CONNECTIONS {
                let request = &request;
                scope.spawn(move || {
                    let mut connection = Connection(BufReader::new(TcpStream::connect(address).unwrap()));
                    (0..REQUESTS).for_each(|at| request(&mut connection, worker * REQUESTS + at));
                });
            }
        });
    }
}

/// A connection that is kept (RFC 9112, section 9.3).
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str, status: u16) -> String {
        let head = format!("{method} {path} HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        self.0.get_mut().write_all((head + body).as_bytes()).unwrap();
        let (mut first, mut length) = (String::new(), 0);
        self.0.read_line(&mut first).unwrap();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let line = line.trim_end().to_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        assert!(first.starts_with(&format!("HTTP/1.1 {status} ")), "{first}{body}");
        body
    }
}
