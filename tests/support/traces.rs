//! A receiver of traces by OTLP over HTTP, as far as tests ask: which span of which service belongs to which trace.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The identifier of its trace, in hexadecimal digits.
    pub trace: String,
    /// Its name.
    pub name: String,
    /// The name of the service that it comes from, among others that stand in the same request.
    resource: Vec<u8>,
}

/// It receives until the test ends.
pub struct Receiver {
    port: u16,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Receiver {
    pub fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Receiver { port: listener.local_addr().unwrap().port(), spans: Arc::default() };
        let spans = Arc::clone(&receiver.spans);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let spans = Arc::clone(&spans);
                thread::spawn(move || while receive(&stream, &spans).is_some() {});
            }
        });
        receiver
    }

    /// What services get as OTEL_EXPORTER_OTLP_ENDPOINT.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits for a span of a service in a trace.
    pub fn wait(&self, trace: &str, service: &str, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let of = |span: &Span| span.resource.windows(service.len()).any(|window| window == service.as_bytes());
        while !self.spans.lock().unwrap().iter().any(|span| span.trace == trace && span.name == name && of(span)) {
            assert!(Instant::now() < deadline, "no {name} of {service} in {trace}: {:?}", self.known());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn known(&self) -> Vec<(String, String)> {
        self.spans.lock().unwrap().iter().map(|span| (span.trace.clone(), span.name.clone())).collect()
    }
}

/// Answers one request; nothing when the connection has ended.
fn receive(stream: &TcpStream, spans: &Mutex<Vec<Span>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = Some(0);
    loop {
        let line = line(&mut reader)?.to_lowercase();
        if let Some(text) = line.strip_prefix("content-length:") {
            length = Some(text.trim().parse().ok()?);
        }
        if line.starts_with("transfer-encoding:") {
            length = None;
        }
        if line.is_empty() {
            break;
        }
    }
    let body = match length {
        Some(length) => exactly(&mut reader, length)?,
        None => chunks(&mut reader)?,
    };
    spans.lock().unwrap().extend(read(&body));
    let mut writer = stream;
    writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n").ok()
}

/// A line without its end.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
}

fn exactly(reader: &mut impl BufRead, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// A body in chunks (RFC 9112, section 7.1).
fn chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&line(reader)?, 16).ok()?;
        body.extend(exactly(reader, length)?);
        line(reader)?;
        if length == 0 {
            return Some(body);
        }
    }
}

/// The spans of an ExportTraceServiceRequest (opentelemetry-proto 1.x), found by how a span begins: its trace (field 1, 16
/// bytes) and its own identifier (field 2, 8 bytes); then come fields of few bytes until the name (field 5).
fn read(body: &[u8]) -> Vec<Span> {
    let begins = |at: &usize| {
        let part = body.get(*at..*at + 28);
        part.is_some_and(|part| part[..2] == [0x0a, 16] && part[18..20] == [0x12, 8])
    };
    let span = |at: usize| {
        let mut next = at + 28;
        while *body.get(next)? != 0x2a {
            next += 2 + usize::from(*body.get(next + 1)?);
        }
        let name = body.get(next + 2..next + 2 + usize::from(*body.get(next + 1)?))?;
        let trace = body[at + 2..at + 18].iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Span { trace, name: String::from_utf8_lossy(name).into_owned(), resource: body[..at.min(400)].to_vec() })
    };
    (0..body.len()).filter(begins).filter_map(span).collect()
}
