//! `agentspec completions`.

use std::io::Write;

use super::Exit;
use super::terminal::Terminal;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell.
    shell: clap_complete::Shell,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "agentspec", &mut script);
    terminal.write_all(&script)?;
    Ok(Exit::Clean)
}
