//! `spec.md`: what a service is, needs, publishes, consumes and owns.
//!
//! Reading is lenient in form: heading case, level and number, wordings, bullets or lines or tables, columns in any order.
//! [`sections`] holds the wordings of headings, [`tables`] those of columns; each other file reads one section.

mod caching;
mod data;
mod dependencies;
mod details;
mod events;
mod overview;
mod sagas;
mod scenarios;
pub(crate) mod sections;
mod steps;
mod stored;
mod tables;
#[cfg(test)]
mod tests;
mod types;
mod uses;

pub use types::*;

use super::Located;
use super::markdown::{Block, Markdown, Table};
use super::text::Slice;
use super::words::{bare_heading, denies, is_bold_line, is_none, is_struck_out, label, says_none};
use crate::source::{FileId, Route, Sources};
use sections::{Entry, Section, entries, section_of, sentences};

impl Spec {
    /// Reads the spec in `file`.
    pub fn read(sources: &Sources, file: FileId) -> Spec {
        let source = &sources.file(file).text;
        let markdown = Markdown::parse(source);
        let mut spec = Spec { title: title(&markdown, file), ..Spec::empty(file) };
        let (other, canonical): (Vec<_>, Vec<_>) =
            sections::sections(&markdown).into_iter().partition(|section| section.kind.is_none());
        // What stands outside of sections comes last: a section says it better.
        for section in canonical.into_iter().chain(other) {
            if let (Some(kind), Some(heading)) = (section.kind, section.heading) {
                spec.sections.push((kind, Route::span(file, heading.span())));
            }
            read_section(&mut spec, &section, source);
        }
        spec.upstream.shrink_to_fit();
        spec.downstream.shrink_to_fit();
        spec
    }

    fn empty(file: FileId) -> Spec {
        Spec {
            file,
            title: None,
            sections: Vec::new(),
            name: None,
            kind: None,
            owner: None,
            language: None,
            responsible_for: Vec::new(),
            not_responsible_for: Vec::new(),
            scenarios: Vec::new(),
            upstream: Vec::new(),
            downstream: Vec::new(),
            published: Vec::new(),
            consumed: Vec::new(),
            databases: Vec::new(),
            entities: Vec::new(),
            sagas: Vec::new(),
            caching: Vec::new(),
            qualities: Vec::new(),
            deployment: Vec::new(),
            acceptance: Vec::new(),
            open_questions: Vec::new(),
        }
    }

    /// The heading of a canonical section, where the spec has it.
    pub fn section(&self, kind: SectionKind) -> Option<Route> {
        self.sections.iter().find(|(known, _)| *known == kind).map(|(_, route)| *route)
    }
}

/// The first heading of level 1, or else the first heading, unless it is a section's.
fn title(markdown: &Markdown, file: FileId) -> Option<Located<String>> {
    let headings = || {
        markdown.blocks.iter().filter_map(|block| match block {
            Block::Heading(heading) => Some(heading),
            _ => None,
        })
    };
    let top = headings().find(|heading| heading.level == 1).or_else(|| headings().next())?;
    let text = bare_heading(top.text.whole());
    let named = top.level == 1 || section_of(text).is_none();
    (named && !text.is_empty()).then(|| text.located(file))
}

