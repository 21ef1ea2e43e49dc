//! `agentspec validate`.

use super::Exit;
use super::options::{Global, ReportArgs, known_service, nothing, today};
use super::terminal::Terminal;
use crate::check::{self, Scope};
use crate::document::date::Date;
use crate::rules::Subject;

/// Check constitution, specs, plans, task lists and contracts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Check specs.
    #[arg(long)]
    spec: bool,
    /// Check plans.
    #[arg(long)]
    plan: bool,
    /// Check task lists.
    #[arg(long)]
    tasks: bool,
    /// Check the constitution.
    #[arg(long)]
    constitution: bool,
    /// Check everything, contracts included; the default.
    #[arg(long, conflicts_with_all = ["spec", "plan", "tasks", "constitution"])]
    all: bool,
    /// Report on this service only.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The day, YYYY-MM-DD, by which waivers have ended or not [default: AGENTSPEC_TODAY; without either none is judged].
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    report: ReportArgs,
}

impl Args {
    /// What was asked for; everything for no flag.
    fn subjects(&self) -> Vec<Subject> {
        let asked = [
            (self.constitution, Subject::Constitution),
            (self.spec, Subject::Spec),
            (self.plan, Subject::Plan),
            (self.tasks, Subject::Tasks),
        ];
        let mut subjects: Vec<Subject> = asked.iter().filter(|(on, _)| *on).map(|(_, subject)| *subject).collect();
        if !subjects.is_empty() {
            subjects.push(Subject::Config);
        }
        subjects
    }
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let service = known_service(&workspace, args.service.as_deref())?;
    let root = global.root()?;
    let scope = Scope { today: today(args.today)?, ..args.report.scope(&root, service)? };
    let outcome = check::validate(&workspace, &args.subjects(), &scope);
    let title = service.map_or_else(|| workspace.platform.name.clone(), str::to_owned);
    args.report.report(&title, &outcome, global, terminal)
}
