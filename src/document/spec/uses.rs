//! What a consumer says that it uses: operations with their fields, or fields alone.

use super::types::UsedItem;
use crate::document::Located;
use crate::document::text::Slice;
use crate::document::words::split_outside_brackets;
use crate::source::FileId;

/// The entries of a `Uses` cell: `` `getUser` (id, email) ``, `` `GET /users/{id}` response.email ``, `getUser`, `email`.
/// Sentences are none.
pub(super) fn read(cell: Slice<'_>, file: FileId) -> Vec<UsedItem> {
    let parts = split_outside_brackets(cell).into_iter().filter(|part| !part.as_str().chars().all(is_dash));
    parts.filter_map(|part| item(part, file)).collect()
}

/// A dash for "nothing".
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—')
}

fn item(part: Slice<'_>, file: FileId) -> Option<UsedItem> {
    let text = part.as_str();
    let head = operation_end(part);
    let (operation, rest) = match text.strip_suffix(')').and_then(|inner| Some((inner.len(), inner.rfind(" (")?))) {
        // A list in brackets belongs to what stands before it.
        Some((end, open)) => (part.part(0, open), part.part(open + 2, end)),
        None if head > 0 => (part.part(0, head), part.from(head)),
        None if text.contains(char::is_whitespace) => return None,
        None => {
            let fields = vec![part.located(file)];
            return Some(UsedItem { text: part.located(file), operation: None, fields });
        }
    };
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')');
    let fields = rest.split(separates).filter(|field| !field.is_empty() && field.as_str() != "and");
    let operation = operation.trim_matches(|c| c.is_whitespace() || c == ':').located(file);
    let fields: Vec<Located<String>> = fields.map(|field| field.located(file)).collect();
    Some(UsedItem { text: part.located(file), operation: Some(operation), fields })
}

/// Where the operation at the start ends: a method and a path, a path, or a name in code with something behind it; 0
/// where there is none.
fn operation_end(part: Slice<'_>) -> usize {
    let text = part.as_str();
    let word = |from: usize| text[from..].find(char::is_whitespace).map_or(text.len(), |length| from + length);
    if text.starts_with('/') {
        return word(0);
    }
    let first = word(0);
    let second = first + (text.len() - first - text[first..].trim_start().len());
    if text[second..].starts_with('/') && text[..first].bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return word(second);
    }
    let lead = part.lead();
    let named = if lead > 0 && text.get(lead..).is_some_and(|rest| !rest.trim().is_empty()) { lead } else { 0 };
    if named == 0 && text[..first].ends_with(':') { first } else { named }
}
