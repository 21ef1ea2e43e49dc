//! Events Published and Events Consumed: a heading, a bullet or a row for each event, and its fields.

use std::collections::BTreeMap;

use super::sections::{Entry, Role, Section, entries};
use super::tables::{Columns, DESCRIPTION, EVENT, FIELD};
use super::types::{ConsumedEvent, PublishedEvent, SectionKind, Spec};
use crate::document::Located;
use crate::document::markdown::Table;
use crate::document::text::Slice;
use crate::document::words::{first_word, is_none, label, listed, name, plain, says_none};
use crate::source::FileId;

/// What is written about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Topic,
    Version,
    Compatibility,
    Trigger,
    Payload,
    Consumers,
    From,
    Action,
    Idempotency,
    ErrorHandling,
    Uses,
}

/// Each field with its accepted wordings, in plain words.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::Topic, &["topic", "topics", "channel", "queue", "exchange", "routing key"]),
    (Field::Version, &["version", "event version", "schema version"]),
    (Field::Compatibility, &["compatibility", "compatibility mode", "schema compatibility"]),
    (Field::Trigger, &["trigger", "triggered by", "triggered when", "when", "published when", "triggers"]),
    (Field::Payload, &["payload", "payload fields", "fields", "data", "event data", "contents", "schema"]),
    (Field::Consumers, &["consumers", "consumer", "consumed by", "subscribers", "known consumers", "used by"]),
    (Field::From, &["from", "source", "publisher", "published by", "producer", "producer service", "source service"]),
    (Field::Action, &["action", "actions", "reaction", "handling", "handler", "effect", "on receipt", "what happens"]),
    (
        Field::Idempotency,
        &["idempotency", "idempotent", "idempotence", "deduplication", "idempotency strategy", "idempotency key"],
    ),
    (
        Field::ErrorHandling,
        &[
            "error handling",
            "errors",
            "on error",
            "on failure",
            "failure handling",
            "failure mode",
            "failures",
            "retry",
        ],
    ),
    (Field::Uses, &["uses", "uses fields", "fields used", "used fields"]),
];

fn field_of(label: &str) -> Option<Field> {
    let words = plain(label);
    FIELDS.iter().find(|(_, known)| known.contains(&words.as_str())).map(|(field, _)| *field)
}

impl Field {
    /// Whether its values are an enumeration.
    fn is_list(self) -> bool {
        matches!(self, Field::Payload | Field::Consumers | Field::Uses)
    }
}

/// An event with its fields, before it is known to be published or consumed.
struct Raw {
    /// Whether its heading could be no more than that; then it is an event only with a field.
    doubtful: bool,
    name: Located<String>,
    fields: BTreeMap<Field, Located<String>>,
    lists: BTreeMap<Field, Vec<Located<String>>>,
}

/// The field that following lines belong to.
#[derive(Clone, Copy)]
struct Current {
    field: Field,
    /// Nesting of the bullet with its label; nothing for a line.
    level: Option<u8>,
}

struct Reader {
    file: FileId,
    /// Where a sentence behind an event's name goes: when it is published, or what is done with it.
    sentence: Field,
    /// Whether each event has a heading; if so, bullets are fields and never events.
    headed: bool,
    events: Vec<Raw>,
    current: Option<Current>,
    open: bool,
}

/// Reads "Events Published" or "Events Consumed".
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let published = section.kind == Some(SectionKind::EventsPublished);
    let entries = entries(&section.blocks);
    let is_event = |entry: &Entry<'_>| matches!(entry, Entry::Heading(heading) if field_of(heading.as_str()).is_none());
    let mut reader = Reader {
        file: spec.file,
        sentence: if published { Field::Trigger } else { Field::Action },
        headed: entries.iter().any(is_event),
        events: Vec::new(),
        current: None,
        open: false,
    };
    for entry in entries {
        match entry {
            Entry::Heading(heading) => reader.heading(heading),
            Entry::Line(line, role) => reader.line(line, role),
            Entry::Table(table) => reader.table(table),
        }
    }
    reader.events.retain(|event| !(event.doubtful && event.fields.is_empty() && event.lists.is_empty()));
    if published {
        spec.published.extend(reader.events.into_iter().map(Raw::published));
    } else {
        spec.consumed.extend(reader.events.into_iter().map(Raw::consumed));
    }
}

impl Reader {
    fn heading(&mut self, heading: Slice<'_>) {
        if let Some(field) = field_of(heading.as_str()).filter(|_| self.open) {
            self.current = Some(Current { field, level: None });
            return;
        }
        self.current = None;
        let (name, version) = event_name(heading);
        self.open = !says_none(name.as_str());
        if self.open {
            self.begin(name, version);
            let certain = name.as_str() != heading.as_str() || is_identifier(name.as_str()) || name.lead() > 0;
            if let Some(event) = self.events.last_mut() {
                event.doubtful = !certain;
            }
        }
    }

