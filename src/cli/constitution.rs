//! `agentspec constitution`.

use std::io::Write;

use serde::Serialize;

use super::Exit;
use super::options::{Global, nothing};
use super::terminal::Terminal;
use crate::document::constitution::Part;
use crate::model::{Framework, Language, Technology};
use crate::rules;

/// Show for every principle of the constitution which rule enforces it, and which ones nothing enforces.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A principle in the JSON output.
#[derive(Serialize)]
struct Principle {
    text: String,
    line: u32,
    /// Whether it chooses what is generated.
    chooses: bool,
    rules: Vec<&'static str>,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let Some(constitution) = &workspace.documents.constitution else {
        terminal
            .say("there is no constitution.md at the platform's root; `agentspec init` writes one to start with")?;
        return Ok(Exit::Nothing);
    };
    let file = workspace.sources.file(constitution.file);
    let principle = |(bullet, rules): (&crate::document::constitution::Bullet, Vec<&'static str>)| {
        let entry = &bullet.entry;
        let text = if entry.key.is_empty() { entry.value.clone() } else { format!("{}: {}", entry.key, entry.value) };
        let line = file.position(workspace.sources.span(entry.route).start).line;
        let chooses = bullet.part == Part::Technology && chosen(&workspace.platform.technology, &entry.key);
        Principle { text, line, chooses, rules }
    };
    let principles: Vec<Principle> =
        rules::enforcement(constitution, &workspace.platform.standards).into_iter().map(principle).collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *terminal, &serde_json::json!({ "version": 1, "principles": principles }))?;
        writeln!(terminal)?;
        return Ok(Exit::Clean);
    }
    let free = principles.iter().filter(|principle| principle.rules.is_empty() && !principle.chooses).count();
    writeln!(terminal, "{}: {} principles\n", file.path, principles.len())?;
    for principle in &principles {
        let (mark, by) = match principle.rules.as_slice() {
            [] if principle.chooses => ("✅", "chooses what is generated".to_owned()),
            [] => ("⚠️ ", "nothing enforces this".to_owned()),
            rules => ("✅", format!("enforced by {}", rules.join(", "))),
        };
        writeln!(terminal, "{mark} {}\n     line {}: {by}", principle.text, principle.line)?;
    }
    if free > 0 {
        writeln!(terminal, "\n{free} of {} are kept by people alone.", principles.len())?;
    }
    Ok(Exit::Clean)
}

/// Whether a bullet of the technology stack chooses something that can be generated.
fn chosen(technology: &Technology, key: &str) -> bool {
    match key.to_lowercase().as_str() {
        "language" | "framework" => technology.language != Language::Other && technology.framework != Framework::Other,
        _ => false,
    }
}
