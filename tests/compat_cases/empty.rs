//! Schemas whose keywords leave no value together.

use crate::pairs::{both, says};

/// Each leaves no value, though no keyword does so by itself.
const EMPTY: [&str; 8] = [
    "{type: array, items: {type: string}, contains: {type: integer}}",
    "{type: array, minItems: 1, items: false}",
    "{type: array, contains: {}, maxItems: 0}",
    "{type: object, required: [p], properties: {p: {type: string, not: {type: string}}}}",
    "{type: object, required: [p], properties: {q: {type: string}}, additionalProperties: false}",
    "{oneOf: [{$ref: '#/components/schemas/Name'}, {$ref: '#/components/schemas/Name'}]}",
    "{type: string, anyOf: [{type: integer}, {type: array}]}",
    "{type: string, enum: [a, b], pattern: '^c$'}",
];

#[test]
fn from_no_value_to_some_is_wider() {
    for empty in EMPTY {
        for some in ["{type: string}", "{type: object, properties: {q: {type: string}}}", "{type: array}"] {
            let of = |inner: &str| format!("A: {{type: object, properties: {{v: {inner}}}}}\nName: {{type: string}}");
            let worst = |list: &[String]| list.iter().any(|one| one.starts_with("error"));
            let is_told = |list: &[String]| !list.is_empty() && !list.iter().any(|one| one.starts_with("warning"));
            let (request, answer) = both(&of(empty), &of(some));
            assert!(is_told(&request) && is_told(&answer), "{empty} to {some}: {request:?} {answer:?}");
            assert!(!worst(&request) && worst(&answer), "{empty} to {some}: {request:?} {answer:?}");
            let (request, answer) = both(&of(some), &of(empty));
            assert!(worst(&request) && !worst(&answer), "{some} to {empty}: {request:?} {answer:?}");
        }
    }
}

#[test]
fn keywords_of_a_schema_without_values_are_compared_as_if_it_had_some() {
    let of = |kind: &str| {
        format!(
            "A: {{oneOf: [{{$ref: '#/components/schemas/N'}}, {{$ref: '#/components/schemas/N'}}], properties: {{v: {{type: {kind}}}}}}}\nN: {{type: object}}"
        )
    };
    says(&of("string"), &of("integer"), &["error type-changed"], &["error type-changed"]);
}

#[test]
fn an_alternative_without_values_is_none() {
    let (one, two) = (
        "A: {anyOf: [{type: string}, {type: integer}]}",
        "A: {anyOf: [{type: string}, {type: integer}, {type: array, minItems: 1, items: false}]}",
    );
    says(one, two, &[], &[]);
    says(two, one, &[], &[]);
}
