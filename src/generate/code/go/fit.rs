//! Expressions of one type made from values of another.

use serde_json::Value;

use super::layout::{json, string};
use super::types::{Kind, RAW, Types, Wrap};

/// An expression of the type `to` for one of the type `from`; nothing where they differ too much.
pub(crate) fn fit(types: &Types<'_>, expression: &str, from: &Kind, to: &Kind) -> Option<String> {
    let same = from.core == to.core;
    let cast = || match same {
        true => Some(expression.to_owned()),
        false => casts(types, &from.core, &to.core).then(|| format!("{}({expression})", to.core)),
    };
    if from.has_nil() && to.has_nil() && same {
        return Some(match (from.wrap, to.wrap) {
            (Wrap::Both, Wrap::Both) => expression.to_owned(),
            (Wrap::Both, _) => return None,
            (_, Wrap::Both) => format!("values.Value({expression})"),
            _ => expression.to_owned(),
        });
    }
    match (from.wrap, to.wrap) {
        (Wrap::Plain, Wrap::Plain) => cast(),
        (Wrap::Plain, Wrap::Optional | Wrap::OrNull) if !to.has_nil() => cast().map(|value| format!("new({value})")),
        (Wrap::Plain, Wrap::Both) => cast().map(|value| format!("values.Value({value})")),
        (Wrap::Optional | Wrap::OrNull, Wrap::Optional | Wrap::OrNull) | (Wrap::Both, Wrap::Both) if same => {
            Some(expression.to_owned())
        }
        (Wrap::Optional, Wrap::Both) if same => Some(format!("values.ValueOrAbsent({expression})")),
        (Wrap::OrNull, Wrap::Both) if same => Some(format!("values.ValueOrNull({expression})")),
        (Wrap::Both, Wrap::Optional | Wrap::OrNull) if same && !to.has_nil() => Some(format!("{expression}.Pointer()")),
        _ => None,
    }
}

/// Whether a value of one scalar type can be converted to another.
fn casts(types: &Types<'_>, from: &str, to: &str) -> bool {
    let text = |core: &str| core == "string" || types.is_enumeration(core);
    text(from) && text(to) || from == "int64" && to == "float64"
}

/// A JSON value as an expression of a type; nothing where Go has no short one.
pub(crate) fn literal(types: &Types<'_>, value: &Value, to: &Kind) -> Option<String> {
    let scalar = match (value, to.core.as_str()) {
        (Value::Null, _) => {
            return match to.wrap {
                Wrap::Both => Some(format!("values.Null[{}]()", to.core)),
                _ if to.core == RAW => Some("json.RawMessage(\"null\")".to_owned()),
                Wrap::Plain => None,
                _ => Some("nil".to_owned()),
            };
        }
        (_, RAW) => format!("json.RawMessage({})", json(value)),
        (Value::String(text), "string") => string(text),
        (Value::String(text), core) => types.constant(core, text)?,
        (Value::Bool(flag), "bool") => flag.to_string(),
        (Value::Number(number), "int64") if number.is_i64() => number.to_string(),
        (Value::Number(number), "float64") => number.to_string(),
        (Value::Array(items), core) if items.is_empty() && core.starts_with("[]") => format!("{core}{{}}"),
        (Value::Object(members), core) if members.is_empty() && core.starts_with("map[") => format!("{core}{{}}"),
        _ => return None,
    };
    let typed = match to.core.as_str() {
        "int64" | "float64" => format!("{}({scalar})", to.core),
        _ => scalar.clone(),
    };
    Some(match to.wrap {
        Wrap::Both => format!("values.Value({typed})"),
        Wrap::Optional | Wrap::OrNull if !to.has_nil() => format!("new({typed})"),
        _ => scalar,
    })
}
