//! `agentspec plan`.

use std::io::Write;

use serde::Serialize;

use super::Exit;
use super::options::{Global, known_service, nothing};
use super::terminal::{Terminal, amount};
use crate::generate::{self, Archetype, ScenarioOutcome, Tested};

/// Show what the generated handler of each operation does and which scenarios are tested, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: a line for each operation, and its reason below.
    Human,
    /// One versioned document.
    Json,
}

/// The plan as JSON.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    operations: &'a [Archetype<'a>],
    scenarios: &'a [ScenarioOutcome<'a>],
}

/// The first column is no wider than this, in characters: what is longer stands out.
const WIDEST: usize = 100;

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let only = known_service(&workspace, args.service.as_deref())?;
    let workspace = workspace.lower_schemas();
    let platform = &workspace.platform;
    let services = || platform.services.iter().filter(|service| only.is_none_or(|name| service.name == name));
    let plan: Vec<Archetype<'_>> = services().flat_map(|service| generate::archetypes(platform, service)).collect();
    let scenarios: Vec<ScenarioOutcome<'_>> =
        services().flat_map(|service| generate::scenarios(platform, service)).collect();
    match args.format {
        Format::Human => {
            print(&plan, terminal)?;
            print_scenarios(&scenarios, terminal)?;
        }
        Format::Json => {
            let document = Document { version: 1, operations: &plan, scenarios: &scenarios };
            serde_json::to_writer_pretty(&mut *terminal, &document)?;
            writeln!(terminal)?;
        }
    }
    Ok(Exit::Clean)
}

/// The scenarios by service, and how many of them tests prove.
fn print_scenarios(plan: &[ScenarioOutcome<'_>], terminal: &mut Terminal) -> anyhow::Result<()> {
    if plan.is_empty() {
        return Ok(());
    }
    writeln!(terminal, "\nScenarios")?;
    let called = |row: &ScenarioOutcome<'_>| match row.priority.as_str() {
        "" => row.title.clone(),
        priority => format!("{priority}: {}", row.title),
    };
    let width = plan.iter().map(|row| called(row).chars().count()).max().unwrap_or(0).min(WIDEST);
    let mut service = "";
    for row in plan {
        if row.service != service {
            service = row.service;
            writeln!(terminal, "{service}")?;
        }
        let outcome = match row.outcome {
            Tested::Tested => "tested",
            Tested::Partly => "partly tested",
            Tested::NotTested => "not tested",
        };
        writeln!(terminal, "  {:<width$}  {outcome}", called(row))?;
        for left in &row.left {
            writeln!(terminal, "      not \"{}\": {}", left.said, left.why)?;
        }
    }
    let count = |outcome: Tested| plan.iter().filter(|row| row.outcome == outcome).count();
    let (all, partly) = (count(Tested::Tested), count(Tested::Partly));
    writeln!(
        terminal,
        "{}, {all} of which tests prove and {partly} in part; tasks.md names the rest",
        amount(plan.len(), "scenario")
    )?;
    Ok(())
}

/// The operations by service, and how many are left to a person.
fn print(plan: &[Archetype<'_>], terminal: &mut Terminal) -> anyhow::Result<()> {
    let width = plan.iter().map(|row| row.method.len() + row.path.len() + 1).max().unwrap_or(0).min(WIDEST);
    let mut service = "";
    for row in plan {
        if row.service != service {
            service = row.service;
            writeln!(terminal, "{service}")?;
        }
        let called = format!("{} {}", row.method, row.path);
        writeln!(terminal, "  {called:<width$}  {}", row.archetype)?;
        writeln!(terminal, "      {}", row.why)?;
    }
    let by_hand = plan.iter().filter(|row| row.archetype == "custom").count();
    writeln!(
        terminal,
        "{}, {by_hand} of which answer 501 until a person writes them; `x-behaviour` in the contract decides otherwise",
        amount(plan.len(), "operation")
    )?;
    Ok(())
}
