//! A task list as it is found: blocks of lines, each a task of ours, a phase of ours or something of a person.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{FIELDS, PHASES};

/// Title of the section of tasks that nothing asks for any more.
pub(super) const WITHDRAWN: &str = "Withdrawn";
/// What stands below that title.
pub(super) const WITHDRAWN_NOTE: &str =
    "Neither the specification nor the contracts ask for these any more. Delete what is no longer of use.";

/// A heading with the lines up to the next one.
pub(super) type Block<'a> = Vec<&'a str>;

/// A task's block, and the blocks of a person behind it.
pub(super) struct Known<'a> {
    pub(super) lines: Block<'a>,
    pub(super) digest: &'a str,
    /// Title of the phase that it stands in.
    pub(super) phase: &'a str,
    pub(super) behind: Vec<Block<'a>>,
}

/// A phase's notes, and the blocks of a person before its first task.
#[derive(Default)]
pub(super) struct PhaseNotes<'a> {
    pub(super) notes: Block<'a>,
    pub(super) behind: Vec<Block<'a>>,
}

/// Our part of a list as it was found.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub(super) preamble: Vec<Block<'a>>,
    pub(super) phases: BTreeMap<&'a str, PhaseNotes<'a>>,
    pub(super) tasks: BTreeMap<&'a str, Known<'a>>,
    /// Keys in the order of the list.
    pub(super) order: Vec<&'a str>,
    /// Numbers that tasks of a person have.
    pub(super) taken: BTreeSet<&'a str>,
}

/// Takes our part apart.
pub(super) fn read<'a>(lines: &[&'a str]) -> Found<'a> {
    let mut found = Found::default();
    let mut phase: Option<&'a str> = None;
    let mut task: Option<&'a str> = None;
    for block in blocks(lines) {
        if let Some(title) = phase_title(block[0]) {
            let notes: Block<'a> = without_markers(&block[1..]).filter(|line| *line != WITHDRAWN_NOTE).collect();
            found.phases.entry(title).or_default().notes.extend(trim(notes));
            (phase, task) = (Some(title), None);
            continue;
        }
        let marker = block.iter().find_map(|line| marker_of(line)).filter(|_| block[0].starts_with("### "));
        if let Some((key, digest)) = marker.filter(|(key, _)| !found.tasks.contains_key(key)) {
            let phase = phase.unwrap_or_default();
            let mut first = true;
            let own = block.into_iter().filter(|line| marker_of(line).is_none() || std::mem::take(&mut first));
            found.tasks.insert(key, Known { lines: trim(own.collect()), digest, phase, behind: Vec::new() });
            found.order.push(key);
            task = Some(key);
            continue;
        }
        let place = match (task, phase) {
            (Some(key), _) => found.tasks.get_mut(key).map(|known| &mut known.behind),
            (None, Some(title)) => found.phases.get_mut(title).map(|notes| &mut notes.behind),
            (None, None) => None,
        };
        found.taken.extend(title(block[0]).1);
        let block = trim(without_markers(&block).collect());
        if !block.is_empty() {
            place.unwrap_or(&mut found.preamble).push(block);
        }
    }
    found
}

/// The lines that mark no task: a marker that was copied to another place must not count one day as the task's own.
fn without_markers<'a>(lines: &[&'a str]) -> impl Iterator<Item = &'a str> {
    lines.iter().copied().filter(|line| marker_of(line).is_none())
}

/// Blocks in their order, each with its heading first; lines before the first heading are a block of their own.
fn blocks<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    let closed = fences(lines);
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut current: Block<'a> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if ["# ", "## ", "### "].iter().any(|heading| line.starts_with(heading)) && !current.is_empty() {
            blocks.push(std::mem::take(&mut current));
        }
        current.push(line);
        let until = closed[at].unwrap_or(at);
        current.extend(&lines[at + 1..=until]);
        at = until + 1;
    }
    blocks.push(current);
    blocks.into_iter().map(trim).filter(|block| !block.is_empty()).collect()
}

/// For each line that opens a fence of code, the line that closes it. A fence that is not closed before the next phase or
/// task is none, so that a slip cannot swallow what stands behind it.
fn fences(lines: &[&str]) -> Vec<Option<usize>> {
    let mut next: [Option<usize>; 2] = [None, None];
    let mut closed = vec![None; lines.len()];
    for (at, line) in lines.iter().enumerate().rev() {
        let task = line.starts_with("### Task ") || line.starts_with("### Withdrawn:") || marker_of(line).is_some();
        if task || phase_title(line).is_some() {
            next = [None, None];
            continue;
        }
        let line = line.trim();
        for (kind, fence) in ["```", "~~~"].iter().enumerate() {
            if line.starts_with(fence) {
                closed[at] = next[kind];
                if line.trim_start_matches(&fence[..1]).is_empty() {
                    next[kind] = Some(at);
                }
            }
        }
    }
    closed
}

/// Without blank lines at the ends.
fn trim(lines: Block<'_>) -> Block<'_> {
    let blank = |line: &&str| line.trim().is_empty();
    let from = lines.iter().position(|line| !blank(line)).unwrap_or(lines.len());
    let to = lines.iter().rposition(|line| !blank(line)).map_or(from, |at| at + 1);
    lines[from..to].to_vec()
}

/// The title of one of our phases.
fn phase_title(line: &str) -> Option<&'static str> {
    let text = line.strip_prefix("## ")?.trim();
    if text == WITHDRAWN {
        return Some(WITHDRAWN);
    }
    let (number, title) = text.strip_prefix("Phase ")?.split_once(": ")?;
    let known = PHASES.iter().find(|phase| **phase == title)?;
    number.bytes().all(|digit| digit.is_ascii_digit()).then_some(known)
}

/// Key and digest of a marker.
pub(super) fn marker_of(line: &str) -> Option<(&str, &str)> {
    let text = line.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    let text = text.strip_prefix("task: ").or_else(|| text.strip_prefix("withdrawn: "))?;
    text.rsplit_once(' ')
}

/// What a heading says behind `Task 1.2:` or `Withdrawn:`, and the number.
pub(super) fn title(heading: &str) -> (&str, Option<&str>) {
    let text = heading.trim_start_matches('#').trim();
    if let Some(rest) = text.strip_prefix("Withdrawn:") {
        return (rest.trim(), None);
    }
    let numbered = text.strip_prefix("Task ").and_then(|rest| rest.split_once(':'));
    let is_number =
        |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match numbered {
        Some((number, rest)) if is_number(number) => (rest.trim(), Some(number)),
        _ => (text, None),
    }
}

/// The first bullet of each field.
pub(super) fn field_lines<'a>(lines: &[&'a str]) -> [Option<&'a str>; 4] {
    FIELDS.map(|field| lines.iter().copied().find(|line| is_field(line, field)))
}

fn is_field(line: &str, field: &str) -> bool {
    line.strip_prefix("- ").and_then(|rest| rest.strip_prefix(field)).is_some_and(|rest| rest.starts_with(':'))
}
