//! The steps of a scenario: in a line, a sentence, the rows of a table, or a block of Gherkin.

use super::tables::Columns;
use crate::document::markdown::Row;
use crate::document::text::{Slice, Text, TextBuilder};
use crate::document::words::{plain, without_number};
use crate::source::Span;

const KEYWORDS: [&str; 6] = ["given", "when", "then", "and", "or", "but"];

/// A step while it is read: its keyword, and the lines that say it.
pub(super) type Draft<'m> = (String, Vec<Slice<'m>>);

/// The steps in a line: one that its first word starts, and each that a keyword in bold or italics starts.
pub(super) fn in_line(line: Slice<'_>) -> Vec<Draft<'_>> {
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
        (keyword.clone(), vec![trimmed(line.part(*from, end_of(index)))])
    };
    starts.iter().enumerate().map(step).filter(|(_, words)| !words[0].is_empty()).collect()
}

fn keyword(word: &str) -> Option<String> {
    KEYWORDS.iter().find(|known| word.eq_ignore_ascii_case(known)).map(|known| (*known).to_owned())
}

fn trimmed(slice: Slice<'_>) -> Slice<'_> {
    slice.trim_matches(|c| c.is_whitespace() || matches!(c, ':' | ',' | ';'))
}

/// The steps of a list item that says a scenario by itself: what is done, or given, and what is then.
pub(super) fn in_item(text: &Text) -> Option<Vec<Draft<'_>>> {
    let mut steps: Vec<Draft<'_>> = Vec::new();
    for line in text.lines() {
        let parts = in_line(line);
        if parts.is_empty() {
            steps.last_mut()?.1.push(line);
        }
        steps.extend(parts);
    }
    let cut = cut_sentences(steps.clone());
    let begins = cut.first().is_some_and(|(keyword, _)| matches!(keyword.as_str(), "given" | "when"));
    (begins && has(&cut, "then")).then_some(steps)
}

/// What a scenario without a title is called: what is done in it.
pub(super) fn named<'m>(steps: &[Draft<'m>]) -> Option<Slice<'m>> {
    let cut = cut_sentences(steps.to_vec());
    cut.iter().find(|(keyword, _)| keyword == "when").or(cut.first()).map(|(_, words)| words[0])
}

/// Whether there is a step of the kind.
pub(super) fn has(steps: &[Draft<'_>], wanted: &str) -> bool {
    steps.iter().any(|(keyword, _)| keyword == wanted)
}

/// Cuts "Given a, when b, then c" where no line of its own says When, or Then. Without a comma both must follow.
pub(super) fn cut_sentences<'m>(steps: Vec<Draft<'m>>) -> Vec<Draft<'m>> {
    let (whens, thens) = (has(&steps, "when"), has(&steps, "then"));
    let mut cut = Vec::with_capacity(steps.len());
    for (keyword, lines) in steps {
        let mut rest = (keyword, lines);
        if !whens && matches!(rest.0.as_str(), "given" | "and") {
            let whole = !thens && find(&rest.1, "when", false).is_some_and(|at| follows(&rest.1, at, "then"));
            cut_at(&mut cut, &mut rest, "when", whole);
            if !thens && rest.0 == "when" {
                cut_at(&mut cut, &mut rest, "then", whole);
            }
        } else if !thens && matches!(rest.0.as_str(), "when" | "and") {
            cut_at(&mut cut, &mut rest, "then", false);
        }
        cut.push(rest);
    }
    cut
}

/// Moves what stands before the keyword to `cut`, and leaves the step that the keyword starts.
fn cut_at<'m>(cut: &mut Vec<Draft<'m>>, step: &mut Draft<'m>, keyword: &str, loose: bool) {
    let Some((line, at)) = find(&step.1, keyword, !loose) else { return };
    let mut before = step.1[..line].to_vec();
    before.push(trimmed(step.1[line].part(0, at).trim_matches(|c| c.is_whitespace() || c == '.')));
    before.retain(|line| !line.is_empty());
    let mut after = vec![trimmed(step.1[line].from(at + keyword.len()))];
    after.extend(&step.1[line + 1..]);
    after.retain(|line| !line.is_empty());
    if !before.is_empty() && !after.is_empty() {
        cut.push((std::mem::take(&mut step.0), before));
        *step = (keyword.to_owned(), after);
    }
}

