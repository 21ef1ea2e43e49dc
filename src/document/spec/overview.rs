//! Service Overview: name, type, language and boundary.

use super::sections::{Entry, Role, Section, entries};
use super::types::{Exclusion, SectionKind, Spec};
use crate::document::text::Slice;
use crate::document::words::{first_word, is_none, label, listed, name, plain};
use crate::source::Route;

/// Verbs with which a remark names an owner: "(user-service owns this)".
const OWNING: [&str; 8] = ["owns", "handles", "does", "is", "manages", "provides", "sends", "takes"];
/// Words in front of an owner: "(owned by user-service)".
const OWNED_BY: [&str; 6] = ["owned by", "handled by", "managed by", "belongs to", "see", "provided by"];

/// Reads a section in which these may stand: Overview, Name, Type, Boundary, and what stands before any section.
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let entries = entries(&section.blocks);
    match section.kind {
        Some(SectionKind::Name) => spec.name = spec.name.take().or_else(|| first_value(spec, &entries, name)),
        Some(SectionKind::Type) => spec.kind = spec.kind.take().or_else(|| first_value(spec, &entries, |line| line)),
        kind => {
            if kind.is_some() || section.heading.is_none() {
                read_labels(spec, &entries);
            }
            read_boundary(spec, &entries, section.kind == Some(SectionKind::Boundary));
        }
    }
}

