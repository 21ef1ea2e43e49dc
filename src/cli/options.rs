//! Options that several subcommands share.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::Exit;
use super::terminal::{Color, Terminal};
use crate::check::{Outcome, Scope};
use crate::diagnostic::Severity;
use crate::diagnostic::baseline::Baseline;
use crate::diagnostic::closest::closest;
use crate::document::{self, date::Date};
use crate::output;
use crate::report::{self, Format, Report, RuleInfo};
use crate::source::{Store, StoreError, WorktreeStore, is_whole, read_regular, resolve_base};
use crate::workspace::Workspace;

/// What marks the root of a platform.
const MARKS: [&str; 3] = [".speckit.config.json", "constitution.md", "services"];

#[derive(Debug, clap::Args)]
pub(crate) struct Global {
    /// The platform's root; by default the nearest folder upwards that has a constitution, a configuration or services.
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

impl Global {
    /// The platform's root folder.
    pub(crate) fn root(&self) -> anyhow::Result<PathBuf> {
        if let Some(root) = &self.root {
            if !root.is_dir() {
                bail!("--root {}: there is no such folder", root.display());
            }
            return Ok(root.clone());
        }
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let is_root = |folder: &&Path| MARKS.iter().any(|mark| folder.join(mark).exists());
        Ok(here.ancestors().find(is_root).unwrap_or(&here).to_path_buf())
    }

    /// The path from the root of the repository to that of the platform, for reports that name files of the repository.
    fn prefix(&self) -> anyhow::Result<String> {
        let root = self.root()?.canonicalize()?;
        let repository = root.ancestors().find(|folder| folder.join(".git").exists());
        let below = repository.and_then(|repository| root.strip_prefix(repository).ok());
        let below = below.filter(|path| !path.as_os_str().is_empty());
        Ok(below.map(|path| path.to_string_lossy().replace('\\', "/") + "/").unwrap_or_default())
    }

