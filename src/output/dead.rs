//! Code of a person's that nothing needs any more: what a scaffold has for operations and events that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::disk::hash;
use super::lock::Entry;
use super::plan::{Parts, Plan, PlannedFile};

/// A part of a scaffold whose operation or event is gone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DeadPart {
    /// The line that it begins in, from 1.
    pub line: usize,
    /// What it begins with.
    pub text: String,
    /// The operation or event that it was for.
    pub operation: String,
}

/// The operations and events that a plan has code for, with their services.
pub(super) struct Live<'p>(BTreeSet<(Option<&'p str>, &'p str)>);

impl<'p> Live<'p> {
    pub fn of(plan: &'p Plan) -> Live<'p> {
        let parts = |file: &'p PlannedFile| file.parts.keys().map(|name| (file.service.as_deref(), name.as_str()));
        Live(plan.files.iter().flat_map(parts).collect())
    }

    fn has(&self, file: &PlannedFile, operation: &str) -> bool {
        self.0.contains(&(file.service.as_deref(), operation))
    }
}

/// The parts of a text that were planned for operations that are gone and stand there still, by line. A text that is planned
/// for another operation now is not among them.
pub(super) fn dead(entry: &Entry, file: &PlannedFile, live: &Live<'_>, text: &str) -> Vec<DeadPart> {
    let planned: BTreeSet<&str> = file.parts.values().flatten().map(String::as_str).collect();
    let gone = entry.parts.iter().filter(|(operation, _)| !live.has(file, operation));
    let texts = gone.flat_map(|(operation, texts)| texts.iter().map(move |text| (text.as_str(), operation)));
    let mut wanted: BTreeMap<&str, &String> = texts.filter(|(text, _)| !planned.contains(text)).collect();
    let mut found = Vec::new();
    if wanted.is_empty() {
        return found;
    }
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !is_comment(line)) {
        for rest in words(line) {
            // No text begins with another one: only the last that does not sort behind the rest can begin it.
            let before = wanted.range::<str, _>((Bound::Unbounded, Bound::Included(rest))).next_back();
            let Some((begins, operation)) = before.filter(|(begins, _)| rest.starts_with(**begins)) else { continue };
            let (begins, operation) = (*begins, (*operation).clone());
            found.push(DeadPart { line: at + 1, text: begins.trim_end_matches('(').to_owned(), operation });
            wanted.remove(begins);
        }
    }
    found
}

/// What of a line stands from each of its words and signs on.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.char_indices().map(|(start, _)| start);
    starts.filter(|start| !line[..*start].ends_with(char::is_alphanumeric)).map(|start| &line[start..])
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "/*", "*"].iter().any(|sign| line.trim_start().starts_with(sign))
}

/// What a person can do about them; `path` as an argument of a command line.
pub(super) fn advice(entry: &Entry, text: &str, path: &str) -> String {
    match hash(text.as_bytes()) == entry.hash {
        true => format!(
            "nobody edited the file: `agentspec generate --resolve ours {path}` writes it anew, `--resolve theirs {path}` \
             leaves it to you"
        ),
        false => {
            format!("remove or rename it by hand, or `agentspec generate --resolve theirs {path}` leaves it to you")
        }
    }
}

/// What is remembered of a scaffold that stays: what is planned for it now, and what was planned before for operations that
/// are there still.
pub(super) fn remembered(entry: &Entry, file: &PlannedFile, live: &Live<'_>) -> Parts {
    let mut parts = file.parts.clone();
    for (operation, texts) in entry.parts.iter().filter(|(operation, _)| live.has(file, operation)) {
        parts.entry(operation.clone()).or_default().extend(texts.iter().cloned());
    }
    parts
}
