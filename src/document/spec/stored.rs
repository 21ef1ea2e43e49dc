//! How an entity is kept: as rows of a table, unless the spec says that it is event sourced.

use crate::document::text::Slice;
use crate::document::words::plain;

/// What begins a remark that an entity is kept as events.
const REMARKS: [&str; 4] = ["event sourced", "event sourcing", "kept as events", "stored as events"];
/// No remark begins with more characters than this.
const LONGEST: usize = 40;
/// What a cell that says how an entity is kept may say besides; elsewhere it could mean something else.
const CELLS: [&str; 6] = ["events", "event store", "event stream", "event log", "stream", "streams"];

/// Whether a cell that tells how an entity is kept says that: `events`, `event sourced, snapshot every 50`.
pub(super) fn says_events(cell: &str) -> bool {
    let first = plain(cell.split([',', ';', '(', '.']).next().unwrap_or_default());
    CELLS.contains(&first.as_str()) || is_remark(cell)
}

/// Whether a text begins with such a remark.
pub(super) fn is_remark(text: &str) -> bool {
    let words = plain(&text.chars().take(LONGEST).collect::<String>());
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    REMARKS.iter().any(|remark| words.strip_prefix(remark).is_some_and(ends))
}

/// The remark in a line that says so: `Order (event sourced, snapshot every 50)`, `Order: event sourced`.
pub(super) fn marker(line: Slice<'_>) -> Option<Slice<'_>> {
    let text = line.as_str();
    let opens = |(at, c): (usize, char)| matches!(c, '(' | ':' | ',' | '-' | '–' | '—').then(|| at + c.len_utf8());
    let remark = text.char_indices().filter_map(opens).find(|at| is_remark(&text[*at..]))?;
    let rest = line.from(remark);
    let end = rest.as_str().find(')').unwrap_or(rest.as_str().len());
    Some(rest.part(0, end).trim())
}
