//! `agentspec validate-contracts`.

use anyhow::Context;

use super::Exit;
use super::options::{Global, ReportArgs, known_service, nothing};
use super::terminal::Terminal;
use crate::check::{self, Base, History};
use crate::rules::Subject;
use crate::source::{GitStore, resolve_base};
use crate::workspace::Workspace;

/// Check contracts and what services say of each other, or what changed in them and whom it breaks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Report on this service only.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Compare with a git revision, and report what breaks whom.
    #[arg(long)]
    breaking_changes_only: bool,
    /// The revision to compare with [default: in CI the merge base with the default branch, otherwise HEAD].
    #[arg(long, value_name = "REF", requires = "breaking_changes_only")]
    base: Option<String>,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    if args.breaking_changes_only {
        let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        let rev = resolve_base(&root, args.base.as_deref(), in_ci)?;
        let store = GitStore::open(&root, &rev)?;
        let base = Workspace::load(&store).with_context(|| format!("the platform at {rev}"))?;
        // A service that is gone in the working tree may still be asked about.
        let service = match args.service.as_deref() {
            Some(name) if base.platform.service(name).is_some() => Some(name),
            name => known_service(&workspace, name)?,
        };
        let scope = args.report.scope(&root, service)?;
        let (base, workspace) = (base.lower_schemas(), workspace.lower_schemas());
        let history = History::read(&root, &rev, &workspace)?;
        let base = Base { workspace: &base, rev: &rev, history: &history };
        let outcome = check::breaking_changes(base, &workspace, &scope);
        return args.report.report(&format!("Changes since {rev}"), &outcome, global, terminal);
    }
    let service = known_service(&workspace, args.service.as_deref())?;
    let scope = args.report.scope(&root, service)?;
    let outcome = check::validate(&workspace, &[Subject::Contracts, Subject::Config], &scope);
    let title = service.map_or_else(|| "Contracts".to_owned(), |name| format!("Contracts of {name}"));
    args.report.report(&title, &outcome, global, terminal)
}
