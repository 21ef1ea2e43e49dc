//! `agentspec validate-contracts`.

use anyhow::{Context, bail};

use super::Exit;
use super::options::{Global, ReportArgs, known_service, nothing, since, today};
use super::terminal::Terminal;
use crate::check::{self, Base, History, Outcome, Scope};
use crate::compat;
use crate::diagnostic::{Finding, Severity};
use crate::document::approvals;
use crate::document::date::Date;
use crate::output;
use crate::rules::Subject;
use crate::source::{GitStore, Store, WorktreeStore};
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
    /// The day, YYYY-MM-DD, by which approvals have ended or not [default: AGENTSPEC_TODAY; without either none is judged].
    #[arg(long, value_name = "DATE", requires = "breaking_changes_only")]
    today: Option<Date>,
    /// Write approvals of these changes instead of reporting: a rule's id, a finding's fingerprint, or `all`.
    #[arg(long, value_name = "WHAT", requires_all = ["breaking_changes_only", "reason", "owner", "until"])]
    approve: Vec<String>,
    /// Why the approved changes may break.
    #[arg(long, value_name = "TEXT", requires = "approve")]
    reason: Option<String>,
    /// Who answers for the approved changes.
    #[arg(long, value_name = "NAME", requires = "approve")]
    owner: Option<String>,
    /// The last day on which the approvals hold, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", requires = "approve")]
    until: Option<Date>,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if args.breaking_changes_only {
        let (workspace, base) = rayon::join(|| global.workspace(), || base(args, global));
        let Some(workspace) = workspace? else { return nothing(global, terminal) };
        return compare(args, base?, workspace, global, terminal);
    }
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let root = global.root()?;
    let service = known_service(&workspace, args.service.as_deref())?;
    let scope = Scope { today: today(None)?, ..args.report.scope(&root, service)? };
    let outcome = check::validate(&workspace, &[Subject::Contracts, Subject::Config], &scope);
    let title = service.map_or_else(|| "Contracts".to_owned(), |name| format!("Contracts of {name}"));
    args.report.report(&title, &outcome, global, terminal)
}

/// The platform at the base, and the base's name.
fn base(args: &Args, global: &Global) -> anyhow::Result<(Workspace, String)> {
    let root = global.root()?;
    let rev = since(&root, args.base.as_deref())?;
    let store = GitStore::open(&root, &rev)?;
    let base = Workspace::load(&store).with_context(|| format!("the platform at {rev}"))?;
    Ok((base, rev))
}

fn compare(
    args: &Args,
    (base, rev): (Workspace, String),
    workspace: Workspace,
    global: &Global,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let root = global.root()?;
    // A service that is gone in the working tree may still be asked about.
    let service = match args.service.as_deref() {
        Some(name) if base.platform.service(name).is_some() => Some(name),
        name => known_service(&workspace, name)?,
    };
    let scope = args.report.scope(&root, service)?;
    let (base, workspace) = rayon::join(|| base.lower_schemas(), || workspace.lower_schemas());
    let history = History::read(&root, &rev, &workspace)?;
    let base = Base { workspace: &base, rev: &rev, history: &history, today: today(args.today)? };
    let outcome = check::breaking_changes(base, &workspace, &scope);
    if !args.approve.is_empty() {
        return approve(args, &outcome, global, terminal);
    }
    args.report.report(&format!("Changes since {rev}"), &outcome, global, terminal)
}

/// Writes approvals of those changes that were named.
fn approve(args: &Args, outcome: &Outcome, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let (Some(reason), Some(owner), Some(until)) = (&args.reason, &args.owner, args.until) else {
        bail!("--approve takes --reason, --owner and --until");
    };
    if reason.trim().is_empty() || owner.trim().is_empty() {
        bail!("--reason and --owner must say something");
    }
    let is_open = |finding: &&Finding| {
        finding.severity > Severity::Info && finding.approved.is_none() && compat::find(&finding.rule).is_some()
    };
    let open: Vec<&Finding> = outcome.findings.iter().filter(is_open).collect();
    let mut chosen: Vec<&Finding> = Vec::new();
    for what in &args.approve {
        let is_meant = |finding: &&&Finding| what == "all" || finding.rule == *what || finding.fingerprint == *what;
        let meant: Vec<&Finding> = open.iter().filter(is_meant).copied().collect();
        if meant.is_empty() {
            let mut rules: Vec<&str> = open.iter().map(|finding| finding.rule.as_str()).collect();
            rules.sort_unstable();
            rules.dedup();
            let there = if rules.is_empty() { "nothing".to_owned() } else { rules.join(", ") };
            bail!("--approve {what}: there is no such change to approve; there is {there}");
        }
        chosen.extend(meant);
    }
    chosen.sort_by_key(|finding| (&finding.position, &finding.rule, &finding.message));
    chosen.dedup();
    let entries: Vec<_> =
        chosen.iter().filter_map(|finding| check::approval_of(finding, (reason, owner, until))).collect();
    let root = global.root()?;
    let there = match WorktreeStore::open(&root)?.read(approvals::PATH) {
        Ok(bytes) => Some(String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", approvals::PATH))?),
        Err(crate::source::StoreError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let text = approvals::with(there.as_deref(), &entries)
        .with_context(|| format!("{} is not as it must be", approvals::PATH))?;
    output::write(&root, approvals::PATH, text.as_bytes())?;
    for finding in &chosen {
        terminal.say(format_args!("approved until {until}: {} [{}]", finding.message, finding.rule))?;
    }
    terminal.say(format_args!("{}: {} more entries", approvals::PATH, entries.len()))?;
    Ok(Exit::Clean)
}
