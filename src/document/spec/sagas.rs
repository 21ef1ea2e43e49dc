//! Sagas: a heading, a style, a timeout, and a table of steps.

use super::sections::{Entry, Role, Section, each_entry};
use super::tables::{COMPENSATION, Columns, OPERATION, SERVICE, STEP};
use super::types::{Saga, SagaStep, Spec};
use crate::document::text::Slice;
use crate::document::words::{bare_heading, is_none, label, name, plain, says_none, strip_word};
use crate::source::Route;

/// Reads "Sagas". A heading that does not say so and has nothing of a saga below is none.
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let known = spec.sagas.len();
    let mut named = Vec::new();
    read_entries(spec, section, &mut named);
    let mut at = 0;
    spec.sagas.retain(|saga| {
        at += 1;
        let certain = at <= known || named.contains(&saga.name.route);
        certain || !saga.steps.is_empty() || saga.style.is_some() || saga.timeout.is_some()
    });
}

fn read_entries(spec: &mut Spec, section: &Section<'_>, named: &mut Vec<Route>) {
    let first = spec.sagas.len();
    for entry in each_entry(&section.blocks) {
        match entry {
            Entry::Heading(heading) => {
                let title = saga_name(heading);
                if !says_none(title.as_str()) {
                    begin(spec, title);
                    let says_saga = plain(heading.as_str()).split(' ').any(|word| word == "saga");
                    named.extend(spec.sagas.last().filter(|_| says_saga).map(|saga| saga.name.route));
                }
            }
            Entry::Line(line, role) => read_line(spec, first, line, role),
            Entry::Table(table) => {
                if spec.sagas.len() == first {
                    // A table right below the section's heading: a saga without a name of its own.
                    let Some(heading) = section.heading else { continue };
                    begin(spec, heading);
                }
                read_steps(spec, Columns { table, file: spec.file });
            }
        }
    }
}

fn begin(spec: &mut Spec, name: Slice<'_>) {
    let name = name.located(spec.file);
    spec.sagas.push(Saga { name, style: None, timeout: None, steps: Vec::new() });
}

/// `Saga: place-order`, `Saga 1 - place-order`, `place-order saga`.
fn saga_name(heading: Slice<'_>) -> Slice<'_> {
    let title = bare_heading(heading);
    let text = title.as_str();
    let separator = |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | '—');
    match text.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("saga") && text[4..].starts_with(separator) => {
            let rest = text[4..].trim_start_matches(separator);
            title.from(text.len() - rest.len())
        }
        _ => title,
    }
}

fn read_line(spec: &mut Spec, first: usize, line: Slice<'_>, role: Role<'_>) {
    let file = spec.file;
    let Some((key, value)) = label(line) else { return };
    let words = plain(key.as_str());
    if matches!(words.as_str(), "saga" | "name" | "saga name") && !says_none(value.as_str()) {
        return begin(spec, value);
    }
    let Some(saga) = spec.sagas.get_mut(first..).and_then(<[Saga]>::last_mut) else { return };
    match words.as_str() {
        "style" | "type" | "pattern" | "coordination" => saga.style = Some(value.located(file)),
        "timeout" | "time limit" | "deadline" => saga.timeout = Some(value.located(file)),
        _ => {
            if let Role::Item(item) = role
                && item.ordered
            {
                saga.steps.push(step_of_bullet(line, key, value, file));
            }
        }
    }
}

/// `1. order-service: record the order (compensation: cancel it)`.
fn step_of_bullet(line: Slice<'_>, key: Slice<'_>, value: Slice<'_>, file: crate::source::FileId) -> SagaStep {
    let text = value.as_str();
    let open = text.to_ascii_lowercase().rfind("(compensat").filter(|_| text.ends_with(')'));
    let compensation = open.map(|open| value.part(open + 1, text.len() - 1));
    let compensation = compensation.map(|words| label(words).map_or(words, |(_, value)| value));
    let operation = open.map_or(value, |open| value.part(0, open).trim());
    SagaStep {
        name: operation.located(file),
        service: Some(name(key).located(file)),
        operation: Some(operation.located(file)).filter(|operation| !operation.value.is_empty()),
        compensation: compensation.filter(|words| !is_none(words.as_str())).map(|words| words.located(file)),
        route: Route::span(file, line.span()),
    }
}

fn read_steps(spec: &mut Spec, columns: Columns<'_>) {
    let file = columns.file;
    let service = columns.find(&SERVICE[..2]);
    let step = columns.find_other(STEP, &[service]);
    let operation = columns.find_other(OPERATION, &[service, step]);
    let compensation = columns.find(COMPENSATION);
    let Some(saga) = spec.sagas.last_mut() else { return };
    for row in &columns.table.rows {
        let cell = |column| columns.slice(row, column);
        let title = cell(step).or_else(|| cell(operation)).or_else(|| cell(service));
        let Some(title) = title else { continue };
        saga.steps.push(SagaStep {
            name: title.located(file),
            service: cell(service).map(|cell| name(strip_word(cell, "the")).located(file)),
            operation: cell(operation).map(|cell| cell.located(file)),
            compensation: cell(compensation).map(|cell| cell.located(file)),
            route: Route::span(file, row.span),
        });
    }
}
