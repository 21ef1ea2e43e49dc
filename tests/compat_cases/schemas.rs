//! Schemas, as bodies of requests and of answers.

use crate::pairs::{both, findings, messages, says, schema};

#[test]
fn wrappers_are_no_change() {
    let plain = "A: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}";
    for other in [
        "A: {allOf: [{type: object, properties: {a: {type: string}}}, {required: [a], properties: {b: {type: integer}}}]}",
        "A: {anyOf: [{$ref: '#/components/schemas/B'}]}\nB: {type: object, required: [a], properties: {b: {type: integer}, a: {type: string}}}",
        "A: {oneOf: [{$ref: '#/components/schemas/B'}]}\nB: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
        "A: {$ref: '#/components/schemas/Renamed'}\nRenamed: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
    ] {
        says(plain, other, &[], &[]);
        says(other, plain, &[], &[]);
    }
}

#[test]
fn the_same_in_both_dialects_is_no_change() {
    let old = "A: {type: object, properties: {a: {type: string, nullable: true}, b: {type: integer, minimum: 5, exclusiveMinimum: true}}}";
    let new = "A: {type: object, properties: {a: {type: [string, 'null']}, b: {type: integer, minimum: 6}}}";
    for request in [true, false] {
        assert_eq!(findings(&schema("3.0.3", request, old), &schema("3.1.0", request, new)), Vec::<String>::new());
    }
    says("A: {const: a}", "A: {enum: [a]}", &[], &[]);
    says("A: {type: [string, 'null']}", "A: {oneOf: [{type: string}, {type: 'null'}]}", &[], &[]);
}

