//! What a bullet says of a call: a purpose, and details behind keys that stand anywhere in it.

use super::tables::{API, FAILURE_MODE, FIELDS, PURPOSE, RETRIES, TIMEOUT};
use crate::document::Located;
use crate::document::text::Slice;
use crate::document::words::plain;
use crate::source::FileId;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 40;

/// A key and what is said of it.
pub(super) type Detail<'t> = (Slice<'t>, Slice<'t>);

/// Cuts `token validation; failure mode: return 401, do not cache; timeout 500ms` into what stands before the first key
/// that is known, and the details. A value goes on to the next key.
pub(super) fn cut(text: Slice<'_>) -> (Slice<'_>, Vec<Detail<'_>>) {
    let words = text.as_str();
    let mut keys: Vec<(usize, usize, usize)> = Vec::new();
    let mut may_begin = true;
    for (at, c) in words.char_indices() {
        if may_begin
            && c.is_alphabetic()
            && let Some((end, value)) = key_at(&words[at..])
        {
            keys.push((at, at + end, at + value));
        }
        may_begin = match c {
            ';' | '(' | '\n' => true,
            ',' | '.' | '-' | '–' | '—' => {
                let next = words[at + c.len_utf8()..].chars().next();
                let apart = c == ',' || c == '.' || words[..at].ends_with(char::is_whitespace);
                apart && next.is_none_or(char::is_whitespace)
            }
            _ => may_begin && (c.is_whitespace() || matches!(c, '`' | '*' | '_')),
        };
    }
    let first = keys.first().map_or(words.len(), |key| key.0);
    let end_of = |index: usize| keys.get(index + 1).map_or(words.len(), |next| next.0);
    let detail = |(index, key): (usize, &(usize, usize, usize))| {
        (text.part(key.0, key.1).trim(), whole(text.part(key.2, end_of(index))))
    };
    let purpose = text.part(0, first);
    let purpose = if keys.is_empty() { purpose.trim() } else { whole(purpose) };
    (purpose, keys.iter().enumerate().map(detail).collect())
}

/// The ends of a key at the start of a text and of what parts it from its value: `Failure mode: `, or `timeout ` and
/// `retries ` before a number.
fn key_at(text: &str) -> Option<(usize, usize)> {
    let known = |key: &str| {
        let key = plain(key);
        [FAILURE_MODE, TIMEOUT, RETRIES, API, FIELDS, PURPOSE].iter().any(|known| known.contains(&key.as_str()))
    };
    // Only so much of the text is looked at: a bullet may be long, and many places in it may be the start of a key.
    let head = |is_in: fn(char) -> bool| {
        let end = text.char_indices().take(LONGEST_KEY).find(|(_, c)| !is_in(*c))?.0;
        Some((end, &text[..end], &text[end..]))
    };
    let written = head(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/'));
    if let Some((end, ..)) = written.filter(|(_, key, rest)| rest.starts_with(':') && known(key)) {
        return Some((end, end + 1));
    }
    let (end, word, rest) = head(char::is_alphanumeric)?;
    let counts = ["timeout", "deadline", "retries", "retry"].iter().any(|key| word.eq_ignore_ascii_case(key));
    let value = rest.trim_start();
    let value = value.strip_prefix("of ").unwrap_or(value);
    let number = value.len() < rest.len() && value.starts_with(|c: char| c.is_ascii_digit());
    (counts && number).then(|| (end, text.len() - value.len()))
}

/// Without what parts it from its neighbours, and without a closing bracket that opens before it.
fn whole(slice: Slice<'_>) -> Slice<'_> {
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '(' | '-' | '–' | '—');
    let text = slice.as_str();
    let opened = text.matches('(').count();
    let mut closed = text.matches(')').count();
    let mut end = text.trim_end_matches(parts).len();
    while closed > opened && text[..end].ends_with(')') {
        closed -= 1;
        end = text[..end - 1].trim_end_matches(parts).len();
    }
    slice.part(0, end).trim()
}

/// Methods, as sentences write them.
const METHODS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

/// The operations that a sentence names by method and path.
pub(super) fn mentioned(sentence: Slice<'_>, file: FileId) -> Vec<Located<String>> {
    let text = sentence.as_str();
    let named = text.match_indices('/').filter_map(|(slash, _)| {
        let before = text[..slash].trim_end();
        let method = before.rsplit(|c: char| !c.is_ascii_uppercase()).next().unwrap_or_default();
        if before.len() == slash || !METHODS.contains(&method) {
            return None;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '`' | ',' | ';' | '"');
        let end = text[slash..].find(ends).map_or(text.len(), |length| slash + length);
        let end = text[..end].trim_end_matches(['.', ':']).len();
        Some(sentence.part(before.len() - method.len(), end).located(file))
    });
    named.collect()
}
