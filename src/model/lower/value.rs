//! Nodes of a tree as JSON values.

use rustc_hash::FxHashSet;
use serde_json::{Map, Number, Value};

use crate::model::{Json, Values};
use crate::source::{Kind, NodeRef, Tree};

/// The value of a node. Its depth is that of the tree, which is bounded; what lies deeper is `null`.
pub(in crate::model) fn value(node: NodeRef<'_>) -> Value {
    value_at(node, Tree::MAX_DEPTH)
}

fn value_at(node: NodeRef<'_>, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Number => number(node).map_or(Value::Null, Value::Number),
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Sequence => Value::Array(node.items().map(|item| value_at(item, depth)).collect()),
        Kind::Mapping => {
            let fields = node.fields().map(|(key, field)| (key.to_owned(), value_at(field, depth)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// The value as it is kept in the model.
pub(in crate::model) fn json(node: NodeRef<'_>) -> Json {
    let mut text = String::new();
    write(node, Tree::MAX_DEPTH, &mut text);
    Json::written(text)
}

/// The values of a list. What an alias says a second time adds nothing to it.
pub(super) fn values(list: NodeRef<'_>) -> Values {
    let mut seen = FxHashSet::default();
    let items = list.items().filter(|item| item.parent() == Some(list) || seen.insert(item.id()));
    Values::write(items, |item, out| write(item, Tree::MAX_DEPTH, out))
}

/// The same text as that of [`value`], but for keys that stand there twice.
fn write(node: NodeRef<'_>, depth: usize, out: &mut String) {
    let Some(depth) = depth.checked_sub(1) else { return out.push_str("null") };
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool => out.push_str(if node.as_bool().unwrap_or_default() { "true" } else { "false" }),
        Kind::Number => match number(node) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str("null"),
        },
        Kind::String => string(node.as_str().unwrap_or_default(), out),
        Kind::Sequence => {
            out.push('[');
            for (at, item) in node.items().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(item, depth, out);
            }
            out.push(']');
        }
        Kind::Mapping => {
            out.push('{');
            for (at, (key, field)) in node.fields().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                string(key, out);
                out.push(':');
                write(field, depth, out);
            }
            out.push('}');
        }
    }
}

fn string(text: &str, out: &mut String) {
    let is_plain = !text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\'));
    if is_plain {
        out.extend(["\"", text, "\""]);
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// The number of a node: an integer where it is one and fits, else a float; nothing for infinities and NaN.
pub(super) fn number(node: NodeRef<'_>) -> Option<Number> {
    let text = node.number_text()?;
    let integer = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    integer.ok().or_else(|| {
        let value = node.as_f64()?;
        let whole = text.starts_with("0x") || text.starts_with("0o");
        if whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) }
    })
}

/// A count: a whole number that is not negative.
pub(super) fn count(node: NodeRef<'_>) -> Option<u64> {
    node.as_i64().and_then(|number| u64::try_from(number).ok())
}
