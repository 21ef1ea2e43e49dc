//! Changes of documents that follow from events: the store is told of each, so that a replay gives what the table has.

use serde_json::{Value, json};

use super::sql::{Dialect, VERSION, literal, name, path};

const COLUMNS: &str = "INSERT INTO event_store (collection, key, version, kind, data, occurred_at)";

/// The present time as RFC 3339 in UTC.
fn now(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgresql => "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
        Dialect::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    }
}

/// Tells the store that documents which lack a property get this value for it.
pub(super) fn filled(dialect: Dialect, table: &str, property: &str, value: &Value) -> String {
    let lacks = match dialect {
        Dialect::Postgresql => format!("NOT document ? {}", literal(property)),
        Dialect::Sqlite => format!("json_type(document, {}) IS NULL", path(property)),
    };
    let data = literal(&json!({ "set": { property: value }, "unset": [] }).to_string());
    let cast = if dialect == Dialect::Postgresql { "::jsonb" } else { "" };
    format!(
        "{COLUMNS}\nSELECT {}, key, version + 1, 'changed', {data}{cast}, {}\nFROM {}\nWHERE {lacks}\nORDER BY position;",
        literal(table),
        now(dialect),
        name(table)
    )
}

/// Makes what is there the first event of each document, or one more where it had events before.
pub(super) fn stored(dialect: Dialect, table: &str, versions: bool) -> String {
    let (table, collection, now) = (name(table), literal(table), now(dialect));
    let document = match dialect {
        Dialect::Postgresql => "jsonb_build_object('document', document)",
        Dialect::Sqlite => "json_object('document', json(document))",
    };
    let appended = format!(
        "{COLUMNS}\nSELECT {collection}, key, version, CASE version WHEN 1 THEN 'created' ELSE 'replaced' END, {document}, \
         {now}\nFROM {table}\nORDER BY position;"
    );
    if !versions {
        let first = format!("UPDATE {table} SET version = 1;");
        return format!("ALTER TABLE {table} ADD COLUMN {VERSION};\n\n{first}\n\n{appended}");
    }
    let cast = if dialect == Dialect::Postgresql { "::jsonb" } else { "" };
    format!(
        "{COLUMNS}\n\
         SELECT {collection}, key, max(version) + 1, 'deleted', '{{\"document\":null}}'{cast}, {now}\n\
         FROM event_store\nWHERE collection = {collection} AND key NOT IN (SELECT key FROM {table})\nGROUP BY key;\n\n\
         UPDATE {table} SET version = 1 + coalesce(\n    \
         (SELECT max(known.version) FROM event_store AS known\n     \
         WHERE known.collection = {collection} AND known.key = {table}.key),\n    0\n);\n\n{appended}"
    )
}
