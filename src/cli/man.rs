//! `agentspec man`.

use std::io::Write;

use super::Exit;
use super::terminal::Terminal;

/// Print the manual page, in roff.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The page of this subcommand.
    subcommand: Option<String>,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut command = super::command();
    command.build();
    let command = match &args.subcommand {
        None => command,
        Some(name) => {
            let found = command.find_subcommand(name).cloned();
            found.ok_or_else(|| anyhow::anyhow!("there is no subcommand `{name}`; see `agentspec --help`"))?
        }
    };
    // Left alone, the foot of a page has the subcommand without the program before it.
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let source = format!("{name} {}", env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    clap_mangen::Man::new(command).source(source).render(&mut page)?;
    terminal.write_all(&page)?;
    Ok(Exit::Clean)
}