/// The first line that says something, without a label in front.
fn first_value(
    spec: &Spec,
    entries: &[Entry<'_>],
    pick: fn(Slice<'_>) -> Slice<'_>,
) -> Option<crate::document::Located<String>> {
    let line = entries.iter().find_map(|entry| match entry {
        Entry::Line(line, _) => Some(label(*line).map_or(*line, |(_, value)| value)).filter(|value| !value.is_empty()),
        _ => None,
    })?;
    let value = pick(line);
    (!is_none(value.as_str())).then(|| value.located(spec.file))
}

/// `**Service Name:** x`, `**Service Type:** x`, `**Language:** x`, as lines, bullets, or rows of a table with two columns.
fn read_labels(spec: &mut Spec, entries: &[Entry<'_>]) {
    for entry in entries {
        match entry {
            Entry::Line(line, _) => {
                if let Some((key, value)) = label(*line) {
                    read_label(spec, key, value);
                }
            }
            Entry::Table(table) => {
                let head = [table.header.as_slice()];
                for cells in head.into_iter().chain(table.rows.iter().map(|row| row.cells.as_slice())) {
                    if let [key, value] = cells {
                        read_label(spec, key.whole(), value.whole());
                    }
                }
            }
            Entry::Heading(_) => {}
        }
    }
}

fn read_label(spec: &mut Spec, key: Slice<'_>, value: Slice<'_>) {
    if is_none(value.as_str()) {
        return;
    }
    let file = spec.file;
    match plain(key.as_str()).as_str() {
        "service name" | "name" | "service" if spec.name.is_none() => {
            spec.name = Some(name(value).located(file));
            spec.sections.push((SectionKind::Name, Route::span(file, key.span())));
        }
        "service type" | "type" if spec.kind.is_none() => {
            spec.kind = Some(value.located(file));
            spec.sections.push((SectionKind::Type, Route::span(file, key.span())));
        }
        "owner" | "owners" | "team" | "owned by" | "owning team" | "maintainer" | "maintainers"
            if spec.owner.is_none() =>
        {
            spec.owner = Some(value.located(file));
        }
        "language" | "framework" | "technology" | "stack" if spec.language.is_none() => {
            spec.language = Some(value.located(file));
        }
        _ => {}
    }
}

/// Whether a line starts what the service does (`true`) or leaves to others, with the rest of the line.
fn marker(line: Slice<'_>) -> Option<(bool, Slice<'_>)> {
    let (head, rest) = label(line).unwrap_or((line, line.from(line.as_str().len())));
    let words = plain(head.as_str());
    let within = match words.as_str() {
        "responsible for" | "is responsible for" | "responsibilities" | "in scope" | "owns" | "does" => true,
        "not responsible for"
        | "is not responsible for"
        | "not responsible"
        | "out of scope"
        | "does not own"
        | "excludes"
        | "does not"
        | "exclusions"
        | "non goals" => false,
        _ => return None,
    };
    Some((within, rest))
}

/// Bullets below the markers; a further line of a bullet belongs to it unless it is a marker itself.
fn read_boundary(spec: &mut Spec, entries: &[Entry<'_>], own_section: bool) {
    let mut within: Option<bool> = own_section.then_some(true);
    let mut marked = false;
    let mut found: Vec<(bool, Slice<'_>)> = Vec::new();
    for entry in entries {
        let (line, role) = match *entry {
            Entry::Line(line, role) => (line, role),
            Entry::Heading(line) => (line, Role::Paragraph),
            Entry::Table(_) => continue,
        };
        if let Some((side, rest)) = marker(line) {
            if !marked && !own_section {
                spec.sections.push((SectionKind::Boundary, Route::span(spec.file, line.span())));
            }
            (within, marked) = (Some(side), true);
            found.extend(listed(rest).into_iter().map(|part| (side, part)));
            continue;
        }
        match (within, role, *entry) {
            (_, _, Entry::Heading(_)) => within = None,
            (Some(side), Role::Item(_), _) => found.push((side, line)),
            (Some(side), Role::ItemMore, _) => {
                if let Some(last) = found.last_mut().filter(|last| last.0 == side) {
                    last.1 = last.1.up_to(line);
                }
            }
            _ => {}
        }
    }
    for (side, line) in found {
        let line = line.trim_matches(|c| c.is_whitespace() || matches!(c, ',' | ';'));
        match side {
            _ if is_none(line.as_str()) => {}
            true => spec.responsible_for.push(line.located(spec.file)),
            false => spec.not_responsible_for.push(exclusion(spec, line)),
        }
    }
}

/// `What (owner owns this)`, `What - owned by owner`.
fn exclusion(spec: &Spec, line: Slice<'_>) -> Exclusion {
    let route = Route::span(spec.file, line.span());
    let text = line.as_str();
    let owned = |what: &str, owner: String| Exclusion { what: tidy(what), owner: Some(owner), route };
    let closed = text.trim_end_matches(['.', ' ', ';']);
    if let Some(open) = closed.strip_suffix(')').and_then(|inner| inner.rfind('('))
        && let Some(owner) = owner_of(&closed[open + 1..closed.len() - 1])
    {
        return owned(&text[..open], owner);
    }
    for mark in [" - ", " – ", " — ", "; ", ": ", " -> ", " → ", ", "] {
        if let Some((what, remark)) = text.rsplit_once(mark)
            && let Some(owner) = owner_of(remark)
        {
            return owned(what, owner);
        }
    }
    let words = text.to_lowercase();
    let by = OWNED_BY.iter().find_map(|by| words.rfind(&format!(" {by} ")).map(|at| (at, by.len() + 2)));
    if let Some((at, length)) = by.filter(|_| words.len() == text.len()) {
        let owner = first_word(line.from(at + length)).as_str();
        return owned(text.get(..at).unwrap_or(text), owner.to_owned());
    }
    Exclusion { what: tidy(text), owner: None, route }
}

fn tidy(what: &str) -> String {
    what.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '-' | '–' | '—'))
        .replace('\n', " ")
}

/// The service that a remark names: `x-service`, `x owns this`, `owned by x`.
fn owner_of(remark: &str) -> Option<String> {
    let remark = remark.trim().trim_end_matches('.');
    let lower = remark.to_ascii_lowercase();
    for by in OWNED_BY {
        if lower.starts_with(by) && lower[by.len()..].starts_with([' ', ':']) {
            return remark[by.len()..].trim_start_matches([' ', ':']).split_whitespace().next().map(str::to_owned);
        }
    }
    let mut words = remark.split_whitespace();
    let (first, second) = (words.next()?, words.next());
    let named = first.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let alone = second.is_none() && first.contains(['-', '_']);
    (named && (alone || second.is_some_and(|verb| OWNING.contains(&verb)))).then(|| first.to_owned())
}
