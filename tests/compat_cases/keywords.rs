//! Families of keywords, each in a request and in an answer.

use crate::pairs::both;

/// Each line: what it is, the schema before and after, what is said of a request, and of an answer.
#[test]
fn keyword_families() {
    type Case = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);
    const COMPOSED: &str = "schema-composition-changed";
    let cases: &[Case] = &[
        (
            "additionalProperties: false, closed",
            "{type: object, properties: {a: {}}}",
            "{type: object, properties: {a: {}}, additionalProperties: false}",
            &["error undeclared-properties-changed"],
            &["info undeclared-properties-changed"],
        ),
        ("not, added", "{type: string}", "{type: string, not: {enum: [a]}}", &["error COMPOSED"], &["info COMPOSED"]),
        (
            "not, its inside narrowed",
            "{not: {type: string}}",
            "{not: {type: string, maxLength: 3}}",
            &["info COMPOSED"],
            &["error COMPOSED"],
        ),
        ("const and enum of one", "{const: a}", "{enum: [a]}", &[], &[]),
        (
            "const, changed",
            "{const: a}",
            "{const: b}",
            &["error allowed-values-changed"],
            &["error allowed-values-changed"],
        ),
        (
            "exclusiveMinimum of whole numbers",
            "{type: integer, exclusiveMinimum: 4}",
            "{type: integer, minimum: 5}",
            &[],
            &[],
        ),
        ("inline to allOf", "{type: string, maxLength: 5}", "{allOf: [{type: string}, {maxLength: 5}]}", &[], &[]),
        (
            "inline to allOf, narrower",
            "{type: string, maxLength: 5}",
            "{allOf: [{type: string}, {maxLength: 4}]}",
            &["error constraint-changed"],
            &["info constraint-changed"],
        ),
        (
            "patternProperties",
            "{type: object, patternProperties: {^x-: {type: string}}}",
            "{type: object, patternProperties: {^x-: {type: string, maxLength: 2}}}",
            &["error constraint-changed"],
            &["info constraint-changed"],
        ),
        (
            "propertyNames, narrower",
            "{type: object, propertyNames: {maxLength: 9}}",
            "{type: object, propertyNames: {maxLength: 3}}",
            &["error COMPOSED"],
            &["info COMPOSED"],
        ),
        (
            "dependentRequired",
            "{type: object, properties: {a: {}, b: {}}, dependentRequired: {a: [b]}}",
            "{type: object, properties: {a: {}, b: {}}}",
            &["info constraint-changed"],
            &["error constraint-changed"],
        ),
        (
            "dependentSchemas",
            "{type: object, properties: {a: {}, b: {type: string}}}",
            "{type: object, properties: {a: {}, b: {type: string}}, dependentSchemas: {a: {required: [b]}}}",
            &["error COMPOSED"],
            &["info COMPOSED"],
        ),
        (
            "contentEncoding",
            "{type: string, contentEncoding: base64}",
            "{type: string, contentEncoding: base32}",
            &["error constraint-changed"],
            &["error constraint-changed"],
        ),
        (
            "contentMediaType, dropped",
            "{type: string, contentMediaType: image/png}",
            "{type: string}",
            &["info constraint-changed"],
            &["error constraint-changed"],
        ),
        (
            "contentSchema",
            "{type: string, contentMediaType: application/json, contentSchema: {type: object, required: [a]}}",
            "{type: string, contentMediaType: application/json, contentSchema: {type: object}}",
            &["info COMPOSED"],
            &["error COMPOSED"],
        ),
        (
            "unevaluatedProperties",
            "{allOf: [{type: object, properties: {a: {}}}]}",
            "{allOf: [{type: object, properties: {a: {}}}], unevaluatedProperties: false}",
            &["error undeclared-properties-changed"],
            &["info undeclared-properties-changed"],
        ),
        (
            "prefixItems",
            "{type: array, prefixItems: [{type: string}]}",
            "{type: array, prefixItems: [{type: integer}]}",
            &["error type-changed"],
            &["error type-changed"],
        ),
        (
            "uniqueItems",
            "{type: array, items: {type: string}}",
            "{type: array, items: {type: string}, uniqueItems: true}",
            &["error constraint-changed"],
            &["info constraint-changed"],
        ),
        (
            "a pattern that is not decided",
            "{type: string, pattern: '^(ab)+c?$'}",
            "{type: string, pattern: '^(ab)+(c|d)?$'}",
            &["warning constraint-changed"],
            &["warning constraint-changed"],
        ),
    ];
    for (name, old, new, request, answer) in cases {
        let full = |list: &[&str]| list.iter().map(|one| one.replace("COMPOSED", COMPOSED)).collect::<Vec<_>>();
        let of = |inner: &str| format!("A: {{type: object, properties: {{p: {inner}}}}}");
        assert_eq!(both(&of(old), &of(new)), (full(request), full(answer)), "{name}");
        assert_eq!(both(&of(old), &of(old)), (Vec::new(), Vec::new()), "{name}");
    }
}
