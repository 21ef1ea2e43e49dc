//! Texts for what a schema says.

use serde_json::Value;

use super::super::relation::Local;
use crate::model::{Types, Values};

/// The value of a keyword, for messages; `none` where it is not set.
pub(super) fn describe(local: &Local, keyword: &str) -> String {
    let none = || "none".to_owned();
    let count = |value: Option<u64>| value.map(|value| value.to_string());
    let at_least = |value: u64| (value > 0).then(|| value.to_string());
    let number = |value: Option<Value>| value.map(|value| value.to_string());
    let text = match keyword {
        "minimum" | "exclusiveMinimum" => number(local.range.min.and_then(|limit| limit.at.value())),
        "maximum" | "exclusiveMaximum" => number(local.range.max.and_then(|limit| limit.at.value())),
        "multipleOf" => number(local.multiples.first().and_then(|factor| factor.value())),
        "minLength" => at_least(local.length.min),
        "maxLength" => count(local.length.max),
        "minItems" => at_least(local.items.min),
        "maxItems" => count(local.items.max),
        "minProperties" => at_least(local.properties.min),
        "maxProperties" => count(local.properties.max),
        "uniqueItems" => local.unique.then(|| "true".to_owned()),
        "pattern" => list(local.patterns.iter().map(|text| &**text)),
        "format" => list(local.formats.iter().map(|text| &**text)),
        "contentEncoding" => list(local.encodings.iter().map(|text| &**text)),
        "contentMediaType" => list(local.media_types.iter().map(|text| &**text)),
        _ => None,
    };
    text.unwrap_or_else(none)
}

/// All that must hold together; nothing for none.
fn list<'t>(items: impl Iterator<Item = &'t str>) -> Option<String> {
    let quoted: Vec<String> = items.map(|item| format!("`{item}`")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" and "))
}

/// The names of types.
pub(super) fn type_names(types: Types) -> String {
    match types {
        Types::ALL => "any".to_owned(),
        Types::NONE => "no value".to_owned(),
        types => types.names().join(" or "),
    }
}

/// Allowed values, the first of them where there are many.
pub(super) fn values_text(values: &Option<Values>) -> String {
    const SHOWN: usize = 12;
    let Some(values) = values else { return "any value".to_owned() };
    let mut texts: Vec<String> = values.texts().take(SHOWN).map(str::to_owned).collect();
    if values.len() > SHOWN {
        texts.push(format!("{} more", values.len() - SHOWN));
    }
    texts.join(", ")
}
