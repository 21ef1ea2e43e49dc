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
    /// Exit with 1 where there is something to write or to decide, and write nothing.
    #[arg(long, conflicts_with = "regenerate")]
    check: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    let store = WorktreeStore::open(&root)?;
    let engine = planning::engine(&store, &workspace.listing)?;
    let wanted = Wanted { targets: vec![catalog::TARGET], ..Wanted::default() };
    let services = workspace.platform.services.len();
    let plan = planning::plan(&workspace.lower_schemas(), &engine, &store, &wanted)?;
    let actions = output::inspect(&root, &plan)?;
    let Some(action) = actions.into_iter().find(|action| action.kind != ActionKind::Gone) else {
        return Ok(Exit::Clean);
    };
    if args.check {
        return check(&action, terminal);
    }
    if args.regenerate {
        let ours = action.clone().resolved(Side::Ours)?;
        // An edited catalog counts as current as long as nothing new is planned; it is written again all the same.
        let action = if ours.content() == ours.before() { action } else { ours };
        return write(&root, action, services, terminal);
    }
    write(&root, action, services, terminal)
}

/// Looks as [`write`] does, and writes nothing.
fn check(action: &Action<'_>, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match action.kind {
        ActionKind::Conflict => {
            waits(action, terminal)?;
            Ok(Exit::Findings)
        }
        kind if kind.is_change() => {
            writeln!(terminal, "{} is stale; `agentspec service-catalog` writes it again", action.path)?;
            Ok(Exit::Findings)
        }
        _ => stands(action, "", terminal),
    }
}

/// Tells of a catalog that nothing is to be written to. It is up to date where it holds what is generated: lines that a
/// person added stay and do no harm, but one that lost some does not say what the platform is.
fn stands(action: &Action<'_>, what: &str, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let path = &action.path;
    let ours = action.clone().resolved(Side::Ours).ok();
    let (wanted, there) = (ours.as_ref().and_then(Action::content), action.before().unwrap_or_default());
    let wanted = wanted.unwrap_or(there);
    let mut lines = there.lines();
    if !wanted.lines().all(|line| lines.any(|other| other == line)) {
        writeln!(
            terminal,
            "{path} was edited by hand, and lines of what is generated are missing in it\n\
             help: `agentspec service-catalog --regenerate` writes it without the edits"
        )?;
        return Ok(Exit::Findings);
    }
    let edited = if wanted == there { "" } else { ", with lines that were added by hand" };
    writeln!(terminal, "{path} is up to date{what}{edited}")?;
    Ok(Exit::Clean)
}

/// A catalog that a person has to decide on, and what writes over it where anything can.
fn waits(action: &Action<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
    writeln!(terminal, "{}: {}", action.path, action.reason)?;
    if action.clone().resolved(Side::Ours).is_ok() {
        writeln!(terminal, "help: `agentspec service-catalog --regenerate` writes over it")?;
    }
    Ok(())
}

fn write(root: &std::path::Path, action: Action<'_>, services: usize, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let applied = output::apply(root, std::slice::from_ref(&action))?;
    if !applied.left.is_empty() {
        waits(&action, terminal)?;
        return Ok(Exit::Findings);
    }
    if applied.written.is_empty() {
        return stands(&action, &format!(": {services} services"), terminal);
    }
    writeln!(terminal, "{} written: {services} services", action.path)?;
    Ok(Exit::Clean)
}