#[test]
fn undeclared_counts_as_not_sent() {
    let (less, more) = (
        "A: {type: object, properties: {a: {type: string}}}",
        "A: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    );
    says(less, more, &["info property-added"], &["info property-added"]);
    says(more, less, &["warning property-removed"], &["error property-removed"]);
    let (less, more) = (
        less.replace("}}}", "}}, additionalProperties: false}"),
        more.replace("}}}", "}}, additionalProperties: false}"),
    );
    says(&less, &more, &["info property-added"], &["error property-added"]);
    says(&more, &less, &["error property-removed"], &["error property-removed"]);
}

#[test]
fn a_request_may_widen_and_an_answer_may_narrow() {
    for (wide, narrow, rule) in [
        ("{type: number}", "{type: integer}", "type-changed"),
        ("{type: string}", "{type: string, maxLength: 5}", "constraint-changed"),
        ("{type: [string, 'null']}", "{type: string}", "type-changed"),
        ("{type: string}", "{type: string, enum: [a, b]}", "allowed-values-changed"),
        ("{type: string, enum: [a, b]}", "{type: string, enum: [a]}", "allowed-values-changed"),
        ("{type: object}", "{type: object, additionalProperties: {type: string}}", "undeclared-properties-changed"),
        ("{type: string}", "{type: string, not: {const: a}}", "schema-composition-changed"),
        ("{type: array}", "{type: array, items: {type: string}}", "schema-composition-changed"),
        ("{oneOf: [{type: string}, {type: integer}]}", "{type: string}", "type-changed"),
        ("{type: object}", "{type: object, propertyNames: {pattern: '^[a-z]+$'}}", "schema-composition-changed"),
        (
            "{type: object, properties: {a: {type: string}, b: {type: string}}}",
            "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}",
            "constraint-changed",
        ),
        ("{type: number, minimum: 0}", "{type: number, exclusiveMinimum: 0}", "constraint-changed"),
        (
            "{type: array, contains: {type: string}}",
            "{type: array, contains: {type: string}, minContains: 2}",
            "schema-composition-changed",
        ),
    ] {
        let of = |inner: &str| format!("A: {{type: object, properties: {{p: {inner}}}}}");
        let (error, info) = (format!("error {rule}"), format!("info {rule}"));
        let (request, answer) = both(&of(wide), &of(narrow));
        assert_eq!((request, answer), (vec![error.clone()], vec![info.clone()]), "{wide} to {narrow}");
        let (request, answer) = both(&of(narrow), &of(wide));
        let softer =
            if rule == "undeclared-properties-changed" { vec![format!("warning {rule}")] } else { vec![error] };
        assert_eq!((request, answer), (vec![info], softer), "{narrow} to {wide}");
    }
}

#[test]
fn a_change_deep_in_recursion_is_one_finding() {
    let tree = |inner: &str| {
        format!(
            "A: {{type: object, properties: {{next: {{$ref: '#/components/schemas/B'}}}}}}\nB: {{type: object, properties: {{up: {{$ref: '#/components/schemas/A'}}, again: {{$ref: '#/components/schemas/B'}}, v: {inner}}}}}"
        )
    };
    says(&tree("{type: string}"), &tree("{type: integer}"), &["error type-changed"], &["error type-changed"]);
    says(&tree("{type: string}"), &tree("{type: string}"), &[], &[]);
}

#[test]
fn alternatives_that_come_and_go_are_told_once() {
    let two = "A: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}\n";
    let three = "A: {oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Owl'}]}\n";
    let kinds: String = ["Cat", "Dog", "Owl"]
        .map(|kind| format!("{kind}: {{type: object, required: [kind], properties: {{kind: {{const: {kind}}}}}}}\n"))
        .concat();
    let (two, three) = (format!("{two}{kinds}"), format!("{three}{kinds}"));
    says(&two, &three, &["info schema-composition-changed"], &["error schema-composition-changed"]);
    says(&three, &two, &["error schema-composition-changed"], &["info schema-composition-changed"]);
}

#[test]
fn read_only_properties_are_not_sent() {
    let (old, new) = (
        "A: {type: object, properties: {a: {type: string, readOnly: true}}}",
        "A: {type: object, properties: {a: {type: string, readOnly: true, maxLength: 3}}}",
    );
    says(old, new, &[], &["info constraint-changed"]);
    says(new, old, &[], &["error constraint-changed"]);
}

#[test]
fn anchors_and_dynamic_references_lead_to_schemas() {
    let tree = |reference: &str, anchor: &str, inner: &str| {
        format!(
            "A: {{type: object, properties: {{t: {{{reference}: '#tree'}}}}}}\nB: {{{anchor}: tree, type: object, properties: {{v: {inner}}}}}"
        )
    };
    for (reference, anchor) in [("$ref", "$anchor"), ("$dynamicRef", "$dynamicAnchor")] {
        let of = |inner: &str| tree(reference, anchor, inner);
        says(&of("{type: string}"), &of("{type: string}"), &[], &[]);
        says(&of("{type: string}"), &of("{type: integer}"), &["error type-changed"], &["error type-changed"]);
    }
    says(&tree("$ref", "$anchor", "{}"), &tree("$dynamicRef", "$dynamicAnchor", "{}"), &[], &[]);
}

#[test]
fn a_discriminator_that_names_another_schema_may_break() {
    let with = |cat: &str| {
        format!(
            "A: {{oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}], discriminator: {{propertyName: kind, mapping: {{c: '#/components/schemas/{cat}', d: '#/components/schemas/Dog'}}}}}}\nCat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}\nDog: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}}}"
        )
    };
    says(&with("Cat"), &with("Dog"), &["warning discriminator-changed"], &["warning discriminator-changed"]);
    says(&with("Cat"), &with("Cat"), &[], &[]);
    let renamed = with("Cat").replace("Cat", "Feline");
    says(&with("Cat"), &renamed, &[], &[]);
}

/// An object by `kind`, of the alternatives and with the values that are named.
fn told_apart(alternatives: &[&str], values: &[&str], more: &str) -> String {
    let path = |name: &str| format!("'#/components/schemas/{name}'");
    let branches: Vec<String> = alternatives.iter().map(|name| format!("{{$ref: {}}}", path(name))).collect();
    let mapping: Vec<String> = values.iter().map(|name| format!("{name}: {}", path(name))).collect();
    let kinds = ["Cat", "Dog", "Owl"]
        .map(|kind| format!("{kind}: {{type: object, required: [kind], properties: {{kind: {{const: {kind}}}}}}}\n"));
    format!(
        "A: {{oneOf: [{}], discriminator: {{propertyName: kind, mapping: {{{}}}}}{more}}}\n{}",
        branches.join(", "),
        mapping.join(", "),
        kinds.concat()
    )
}

#[test]
fn one_alternative_that_is_left_is_told_apart_as_before() {
    let pair = ["Cat", "Dog"];
    for more in ["", ", type: object, default: {kind: Cat}", ", deprecated: true"] {
        let (two, one) = (told_apart(&pair, &pair, more), told_apart(&pair[..1], &pair, more));
        says(&two, &one, &["error schema-composition-changed"], &["info schema-composition-changed"]);
        says(&one, &two, &["info schema-composition-changed"], &["error schema-composition-changed"]);
        let fewer = told_apart(&pair[..1], &pair[..1], more);
        let (worse, fine) = ("warning discriminator-changed", "info discriminator-changed");
        let (gone, kept) = ("error schema-composition-changed", "info schema-composition-changed");
        says(&two, &fewer, &[worse, gone], &[fine, kept]);
    }
    // What the one that is left says by itself is still held against what it said.
    let closed = told_apart(&pair[..1], &pair, "").replace("properties: {kind: {const: Cat}}", "minProperties: 5");
    let (requests, _) = both(&told_apart(&pair, &pair, ""), &closed);
    assert!(requests.iter().any(|one| one == "error constraint-changed"), "{requests:?}");
}

#[test]
fn a_value_more_of_a_discriminator_matters_to_readers() {
    let (two, three) = (["Cat", "Dog"], ["Cat", "Dog", "Owl"]);
    let (two, three) = (told_apart(&two, &two, ""), told_apart(&three, &three, ""));
    let (worse, fine) = ("warning discriminator-changed", "info discriminator-changed");
    let (gone, kept) = ("error schema-composition-changed", "info schema-composition-changed");
    says(&two, &three, &[fine, kept], &[worse, gone]);
    says(&three, &two, &[worse, gone], &[fine, kept]);
    // Another schema of a value that was there is told all the same.
    let swapped = three.replace("Dog: '#/components/schemas/Dog'", "Dog: '#/components/schemas/Owl'");
    assert_ne!(swapped, three);
    says(&two, &swapped, &[worse, fine, kept], &[worse, worse, gone]);
}

#[test]
fn nullable_of_both_dialects() {
    let (old, new) = ("A: {type: string, nullable: true}", "A: {type: string}");
    let of = |version: &str, inner: &str, request| schema(version, request, inner);
    let narrowed = findings(&of("3.0.3", old, true), &of("3.1.0", new, true));
    assert_eq!(narrowed, ["error type-changed"]);
    assert_eq!(findings(&of("3.0.3", old, false), &of("3.1.0", new, false)), ["info type-changed"]);
}

#[test]
fn a_required_name_counts_where_its_property_is_gone() {
    let (old, new) = ("A: {type: object, properties: {a: {type: string}}}", "A: {type: object, required: [a]}");
    let (request, answer) = both(old, new);
    assert!(request.contains(&"error property-became-required".to_owned()), "{request:?}");
    assert!(answer.contains(&"error property-removed".to_owned()), "{answer:?}");
}

/// What `dependentSchemas` declare counts as declared, as a part of `allOf` does.
#[test]
fn properties_of_dependent_schemas_are_declared() {
    let less = "A: {type: object, properties: {a: {type: string}}}";
    let more = less.replace("}}}", "}}, dependentSchemas: {a: {properties: {b: {type: string}}}}}");
    says(less, &more, &["info property-added"], &["info property-added"]);
    says(&more, less, &["warning property-removed"], &["error property-removed"]);
}

/// What is known of a format decides; of others nothing does.
#[test]
fn formats_rule_out_what_is_known_of_them() {
    let of = |format: &str| format!("A: {{type: string{format}}}");
    let (plain, date, own) = (of(""), of(", format: date"), of(", format: iban"));
    says(&plain, &date, &["error constraint-changed"], &["info constraint-changed"]);
    says(&plain, &of(", format: password"), &[], &[]);
    for other in [&own, &of(", format: binary")] {
        says(&plain, other, &["warning constraint-changed"], &["info constraint-changed"]);
        says(&date, other, &["warning constraint-changed"], &["warning constraint-changed"]);
    }
}

/// Of two lists what they do not have in common is told.
#[test]
fn lists_of_values_tell_what_they_lost_and_gained() {
    for (old, new, told) in [
        ("[a, b, c]", "[a, c, d]", "allowed values of `A` in the request of `POST /x` lost \"b\", and gained \"d\""),
        ("[a, b]", "[a]", "allowed values of `A` in the request of `POST /x` lost \"b\""),
        ("[a]", "[a, 1]", "allowed values of `A` in the request of `POST /x` gained 1"),
    ] {
        let of = |values: &str| schema("3.1.0", true, &format!("A: {{enum: {values}}}"));
        assert_eq!(messages(&of(old), &of(new)), [told]);
    }
}
