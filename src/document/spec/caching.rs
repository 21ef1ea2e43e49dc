//! "Caching": the operations whose answers are kept, and for how long.

use super::sections::{Entry, Section, entries, sentences};
use super::tables::{API, CLIENTS, Columns, KEPT_FOR};
use super::types::{CachedOperation, Spec};
use crate::document::text::Slice;
use crate::document::words::{is_none, label, says_none};
use crate::source::{FileId, Route};

/// Reads "Caching": rows of a table, or bullets such as `` `GET /books`: 60 s `` and `` `GET /books` for 60 s ``.
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let file = spec.file;
    let entries = entries(&section.blocks);
    for entry in &entries {
        if let Entry::Table(table) = entry {
            read_rows(spec, Columns { table, file });
        }
    }
    spec.caching.extend(sentences(&entries).into_iter().filter_map(|line| bullet(line, file)));
}

fn read_rows(spec: &mut Spec, columns: Columns<'_>) {
    let file = columns.file;
    let (operation, kept_for, clients) = (columns.find(API), columns.find(KEPT_FOR), columns.find(CLIENTS));
    for row in &columns.table.rows {
        let Some(operation) = columns.slice(row, operation) else { continue };
        spec.caching.push(CachedOperation {
            operation: operation.located(file),
            kept_for: columns.value(row, kept_for),
            clients: columns.value(row, clients),
            route: Route::span(file, row.span),
        });
    }
}

/// A bullet that begins with a method; other sentences are prose.
fn bullet(line: Slice<'_>, file: FileId) -> Option<CachedOperation> {
    let text = line.as_str();
    let (operation, kept_for) = match label(line) {
        Some(parts) => parts,
        None => {
            let at = text.find(" for ")?;
            (line.part(0, at).trim(), line.from(at + 5).trim())
        }
    };
    let operation = operation.trim_matches(|c| c == '`' || c == '*');
    let words = operation.as_str().split_whitespace();
    let names_one = operation.as_str().starts_with("GET ") && words.count() == 2;
    (names_one && !says_none(text)).then(|| CachedOperation {
        operation: operation.located(file),
        kept_for: Some(kept_for).filter(|time| !is_none(time.as_str())).map(|time| time.located(file)),
        clients: None,
        route: Route::span(file, line.span()),
    })
}
