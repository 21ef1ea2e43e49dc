//! `agentspec generate`.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::Exit;
use super::options::{Global, known_service, nothing, today};
use super::terminal::{Terminal, amount};
use crate::check::{self, Scope};
use crate::diagnostic::Severity;
use crate::output::{self, Action, ActionKind, DeadPart, Side};
use crate::planning::{self, Wanted};
use crate::report::printable;
use crate::source::{GitError, WorktreeStore, is_whole};

pub(super) use crate::planning::OVERRIDES;

/// Generate code, manifests, task lists and documents.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to generate, as `agentspec list targets` shows it; all by default.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Only the files of this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Show the differences that would be made, and do nothing.
    #[arg(long)]
    diff: bool,
    /// Exit with 1 where files are not up to date, and do nothing.
    #[arg(long, conflicts_with_all = ["dry_run", "diff"])]
    check: bool,
    /// Decide a conflict: take what is generated (ours) or what stands there (theirs) for one path.
    #[arg(long, num_args = 2, value_names = ["SIDE", "PATH"], conflicts_with_all = ["dry_run", "diff", "check"])]
    resolve: Option<Vec<String>>,
    /// Print what was done, or would be, as JSON.
    #[arg(long)]
    json: bool,
}

/// One line of the JSON output.
#[derive(Serialize)]
struct Done<'a> {
    path: &'a str,
    action: ActionKind,
    target: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    service: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "<[DeadPart]>::is_empty")]
    dead: &'a [DeadPart],
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    let service = known_service(&workspace, args.service.as_deref())?;
    if workspace.documents.config.auto_validate {
        let outcome = check::validate(&workspace, &[], &Scope { service, today: today(None)?, ..Scope::default() });
        let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        if errors > 0 {
            terminal.say(format_args!(
                "nothing was generated: the platform has {}\n\
                 help: `agentspec validate` shows them; `validation.auto_validate: false` generates all the same",
                amount(errors, "error")
            ))?;
            return Ok(Exit::Findings);
        }
    }
    let store = WorktreeStore::open(&root)?;
    let engine = planning::engine(&store, &workspace.listing)?;
    let wanted = Wanted {
        targets: args.targets.iter().map(String::as_str).collect(),
        service,
        written: output::written(&root)?,
    };
    for gone in planning::gone(&workspace, &store, &wanted) {
        is_checked_out(&root, gone)?;
    }
    let plan = planning::plan(&workspace.lower_schemas(), &engine, &store, &wanted)?;
    if let Some([side, path]) = args.resolve.as_deref() {
        return resolve(&root, &plan, side, path, terminal);
    }
    for note in &plan.notes {
        terminal.say(format_args!("note: {note}"))?;
    }
    let actions = output::inspect(&root, &plan)?;
    if args.diff {
        actions.iter().map(output::diff).try_for_each(|diff| terminal.show(&diff))?;
        return Ok(Exit::Clean);
    }
    let only_looks = args.dry_run || args.check;
    if !only_looks {
        output::apply(&root, &actions)?;
    }
    if args.json {
        print_json(&actions, terminal)?;
    } else {
        print(&actions, only_looks, terminal)?;
    }
    let open = |action: &Action<'_>| if args.check { action.kind.is_change() } else { waits(action.kind) };
    Ok(if actions.iter().any(open) && !args.dry_run { Exit::Findings } else { Exit::Clean })
}

/// Makes sure that a service that is gone is not one that a sparse checkout left out.
fn is_checked_out(root: &Path, service: &str) -> Result<(), GitError> {
    let folder = format!("services/{service}/");
    match is_whole(root, &|path| path.starts_with(&folder)) {
        Err(GitError::NotInstalled(_) | GitError::NotARepository(_) | GitError::Failed(_)) => Ok(()),
        other => other,
    }
}

/// Whether a file waits for a person.
fn waits(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::Conflict | ActionKind::StaleEdited)
}

fn resolve(root: &Path, plan: &output::Plan, side: &str, path: &str, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let side = match side {
        "ours" => Side::Ours,
        "theirs" => Side::Theirs,
        other => {
            anyhow::bail!("--resolve {other}: a side is `ours` (what is generated) or `theirs` (what stands there)")
        }
    };
    output::resolve(root, plan, path, side)?;
    writeln!(terminal, "{path}: resolved")?;
    Ok(Exit::Clean)
}

fn print_json(actions: &[Action<'_>], terminal: &mut Terminal) -> anyhow::Result<()> {
    let files: Vec<Done<'_>> = actions
        .iter()
        .map(|action| Done {
            path: &action.path,
            action: action.kind,
            target: &action.target,
            service: &action.service,
            reason: &action.reason,
            dead: &action.dead,
        })
        .collect();
    serde_json::to_writer_pretty(&mut *terminal, &serde_json::json!({ "version": 1, "files": files }))?;
    writeln!(terminal)?;
    Ok(())
}

/// A line for each file that changes, waits or is dead, and a sentence about the rest.
pub(super) fn print(actions: &[Action<'_>], only_looks: bool, terminal: &mut Terminal) -> anyhow::Result<()> {
    let is_dead = |action: &&Action<'_>| action.kind == ActionKind::Dead;
    for action in actions.iter().filter(|action| action.kind.is_change() || is_dead(action)) {
        writeln!(terminal, "{:>12}  {}", action.kind.name(), action.path)?;
        for DeadPart { line, text, operation } in &action.dead {
            let told = format!("line {line}: `{text}` was for {operation}, which is gone");
            writeln!(terminal, "{:>14}{}", "", printable(&told))?;
        }
        if !action.reason.is_empty() {
            writeln!(terminal, "{:>14}{}", "", action.reason)?;
        }
    }
    let changed = actions.iter().filter(|action| action.kind.is_change() && !waits(action.kind)).count();
    let waiting = actions.iter().filter(|action| waits(action.kind)).count();
    let dead = actions.iter().filter(is_dead).count();
    let rest = actions.len() - changed - waiting - dead;
    let verb = if only_looks { "to write or remove" } else { "written or removed" };
    let files = amount(changed, "file");
    let yours = if dead > 0 { format!(", {dead} dead and yours to remove") } else { String::new() };
    writeln!(terminal, "{files} {verb}, {rest} as they should be, {waiting} waiting for a decision{yours}")?;
    Ok(())
}
