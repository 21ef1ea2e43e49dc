//! What the benchmarks share: the document, the floor, and timing.

#![allow(dead_code, clippy::print_stdout)]

use std::fmt::Write;
use std::time::{Duration, Instant};

/// The heap of the program.
#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// The size of the document in bytes, at least.
pub const SIZE: usize = 8 << 20;
/// The length of each chain of references.
pub const CHAIN: usize = 1000;
/// Rounds of each measurement; the fastest counts, as the others were disturbed.
pub const ROUNDS: usize = 9;

/// An OpenAPI 3.0 document of paths, each with two operations, and of schemas that refer to each other in chains.
pub fn document() -> String {
    let mut text = String::from("openapi: 3.0.3\ninfo:\n  title: Benchmark\n  version: 1.0.0\npaths:\n");
    let mut operations = 0;
    while text.len() < SIZE * 6 / 10 {
        operations += 1;
        let n = operations;
        let _ = writeln!(text, "  /api/v1/resources{n}/{{id}}:");
        for (method, id) in [("get", "read"), ("put", "replace")] {
            let _ = write!(
                text,
                "    {method}:\n      operationId: {id}Resource{n}\n      summary: \"The resource {n}: {id}\"\n      tags:\n        \
                 - resources\n      parameters:\n        - name: id\n          in: path\n          required: true\n          \
                 schema:\n            type: string\n            format: uuid\n      responses:\n        '200':\n          \
                 description: |\n            The resource as it is now,\n            with all of its fields.\n          content:\n            \
                 application/json:\n              schema:\n                $ref: '#/components/schemas/Resource{n}'\n        \
                 default:\n          description: Any error\n          content:\n            application/problem+json:\n              \
                 schema:\n                $ref: '#/components/schemas/Problem'\n"
            );
        }
    }
    text.push_str("components:\n  schemas:\n    Problem:\n      type: object\n");
    let mut n = 0;
    while text.len() < SIZE || n < operations {
        n += 1;
        if n % CHAIN == 0 || n > operations {
            let _ = write!(
                text,
                "    Resource{n}:\n      type: object\n      required: [id, name]\n      properties:\n        id:\n          \
                 type: string\n          format: uuid\n        name:\n          type: string\n          minLength: 1\n        \
                 amount:\n          type: number\n          minimum: 0.5\n        next:\n          \
                 $ref: '#/components/schemas/Resource1'\n"
            );
        } else {
            let _ = write!(text, "    Resource{n}:\n      $ref: '#/components/schemas/Resource{}'\n", n + 1);
        }
    }
    text
}

/// The parser's events of a text, counted and dropped: the floor of reading it.
pub fn granit_events(text: &str) -> usize {
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    granit_parser::Parser::new_from_str_with_options(text, options).filter(Result::is_ok).count()
}

/// What a call gives, and how long it took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = std::hint::black_box(run());
    let time = start.elapsed();
    (result, time)
}

/// The shortest time of all rounds.
pub fn fastest<T>(mut run: impl FnMut() -> T) -> Duration {
    (0..ROUNDS).map(|_| timed(&mut run).1).min().unwrap_or_default()
}

/// A time as text.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
