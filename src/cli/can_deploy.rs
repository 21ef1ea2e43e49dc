//! `agentspec can-deploy`.

use std::io::Write;

use anyhow::Context;

use super::Exit;
use super::options::{Global, known_service, nothing, since, today};
use super::terminal::Terminal;
use crate::check::{self, Base, History};
use crate::document::date::Date;
use crate::report::write_deployment;
use crate::source::GitStore;
use crate::workspace::Workspace;

/// Say whether a service can be released beside what is released, and in which order all that changed can be.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The service of the working tree; without it, all that changed.
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
    /// The revision that is released [default: in CI the merge base with the default branch, otherwise HEAD].
    #[arg(long, value_name = "REF")]
    to: Option<String>,
    /// The day, YYYY-MM-DD, by which approvals have ended or not [default: AGENTSPEC_TODAY; without either none is judged].
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// How to answer.
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Short for --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FormatName {
    /// For people.
    Human,
    /// One versioned document.
    Json,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    let rev = since(&root, args.to.as_deref())?;
    let store = GitStore::open(&root, &rev)?;
    let base = Workspace::load(&store).with_context(|| format!("the platform at {rev}"))?;
    // A service that is gone in the working tree is one whose end is to be released.
    let service = match args.service.as_deref() {
        Some(name) if base.platform.service(name).is_some() => Some(name),
        name => known_service(&workspace, name)?,
    };
    let (base, workspace) = (base.lower_schemas(), workspace.lower_schemas());
    let history = History::default();
    let base = Base { workspace: &base, rev: &rev, history: &history, today: today(args.today)? };
    let answer = check::can_deploy(base, &workspace, service);
    if args.json || args.format == FormatName::Json {
        serde_json::to_writer_pretty(&mut *terminal, &answer)?;
        writeln!(terminal)?;
    } else {
        let style = terminal.style();
        write_deployment(&answer, terminal, style)?;
    }
    Ok(if answer.deployable { Exit::Clean } else { Exit::Findings })
}
