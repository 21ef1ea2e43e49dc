//! What a whole check costs: a contract of 8 MB, read, held against the tables of OpenAPI and checked by every rule, against
//! the floor; and the example platform, started, validated and generated as a user does. Run it with
//! `cargo bench --bench check`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use agentspec::check::{Scope, validate};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use support::{ROUNDS, document, fastest, granit_events, milliseconds, timed};

mod support;

fn main() {
    // The check comes first, so that the peak of memory is its own.
    let text = document();
    let store = MemoryStore::new([("services/resource-service/contracts/api-spec.yaml", text.as_bytes())]);
    let check = || {
        let workspace = Workspace::load(&store).unwrap();
        validate(&workspace, &[], &Scope::default()).findings.len()
    };
    let (findings, first) = timed(check);
    let peak = peak_memory();
    let best = (1..ROUNDS).map(|_| timed(check).1).min().unwrap_or_default().min(first);
    let floor = fastest(|| granit_events(&text));
    println!("{} bytes of OpenAPI: {findings} findings, {} of memory at the peak", text.len(), peak);
    println!("  floor (events, counted)  {}", milliseconds(floor));
    println!(
        "  read and every rule      {}, ratio {:.2}",
        milliseconds(best),
        best.as_secs_f64() / floor.as_secs_f64()
    );

    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ecommerce");
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    println!("the example platform, as whole processes");
    println!("  --version                {}", milliseconds(fastest(|| run(&["--version"], &example))));
    println!("  validate                 {}", milliseconds(fastest(|| run(&["validate"], &example))));
    let path = root.to_str().unwrap();
    let generate = || {
        let _ = std::fs::remove_dir_all(&root);
        run(&["init", path, "--example", "ecommerce"], &example);
        timed(|| run(&["generate"], &root)).1
    };
    println!("  generate                 {}", milliseconds((0..ROUNDS).map(|_| generate()).min().unwrap_or_default()));
    println!("  generate again           {}", milliseconds(fastest(|| run(&["generate"], &root))));
}

fn run(arguments: &[&str], folder: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentspec"));
    command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    timed(|| command.status().unwrap()).1
}

/// The most memory that this process has held, as the system says.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "an unknown amount".to_owned(), |value| value.trim().to_owned())
}