fn read_section(spec: &mut Spec, section: &Section<'_>, source: &str) {
    let file = spec.file;
    match section.kind {
        None | Some(SectionKind::Overview | SectionKind::Name | SectionKind::Type | SectionKind::Boundary) => {
            overview::read(spec, section);
        }
        Some(SectionKind::Scenarios) => scenarios::read(spec, section, source),
        Some(SectionKind::Dependencies | SectionKind::Upstream | SectionKind::Downstream) => {
            dependencies::read(spec, section);
        }
        Some(SectionKind::EventsPublished | SectionKind::EventsConsumed) => events::read(spec, section),
        Some(SectionKind::DataOwnership) => data::read(spec, section),
        Some(SectionKind::Sagas) => sagas::read(spec, section),
        Some(SectionKind::Caching) => caching::read(spec, section),
        Some(SectionKind::Qualities) => spec.qualities.extend(key_values(&entries(&section.blocks), file)),
        Some(SectionKind::Deployment) => {
            let found = key_values(&entries(&section.blocks), file);
            let language =
                found.iter().find(|entry| matches!(entry.key.to_ascii_lowercase().as_str(), "language" | "framework"));
            if let (None, Some(entry)) = (&spec.language, language) {
                spec.language = Some(Located::new(entry.value.clone(), entry.route));
            }
            spec.deployment.extend(found);
        }
        // "No synchronous calls" is something to accept; "No open questions" is no question.
        Some(SectionKind::Acceptance) => {
            spec.acceptance.extend(points(section, file, |line| !says_none(line) || denies(line)));
        }
        Some(SectionKind::OpenQuestions) => {
            let open = Section { blocks: unsettled(&section.blocks), ..*section };
            spec.open_questions.extend(points(&open, file, |line| !says_none(line) && !is_struck_out(line)));
        }
        Some(SectionKind::Testing | SectionKind::Runbook) => {}
    }
}

/// Every bullet and line that says something, as a sentence with its place.
fn points(section: &Section<'_>, file: FileId, says: fn(&str) -> bool) -> Vec<Located<String>> {
    let sentences = sentences(&entries(&section.blocks));
    sentences.into_iter().filter(|line| says(line.as_str())).map(|line| line.located(file)).collect()
}

/// The blocks without list items that are ticked or struck out, and what stands below these.
fn unsettled<'m>(blocks: &[&'m Block]) -> Vec<&'m Block> {
    let mut settled: Option<u8> = None;
    let is_open = |block: &&&'m Block| {
        match block {
            Block::Item(item) if settled.is_none_or(|above| item.level <= above) => {
                let is_settled = item.checked == Some(true) || is_struck_out(item.text.as_str());
                settled = is_settled.then_some(item.level);
            }
            Block::Heading(_) => settled = None,
            _ => {}
        }
        settled.is_none() || !matches!(block, Block::Item(_))
    };
    blocks.iter().filter(is_open).copied().collect()
}

/// Every bullet, line and row as key and value.
pub(crate) fn key_values(entries: &[Entry<'_>], file: FileId) -> Vec<KeyValue> {
    let mut found = Vec::new();
    let mut run: Vec<Entry<'_>> = Vec::new();
    let flush = |run: &mut Vec<Entry<'_>>, found: &mut Vec<KeyValue>| {
        let lines = sentences(run).into_iter().filter(|line| !is_none(line.as_str()));
        found.extend(
            lines
                .filter(|line| !(is_bold_line(*line) && line.as_str().ends_with(':')))
                .map(|line| key_value(line, file)),
        );
        run.clear();
    };
    for entry in entries {
        match entry {
            Entry::Table(table) => {
                flush(&mut run, &mut found);
                found.extend(table_key_values(table, file));
            }
            entry => run.push(*entry),
        }
    }
    flush(&mut run, &mut found);
    found
}

/// A bullet as `key: value`, or as a sentence.
pub(crate) fn key_value(line: Slice<'_>, file: FileId) -> KeyValue {
    let text = |slice: Slice<'_>| slice.as_str().replace('\n', " ");
    let route = Route::span(file, line.span());
    match label(line).filter(|(_, value)| !value.is_empty()) {
        Some((key, value)) => KeyValue { key: text(key), value: text(value), route },
        None => KeyValue { key: String::new(), value: text(line), route },
    }
}

/// Rows whose first two cells are key and value.
fn table_key_values(table: &Table, file: FileId) -> Vec<KeyValue> {
    let row = |row: &super::markdown::Row| match row.cells.as_slice() {
        [key, value, ..] if !key.is_empty() && !is_none(value.as_str()) => Some(KeyValue {
            key: key.as_str().replace('\n', " "),
            value: value.as_str().replace('\n', " "),
            route: Route::span(file, row.span),
        }),
        _ => None,
    };
    table.rows.iter().filter_map(row).collect()
}
