//! A schema of a tree as a JSON value, for the validators of JSON Schema.

use rustc_hash::FxHashSet;
use serde_json::{Map, Number, Value};

use crate::document::schema_check::sort_key;
use crate::source::{Kind, NodeRef, Tree};

/// Keywords whose value may be anything.
const ANYTHING: [&str; 3] = ["const", "default", "example"];
/// Keywords with schemas by name.
const NAMED: [&str; 6] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

/// The schema as a JSON value; nothing where it nests deeper than a file may, or has more nodes than `most`. Numbers that
/// JSON cannot hold become null. Of values that no meta-schema looks at only as much is there as it asks for: a list of
/// numbers takes two bytes for each in the file, and seventy as values.
pub(super) fn to_json(schema: NodeRef<'_>, mut most: usize) -> Option<Value> {
    convert(schema, Tree::MAX_DEPTH, true, &mut most)
}

/// The recursion is bounded by `depth`, the work (aliases expand here) by `left`. The fields of `node` are keywords where it
/// `is_schema`.
fn convert(node: NodeRef<'_>, depth: usize, is_schema: bool, left: &mut usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    *left = left.checked_sub(1)?;
    Some(match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Number => number(node),
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Sequence => {
            Value::Array(node.items().map(|item| convert(item, depth, true, left)).collect::<Option<Vec<_>>>()?)
        }
        Kind::Mapping => {
            let mut map = Map::new();
            for (key, field) in node.fields() {
                let value = match key {
                    _ if !is_schema => convert(field, depth, true, left)?,
                    key if ANYTHING.contains(&key) => Value::Null,
                    "enum" if field.is_sequence() => listed(field),
                    "examples" if field.is_sequence() => Value::Array(Vec::new()),
                    key => convert(field, depth, !NAMED.contains(&key), left)?,
                };
                map.insert(key.to_owned(), value);
            }
            Value::Object(map)
        }
    })
}

/// A list that is empty, has one value or has one twice, as the values of an `enum` are.
fn listed(list: NodeRef<'_>) -> Value {
    let mut seen = FxHashSet::default();
    let is_twice = !list.items().filter_map(sort_key).all(|key| seen.insert(key));
    let count = if is_twice { 2 } else { list.items().next().map_or(0, |_| 1) };
    Value::Array(vec![Value::Null; count])
}

fn number(node: NodeRef<'_>) -> Value {
    let text = node.number_text().unwrap_or_default();
    if let Ok(number) = text.parse::<i64>() {
        return Value::Number(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Value::Number(number.into());
    }
    node.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}
