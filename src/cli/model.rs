//! `agentspec model`.

use std::io::{self, Write};

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
        let bounded = Bounded { out: terminal, left: MOST_BYTES };
        serde_json::to_writer_pretty(bounded, &workspace.lower_schemas().platform)?;
    }
    writeln!(terminal)?;
    Ok(Exit::Clean)
}

/// No model is longer. What thousands of operations share is written at each of them, so a small file could fill a disk.
const MOST_BYTES: usize = 1_000_000_000;

/// Writes up to a bound.
struct Bounded<'t> {
    out: &'t mut Terminal,
    left: usize,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len()).ok_or_else(|| {
            let text = "the model has more than 1 GB as JSON, for what operations share is written at each of them; \
                        let fewer operations refer to large components";
            io::Error::other(text)
        })?;
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
