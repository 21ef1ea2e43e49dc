//! `agentspec service-catalog`.

use std::io::Write;

use super::Exit;
use super::options::{Global, nothing};
use super::terminal::Terminal;
use crate::output::{self, ActionKind, Side};
use crate::planning::{self, Wanted};
use crate::source::WorktreeStore;
use crate::{catalog, output::Action};

/// Write the service catalog, docs/SERVICE-CATALOG.md.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write it again even where a person edited it.
    #[arg(long)]
    regenerate: bool,
    /// Exit with 1 where it is not up to date, and write nothing.
    #[arg(long, conflicts_with = "regenerate")]
    check: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    let store = WorktreeStore::open(&root)?;
    let engine = planning::engine(&store, &workspace.listing)?;
    let wanted = Wanted { targets: vec![catalog::TARGET], service: None };
    let services = workspace.platform.services.len();
    let plan = planning::plan(&workspace.lower_schemas(), &engine, &store, &wanted)?;
    let actions = output::inspect(&root, &plan)?;
    let Some(action) = actions.into_iter().find(|action| action.kind != ActionKind::Gone) else {
        return Ok(Exit::Clean);
    };
    let is_current = !action.kind.is_change();
    let path = action.path.to_string();
    if args.check {
        let word = if is_current { "is up to date" } else { "is stale; `agentspec service-catalog` writes it again" };
        writeln!(terminal, "{path} {word}")?;
        return Ok(if is_current { Exit::Clean } else { Exit::Findings });
    }
    if args.regenerate {
        let ours = action.clone().resolved(Side::Ours)?;
        // An edited catalog counts as current as long as nothing new is planned; it is written again all the same.
        let action = if ours.content() == ours.before() { action } else { ours };
        return write(&root, action, services, terminal);
    }
    write(&root, action, services, terminal)
}

fn write(root: &std::path::Path, action: Action<'_>, services: usize, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let applied = output::apply(root, std::slice::from_ref(&action))?;
    if !applied.left.is_empty() {
        writeln!(terminal, "{}: {}\nhelp: `--regenerate` writes over it", action.path, action.reason)?;
        return Ok(Exit::Findings);
    }
    let word = if applied.written.is_empty() { "is up to date" } else { "written" };
    writeln!(terminal, "{} {word}: {services} services", action.path)?;
    Ok(Exit::Clean)
}
