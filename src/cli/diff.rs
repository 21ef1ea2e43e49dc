//! `agentspec diff`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use super::Exit;
use super::options::{Global, rule_info};
use super::terminal::Terminal;
use crate::check::{self, Changelog, Side};
use crate::compat::Direction;
use crate::diagnostic::Severity;
use crate::planning::{self, OVERRIDES};
use crate::report::{self, Format, Report, changelog};
use crate::source::{Store, WorktreeStore};
use crate::template::Engine;

/// Compare two contracts, platforms, revisions or saved models: what changed, and what breaks.
///
/// A side is a file (an OpenAPI document, an event contract, a model that `agentspec model` printed), a folder (a platform, or
/// one with contracts), or either at a revision of git as REF:PATH. A path is seen from the current folder, and at a revision
/// from the top of the repository where it is not found so; one that exists wins over a revision. REF: is the current folder.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "agentspec diff [OPTIONS] <OLD> <NEW>\n       agentspec diff [OPTIONS] --since <REF> [PATH]"
)]
pub(crate) struct Args {
    /// The old side; with --since the only one, by default the platform.
    #[arg(required_unless_present = "since")]
    old: Option<String>,
    /// The new side.
    #[arg(required_unless_present = "since", conflicts_with = "since")]
    new: Option<String>,
    /// Compare a path at this revision with the same path as it stands now.
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Only changes that matter where data flows this way.
    #[arg(long, value_enum)]
    direction: Option<DirectionName>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Short for --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// What makes the run exit with 1.
    #[arg(long, value_enum, value_name = "CLASS", default_value_t = FailOn::Breaking)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DirectionName {
    /// From consumers to the service.
    Request,
    /// From the service to consumers.
    Response,
    /// From publishers to consumers.
    Event,
}

impl From<DirectionName> for Direction {
    fn from(name: DirectionName) -> Direction {
        match name {
            DirectionName::Request => Direction::Request,
            DirectionName::Response => Direction::Response,
            DirectionName::Event => Direction::Event,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FormatName {
    /// A changelog for a terminal.
    Human,
    /// A line for each change.
    Concise,
    /// The document of findings, as validate-contracts has it.
    Json,
    /// A changelog as Markdown.
    Markdown,
    /// A changelog as one page.
    Html,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub annotations.
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// What breaks.
    Breaking,
    /// What breaks, may break or could not be decided.
    MayBreak,
    /// Nothing.
    None,
}

impl FailOn {
    fn fails(self, severity: Severity) -> bool {
        match self {
            FailOn::Breaking => severity == Severity::Error,
            FailOn::MayBreak => severity >= Severity::Warning,
            FailOn::None => false,
        }
    }
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let (old, new) = sides(args, global)?;
    if old.is_empty() && new.is_empty() {
        terminal.say(format_args!(
            "nothing to compare: there is no contract in {} nor in {}\n\
             help: name an OpenAPI document, an event contract, or a folder that holds some",
            old.label, new.label
        ))?;
        return Ok(Exit::Nothing);
    }
    let changelog = check::diff(old, new, args.direction.map(Into::into))?;
    write(args, &changelog, global, terminal)?;
    let failed = changelog.outcome.findings.iter().any(|finding| args.fail_on.fails(finding.severity));
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}

fn sides(args: &Args, global: &Global) -> anyhow::Result<(Side, Side)> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    let Some(rev) = &args.since else {
        let of = |side: &Option<String>| side.clone().unwrap_or_default();
        return Ok(Side::pair(&of(&args.old), &of(&args.new), &here)?);
    };
    let (path, shown): (PathBuf, _) = match &args.old {
        Some(path) => (here.join(path), (format!("{rev}:{path}"), path.clone())),
        None => (global.root()?, (rev.clone(), "the working tree".to_owned())),
    };
    Ok(Side::since(rev, &path, shown)?)
}

fn write(args: &Args, found: &Changelog, global: &Global, terminal: &mut Terminal) -> anyhow::Result<()> {
    let style = terminal.style();
    let format = match args.format {
        _ if args.json => Format::Json,
        FormatName::Human => return Ok(changelog::human(found, terminal, style)?),
        FormatName::Markdown => return Ok(changelog::markdown(found, terminal, style)?),
        FormatName::Html => {
            let page = changelog::html(found, &engine(global)?)?;
            return Ok(terminal.write_all(page.as_bytes())?);
        }
        FormatName::Concise => Format::Concise,
        FormatName::Json => Format::Json,
        FormatName::Sarif => Format::Sarif,
        FormatName::Github => Format::Github,
    };
    let report = Report {
        title: &format!("Changes from {} to {}", found.old, found.new),
        findings: &found.outcome.findings,
        summary: found.outcome.summary,
        account: &found.outcome.account,
        next: found.outcome.next.as_deref(),
        rules: &|id| rule_info(id),
        tool_version: env!("CARGO_PKG_VERSION"),
        prefix: &found.prefix,
    };
    Ok(report::write(format, &report, terminal, style)?)
}

/// The engine with the templates of the platform, where there is one.
fn engine(global: &Global) -> anyhow::Result<Engine> {
    let root = global.root()?;
    if !root.join(OVERRIDES).is_dir() {
        return Ok(Engine::new(BTreeMap::new())?);
    }
    let store = WorktreeStore::open(&root)?;
    Ok(planning::engine(&store, &store.list()?)?)
}
