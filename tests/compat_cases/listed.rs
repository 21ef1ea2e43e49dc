//! What comparisons of contracts are known to get wrong: one test for each, there and back, in requests and in answers.

use crate::pairs::{api_says, findings, says, schema};

/// Asserts what is said where values are ruled out (`wide` to `narrow`), and where they come back.
#[track_caller]
fn narrows(wide: &str, narrow: &str, rule: &str) {
    let (error, info) = (format!("error {rule}"), format!("info {rule}"));
    says(wide, narrow, &[&error], &[&info]);
    says(narrow, wide, &[&info], &[&error]);
}

/// Asserts that nothing differs, there and back.
#[track_caller]
fn is_the_same(one: &str, other: &str) {
    says(one, other, &[], &[]);
    says(other, one, &[], &[]);
}

/// The same of whole contracts.
#[track_caller]
fn api_is_the_same(one: &str, other: &str) {
    api_says(one, other, &[]);
    api_says(other, one, &[]);
}

const OK: &str = "responses: {'200': {description: d}}";

fn asks(parameter: &str) -> String {
    format!("paths: {{/a: {{get: {{parameters: [{parameter}], {OK}}}}}}}")
}

#[test]
fn additional_properties_false() {
    let (open, closed) = (
        "A: {type: object, properties: {a: {type: string}}}",
        "A: {type: object, properties: {a: {type: string}}, additionalProperties: false}",
    );
    let rule = "undeclared-properties-changed";
    says(open, closed, &[&format!("error {rule}")], &[&format!("info {rule}")]);
    // Nothing more need be sent.
    says(closed, open, &[&format!("info {rule}")], &[&format!("warning {rule}")]);
    let more = "A: {type: object, properties: {a: {type: string}, b: {type: string}}, additionalProperties: false}";
    says(closed, more, &["info property-added"], &["error property-added"]);
    says(more, closed, &["error property-removed"], &["error property-removed"]);
    // What the closed object does not take cannot be declared by another part of it either.
    let part = closed.replace("false}", "false, dependentSchemas: {a: {properties: {b: {type: string}}}}}");
    for (one, other) in [(closed, part.as_str()), (part.as_str(), closed)] {
        let found =
            [true, false].map(|request| findings(&schema("3.1.0", request, one), &schema("3.1.0", request, other)));
        assert!(
            found.iter().flatten().all(|said| !said.contains("property-added") && !said.contains("property-removed")),
            "{found:?}"
        );
    }
}

#[test]
fn not() {
    let rule = "schema-composition-changed";
    narrows("A: {type: string}", "A: {type: string, not: {enum: [a]}}", rule);
    // What is ruled out grows.
    narrows("A: {type: string, not: {maxLength: 3}}", "A: {type: string, not: {maxLength: 5}}", rule);
    is_the_same("A: {type: string, not: {const: a}}", "A: {type: string, not: {enum: [a]}}");
}

#[test]
fn style_and_explode() {
    let list =
        |rest: &str| asks(&format!("{{name: q, in: query{rest}, schema: {{type: array, items: {{type: string}}}}}}"));
    for other in [", explode: false", ", style: pipeDelimited", ", style: spaceDelimited, explode: false"] {
        api_says(&list(""), &list(other), &["error parameter-style-changed"]);
        api_says(&list(other), &list(""), &["error parameter-style-changed"]);
    }
    api_is_the_same(&list(""), &list(", style: form, explode: true"));
    // In `simple` a list looks the same either way, and an object does not.
    let header = |rest: &str| asks(&format!("{{name: X, in: header{rest}}}"));
    let of =
        |schema: &str| [", explode: false", ", explode: true"].map(|way| header(&format!("{way}, schema: {schema}")));
    let [joined, apart] = of("{type: array, items: {type: string}}");
    api_is_the_same(&joined, &apart);
    let [joined, apart] = of("{type: object, properties: {a: {type: string}}}");
    api_says(&joined, &apart, &["error parameter-style-changed"]);
    api_says(&apart, &joined, &["error parameter-style-changed"]);
    let single = |rest: &str| asks(&format!("{{name: q, in: query{rest}, schema: {{type: string}}}}"));
    api_is_the_same(&single(""), &single(", explode: false"));
}

#[test]
fn content_of_a_parameter() {
    let of = |inner: &str| asks(&format!("{{name: q, in: query, content: {{application/json: {{schema: {inner}}}}}}}"));
    let object = |inner: &str| of(&format!("{{type: object, properties: {{a: {inner}}}}}"));
    let (wide, narrow) = (object("{type: string}"), object("{type: string, maxLength: 3}"));
    api_says(&wide, &narrow, &["error constraint-changed"]);
    api_says(&narrow, &wide, &["info constraint-changed"]);
    let other = of("{type: string}").replace("application/json", "application/xml");
    api_says(&of("{type: string}"), &other, &["error media-type-changed", "info media-type-changed"]);
}

