//! User Scenarios: headings with a priority, and Given/When/Then below them.

use super::sections::{Entry, Section, entries};
use super::types::{Scenario, Spec};
use crate::document::text::Slice;
use crate::document::words::{is_bold_line, plain, without_number};
use crate::source::Route;

const KEYWORDS: [&str; 6] = ["given", "when", "then", "and", "or", "but"];
/// Words in front of a number that say no more than that a scenario follows.
const KINDS: [&str; 5] = ["scenario", "user story", "user scenario", "story", "use case"];

/// Headings that stand among scenarios and are none.
const OTHER_HEADINGS: [&str; 12] = [
    "edge cases",
    "notes",
    "assumptions",
    "background",
    "actors",
    "personas",
    "overview",
    "out of scope",
    "requirements",
    "functional requirements",
    "none",
    "error cases",
];

/// Reads the section "User Scenarios".
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let mut within = true;
    for entry in entries(&section.blocks) {
        match entry {
            Entry::Heading(heading) => {
                within = !OTHER_HEADINGS.contains(&plain(without_number(heading).as_str()).as_str());
                if within {
                    spec.scenarios.push(scenario(spec, heading));
                }
            }
            Entry::Line(..) if !within => {}
            Entry::Line(line, _) => {
                let priority = if is_bold_line(line) { split_heading(line).0 } else { String::new() };
                let parts = steps(line);
                if !priority.is_empty() && parts.is_empty() {
                    spec.scenarios.push(scenario(spec, line));
                } else if parts.is_empty() {
                    continue_step(spec, line);
                } else {
                    add_steps(spec, section, parts);
                }
            }
            Entry::Table(_) => {}
        }
    }
}

fn scenario(spec: &Spec, heading: Slice<'_>) -> Scenario {
    let (priority, title) = split_heading(heading);
    let route = Route::span(spec.file, heading.span());
    Scenario { priority, title: title.as_str().replace('\n', " "), steps: Vec::new(), route }
}

/// Priority and title of `P1: title`, `Scenario 2 - title`, `User Story 1 - title (Priority: P2)`, `[P1] title`.
fn split_heading(heading: Slice<'_>) -> (String, Slice<'_>) {
    let separator = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.' | ')' | '(' | '[' | ']');
    let mut rest = without_number(heading).trim_matches(separator_start);
    let mut priority = String::new();
    for _ in 0..2 {
        let bracket = rest.as_str().strip_prefix(['[', '(']).is_some_and(|inner| priority_of(inner).is_some());
        rest = if bracket { rest.from(1) } else { rest };
        let text = rest.as_str();
        if let Some(found) = priority_of(text) {
            priority = text[..found].to_ascii_uppercase();
            rest = rest.from(found).trim_matches(|c| separator(c) && !matches!(c, ')' | ']' | '.'));
            rest = trim_start(rest, separator);
        } else if let Some(length) = kind_of(text) {
            rest = trim_start(rest.from(length), separator);
        }
    }
    if let Some((title, found)) = trailing_priority(rest) {
        return (if priority.is_empty() { found } else { priority }, title);
    }
    (priority, rest.trim_matches(|c| c == ':' || c.is_whitespace()))
}

fn separator_start(c: char) -> bool {
    c.is_whitespace() || c == ':'
}

fn trim_start(slice: Slice<'_>, drop: impl Fn(char) -> bool + Copy) -> Slice<'_> {
    let text = slice.as_str();
    slice.from(text.len() - text.trim_start_matches(drop).len())
}

/// The length of `P1` or `[P1` at the start.
fn priority_of(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['p', 'P'])?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = rest[digits..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    (digits > 0 && digits < 4 && ends).then_some(1 + digits)
}

/// The length of `Scenario 2` at the start.
fn kind_of(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let kind = KINDS.iter().filter(|kind| lower.starts_with(**kind)).max_by_key(|kind| kind.len())?;
    let rest = &lower[kind.len()..];
    let number = rest.trim_start().bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let spaces = rest.len() - rest.trim_start().len();
    let follows = rest[spaces + number..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    let labelled = number > 0 || rest.trim_start().starts_with([':', '-', '–', '—']);
    (labelled && follows).then_some(kind.len() + spaces + number)
}

/// Title and priority of `title (Priority: P2)` and `title (P2)`.
fn trailing_priority(slice: Slice<'_>) -> Option<(Slice<'_>, String)> {
    let text = slice.as_str();
    let open = text.strip_suffix([')', ']']).and_then(|inner| inner.rfind(['(', '[']))?;
    let remark = text[open + 1..text.len() - 1].trim();
    let lower = remark.to_ascii_lowercase();
    let priority = lower.strip_prefix("priority").map_or(lower.as_str(), |rest| rest.trim_start_matches([':', ' ']));
    (priority_of(priority)? == priority.len()).then(|| (slice.part(0, open).trim(), priority.to_ascii_uppercase()))
}

/// The steps in a line: one that its first word starts, and each that a keyword in bold or italics starts.
fn steps(line: Slice<'_>) -> Vec<(String, Slice<'_>)> {
    let line = without_number(line);
    let mut starts: Vec<(usize, usize, String)> = Vec::new();
    let text = line.as_str();
    let first = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    if let Some(keyword) = keyword(&text[..first]) {
        starts.push((0, first, keyword));
    }
    for (start, end) in line.marks() {
        let words = text.get(start..end).unwrap_or_default();
        if let Some(keyword) = keyword(words.trim().trim_end_matches(':')).filter(|_| start > 0) {
            starts.push((start, end, keyword));
        }
    }
    let end_of = |index: usize| starts.get(index + 1).map_or(text.len(), |next| next.0);
    let step = |(index, (_, from, keyword)): (usize, &(usize, usize, String))| {
        let words = line.part(*from, end_of(index)).trim_matches(|c| c.is_whitespace() || matches!(c, ':' | ','));
        (keyword.clone(), words)
    };
    starts.iter().enumerate().map(step).filter(|(_, words)| !words.is_empty()).collect()
}

fn keyword(word: &str) -> Option<String> {
    KEYWORDS.iter().find(|known| word.eq_ignore_ascii_case(known)).map(|known| (*known).to_owned())
}

fn add_steps(spec: &mut Spec, section: &Section<'_>, parts: Vec<(String, Slice<'_>)>) {
    let file = spec.file;
    if spec.scenarios.is_empty() {
        // Steps right below the section's heading: a scenario without a title.
        let route = section.heading.map_or(Route::file(file), |heading| Route::span(file, heading.span()));
        spec.scenarios.push(Scenario { priority: String::new(), title: String::new(), steps: Vec::new(), route });
    }
    if let Some(scenario) = spec.scenarios.last_mut() {
        scenario.steps.extend(parts.into_iter().map(|(keyword, words)| (keyword, words.located(file))));
    }
}

/// A line without a keyword goes on with the step before it.
fn continue_step(spec: &mut Spec, line: Slice<'_>) {
    let step = spec.scenarios.last_mut().and_then(|scenario| scenario.steps.last_mut());
    if let Some((_, words)) = step {
        line.append_to(words);
    }
}
