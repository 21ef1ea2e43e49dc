//! Data Ownership: databases and entities.

use rustc_hash::FxHashSet;

use super::sections::{Entry, Role, Section, entries};
use super::stored::{is_remark, marker, says_events};
use super::tables::{Columns, DATABASE, DESCRIPTION, ENTITY, KEPT_AS};
use super::types::{OwnedEntity, Spec};
use crate::document::text::Slice;
use crate::document::words::{DATABASE_PRODUCTS, first_word, label, listed, name, plain, says_none};

const DATABASE_LABELS: [&str; 8] =
    ["database", "databases", "db", "data store", "datastore", "database name", "schema", "primary database"];
const ENTITY_LABELS: [&str; 8] =
    ["entities", "entity", "owns", "owned entities", "tables", "owned data", "data owned", "aggregates"];
/// Labels of bullets that look like an entity with its description and are none.
const OTHER_LABELS: [&str; 30] = [
    "indexes",
    "relationships",
    "schema",
    "diagram",
    "overview",
    "replication",
    "lifecycle",
    "archiving",
    "compliance",
    "security",
    "events",
    "external",
    "references",
    "reads",
    "cache",
    "caches",
    "caching",
    "retention",
    "backup",
    "backups",
    "encryption",
    "storage",
    "note",
    "notes",
    "consistency",
    "migrations",
    "access",
    "privacy",
    "sharing",
    "ownership",
];

/// Reads "Data Ownership". What is named twice counts once.
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    read_entries(spec, section);
    let mut seen = FxHashSet::default();
    spec.databases.retain(|database| seen.insert(database.value.clone()));
    seen.clear();
    spec.entities.retain(|entity| seen.insert(entity.name.value.clone()));
}

fn read_entries(spec: &mut Spec, section: &Section<'_>) {
    let entries = entries(&section.blocks);
    let is_label = |line: &Slice<'_>| {
        label(*line).is_some_and(|(key, _)| ENTITY_LABELS.contains(&plain(key.as_str()).as_str()))
            || ENTITY_LABELS.contains(&plain(line.as_str()).as_str())
    };
    let declared = entries.iter().any(|entry| match entry {
        Entry::Table(table) => Columns { table, file: spec.file }.find(ENTITY).is_some(),
        Entry::Line(line, _) => is_label(line),
        Entry::Heading(_) => false,
    });
    let mut in_entities: Option<Option<u8>> = None;
    for entry in entries {
        match entry {
            Entry::Heading(heading) => {
                in_entities = is_label(&heading).then_some(None);
                if !declared && in_entities.is_none() {
                    add_entity(spec, heading, true);
                }
            }
            Entry::Table(table) => {
                read_table(spec, Columns { table, file: spec.file });
                in_entities = None;
            }
            Entry::Line(line, role) => {
                let key = label(line).map(|(key, value)| (plain(key.as_str()), value));
                match (key, role) {
                    (Some((key, value)), _) if DATABASE_LABELS.contains(&key.as_str()) => {
                        listed(value).into_iter().for_each(|part| add_database(spec, part));
                        in_entities = None;
                    }
                    _ if is_label(&line) => {
                        let value = label(line).map_or(line.from(line.as_str().len()), |(_, value)| value);
                        listed(value).into_iter().for_each(|part| add_entity(spec, part, false));
                        in_entities = Some(role.level());
                    }
                    (_, Role::Item(item)) => {
                        let below = in_entities.is_some_and(|outer| outer.is_none_or(|outer| item.level > outer));
                        if below || (!declared && item.level == 0) {
                            add_entity(spec, line, !below);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// `stock_db (PostgreSQL)` and `PostgreSQL (stock_db)`; a product alone names no database.
fn add_database(spec: &mut Spec, value: Slice<'_>) {
    let is_product = |name: &Slice<'_>| DATABASE_PRODUCTS.contains(&name.as_str().to_ascii_lowercase().as_str());
    let first = first_word(value.first_mark());
    let name = if is_product(&first) { behind_product(value) } else { Some(first) };
    if let Some(name) = name.filter(|name| !name.is_empty() && !is_product(name) && !says_none(value.as_str())) {
        spec.databases.push(name.located(spec.file));
    }
}

/// The word behind a product that says that it names a database: `stock_db`, `database-orders`. Others tell of the product.
fn behind_product(value: Slice<'_>) -> Option<Slice<'_>> {
    let says = |word: &Slice<'_>| {
        let parts: Vec<&str> = word.as_str().split(['_', '-']).collect();
        parts.len() > 1 && parts.iter().any(|part| ["db", "database"].contains(&part.to_ascii_lowercase().as_str()))
    };
    value.split(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).find(says)
}

/// `User: what it is`, `User (users)`, `User`. Where it is not certain to be an entity, it must be one capitalised word.
fn add_entity(spec: &mut Spec, line: Slice<'_>, guess: bool) {
    if says_none(line.as_str()) {
        return;
    }
    let (entity, description) = match label(line) {
        Some((key, value)) => (name(key), Some(value.as_str().to_owned())),
        None => {
            let entity = name(line);
            let rest = entity
                .rest_of(line)
                .trim_matches(|c| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '(' | ')' | '`'));
            (entity, Some(rest.as_str().to_owned()))
        }
    };
    let words = entity.as_str();
    let one_name = !words.contains(char::is_whitespace) && words.starts_with(|c: char| c.is_uppercase());
    let other = OTHER_LABELS.contains(&plain(words).as_str());
    if words.is_empty() || (guess && (!one_name || other)) {
        return;
    }
    spec.entities.push(OwnedEntity {
        name: entity.located(spec.file),
        description: description.filter(|text| !text.is_empty()),
        event_sourced: marker(line).map(|marker| Box::new(marker.located(spec.file))),
    });
}

fn read_table(spec: &mut Spec, columns: Columns<'_>) {
    let entity = columns.find(ENTITY);
    let (description, database) = (columns.find_other(DESCRIPTION, &[entity]), columns.find_other(DATABASE, &[entity]));
    // A column "Storage" may say either.
    let kept = columns.find_other(KEPT_AS, &[entity, description]);
    for row in &columns.table.rows {
        let says = columns.slice(row, kept).filter(|cell| says_events(cell.as_str()));
        if let Some(cell) = columns.slice(row, database).filter(|_| database != kept || says.is_none()) {
            add_database(spec, cell);
        }
        if let Some(cell) = columns.slice(row, entity).filter(|cell| !says_none(cell.as_str())) {
            let remark = columns.slice(row, description).filter(|cell| is_remark(cell.as_str()));
            let event_sourced = says.or(remark).or(marker(cell));
            spec.entities.push(OwnedEntity {
                name: name(cell).located(spec.file),
                description: columns.value(row, description).map(|description| description.value),
                event_sourced: event_sourced.map(|says| Box::new(says.located(spec.file))),
            });
        }
    }
}
