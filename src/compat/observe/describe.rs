//! Texts for what a schema says.

use serde_json::Value;

use super::super::relation::{Local, beyond};
use crate::model::{Types, Values};
use crate::source::Pointer;

/// Keys of a schema whose entries have names.
const NAMING: [&str; 6] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"];

/// What people call the schema at a pointer: the key under which it stands, with `[]` for the items of a list and `.*` for
/// properties that are not declared. A branch is called as what it is a branch of.
pub(super) fn called(pointer: &Pointer) -> String {
    let last = pointer.last().unwrap_or_default();
    if !is_keyword(&last) {
        return last.into_owned();
    }
    let text = pointer.text();
    let mut tokens: Vec<&str> = text.split('/').skip(1).collect();
    let mut way = String::new();
    while let Some(token) = tokens.pop() {
        let is_name = tokens.last().is_some_and(|above| NAMING.contains(above));
        if is_name || tokens.is_empty() || !is_keyword(token) {
            return token.replace("~1", "/").replace("~0", "~") + &way;
        }
        match token {
            "items" | "contains" | "unevaluatedItems" | "prefixItems" => way.insert_str(0, "[]"),
            "additionalProperties" | "unevaluatedProperties" => way.insert_str(0, ".*"),
            _ => {}
        }
    }
    last.into_owned()
}

/// Whether a key says by itself which schema of another stands there; a number is that of a branch.
fn is_keyword(token: &str) -> bool {
    const WITH_SCHEMAS: [&str; 13] = [
        "items",
        "contains",
        "unevaluatedItems",
        "prefixItems",
        "additionalProperties",
        "unevaluatedProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
    ];
    WITH_SCHEMAS.contains(&token) || !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

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
pub(super) fn values_text(values: Option<&Values>) -> String {
    values.map_or_else(|| "any value".to_owned(), |values| first(values.texts().map(str::to_owned)))
}

/// The first of a list, and how many more there are.
pub(super) fn first(mut texts: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = texts.by_ref().take(SHOWN).collect();
    let more = texts.count();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

/// The values that only the one and only the other list has: what two long lists have in common is of no interest.
pub(super) fn differing(old: &Values, new: &Values) -> (String, String) {
    (values_text(Some(&beyond(old, new))), values_text(Some(&beyond(new, old))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_called_by_what_people_wrote() {
        for (pointer, name) in [
            ("components/schemas/A/properties/tags/items", "tags[]"),
            ("components/schemas/A/properties/items", "items"),
            ("components/schemas/A/properties/items/items/items", "items[][]"),
            ("components/schemas/A/anyOf/1", "A"),
            ("components/schemas/A/properties/m/additionalProperties/oneOf/0", "m.*"),
            ("components/schemas/7", "7"),
            ("paths/~1a/get/responses/200/content/a~1b/schema", "schema"),
            ("paths/~1a/get/responses/200/content/a~1b/schema/items", "schema[]"),
            ("items", "items"),
        ] {
            let tokens = pointer.split('/').map(|token| token.replace("~1", "/"));
            let at = tokens.fold(Pointer::default(), |at, token| at.child(&token));
            assert_eq!(called(&at), name, "{pointer}");
        }
    }
}
