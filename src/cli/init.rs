//! `agentspec init`.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::terminal::Terminal;
use super::{Exit, example};
use crate::output::quoted;
use crate::template::Engine;

/// Start a platform in a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; made where it is missing.
    dir: PathBuf,
    /// Start with an example platform instead of an empty one.
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
    /// Write over files that are there.
    #[arg(long)]
    force: bool,
}

/// The files of an empty platform: path and template.
const EMPTY: [(&str, &str); 4] = [
    ("constitution.md", "init/constitution.md.j2"),
    (".speckit.config.json", "init/speckit.config.json.j2"),
    ("services/README.md", "init/services.md.j2"),
    ("shared/contracts/events/common-events.json", "init/common-events.json.j2"),
];

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let shown = args.dir.display();
    if let Some(name) = &args.example {
        let files = example::files(name)?;
        example::write(&args.dir, &files, args.force)?;
        writeln!(terminal, "{shown}: the example `{name}`, {} files", files.len())?;
    } else {
        let engine = Engine::new(Default::default())?;
        let name = args.dir.canonicalize().unwrap_or_else(|_| args.dir.clone());
        let name = name.file_name().map_or("Platform".into(), |name| name.to_string_lossy().into_owned());
        let render = |(path, template): (&str, &str)| -> anyhow::Result<(String, String)> {
            Ok((path.to_owned(), engine.render(template, &json!({ "name": name }))?))
        };
        let files = EMPTY.into_iter().map(render).collect::<anyhow::Result<Vec<_>>>()?;
        example::write(&args.dir, &files, args.force)?;
        for (path, _) in &files {
            writeln!(terminal, "  {path}")?;
        }
    }
    let argument = args.dir.to_string_lossy();
    let argument = quoted(&argument);
    writeln!(terminal, "\nNext:\n  agentspec validate --root {argument}\n  agentspec generate --root {argument}")?;
    Ok(Exit::Clean)
}
