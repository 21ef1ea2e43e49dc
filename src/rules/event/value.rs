//! A tree's node as a JSON value, for the validators of JSON Schema.

use serde_json::{Map, Number, Value};

use crate::source::{Kind, NodeRef, Tree};

/// The node as a JSON value; nothing where it nests deeper than a file may, or has more nodes than `most`. Numbers that
/// JSON cannot hold become null.
pub(super) fn to_json(node: NodeRef<'_>, mut most: usize) -> Option<Value> {
    convert(node, Tree::MAX_DEPTH, &mut most)
}

/// The recursion is bounded by `depth`, the work (aliases expand here) by `left`.
fn convert(node: NodeRef<'_>, depth: usize, left: &mut usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    *left = left.checked_sub(1)?;
    Some(match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Number => number(node),
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Sequence => {
            Value::Array(node.items().map(|item| convert(item, depth, left)).collect::<Option<Vec<_>>>()?)
        }
        Kind::Mapping => {
            let mut map = Map::new();
            for (key, value) in node.fields() {
                map.insert(key.to_owned(), convert(value, depth, left)?);
            }
            Value::Object(map)
        }
    })
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
