//! `agentspec demo`: the main job on the example platform.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{Exit, example};
use crate::check::{self, Scope};
use crate::diagnostic::AccountState;
use crate::output::{self, Action};
use crate::planning::{self, Wanted};
use crate::source::WorktreeStore;
use crate::workspace::Workspace;

/// The example that is shown.
const EXAMPLE: &str = "ecommerce";

/// Write the example platform to a folder, validate it, and generate everything from it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; made where it is missing.
    #[arg(default_value = "agentspec-demo")]
    dir: PathBuf,
    /// Write over files that are there.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let files = example::files(EXAMPLE)?;
    example::write(&args.dir, &files, args.force)?;
    let shown = args.dir.display();
    writeln!(terminal, "1. Wrote the example platform to {shown}: {} files\n", files.len())?;

    let store = WorktreeStore::open(&args.dir)?;
    let workspace = Workspace::load(&store)?;
    let outcome = check::validate(&workspace, &[], &Scope::default());
    writeln!(terminal, "2. Validated it")?;
    for line in &outcome.account {
        let mark = match line.state {
            AccountState::Holds => "✅",
            AccountState::Warns => "⚠️ ",
            AccountState::Fails => "❌",
        };
        writeln!(terminal, "   {mark} {}", line.text)?;
    }

    let engine = planning::engine(&store, &workspace.listing)?;
    let workspace = workspace.lower_schemas();
    let plan = planning::plan(&workspace, &engine, &store, &Wanted::default())?;
    let actions = output::inspect(&args.dir, &plan)?;
    output::apply(&args.dir, &actions)?;
    writeln!(terminal, "\n3. Generated {} files", actions.len())?;
    for (target, count) in by_target(&actions) {
        writeln!(terminal, "   {count:>4}  {target}")?;
    }
    look_next(&args.dir, terminal)?;
    let clean = outcome.summary.errors == 0;
    Ok(if clean { Exit::Clean } else { Exit::Findings })
}

fn by_target(actions: &[Action<'_>]) -> BTreeMap<String, usize> {
    actions.iter().fold(BTreeMap::new(), |mut counts, action| {
        *counts.entry(action.target.to_string()).or_default() += 1;
        counts
    })
}

fn look_next(dir: &Path, terminal: &mut Terminal) -> anyhow::Result<()> {
    let shown = dir.display();
    let argument = dir.to_string_lossy();
    let argument = output::quoted(&argument);
    let program = std::env::args_os().next().unwrap_or_else(|| "agentspec".into());
    let program = program.to_string_lossy();
    let program = output::quoted(&program);
    writeln!(
        terminal,
        "\nLook at next:\n  \
         {shown}/docs/SERVICE-CATALOG.md                     who offers, needs and publishes what\n  \
         {shown}/services/user-service/README.md             a FastAPI service: start it, test it\n  \
         {shown}/services/order-service/specs/001-order-management/tasks.md\n  \
         \x20                                                what is left for people to write\n\n\
         Try next:\n  \
         {program} validate-contracts --root {argument}\n  \
         {program} constitution --root {argument}\n  \
         {program} dev --install --root {argument}\n  \
         (edit a contract there, then) {program} generate --root {argument} --diff"
    )?;
    Ok(())
}