#[test]
fn parameters_of_a_path() {
    let with = |item: &str, own: &str| {
        format!("paths: {{/a: {{parameters: [{item}], get: {{parameters: [{own}], {OK}}}, put: {{{OK}}}}}}}")
    };
    let query = |rest: &str| format!("{{name: q, in: query, {rest}}}");
    let (wide, narrow) = (query("schema: {type: string}"), query("schema: {type: string, maxLength: 3}"));
    api_says(&with(&wide, ""), &with(&narrow, ""), &["error constraint-changed"]);
    api_says(&with(&narrow, ""), &with(&wide, ""), &["info constraint-changed"]);
    let required = query("required: true, schema: {type: string}");
    api_says(&with(&wide, ""), &with(&required, ""), &["error parameter-requiredness-changed"]);
    // The operation's own stands for that of the path.
    let of =
        |item: &str, own: &str| format!("paths: {{/a: {{parameters: [{item}], get: {{parameters: [{own}], {OK}}}}}}}");
    api_is_the_same(&of(&wide, &narrow), &of("", &narrow));
    api_is_the_same(&of(&wide, ""), &of("", &wide));
}

#[test]
fn callbacks() {
    let with = |inner: &str, answer: &str| {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {inner}}}}}}}");
        let answer =
            format!("responses: {{'200': {{description: d, content: {{application/json: {{schema: {answer}}}}}}}}}");
        let back = format!("callbacks: {{c: {{'{{$request.body#/u}}': {{post: {{{body}, {answer}}}}}}}}}");
        format!("paths: {{/a: {{post: {{{back}, {OK}}}}}}}")
    };
    let (wide, narrow) = ("{type: string}", "{type: string, maxLength: 5}");
    // What the service sends may narrow; what it is answered may widen.
    api_says(&with(wide, wide), &with(narrow, wide), &["info constraint-changed"]);
    api_says(&with(narrow, wide), &with(wide, wide), &["error constraint-changed"]);
    api_says(&with(wide, wide), &with(wide, narrow), &["error constraint-changed"]);
    api_says(&with(wide, narrow), &with(wide, wide), &["info constraint-changed"]);
    let without = format!("paths: {{/a: {{post: {{{OK}}}}}}}");
    api_says(&with(wide, wide), &without, &["error callback-changed"]);
    api_says(&without, &with(wide, wide), &["info callback-changed"]);
}

#[test]
fn direction_of_webhooks() {
    let with = |inner: &str, answer: &str| {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {inner}}}}}}}");
        let answer =
            format!("responses: {{'200': {{description: d, content: {{application/json: {{schema: {answer}}}}}}}}}");
        format!("webhooks: {{w: {{post: {{{body}, {answer}}}}}}}")
    };
    let (wide, narrow) = ("{type: string}", "{type: string, maxLength: 5}");
    api_says(&with(wide, wide), &with(narrow, wide), &["info constraint-changed"]);
    api_says(&with(narrow, wide), &with(wide, wide), &["error constraint-changed"]);
    api_says(&with(wide, wide), &with(wide, narrow), &["error constraint-changed"]);
    api_says(&with(wide, narrow), &with(wide, wide), &["info constraint-changed"]);
    let object = |properties: &str| with(&format!("{{type: object, properties: {{{properties}}}}}"), wide);
    let (less, more) = (object("a: {type: string}"), object("a: {type: string}, b: {type: string}"));
    api_says(&more, &less, &["error property-removed"]);
    api_says(&less, &more, &["info property-added"]);
}

#[test]
fn schemas_of_response_headers() {
    let with = |inner: &str| {
        format!("paths: {{/a: {{get: {{responses: {{'200': {{description: d, headers: {{X: {inner}}}}}}}}}}}}}")
    };
    let of = |schema: &str| with(&format!("{{schema: {schema}}}"));
    let (wide, narrow) = (of("{type: integer}"), of("{type: integer, maximum: 9}"));
    api_says(&wide, &narrow, &["info constraint-changed"]);
    api_says(&narrow, &wide, &["error constraint-changed"]);
    let exploded = |schema: &str| with(&format!("{{explode: true, schema: {schema}}}"));
    let object = "{type: object, properties: {a: {type: string}}}";
    api_says(&of(object), &exploded(object), &["error parameter-style-changed"]);
    api_says(&exploded(object), &of(object), &["error parameter-style-changed"]);
    api_is_the_same(&of("{type: array}"), &exploded("{type: array}"));
    let content = |schema: &str| with(&format!("{{content: {{application/json: {{schema: {schema}}}}}}}"));
    api_says(&content("{type: integer, maximum: 9}"), &content("{type: integer}"), &["error constraint-changed"]);
}

#[test]
fn encoding() {
    let form = |encoding: &str| {
        let media = format!(
            "schema: {{type: object, properties: {{p: {{type: string, format: binary}}}}}}, encoding: {{p: {{contentType: {encoding}}}}}"
        );
        format!("paths: {{/a: {{post: {{requestBody: {{content: {{multipart/form-data: {{{media}}}}}}}, {OK}}}}}}}")
    };
    api_says(&form("image/png"), &form("image/gif"), &["error encoding-changed"]);
    api_says(&form("'image/png, image/gif'"), &form("image/png"), &["error encoding-changed"]);
    api_says(&form("image/png"), &form("'image/png, image/gif'"), &["info encoding-changed"]);
}

