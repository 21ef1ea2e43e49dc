//! `agentspec eject`.

use std::io::Write;

use anyhow::bail;

use super::Exit;
use super::options::Global;
use super::terminal::Terminal;
use crate::output;
use crate::template::Engine;

/// Copy a built-in template into the platform, to change it there.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The template, as `agentspec list templates` shows it.
    template: String,
    /// Write over a template that was changed.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let built_in = Engine::built_in();
    let Some(text) = built_in.get(&args.template) else {
        bail!("there is no template `{}`; `agentspec list templates` shows all", args.template);
    };
    let root = global.root()?;
    let name = format!("{}/{}", super::generate::OVERRIDES, args.template);
    let path = root.join(&name);
    if path.exists() && !args.force {
        bail!("{} is there already; write over it with --force", path.display());
    }
    output::write(&root, &name, text.as_bytes())?;
    writeln!(terminal, "{}: used from now on instead of the built-in template", path.display())?;
    Ok(Exit::Clean)
}
