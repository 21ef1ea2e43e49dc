//! The tables that a service wants, and how they differ from those that it has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::generate::code::service::{ResourceCode, ServiceCode};
use crate::generate::code::shape;
use crate::generate::code::streams;
use crate::model::Schemas;

/// Tables by name.
pub(super) type Tables = BTreeMap<String, Table>;

/// A table, as far as services of one contract and another may differ in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// What it holds.
    pub(super) holds: Holds,
    /// Properties in which no two documents agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unique: Vec<String>,
    /// Properties that every document has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<String>,
    /// Whether its documents follow from events.
    #[serde(default, skip_serializing_if = "Events::never")]
    pub(super) events: Events,
    /// Whether the contract knows it no more: then it stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) left: bool,
}

/// What a table holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Holds {
    /// Documents of a resource.
    #[default]
    Documents,
    /// Copies of what another service owns.
    Copies,
    /// What the run time keeps there; the table's name says it.
    Runtime,
}

/// Whether the documents of a table follow from events, which stand in the event store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Events {
    /// They never did.
    #[default]
    Never,
    /// They do.
    Now,
    /// They did once, so that the store has some and the table has versions.
    Before,
}

impl Events {
    fn never(&self) -> bool {
        *self == Events::Never
    }
}

/// A step from one set of tables to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// A new table, whose documents have versions where they follow from events.
    Create { table: String, holds: Holds, versions: bool },
    /// Documents that lack a property get this value for it, and an event that says so where they follow from events.
    Fill { table: String, property: String, value: Value, events: bool },
    /// No two documents agree in a property any more.
    Unite { table: String, property: String },
    /// They may again.
    Separate { table: String, property: String },
    /// Documents follow from events from now on; whether they have versions already.
    Store { table: String, versions: bool },
    /// The contract knows the table no more.
    Keep { table: String },
    /// It does again.
    Resume { table: String },
}

impl Change {
    /// Words for the name of a migration.
    pub(super) fn words(&self) -> String {
        match self {
            Change::Create { table, .. } => format!("create {table}"),
            Change::Fill { table, property, .. } => format!("{table} {property}"),
            Change::Unite { table, property } => format!("{table} {property} unique"),
            Change::Separate { table, property } => format!("{table} {property} not unique"),
            Change::Store { table, .. } => format!("{table} as events"),
            Change::Keep { table } => format!("keep {table}"),
            Change::Resume { table } => format!("resume {table}"),
        }
    }
}

/// What is left when the changes are made, the changes, and what a person has to do or to know.
pub(super) fn changes(schemas: &Schemas, code: &ServiceCode<'_>, known: &Tables) -> (Tables, Vec<Change>, Vec<String>) {
    let wanted = wanted(code);
    let (mut left, mut changes, mut notes) = (known.clone(), Vec::new(), Vec::new());
    // These come last, as they need the store.
    let mut stored = Vec::new();
    for (name, table) in &wanted {
        let before = left.get(name).cloned();
        let resource = code.resources.iter().find(|resource| resource.table == *name);
        let mut after = table.clone();
        match &before {
            Some(before) if before.holds != table.holds => {
                notes.push(format!(
                    "the table `{name}` holds something else than it did; rename it by a migration of your own, and take it \
                     out of tables.json"
                ));
                continue;
            }
            Some(before) => {
                if before.left {
                    changes.push(Change::Resume { table: name.clone() });
                }
                let (filled, open) = fill(schemas, name, before, table, resource);
                changes.extend(filled);
                after.required.retain(|property| !open.contains(property));
                match (before.events, table.events) {
                    (Events::Now, Events::Never) => after.events = Events::Before,
                    (had, Events::Never) => after.events = had,
                    (Events::Now, _) => {}
                    (had, _) => stored.push(Change::Store { table: name.clone(), versions: had == Events::Before }),
                }
                notes.extend(open.iter().map(|property| {
                    format!(
                        "documents of `{name}` that are there already may lack `{property}`, which is required now and has \
                         no default; give it one in the contract, or add it by a migration of your own and name it in \
                         tables.json"
                    )
                }));
            }
            None => {
                let versions = table.events == Events::Now;
                changes.push(Change::Create { table: name.clone(), holds: table.holds, versions });
            }
        }
        let had = before.map(|before| before.unique).unwrap_or_default();
        let differ = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|property| !other.contains(property)).cloned().collect()
        };
        let separate = |property| Change::Separate { table: name.clone(), property };
        changes.extend(differ(&had, &table.unique).into_iter().map(separate));
        let unite = |property| Change::Unite { table: name.clone(), property };
        changes.extend(differ(&table.unique, &had).into_iter().map(unite));
        left.insert(name.clone(), after);
    }
    for (name, table) in left.iter_mut().filter(|(name, table)| !table.left && !wanted.contains_key(*name)) {
        table.left = true;
        changes.push(Change::Keep { table: name.clone() });
        notes.push(format!("nothing uses the table `{name}` any more; it stays, with all that is in it"));
    }
    changes.append(&mut stored);
    (left, changes, notes)
}

/// The values for properties that documents must have now, and the properties for which there are none.
fn fill(
    schemas: &Schemas,
    name: &str,
    before: &Table,
    table: &Table,
    resource: Option<&ResourceCode>,
) -> (Vec<Change>, Vec<String>) {
    let (mut filled, mut open) = (Vec::new(), Vec::new());
    for property in table.required.iter().filter(|property| !before.required.contains(property)) {
        let schema = resource.and_then(|resource| resource.resource.shape.property(property)).map(|found| found.schema);
        match schema.and_then(|schema| shape::default(schemas, schema)) {
            Some(value) => {
                let (table, property, value) = (name.to_owned(), property.clone(), value.clone());
                filled.push(Change::Fill { table, property, value, events: before.events == Events::Now });
            }
            None => open.push(property.clone()),
        }
    }
    (filled, open)
}

/// The tables that the code of a service works on.
pub(super) fn wanted(code: &ServiceCode<'_>) -> Tables {
    let mut tables = Tables::new();
    for resource in &code.resources {
        let shape = &resource.resource.shape;
        let required = shape.properties.iter().filter(|property| property.required && !property.write_only);
        let table = Table {
            holds: Holds::Documents,
            unique: resource.resource.unique.clone(),
            required: required.map(|property| property.name.clone()).collect(),
            events: if streams::is_stream(resource) { Events::Now } else { Events::Never },
            left: false,
        };
        tables.insert(resource.table.clone(), table);
    }
    let copies = code.events.projections.iter().map(|projection| format!("{}_copies", projection.name));
    tables.extend(copies.map(|name| (name, Table { holds: Holds::Copies, ..Table::default() })));
    let auth = code.auth.is_some();
    let runtime = [
        ("credentials", auth),
        ("event_store", streams::any(code)),
        ("idempotency_answers", code.is_keyed()),
        ("inbox", !code.events.subscriptions.is_empty()),
        ("outbox", code.events.publishes),
        ("refresh_tokens", auth),
        ("sagas", !code.sagas.is_empty()),
        ("snapshots", streams::any(code)),
        ("withdrawn_tokens", auth),
    ];
    let used = runtime.iter().filter(|(_, used)| *used);
    tables.extend(used.map(|(name, _)| ((*name).to_owned(), Table { holds: Holds::Runtime, ..Table::default() })));
    tables
}
