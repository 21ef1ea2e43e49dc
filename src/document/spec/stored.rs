//! How an entity is kept: as rows of a table, unless the spec says that it is event sourced.

use crate::document::text::Slice;
use crate::document::words::plain;

/// What begins a remark that an entity is kept as events.
const REMARKS: [&str; 7] = [
    "event sourced",
    "event sourcing",
    "event store",
    "event stream",
    "kept as events",
    "stored as events",
    "as events",
];
/// No remark has more characters than this, with what stands before it.
const LONGEST: usize = 40;
/// What a cell may say besides, which in prose could mean something else.
const CELLS: [&str; 4] = ["events", "event log", "stream", "streams"];

/// Whether a cell says that an entity is kept as events: `events`, `event sourced, snapshot every 50`.
pub(super) fn says_event_sourced(cell: &str) -> bool {
    let words = plain(cell);
    begins(&words, &REMARKS) || begins(&words, &CELLS)
}

/// The remark in a line that says so: `Order (event sourced, snapshot every 50)`, `Order: event sourced`.
pub(super) fn marker(line: Slice<'_>) -> Option<Slice<'_>> {
    let text = line.as_str();
    let opens = |(at, c): (usize, char)| matches!(c, '(' | ':' | ',' | '-' | '–' | '—').then(|| at + c.len_utf8());
    let start = |at: usize| text[at..].chars().take(LONGEST).collect::<String>();
    let remark = text.char_indices().filter_map(opens).find(|at| begins(&plain(&start(*at)), &REMARKS))?;
    let rest = line.from(remark);
    let end = rest.as_str().find(')').unwrap_or(rest.as_str().len());
    Some(rest.part(0, end).trim())
}

/// Whether plain words begin with one of the sayings.
fn begins(words: &str, sayings: &[&str]) -> bool {
    let whole =
        |saying: &&str| words.strip_prefix(*saying).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    sayings.iter().any(|saying| whole(saying))
}