    fn begin(&mut self, name: Slice<'_>, version: Option<Slice<'_>>) {
        let mut event =
            Raw { doubtful: false, name: name.located(self.file), fields: BTreeMap::new(), lists: BTreeMap::new() };
        if let Some(version) = version {
            event.fields.insert(Field::Version, version.located(self.file));
        }
        self.events.push(event);
        (self.open, self.current) = (true, None);
    }

    fn line(&mut self, line: Slice<'_>, role: Role<'_>) {
        if let Some((key, value)) = label(line)
            && let Some(field) = field_of(key.as_str()).filter(|_| self.open && self.is_label(line, role))
        {
            self.current = Some(Current { field, level: role.level() });
            return self.add(field, value);
        }
        if !self.headed && self.starts_event(line, role) {
            return self.bullet(line);
        }
        let Some(current) = self.current.filter(|_| self.open) else { return };
        if current.field.is_list() {
            match role {
                Role::Item(_) => self.add_entry(current.field, line),
                Role::ItemMore if label(line).is_none() => {}
                Role::ItemMore | Role::Paragraph => self.add(current.field, line),
            }
        } else {
            self.go_on(current.field, line);
        }
    }

    /// Inside of an enumeration a bullet may have a field's name and a colon without being one.
    fn is_label(&self, line: Slice<'_>, role: Role<'_>) -> bool {
        let Some(current) = self.current.filter(|current| current.field.is_list()) else { return true };
        match (role.level(), current.level) {
            (None, _) => true,
            (Some(level), Some(outer)) => level <= outer,
            (Some(_), None) => line.lead() > 0,
        }
    }

    fn starts_event(&self, line: Slice<'_>, role: Role<'_>) -> bool {
        let own_line = match role {
            Role::Item(item) => item.level == 0,
            Role::Paragraph => line.lead() > 0 || label(line).is_some_and(|(key, _)| plain(key.as_str()) == "event"),
            Role::ItemMore => false,
        };
        own_line && is_event_name(event_name(line).0.as_str())
    }

    /// `- order.created (v1) from order-service: what it is about`.
    fn bullet(&mut self, line: Slice<'_>) {
        let (name, version) = event_name(line);
        self.begin(name, version);
        let text = |slice: Slice<'_>| slice.as_str().to_ascii_lowercase();
        let rest = name.rest_of(line);
        let rest = version.filter(|version| !version.is_empty()).map_or(rest, |version| version.rest_of(line));
        let separator = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | ')' | '(' | '`' | ',');
        let mut rest = rest.from(rest.as_str().len() - rest.as_str().trim_start_matches(separator).len());
        if text(rest).starts_with("from ") {
            let from = first_word(rest.from(5).trim());
            self.add(Field::From, from);
            rest = from.rest_of(rest);
            rest = rest.from(rest.as_str().len() - rest.as_str().trim_start_matches(separator).len());
        }
        if !rest.is_empty() {
            self.add(self.sentence, rest);
        }
    }

    fn add(&mut self, field: Field, value: Slice<'_>) {
        let Some(event) = self.events.last_mut().filter(|_| !value.is_empty()) else { return };
        if !field.is_list() {
            let value = if matches!(field, Field::From) { name(value) } else { value };
            if !is_none(value.as_str()) {
                event.fields.entry(field).or_insert_with(|| value.located(self.file));
            }
        } else if !says_none(value.as_str()) {
            listed(value).into_iter().for_each(|part| self.add_entry(field, part));
        }
    }

    /// One value of an enumeration: its name, without type and remark.
    fn add_entry(&mut self, field: Field, line: Slice<'_>) {
        let Some(event) = self.events.last_mut().filter(|_| !says_none(line.as_str())) else { return };
        let value = if line.lead() > 0 { line.part(0, line.lead()).trim() } else { line };
        let value = if field == Field::Consumers { name(value) } else { first_word(value) };
        // What is used of an event counts for its consumer: a sentence must not pass for a field.
        let is_used = field == Field::Uses || field == Field::Payload && self.sentence == Field::Action;
        let rest =
            value.rest_of(line).as_str().trim_start_matches(|c: char| c.is_whitespace() || "`*\"'.)".contains(c));
        let is_sentence = is_used && rest.starts_with(char::is_alphanumeric);
        if !value.is_empty() && !is_sentence {
            event.lists.entry(field).or_default().push(value.located(self.file));
        }
    }

    /// A further line of a value, or a bullet below its label.
    fn go_on(&mut self, field: Field, line: Slice<'_>) {
        let Some(event) = self.events.last_mut() else { return };
        match event.fields.get_mut(&field) {
            None => self.add(field, line),
            Some(value) => line.append_to(value),
        }
    }

    fn table(&mut self, table: &Table) {
        let columns = Columns { table, file: self.file };
        let keyed = table.header.len() == 2 && table.rows.iter().any(|row| field_of(first_cell(&row.cells)).is_some());
        let in_list = self.current.is_some_and(|current| current.field.is_list());
        if self.open && keyed && !in_list {
            for row in &table.rows {
                if let [key, value] = row.cells.as_slice()
                    && let Some(field) = field_of(key.as_str())
                {
                    self.add(field, value.whole());
                }
            }
        } else if let Some(column) = columns.find(FIELD).filter(|_| self.open && (self.headed || in_list)) {
            let field = self.current.map_or(Field::Payload, |current| current.field);
            for row in &table.rows {
                if let Some(cell) = columns.slice(row, Some(column)).filter(|_| field.is_list()) {
                    self.add_entry(field, cell);
                }
            }
        } else if let Some(column) = columns.find(EVENT) {
            self.rows(columns, column);
        }
    }

    /// A table with one event a row.
    fn rows(&mut self, columns: Columns<'_>, event: usize) {
        let described = columns.find_other(DESCRIPTION, &[Some(event)]);
        for row in &columns.table.rows {
            let Some(cell) = columns.slice(row, Some(event)).filter(|cell| !says_none(cell.as_str())) else { continue };
            let (name, version) = event_name(cell);
            self.begin(name, version);
            for (at, head) in columns.table.header.iter().enumerate().filter(|(at, _)| *at != event) {
                let field = field_of(head.as_str()).or(service_column(head.as_str(), self.sentence));
                if let (Some(field), Some(value)) = (field, row.cells.get(at)) {
                    self.add(field, value.whole());
                }
            }
            if let Some(value) = columns.slice(row, described) {
                self.add(self.sentence, value);
            }
        }
        (self.open, self.current) = (false, None);
    }
}

