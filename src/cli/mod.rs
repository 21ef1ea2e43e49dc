//! The command line: one file a subcommand. Arguments become typed options, a library call, and a report; no logic lives
//! here.

mod can_deploy;
mod catalog;
mod completions;
mod constitution;
mod contracts;
mod demo;
mod dev;
mod diff;
mod eject;
mod example;
mod explain;
mod generate;
mod impact;
mod init;
mod list;
mod man;
mod model;
mod options;
mod plan;
mod terminal;
mod test;
mod validate;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use terminal::Terminal;

use crate::report::printable_lines;

/// What a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above the level that fails.
    Clean,
    /// Findings, or files that are not up to date.
    Findings,
    /// There is nothing to check.
    Nothing,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Clean => ExitCode::SUCCESS,
            Exit::Findings => ExitCode::from(1),
            Exit::Nothing => ExitCode::from(3),
        }
    }
}

/// Wrong usage, or an error of our own.
const FAILED: u8 = 2;

/// One service model from constitution, specs and contracts: validated, compared, generated.
///
/// Exit codes: 0 nothing found at or above --fail-on, 1 findings, 2 wrong usage or internal error, 3 nothing to check.
#[derive(Debug, Parser)]
#[command(name = "agentspec", version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: options::Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Validate(validate::Args),
    ValidateContracts(contracts::Args),
    CanDeploy(can_deploy::Args),
    Diff(diff::Args),
    Impact(impact::Args),
    Plan(plan::Args),
    Generate(generate::Args),
    Dev(dev::Args),
    Test(test::Args),
    ServiceCatalog(catalog::Args),
    Constitution(constitution::Args),
    Model(model::Args),
    Explain(explain::Args),
    List(list::Args),
    Eject(eject::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the program with these arguments, of which the first is its name. Where they are wrong, or ask for help, the process
/// ends.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = Cli::parse_from(arguments);
    let mut terminal = Terminal::new(cli.global.color);
    match dispatch(&cli, &mut terminal).and_then(|exit| terminal.flush().map(|()| exit).map_err(Into::into)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", printable_lines(&format!("{error:#}")));
            ExitCode::from(FAILED)
        }
    }
}

fn dispatch(cli: &Cli, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Demo(args) => demo::run(args, terminal),
        Command::Init(args) => init::run(args, terminal),
        Command::Validate(args) => validate::run(args, global, terminal),
        Command::ValidateContracts(args) => contracts::run(args, global, terminal),
        Command::CanDeploy(args) => can_deploy::run(args, global, terminal),
        Command::Diff(args) => diff::run(args, global, terminal),
        Command::Impact(args) => impact::run(args, global, terminal),
        Command::Plan(args) => plan::run(args, global, terminal),
        Command::Generate(args) => generate::run(args, global, terminal),
        Command::Dev(args) => dev::run(args, global, terminal),
        Command::Test(args) => test::run(args, global, terminal),
        Command::ServiceCatalog(args) => catalog::run(args, global, terminal),
        Command::Constitution(args) => constitution::run(args, global, terminal),
        Command::Model(args) => model::run(args, global, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::List(args) => list::run(args, terminal),
        Command::Eject(args) => eject::run(args, global, terminal),
        Command::Completions(args) => completions::run(args, terminal),
        Command::Man(args) => man::run(args, terminal),
    }
}

/// The definition of the command line, for completions, the manual and the reference.
pub fn command() -> clap::Command {
    Cli::command()
}
