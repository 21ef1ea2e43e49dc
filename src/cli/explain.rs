//! `agentspec explain`.

use std::io::Write;

use anyhow::bail;

use super::Exit;
use super::terminal::Terminal;
use crate::diagnostic::closest::closest;
use crate::{compat, rules};

/// Print what a rule checks, why it matters, and what to write instead.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The id in brackets behind a severity, such as `dependency-cycle`.
    rule: String,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let id = args.rule.trim();
    if let Some(rule) = rules::find(id) {
        writeln!(terminal, "{}", rule.docs.trim_end())?;
    } else if let Some(row) = compat::find(id) {
        writeln!(terminal, "# {}\n\n{}.\n\n## Why it matters\n\n{}\n", row.id, row.summary, row.why)?;
        writeln!(terminal, "## Use instead\n\n{}.", row.way_out)?;
    } else {
        let ids = rules::all().map(|rule| rule.id).chain(compat::ROWS.iter().map(|row| row.id));
        match closest(id, ids) {
            Some(closest) => {
                bail!("there is no rule `{id}`; did you mean `{closest}`? `agentspec list rules` shows all")
            }
            None => bail!("there is no rule `{id}`; `agentspec list rules` and `agentspec list changes` show all"),
        }
    }
    Ok(Exit::Clean)
}