#[test]
fn inline_to_all_of() {
    let inline = "A: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}";
    let parts = "A: {allOf: [{$ref: '#/components/schemas/B'}, {required: [a], properties: {b: {type: integer}}}]}\nB: {type: object, properties: {a: {type: string}}}";
    is_the_same(inline, parts);
    let shorter = parts.replace("{a: {type: string}}", "{a: {type: string, maxLength: 3}}");
    narrows(inline, &shorter, "constraint-changed");
}

#[test]
fn a_single_wrapper() {
    let plain = "A: {type: string, maxLength: 3}";
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let wrapped = format!("A: {{{keyword}: [{plain}]}}").replace("[A: ", "[");
        is_the_same(plain, &wrapped);
        narrows(&wrapped, "A: {type: string, maxLength: 2}", "constraint-changed");
    }
}

#[test]
fn a_component_renamed() {
    let of = |name: &str, inner: &str| {
        format!(
            "A: {{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}\n{name}: {{type: object, properties: {{a: {inner}}}}}"
        )
    };
    is_the_same(&of("B", "{type: string}"), &of("C", "{type: string}"));
    narrows(&of("B", "{type: string}"), &of("C", "{type: string, maxLength: 3}"), "constraint-changed");
}

#[test]
fn const_against_an_enum_of_one() {
    is_the_same("A: {const: a}", "A: {enum: [a]}");
    is_the_same("A: {type: string, const: a}", "A: {type: string, enum: [a]}");
    narrows("A: {enum: [a, b]}", "A: {const: a}", "allowed-values-changed");
}

/// Compares a schema in the dialect of 3.0 with one in that of 3.1, in a request and in an answer, and the way back.
#[track_caller]
fn dialects(old: &str, new: &str, request: [&[&str]; 2], answer: [&[&str]; 2]) {
    for (is_request, [there, back]) in [(true, request), (false, answer)] {
        let (old, new) = (schema("3.0.3", is_request, old), schema("3.1.0", is_request, new));
        assert_eq!(findings(&old, &new), there, "request: {is_request}");
        assert_eq!(findings(&new, &old), back, "back, request: {is_request}");
    }
}

#[test]
fn exclusive_minimum_of_both_dialects() {
    let old = "A: {type: number, minimum: 5, exclusiveMinimum: true}";
    dialects(old, "A: {type: number, exclusiveMinimum: 5}", [&[], &[]], [&[], &[]]);
    dialects(
        "A: {type: number, minimum: 5, exclusiveMinimum: false}",
        "A: {type: number, minimum: 5}",
        [&[], &[]],
        [&[], &[]],
    );
    let (error, info): (&[&str], &[&str]) = (&["error constraint-changed"], &["info constraint-changed"]);
    dialects(old, "A: {type: number, minimum: 5}", [info, error], [error, info]);
}

#[test]
fn nullable_of_both_dialects() {
    let old = "A: {type: string, nullable: true}";
    dialects(old, "A: {type: [string, 'null']}", [&[], &[]], [&[], &[]]);
    dialects(old, "A: {oneOf: [{type: string}, {type: 'null'}]}", [&[], &[]], [&[], &[]]);
    let (error, info): (&[&str], &[&str]) = (&["error type-changed"], &["info type-changed"]);
    dialects(old, "A: {type: string}", [error, info], [info, error]);
}

#[test]
fn ranges_of_media_types() {
    let answer = |name: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {{'{name}': {{schema: {{type: string}}}}}}}}}}}}}}}}"
        )
    };
    let body = |name: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{'{name}': {{schema: {{type: string}}}}}}}}, {OK}}}}}}}"
        )
    };
    for (wide, narrow) in [("text/*", "text/plain"), ("*/*", "application/json")] {
        api_says(&answer(wide), &answer(narrow), &["info media-type-changed"]);
        api_says(&answer(narrow), &answer(wide), &["error media-type-changed"]);
        api_says(&body(narrow), &body(wide), &["info media-type-changed"]);
        api_says(&body(wide), &body(narrow), &["error media-type-changed"]);
    }
}

#[test]
fn recursion_that_changes_deep_inside() {
    let tree = |inner: &str| {
        format!(
            "A: {{type: object, properties: {{root: {{$ref: '#/components/schemas/B'}}}}}}\nB: {{type: object, properties: {{up: {{$ref: '#/components/schemas/A'}}, children: {{type: array, items: {{$ref: '#/components/schemas/B'}}}}, v: {inner}}}}}"
        )
    };
    is_the_same(&tree("{type: string}"), &tree("{type: string}"));
    narrows(&tree("{type: string}"), &tree("{type: string, maxLength: 3}"), "constraint-changed");
    // The same recursion, said once more than it need be.
    let unrolled = tree("{type: string}")
        .replace("items: {$ref: '#/components/schemas/B'}", "items: {$ref: '#/components/schemas/C'}")
        + "\nC: {type: object, properties: {up: {$ref: '#/components/schemas/A'}, children: {type: array, items: {$ref: '#/components/schemas/B'}}, v: {type: string}}}";
    is_the_same(&tree("{type: string}"), &unrolled);
}
