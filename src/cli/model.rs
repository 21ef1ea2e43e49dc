//! `agentspec model`.

use std::io::Write;

use super::Exit;
use super::options::{Global, nothing};
use super::terminal::Terminal;

/// Print the platform's model as JSON: what templates are rendered over.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the JSON Schema of the model instead.
    #[arg(long)]
    schema: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if args.schema {
        serde_json::to_writer_pretty(&mut *terminal, &crate::model::json_schema())?;
    } else {
        let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
        serde_json::to_writer_pretty(&mut *terminal, &workspace.lower_schemas().platform)?;
    }
    writeln!(terminal)?;
    Ok(Exit::Clean)
}