    /// The platform below the root; nothing where there is none.
    pub(crate) fn workspace(&self) -> anyhow::Result<Option<Workspace>> {
        let root = self.root()?;
        let store = WorktreeStore::open(&root)?;
        let workspace = Workspace::load(&store)?;
        Ok(Some(workspace).filter(|workspace| !workspace.is_empty()))
    }
}

/// The revision to compare with: the given one; in CI where the branch began, otherwise the last commit.
pub(crate) fn since(root: &Path, given: Option<&str>) -> anyhow::Result<String> {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let rev = resolve_base(root, given, in_ci)?;
    is_whole(root, &document::read::wanted)?;
    Ok(rev)
}

/// Says that there is nothing to check, and how to begin.
pub(crate) fn nothing(global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let root = global.root()?;
    terminal.say(format_args!(
        "nothing to check: {} has no constitution.md, no .speckit.config.json and no services/\n\
         help: name the platform with --root DIR, or start one with `agentspec init DIR`",
        root.display()
    ))?;
    Ok(Exit::Nothing)
}

/// A service that must exist in the platform.
pub(crate) fn known_service<'a>(workspace: &Workspace, name: Option<&'a str>) -> anyhow::Result<Option<&'a str>> {
    let Some(name) = name else { return Ok(None) };
    if workspace.platform.service(name).is_some() {
        return Ok(Some(name));
    }
    let names: Vec<&str> = workspace.platform.services.iter().map(|service| service.name.as_str()).collect();
    if names.is_empty() {
        bail!("there is no service `{name}`: the platform has no services");
    }
    match closest(name, names.iter().copied()) {
        Some(closest) => {
            bail!("there is no service `{name}`; did you mean `{closest}`? There are: {}", names.join(", "))
        }
        None => bail!("there is no service `{name}`; there are: {}", names.join(", ")),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FormatName {
    /// For people: excerpts, help, the account.
    #[default]
    Human,
    /// A line for each finding.
    Concise,
    /// One versioned document.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub annotations.
    Github,
    /// A Markdown summary.
    Markdown,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Human => Format::Human,
            FormatName::Concise => Format::Concise,
            FormatName::Json => Format::Json,
            FormatName::Sarif => Format::Sarif,
            FormatName::Github => Format::Github,
            FormatName::Markdown => Format::Markdown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Level {
    /// Errors only.
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// How to report.
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Short for --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// The lowest severity that makes the run exit with 1 [default: error; warning under validation.strict].
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Level>,
    /// Findings listed in this file are held back; entries that match nothing are findings.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings of this run to the baseline file instead of reporting them.
    #[arg(long)]
    write_baseline: bool,
}

/// Where the baseline is kept by default.
const BASELINE: &str = ".agentspec/baseline.json";
/// What to do about one that is none.
const ADVICE: &str = "name one with `--baseline FILE`, or write it with `--write-baseline`";

impl ReportArgs {
    /// What is reported on. The baseline is the named one, or the platform's own where there is one.
    pub(crate) fn scope<'a>(&self, root: &Path, service: Option<&'a str>) -> anyhow::Result<Scope<'a>> {
        if self.write_baseline {
            return Ok(Scope { service, ..Scope::default() });
        }
        let path = self.baseline.clone().unwrap_or_else(|| root.join(BASELINE));
        let read = match &self.baseline {
            Some(path) => read_regular(path, &path.display().to_string()),
            None => WorktreeStore::open(root)?.read(BASELINE),
        };
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(StoreError::NotFound(_)) if self.baseline.is_none() => {
                return Ok(Scope { service, ..Scope::default() });
            }
            Err(error) => return Err(error).context(format!("the baseline cannot be read; {ADVICE}")),
        };
        let text = String::from_utf8(bytes).with_context(|| format!("{}: not a baseline; {ADVICE}", path.display()))?;
        let shown = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok(Scope { service, baseline: Some(Baseline::read(&shown, &text)?), today: None })
    }

    /// Reports an outcome, or writes it to the baseline; and says how the run ends.
    pub(crate) fn report(
        &self,
        title: &str,
        outcome: &Outcome,
        global: &Global,
        terminal: &mut Terminal,
    ) -> anyhow::Result<Exit> {
        if self.write_baseline {
            return self.write(outcome, global, terminal);
        }
        let prefix = global.prefix()?;
        let format = if self.json { Format::Json } else { self.format.into() };
        let report = Report {
            title,
            findings: &outcome.findings,
            summary: outcome.summary,
            account: &outcome.account,
            next: outcome.next.as_deref(),
            rules: &|id| rule_info(id),
            tool_version: env!("CARGO_PKG_VERSION"),
            prefix: &prefix,
        };
        let style = terminal.style();
        report::write(format, &report, terminal, style)?;
        let fails = match self.fail_on {
            Some(level) => level.into(),
            None if outcome.strict => Severity::Warning,
            None => Severity::Error,
        };
        let failed = outcome.findings.iter().any(|finding| finding.approved.is_none() && finding.severity >= fails);
        Ok(if failed { Exit::Findings } else { Exit::Clean })
    }

    fn write(&self, outcome: &Outcome, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        let text = Baseline::write(&outcome.findings);
        let path = match &self.baseline {
            Some(path) => {
                std::fs::write(path, text).with_context(|| format!("--baseline {}", path.display()))?;
                path.clone()
            }
            None => {
                let root = global.root()?;
                output::write(&root, BASELINE, text.as_bytes())?;
                root.join(BASELINE)
            }
        };
        terminal.say(format_args!(
            "{}: {} findings are held back from now on",
            path.display(),
            outcome.findings.len()
        ))?;
        Ok(Exit::Clean)
    }
}

/// What is known of a rule, or of a kind of change.
pub(crate) fn rule_info(id: &str) -> Option<RuleInfo<'static>> {
    let rule = crate::rules::find(id).map(|rule| RuleInfo {
        summary: rule.summary,
        docs: rule.docs,
        family: rule.family.name(),
        severity: rule.severity,
    });
    rule.or_else(|| {
        crate::compat::find(id).map(|row| RuleInfo {
            summary: row.summary,
            docs: row.why,
            family: "compatibility",
            severity: Severity::Error,
        })
    })
}

/// The day that was given, on the command line or else in the environment.
pub(crate) fn today(given: Option<Date>) -> anyhow::Result<Option<Date>> {
    let named = std::env::var("AGENTSPEC_TODAY").ok().filter(|day| given.is_none() && !day.is_empty());
    let named = named.map(|day| day.parse::<Date>().context("AGENTSPEC_TODAY")).transpose()?;
    Ok(given.or(named))
}
