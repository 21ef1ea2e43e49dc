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
        let bytes: usize = workspace.sources.iter().map(|(_, file)| file.text.len()).sum();
        let bounded = Bounded { out: &mut *terminal, left: LEAST_BOUND + bytes.saturating_mul(MOST_TIMES) };
        serde_json::to_writer_pretty(bounded, &workspace.lower_schemas().platform)?;
    }
    writeln!(terminal)?;
    Ok(Exit::Clean)
}

/// No model is longer than so many times the files, and this. A usual one has ten to twenty times their length; what
/// thousands of operations share is written at each of them, so a small file could fill a disk.
const MOST_TIMES: usize = 200;
const LEAST_BOUND: usize = 64_000_000;

/// Writes up to a bound.
struct Bounded<W> {
    out: W,
    left: usize,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len()).ok_or_else(|| {
            let text = "the model as JSON has more than 200 times the length of the files and 64 MB, for what operations \
                        share is written at each of them; let fewer operations refer to large components";
            io::Error::other(text)
        })?;
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_an_error_that_says_why() {
        let mut written = Vec::new();
        let mut bounded = Bounded { out: &mut written, left: 5 };
        bounded.write_all(b"abc").unwrap();
        let error = bounded.write_all(b"def").unwrap_err();
        assert!(error.to_string().contains("operations share"), "{error}");
        assert_eq!(written, b"abc");
    }
}
