//! Migrations: numbered files of SQL that take the tables of a service from what earlier ones left to what its contract and
//! spec want now. They are the same for every language. What was written once is never changed, as it may have run:
//! `tables.json` beside the files says what they leave, and a new one is added where that is not what is wanted.

mod sql;
mod streams;
mod tables;

use serde::{Deserialize, Serialize};

use super::names::Case;
use super::service::ServiceCode;
use crate::generate::{GenerateError, Request};
use crate::model::Schemas;
use crate::output::{Ownership, Parts, Plan, PlannedFile};

use sql::Dialect;
use tables::{Change, Tables};

/// What stands beside the migrations: what they are, and what they leave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// Our migrations by name, in the order in which they are applied.
    migrations: Vec<String>,
    /// The tables that they leave.
    tables: Tables,
}

/// Whether a service has any tables.
pub(crate) fn any(code: &ServiceCode<'_>) -> bool {
    !tables::wanted(code).is_empty()
}

/// Appends the migrations of a service, which stand in `folder` (from the platform's root), and notes on what a person has
/// to decide.
///
/// # Errors
/// When what stands beside the migrations cannot be read.
pub(crate) fn plan(
    request: &Request<'_>,
    code: &ServiceCode<'_>,
    folder: &str,
    plan: &mut Plan,
) -> Result<(), GenerateError> {
    let service = &code.service.name;
    let place = format!("{folder}/tables.json");
    let known = match (request.existing)(&place) {
        Some(text) => {
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| GenerateError::Unsupported {
                service: service.clone(),
                reason: format!("{place}: {error}; restore it from version control"),
            })?
        }
        None => State::default(),
    };
    let mut file = |path: String, content: String| {
        plan.files.push(PlannedFile {
            path,
            ownership: Ownership::Generated,
            content,
            template: "code/migrations".to_owned(),
            target: "code",
            service: Some(service.clone()),
            executable: false,
            made_from: None,
            parts: Parts::new(),
        });
    };
    for name in &known.migrations {
        for dialect in Dialect::ALL {
            let path = format!("{folder}/{}/{name}.sql", dialect.name());
            match (request.existing)(&path) {
                Some(content) => file(path, content),
                None => plan.notes.push(format!(
                    "{service}: the migration {path} is gone, and databases may know it; restore it from version control"
                )),
            }
        }
    }
    let (state, changes, notes) = next(&request.platform.schemas, code, known);
    if let (Some(name), false) = (state.migrations.last(), changes.is_empty()) {
        for dialect in Dialect::ALL {
            file(format!("{folder}/{}/{name}.sql", dialect.name()), sql::script(dialect, &changes));
        }
    }
    let mut text = serde_json::to_string_pretty(&state).unwrap_or_default();
    text.push('\n');
    file(place, text);
    plan.notes.extend(notes.into_iter().map(|note| format!("{service}: {note}")));
    Ok(())
}

/// What is wanted now, the changes of one more migration, where one is needed, and what they leave to a person.
fn next(schemas: &Schemas, code: &ServiceCode<'_>, mut known: State) -> (State, Vec<Change>, Vec<String>) {
    let (tables, changes, notes) = tables::changes(schemas, code, &known.tables);
    known.tables = tables;
    if let Some(first) = changes.first() {
        let what = if known.migrations.is_empty() { "initial".to_owned() } else { first.words() };
        let more = if changes.len() > 1 && !known.migrations.is_empty() { " and more" } else { "" };
        let short: String = Case::Snake.apply(&format!("{what}{more}")).chars().take(60).collect();
        known.migrations.push(format!("{:04}_{}", known.migrations.len() + 1, short.trim_end_matches('_')));
    }
    (known, changes, notes)
}

#[cfg(test)]
mod tests;
