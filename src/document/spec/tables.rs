//! Tables whose columns stand in any order and under several wordings.

use crate::document::Located;
use crate::document::markdown::{Row, Table};
use crate::document::text::Slice;
use crate::document::words::{is_none, plain};
use crate::source::FileId;

pub(super) const SERVICE: &[&str] = &[
    "service",
    "service name",
    "name",
    "upstream service",
    "upstream",
    "downstream service",
    "downstream",
    "provider",
    "dependency",
    "depends on",
    "consumer",
    "caller",
    "component",
    "system",
];
pub(super) const KIND: &[&str] = &["type", "kind", "scope", "internal or external", "where"];
pub(super) const PURPOSE: &[&str] = &["purpose", "why", "what for", "reason", "used for", "description", "usage"];
pub(super) const API: &[&str] = &[
    "api",
    "apis",
    "api events",
    "api and events",
    "operation",
    "operations",
    "endpoint",
    "endpoints",
    "api endpoint",
    "api endpoints",
    "calls",
    "interface",
];
pub(super) const FAILURE_MODE: &[&str] = &[
    "failure mode",
    "failure modes",
    "failure",
    "on failure",
    "fallback",
    "failure handling",
    "failure behaviour",
    "failure behavior",
    "if unavailable",
    "when unavailable",
    "if down",
    "when down",
    "degradation",
    "if it fails",
];
pub(super) const TIMEOUT: &[&str] = &["timeout", "time limit", "time out", "timeouts", "deadline"];
pub(super) const RETRIES: &[&str] = &["retries", "retry", "retry policy", "max retries", "attempts"];
pub(super) const FIELDS: &[&str] = &["uses", "fields", "uses fields", "fields used", "used fields"];
pub(super) const WHAT_THEY_USE: &[&str] =
    &["what they use", "what it uses", "uses", "used for", "usage", "purpose", "what", "description", "endpoints"];
pub(super) const SCENARIO: &[&str] =
    &["scenario", "title", "scenario name", "name", "user scenario", "user story", "story", "use case", "case", "id"];
pub(super) const STEP: &[&str] = &["step", "name", "step name", "action"];
pub(super) const OPERATION: &[&str] = &["operation", "call", "endpoint", "api", "command", "action", "event"];
pub(super) const COMPENSATION: &[&str] =
    &["compensation", "compensating action", "compensating operation", "compensate", "rollback", "undo", "on failure"];
pub(super) const KEPT_FOR: &[&str] = &[
    "for",
    "ttl",
    "time to live",
    "kept for",
    "keep for",
    "cached for",
    "cache for",
    "duration",
    "time",
    "lifetime",
    "max age",
    "expires",
    "expires after",
    "seconds",
];
pub(super) const CLIENTS: &[&str] =
    &["clients", "client", "clients too", "in clients", "browsers", "browser", "clients may keep it"];
pub(super) const ENTITY: &[&str] =
    &["entity", "entities", "entity name", "table", "aggregate", "collection", "data", "owned entity", "name"];
pub(super) const DESCRIPTION: &[&str] = &["description", "what it is", "purpose", "meaning", "notes", "contents"];
pub(super) const DATABASE: &[&str] = &["database", "db", "store", "data store", "datastore", "schema", "storage"];
pub(super) const KEPT_AS: &[&str] =
    &["kept as", "kept", "stored as", "persisted as", "persistence", "storage", "storage model"];
pub(super) const EVENT: &[&str] = &["event", "event name", "event type", "name", "events"];
pub(super) const FIELD: &[&str] = &["field", "field name", "attribute", "property", "name", "key"];

/// A table together with the file it stands in.
#[derive(Clone, Copy)]
pub(super) struct Columns<'t> {
    pub table: &'t Table,
    pub file: FileId,
}

impl<'t> Columns<'t> {
    /// The index of the column under the first of the wordings that the head has.
    pub fn find(self, wordings: &[&str]) -> Option<usize> {
        let head: Vec<String> = self.table.header.iter().map(|cell| plain(cell.as_str())).collect();
        wordings.iter().find_map(|wording| head.iter().position(|cell| cell == wording))
    }

    /// The same, leaving out a column that is already something else.
    pub fn find_other(self, wordings: &[&str], taken: &[Option<usize>]) -> Option<usize> {
        let head: Vec<String> = self.table.header.iter().map(|cell| plain(cell.as_str())).collect();
        let free = |at: &usize| !taken.contains(&Some(*at));
        wordings.iter().find_map(|wording| head.iter().position(|cell| cell == wording).filter(free))
    }

    /// A cell that says something.
    pub fn value(self, row: &'t Row, column: Option<usize>) -> Option<Located<String>> {
        self.slice(row, column).map(|cell| cell.located(self.file))
    }

    /// The same as a slice.
    pub fn slice(self, row: &'t Row, column: Option<usize>) -> Option<Slice<'t>> {
        row.cells.get(column?).map(|cell| cell.whole()).filter(|cell| !is_none(cell.as_str()))
    }
}
