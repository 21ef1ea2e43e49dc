//! Nothing that a file contains makes a run take more memory than 40 times the files and 30 MB: read, modelled, checked,
//! compared, generated and reported. Each run is a process of its own, whose peak the system reports; where it does not
//! (outside of Linux), there is nothing to assert. `tests/source_memory.rs` holds the same for reading alone.
//!
//! `cargo test --release --test memory -- --ignored --nocapture` runs every shape with every command, in three sizes. The
//! variable `AGENTSPEC_MEMORY` chooses there: words that must be in the line of a run, such as `diff 100000 enum`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod run;
mod schemas;
mod shape;
mod shapes;
mod templates;

use std::sync::atomic::{AtomicUsize, Ordering};

use run::{Command, Run};
use shape::Shape;

/// The heap of the program.
#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Runs two at a time, because one that is not optimised takes seconds for some, and gives the lines of those over the bound.
fn over(runs: &[Run]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mine = || runs.get(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(mine).filter_map(Run::over).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// What each kind of shape is run with in the ordinary suite: a size, and commands.
fn suite() -> Vec<Run> {
    let named = shapes::named();
    let runs = |shape: &Shape, size, commands: &[Command]| -> Vec<Run> {
        commands.iter().map(|&command| Run { shape: shape.clone(), command, size }).collect()
    };
    let large = named.iter().flat_map(|shape| runs(shape, 200_000, &[Command::Validate, Command::Diff]));
    let small = named.iter().flat_map(|shape| runs(shape, 60_000, &[Command::Catalog, Command::Breaking]));
    let schemas = schemas::all();
    // Every keyword and every value comes, not each with each.
    let some = schemas.iter().step_by(17).flat_map(|shape| runs(shape, 200_000, &[Command::Diff]));
    large.chain(small).chain(some).collect()
}

#[test]
fn no_run_takes_more_memory_than_its_files_allow() {
    if run::peak().is_none() {
        println!("this system reports no peak of memory: nothing to assert");
        return;
    }
    assert_eq!(over(&suite()), [""; 0], "these runs take too much memory");
}

#[test]
fn no_template_takes_more_memory_than_its_files_allow() {
    if run::peak().is_some() {
        assert_eq!(templates::over(), [""; 0], "these templates take too much memory");
    }
}

#[test]
#[ignore = "takes an hour; run it optimised"]
fn no_shape_takes_more_memory_with_any_command() {
    let chosen = std::env::var("AGENTSPEC_MEMORY").unwrap_or_default();
    let is_chosen = |run: &Run| {
        let line = run.line();
        chosen.split_whitespace().all(|word| line.split_whitespace().any(|of_line| of_line == word))
    };
    let shapes: Vec<Shape> = shapes::named().into_iter().chain(schemas::all()).collect();
    let runs: Vec<Run> = [10_000, 100_000, 1_000_000]
        .into_iter()
        .flat_map(|size| shapes.iter().map(move |shape| (shape, size)))
        .flat_map(|(shape, size)| Command::ALL.map(|command| Run { shape: shape.clone(), command, size }))
        .filter(is_chosen)
        .collect();
    let over = over(&runs);
    println!("{} runs, {} over", runs.len(), over.len());
    assert_eq!(over, [""; 0], "these runs take too much memory");
}

#[test]
#[ignore = "one run, in a process of its own"]
fn run_one() {
    run::child();
}