/// The line and the byte at which a word stands for the first time; where asked for, only behind a comma or its kin.
fn find(lines: &[Slice<'_>], word: &str, behind_comma: bool) -> Option<(usize, usize)> {
    let is_comma = |text: &str| text.trim_end().ends_with([',', ';', '.']);
    let mut before_line = "";
    for (line, slice) in lines.iter().enumerate() {
        let text = slice.as_str();
        let lower = text.to_ascii_lowercase();
        let found = lower.match_indices(word).map(|(at, _)| at).find(|at| {
            let (before, after) = (&text[..*at], &text[*at + word.len()..]);
            let starts = if before.is_empty() { line > 0 } else { before.ends_with(char::is_whitespace) };
            let ends = after.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ','));
            let comma = is_comma(if before.trim().is_empty() { before_line } else { before });
            starts && ends && (comma || !behind_comma)
        });
        if let Some(at) = found {
            return Some((line, at));
        }
        before_line = text;
    }
    None
}

/// Whether a word stands behind a place.
fn follows(lines: &[Slice<'_>], (line, at): (usize, usize), word: &str) -> bool {
    let mut rest = vec![lines[line].from(at)];
    rest.extend(&lines[line + 1..]);
    find(&rest, word, false).is_some()
}

/// What a table says of scenarios.
pub(super) enum Rows {
    /// Each row is a scenario; the columns of its steps.
    Scenarios(Vec<(String, usize)>),
    /// Each row is a step of one scenario: keyword and words.
    Steps,
}

/// How a table is to be read, if it holds steps.
pub(super) fn rows_of(columns: Columns<'_>) -> Option<Rows> {
    let table = columns.table;
    let head = table.header.iter().enumerate();
    let found: Vec<(String, usize)> =
        head.filter_map(|(at, cell)| Some((keyword(&plain(cell.as_str()))?, at))).collect();
    let main = ["given", "when", "then"].iter().filter(|main| found.iter().any(|(word, _)| word == *main)).count();
    if main >= 2 {
        return Some(Rows::Scenarios(found));
    }
    let starts = |row: &Row| row.cells.first().is_some_and(|cell| keyword(&plain(cell.as_str())).is_some());
    (table.header.len() > 1 && table.rows.iter().any(starts)).then_some(Rows::Steps)
}

/// The steps of a row that is a scenario.
pub(super) fn in_row<'t>(columns: Columns<'t>, row: &'t Row, found: &[(String, usize)]) -> Vec<Draft<'t>> {
    let step = |(keyword, at): &(String, usize)| {
        let cell = columns.slice(row, Some(*at))?;
        let lead = cell.as_str().get(..keyword.len()).is_some_and(|lead| lead.eq_ignore_ascii_case(keyword));
        let spaced = cell.as_str().get(keyword.len()..).is_some_and(|rest| rest.starts_with([' ', ':']));
        let words = if lead && spaced { trimmed(cell.from(keyword.len())) } else { cell };
        Some((keyword.clone(), vec![words]))
    };
    found.iter().filter_map(step).collect()
}

/// The steps of a table whose rows are steps; its head may be the first.
pub(super) fn in_rows<'t>(columns: Columns<'t>) -> Vec<Draft<'t>> {
    let table = columns.table;
    let step = |cells: &'t [Text]| match cells {
        [first, words, ..] if !words.is_empty() => Some((keyword(&plain(first.as_str()))?, vec![words.whole()])),
        _ => None,
    };
    let rows = table.rows.iter().map(|row| row.cells.as_slice());
    std::iter::once(table.header.as_slice()).chain(rows).filter_map(step).collect()
}

/// A code block as text, where it is Gherkin: it says so, or says nothing and has a line that starts with Given.
pub(super) fn gherkin(source: &str, span: Span) -> Option<Text> {
    let block = source.get(span.range())?;
    let fence = block.lines().next().filter(|line| line.starts_with("```") || line.starts_with("~~~"));
    let info = fence.unwrap_or_default().trim_start_matches(['`', '~', ' ', '{', '.']);
    let language = info.split([' ', '}']).next().unwrap_or_default().to_ascii_lowercase();
    let says = ["gherkin", "cucumber", "feature", "bdd"].contains(&language.as_str());
    let may = ["", "text", "txt", "plain", "plaintext"].contains(&language.as_str());
    let has_given = || block.lines().any(|line| line.trim_start().starts_with("Given "));
    if !(says || may && has_given()) {
        return None;
    }
    let mut text = TextBuilder::default();
    let mut start = span.start as usize;
    for line in block.split_inclusive('\n') {
        let words = line.trim_end();
        if !words.trim_start().starts_with("```") && !words.trim_start().starts_with("~~~") {
            // As in prose, the marks of code are no part of the words.
            let mut at = start;
            for part in words.split('`') {
                text.push(part, Span::new(at, at + part.len()), source);
                at += part.len() + 1;
            }
            let end = start + words.len();
            text.push("\n", Span::new(end, end), source);
        }
        start += line.len();
    }
    Some(text.finish())
}
