//! `agentspec test`.

use std::io::Write;

use super::Exit;
use super::options::{Global, known_service, nothing};
use super::terminal::Terminal;
use crate::local::{self, Job};

/// Run the tests that came with the generated services, one service after the other.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Install the packages of each service first, with its language's own tool (uses the network).
    #[arg(long)]
    install: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let only = known_service(&workspace, args.service.as_deref())?;
    // Whether a service issues tokens, or asks another about them, is told by schemas.
    let workspace = workspace.lower_schemas();
    let (jobs, _) = local::prepare(&global.root()?, &workspace.platform, only.as_slice(), None, None)?;
    if jobs.is_empty() {
        terminal.say("nothing to test: no service has a contract and a language that code is generated for")?;
        return Ok(Exit::Nothing);
    }
    install(&jobs, args.install, terminal)?;
    let mut results = Vec::new();
    for job in &jobs {
        terminal.say(format_args!("\n{}", job.name))?;
        let mut passed = true;
        for step in job.launch.build.iter().chain(&job.launch.test) {
            passed = passed && local::run_step(job, step)?;
        }
        results.push((job.name.as_str(), passed));
    }
    let width = results.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    writeln!(terminal)?;
    for (name, passed) in &results {
        writeln!(terminal, "{name:width$}  {}", if *passed { "passed" } else { "failed" })?;
    }
    Ok(if results.iter().all(|(_, passed)| *passed) { Exit::Clean } else { Exit::Findings })
}

/// Installs the packages of each service, or looks whether they are there.
pub(super) fn install(jobs: &[Job], wanted: bool, terminal: &mut Terminal) -> anyhow::Result<()> {
    for job in jobs {
        if wanted {
            for step in &job.launch.install {
                terminal.say(format_args!("{}: {}", job.name, step.shown()))?;
                if !local::run_step(job, step)? {
                    anyhow::bail!("{}: `{}` failed", job.name, step.shown());
                }
            }
        }
        job.check_installed()?;
    }
    Ok(())
}