/// What a column "Service" means for an event.
fn service_column(head: &str, sentence: Field) -> Option<Field> {
    let field = if sentence == Field::Action { Field::From } else { Field::Consumers };
    (plain(head) == "service" || plain(head) == "services").then_some(field)
}

fn first_cell(cells: &[crate::document::text::Text]) -> &str {
    cells.first().map_or("", |cell| cell.as_str())
}

/// Name and version in `Event: a.b.c (v1)`.
fn event_name(heading: Slice<'_>) -> (Slice<'_>, Option<Slice<'_>>) {
    let mut rest = crate::document::words::bare_heading(heading);
    let head = rest.as_str().get(..5).filter(|head| head.eq_ignore_ascii_case("event"));
    if head.is_some() && !rest.as_str()[5..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_')) {
        let separator =
            |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | '—' | '`' | '*');
        let behind = &rest.as_str()[5..];
        let start = behind.len() - behind.trim_start_matches(separator).len();
        rest = rest.from(5 + start);
    }
    let words = rest.split(|c| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ':'));
    let words: Vec<_> = words.map(|word| word.trim_matches(|c| matches!(c, '.' | '`' | '*' | '"'))).collect();
    let version = words.iter().copied().find(|word| is_version(word.as_str()));
    let dotted = words.iter().copied().find(|word| is_event_name(word.as_str()));
    (dotted.unwrap_or_else(|| name(rest)), version)
}

/// Dots between words, `order.created`; neither a path nor a sentence.
fn is_event_name(word: &str) -> bool {
    let segments: Vec<&str> = word.split('.').collect();
    let segment = |s: &&str| !s.is_empty() && s.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    segments.len() > 1 && segments.iter().all(segment) && !is_version(word)
}

/// One word that is no ordinary one: `order.created`, `order_created`, `OrderCreated`.
fn is_identifier(word: &str) -> bool {
    let joined = |c: char| matches!(c, '.' | '_' | '-') || c.is_uppercase();
    !word.contains(char::is_whitespace) && word.chars().skip(1).any(joined)
}

fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix(['v', 'V']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

impl Raw {
    fn take(&mut self, field: Field) -> Option<Located<String>> {
        self.fields.remove(&field)
    }

    fn list(&mut self, field: Field) -> Vec<Located<String>> {
        self.lists.remove(&field).unwrap_or_default()
    }

    fn published(mut self) -> PublishedEvent {
        PublishedEvent {
            topic: self.take(Field::Topic),
            version: self.take(Field::Version),
            compatibility: self.take(Field::Compatibility),
            trigger: self.take(Field::Trigger),
            payload: self.list(Field::Payload),
            consumers: self.list(Field::Consumers),
            name: self.name,
        }
    }

    fn consumed(mut self) -> ConsumedEvent {
        ConsumedEvent {
            from: self.take(Field::From),
            topic: self.take(Field::Topic),
            action: self.take(Field::Action).or_else(|| self.take(Field::Trigger)),
            idempotency: self.take(Field::Idempotency),
            error_handling: self.take(Field::ErrorHandling),
            uses: self
                .list(Field::Uses)
                .into_iter()
                .chain(self.lists.remove(&Field::Payload).unwrap_or_default())
                .collect(),
            name: self.name,
        }
    }
}
