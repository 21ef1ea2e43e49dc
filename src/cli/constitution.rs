//! `agentspec constitution`.

use std::io::Write;

use serde::Serialize;

use super::Exit;
use super::options::{Global, nothing};
use super::terminal::Terminal;
use crate::document::constitution::Part;
use crate::document::spec::KeyValue;
use crate::model::{Broker, Choice, Database, Framework, Language, Technology};
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
    /// Whether what is generated keeps to it, though nothing else could be chosen.
    kept: bool,
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
        let technology = Some(&workspace.platform.technology).filter(|_| bullet.part == Part::Technology);
        let chooses = technology.is_some_and(|technology| chosen(technology, &entry.key));
        let kept = technology.is_some_and(|technology| kept(technology, entry));
        Principle { text, line, chooses, kept, rules }
    };
    let principles: Vec<Principle> =
        rules::enforcement(constitution, &workspace.platform.standards).into_iter().map(principle).collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *terminal, &serde_json::json!({ "version": 1, "principles": principles }))?;
        writeln!(terminal)?;
        return Ok(Exit::Clean);
    }
    let free = principles.iter().filter(|principle| principle.by().is_empty()).count();
    writeln!(terminal, "{}: {} principles\n", file.path, principles.len())?;
    for principle in &principles {
        let by = principle.by();
        let (mark, by) =
            if by.is_empty() { ("⚠️ ", "nothing enforces this".to_owned()) } else { ("✅", by.join("; ")) };
        writeln!(terminal, "{mark} {}\n     line {}: {by}", principle.text, principle.line)?;
    }
    if free > 0 {
        let are = if free == 1 { "is" } else { "are" };
        writeln!(terminal, "\n{free} of {} {are} kept by people alone.", principles.len())?;
    }
    Ok(Exit::Clean)
}

impl Principle {
    /// What holds it up, in words.
    fn by(&self) -> Vec<String> {
        let rules = (!self.rules.is_empty()).then(|| format!("enforced by {}", self.rules.join(", ")));
        let chooses = self.chooses.then(|| "chooses what is generated".to_owned());
        let kept = self.kept.then(|| "what is generated keeps to it".to_owned());
        rules.into_iter().chain(chooses).chain(kept).collect()
    }
}

/// Whether a bullet of the technology stack chooses something that can be generated.
fn chosen(technology: &Technology, key: &str) -> bool {
    match Choice::of(key) {
        Some(Choice::Language | Choice::Framework) => {
            technology.language != Language::Other && technology.framework != Framework::Other
        }
        Some(Choice::Broker) => technology.broker != Broker::Other,
        _ => false,
    }
}

/// Whether a bullet of it names the one thing that is generated: services on PostgreSQL or SQLite, manifests for Kubernetes.
fn kept(technology: &Technology, entry: &KeyValue) -> bool {
    let orchestration = entry.key.to_lowercase().contains("orchestrat");
    match Choice::of(&entry.key) {
        Some(Choice::Database) => technology.database != Database::Other,
        None => orchestration && entry.value.to_lowercase().contains("kubernetes"),
        _ => false,
    }
}
