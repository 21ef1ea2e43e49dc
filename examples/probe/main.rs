//! Holds generated services to their contracts: `cargo run --example probe -- CONTRACT [LANGUAGE]`.
//!
//! CONTRACT is an OpenAPI document, of which a platform of one service is made, or the folder of a platform. For each
//! service and language (`python`, `typescript`, `go`; all of them without one) the code is generated, started on a database
//! of its own on a PostgreSQL server of the run, and tested by schemathesis with all checks and the seeds 1 to 3. A line for
//! each seed says how many operations passed. Operations that answer 501 until a person writes them are left out by name.
//! Those that fail by nothing but a response that the contract forces and does not declare are listed apart, with the rule
//! that finds fault with the contract.
//!
//! Options: `--seed N` (several), `--cases N` for each operation (50), `--keep FOLDER` for what is generated and reported.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::panic)]

#[path = "../../tests/support/fleet.rs"]
mod fleet;
mod forced;
#[path = "../../tests/support/go.rs"]
mod go;
mod measure;
#[path = "../../tests/support/postgresql.rs"]
mod postgresql;
#[path = "../../tests/support/python.rs"]
mod python;
mod report;
#[path = "../../tests/support/service.rs"]
mod service;
mod subject;
#[path = "../../tests/support/typescript.rs"]
mod typescript;

use std::path::PathBuf;
use std::process::ExitCode;

use agentspec::model::Language;
use anyhow::{Context, Result, bail};

use measure::Probe;
use subject::Subject;

/// What is asked for.
struct Arguments {
    path: PathBuf,
    languages: Vec<Language>,
    seeds: Vec<u64>,
    cases: u32,
    keep: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let arguments = arguments(std::env::args().skip(1))?;
    let subject = Subject::open(&arguments.path)?;
    let name = "probe";
    let toolchains = fleet::Toolchains::of(name, &arguments.languages).context("a toolchain is missing")?;
    let databases = postgresql::Postgresql::start(name).context("there is no PostgreSQL server")?;
    let work = tempfile::tempdir()?;
    let folder = arguments.keep.as_deref().unwrap_or(work.path());
    let probe =
        Probe { toolchains: &toolchains, databases: &databases, subject: &subject, cases: arguments.cases, folder };
    let (mut failed, mut forced, mut operations, mut excluded) = (0, 0, 0, 0);
    for service in subject.services() {
        for language in &arguments.languages {
            let reports = probe.service(service, *language, &arguments.seeds)?;
            for report in &reports {
                println!("{report}");
                failed += report.failures.len();
                forced += report.forced.len();
            }
            if let Some(first) = reports.first() {
                operations += first.operations();
                excluded += first.excluded.len();
            }
        }
    }
    println!(
        "{operations} operations in all languages, {excluded} of them excluded as 501; {failed} failures over all seeds, and \
         {forced} that the contract forces"
    );
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments> {
    let mut found = Arguments { path: PathBuf::new(), languages: Vec::new(), seeds: Vec::new(), cases: 50, keep: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} wants a value"));
        match word.as_str() {
            "--seed" => found.seeds.push(value()?.parse()?),
            "--cases" => found.cases = value()?.parse()?,
            "--keep" => found.keep = Some(std::path::absolute(value()?)?),
            "python" => found.languages.push(Language::Python),
            "typescript" => found.languages.push(Language::Typescript),
            "go" => found.languages.push(Language::Go),
            _ if found.path.as_os_str().is_empty() && !word.starts_with('-') => found.path = std::path::absolute(word)?,
            _ => bail!("`{word}` is no language (python, typescript, go) and no option (--seed, --cases, --keep)"),
        }
    }
    if found.path.as_os_str().is_empty() {
        bail!("name an OpenAPI document or the folder of a platform");
    }
    if found.languages.is_empty() {
        found.languages.extend(fleet::LANGUAGES);
    }
    if found.seeds.is_empty() {
        found.seeds.extend([1, 2, 3]);
    }
    Ok(found)
}
