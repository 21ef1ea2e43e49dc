//! Pairs of contracts that differ in one thing, with what is said of it.
#![allow(clippy::unwrap_used)]

use agentspec::compat::{self, Level, Sides};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

fn findings(old: &str, new: &str) -> Vec<String> {
    let load = |text: &str| Workspace::contract(&MemoryStore::new([("api.yaml", text)]), "api.yaml", "s").unwrap();
    let (old, new) = (load(old), load(new));
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    let one = |found: agentspec::diagnostic::Diagnostic| format!("{} {}", found.severity.name(), found.rule);
    compat::findings(sides, None, Level::All).into_iter().map(one).collect()
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

/// A contract whose one request body or answer has the schema `A`, with further components.
fn schema(version: &str, request: bool, components: &str) -> String {
    let media = "content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}";
    let (body, answer) = if request {
        (format!("requestBody: {{{media}}}"), String::new())
    } else {
        (String::new(), format!(", {media}"))
    };
    format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths:\n  /x:\n    post:\n      {body}\n      responses: {{'200': {{description: d{answer}}}}}\ncomponents:\n  schemas:\n{}",
        indented(components, 4)
    )
}

/// Compares two schemas as a request and as an answer.
fn both(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let of = |request| findings(&schema("3.1.0", request, old), &schema("3.1.0", request, new));
    (of(true), of(false))
}

/// Asserts what is said of a change in a request and in an answer.
#[track_caller]
fn says(old: &str, new: &str, request: &[&str], answer: &[&str]) {
    assert_eq!(
        both(old, new),
        (request.iter().map(|s| (*s).to_owned()).collect(), answer.iter().map(|s| (*s).to_owned()).collect())
    );
}

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

fn api(rest: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{rest}")
}

#[track_caller]
fn api_says(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(findings(&api(old), &api(new)), expected);
}

#[test]
fn paths_are_what_a_client_calls() {
    let ok = "get: {responses: {'200': {description: d}}}";
    api_says(&format!("paths: {{'/a/{{id}}': {{{ok}}}}}"), &format!("paths: {{'/a/{{key}}': {{{ok}}}}}"), &[]);
    let moved = format!("servers: [{{url: 'https://h/v1'}}]\npaths: {{/a: {{{ok}}}}}");
    let written = format!("servers: [{{url: 'https://h'}}]\npaths: {{/v1/a: {{{ok}}}}}");
    let found = findings(&api(&moved), &api(&written));
    assert!(found.iter().all(|one| one.ends_with("server-changed")), "{found:?}");
    let other = format!("servers: [{{url: 'https://h/v2'}}]\npaths: {{/a: {{{ok}}}}}");
    assert!(findings(&api(&moved), &api(&other)).contains(&"error base-path-changed".to_owned()));
}

#[test]
fn parameters() {
    let with = |item: &str, own: &str| {
        format!(
            "paths:\n  /a:\n    parameters: [{item}]\n    get: {{parameters: [{own}], responses: {{'200': {{description: d}}}}}}"
        )
    };
    let query = |rest: &str| format!("{{name: q, in: query, {rest}}}");
    let list = query("schema: {type: array, items: {type: string}}");
    api_says(&with(&list, ""), &with("", &list), &[]);
    let joined = query("explode: false, schema: {type: array, items: {type: string}}");
    api_says(&with(&list, ""), &with(&joined, ""), &["error parameter-style-changed"]);
    let content = query("content: {application/json: {schema: {type: string}}}");
    let longer = query("content: {application/json: {schema: {type: string, maxLength: 3}}}");
    api_says(&with(&content, ""), &with(&longer, ""), &["error constraint-changed"]);
    api_says(
        &with(&query("schema: {type: integer}"), ""),
        &with(&query("schema: {type: string}"), ""),
        &["info type-changed"],
    );
    api_says(&with(&query("schema: {type: string}"), ""), &with(&list, ""), &["info type-changed"]);
    api_says(&with("", ""), &with(&query("required: true, schema: {}"), ""), &["error parameter-added"]);
}

#[test]
fn webhooks_and_callbacks_run_the_other_way() {
    let media = |inner: &str| {
        format!("content: {{application/json: {{schema: {{type: object, properties: {{a: {inner}}}}}}}}}")
    };
    let hook = |inner: &str| {
        format!(
            "webhooks: {{w: {{post: {{requestBody: {{{}}}, responses: {{'200': {{description: d}}}}}}}}}}",
            media(inner)
        )
    };
    api_says(&hook("{type: string}"), &hook("{type: string, maxLength: 5}"), &["info constraint-changed"]);
    api_says(&hook("{type: string, maxLength: 5}"), &hook("{type: string}"), &["error constraint-changed"]);
    let back = |inner: &str| {
        format!(
            "paths: {{/a: {{post: {{callbacks: {{c: {{'{{$request.body#/u}}': {{post: {{requestBody: {{{}}}, responses: {{'200': {{description: d}}}}}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}}}",
            media(inner)
        )
    };
    api_says(&back("{type: string}"), &back("{type: string, maxLength: 5}"), &["info constraint-changed"]);
    api_says(&back("{type: string, maxLength: 5}"), &back("{type: string}"), &["error constraint-changed"]);
}

#[test]
fn bodies_headers_and_encoding() {
    let answer = |inner: &str| format!("paths: {{/a: {{get: {{responses: {{'200': {{description: d, {inner}}}}}}}}}}}");
    let header = |schema: &str| answer(&format!("headers: {{X: {{schema: {schema}}}}}"));
    api_says(&header("{type: integer}"), &header("{type: string}"), &["error type-changed"]);
    let media = |name: &str| answer(&format!("content: {{'{name}': {{schema: {{type: string}}}}}}"));
    api_says(&media("application/json"), &media("application/json; charset=utf-8"), &[]);
    api_says(&media("application/json"), &media("application/*"), &["error media-type-changed"]);
    let form = |encoding: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{multipart/form-data: {{schema: {{type: object, properties: {{p: {{type: object}}}}}}, encoding: {{p: {{contentType: {encoding}}}}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    api_says(&form("application/json"), &form("application/xml"), &["error encoding-changed"]);
}

/// What looks the same in a request, or is taken besides what was.
#[test]
fn how_values_are_written_may_change_where_nobody_sees_it() {
    let with = |rest: &str| {
        let query = format!("{{name: q, in: query, {rest}}}");
        format!("paths: {{/a: {{get: {{parameters: [{query}], responses: {{'200': {{description: d}}}}}}}}}}")
    };
    let same = |one: &str, other: &str| {
        api_says(&with(one), &with(other), &[]);
        api_says(&with(other), &with(one), &[]);
    };
    let list = "schema: {type: array, items: {type: string}}";
    same(list, &format!("style: form, explode: true, {list}"));
    same("schema: {type: string}", "style: form, explode: false, schema: {type: string}");
    same("schema: {type: integer}", "content: {application/json: {schema: {type: integer}}}");
    same("schema: {type: string}", "content: {text/plain: {schema: {type: string}}}");
    let reserved = "allowReserved: true, schema: {type: string}";
    api_says(&with("schema: {type: string}"), &with(reserved), &["info parameter-style-changed"]);
    api_says(&with(reserved), &with("schema: {type: string}"), &["error parameter-style-changed"]);
    let content = |inner: &str| with(&format!("content: {{application/json: {{schema: {inner}}}}}"));
    api_says(&content("{type: integer, maximum: 3}"), &with("schema: {type: integer}"), &["info constraint-changed"]);
    api_says(&with("schema: {type: integer}"), &content("{type: integer, maximum: 3}"), &["error constraint-changed"]);
    api_says(&with("schema: {type: string}"), &content("{type: string}"), &["error parameter-style-changed"]);
    let object = "{type: object, properties: {a: {type: string}}}";
    api_says(&content(object), &content("{type: object}"), &["warning property-removed"]);
}

#[test]
fn parts_of_forms() {
    let form = |media: &str, part: &str, encoding: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{{media}: {{schema: {{type: object, properties: {{p: {part}}}}}, encoding: {{{encoding}}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    let says = |part: &str, old: &str, new: &str, expected: &[&str]| {
        let of = |encoding: &str| form("multipart/form-data", part, encoding);
        api_says(&of(old), &of(new), expected);
    };
    // What is said is what holds anyway.
    for (part, written) in [
        ("{type: object}", "application/json"),
        ("{type: string}", "text/plain"),
        ("{type: string, format: binary}", "application/octet-stream"),
        ("{type: array, items: {type: string}}", "text/plain"),
    ] {
        says(part, "", &format!("p: {{contentType: {written}}}"), &[]);
        says(part, &format!("p: {{contentType: {written}}}"), "", &[]);
    }
    let (few, more) = ("p: {contentType: image/png}", "p: {contentType: 'image/png, image/jpeg'}");
    let binary = "{type: string, format: binary}";
    says(binary, few, more, &["info encoding-changed"]);
    says(binary, more, few, &["error encoding-changed"]);
    says(binary, few, "p: {contentType: 'image/*'}", &["info encoding-changed"]);
    let url = |encoding: &str, part: &str| form("application/x-www-form-urlencoded", part, encoding);
    let (open, closed) = ("p: {allowReserved: true}", "p: {allowReserved: false}");
    api_says(&url(closed, "{type: string}"), &url(open, "{type: string}"), &["info encoding-changed"]);
    api_says(&url(open, "{type: string}"), &url(closed, "{type: string}"), &["error encoding-changed"]);
    let (joined, apart) = ("p: {explode: false}", "p: {explode: true}");
    api_says(&url(apart, "{type: string}"), &url(joined, "{type: string}"), &[]);
    let list = "{type: array, items: {type: string}}";
    api_says(&url(apart, list), &url(joined, list), &["error encoding-changed"]);
}

/// Findings on a schema without a name say which parameter or header it belongs to.
#[test]
fn parameters_are_called_by_their_names() {
    let with = |schema: &str| {
        let (query, header) =
            (format!("{{name: page, in: query, schema: {schema}}}"), format!("{{X: {{schema: {schema}}}}}"));
        let text = api(&format!(
            "paths: {{/a: {{get: {{parameters: [{query}], responses: {{'200': {{description: d, headers: {header}}}}}}}}}}}"
        ));
        Workspace::contract(&MemoryStore::new([("api.yaml", text.as_str())]), "api.yaml", "s").unwrap()
    };
    let (old, new) = (with("{type: integer}"), with("{type: integer, minimum: 1}"));
    let subjects: Vec<String> =
        compat::observe(&old.platform, &new.platform).into_iter().map(|change| change.subject.to_string()).collect();
    assert_eq!(subjects, ["minimum of page", "minimum of X"]);
}

#[test]
fn an_event_that_is_defined_twice_does_not_differ_from_itself() {
    let entry = |kind: &str| {
        format!(r#"{{"eventType": "order.order.placed", "version": "v1", "schema": {{"type": "{kind}"}}}}"#)
    };
    let file = |entries: &str| format!(r#"{{"events": [{entries}]}}"#);
    let path = |name: &str| format!("services/order-service/contracts/events/{name}.json");
    let store = MemoryStore::new([
        (path("a"), file(&entry("object"))),
        (path("b"), file(&format!("{}, {}", entry("string"), entry("array")))),
    ]);
    let platform = Workspace::load(&store).unwrap().lower_schemas().platform;
    assert_eq!(platform.events[0].definitions.len(), 3);
    assert_eq!(compat::observe(&platform, &platform), []);
}

#[test]
fn what_the_document_asks_of_all_is_one_finding() {
    let with = |security: &str| {
        format!(
            "{security}paths: {{/a: {{get: {{responses: {{'200': {{description: d}}}}}}}}, /b: {{get: {{responses: {{'200': {{description: d}}}}}}}}, /c: {{get: {{security: [], responses: {{'200': {{description: d}}}}}}}}}}\ncomponents: {{securitySchemes: {{k: {{type: apiKey, in: header, name: K}}}}}}"
        )
    };
    api_says(&with(""), &with("security: [{k: []}]\n"), &["error security-changed"]);
    api_says(&with("security: [{k: []}]\n"), &with("security: []\n"), &["info security-changed"]);
}

#[test]
fn who_is_let_in() {
    let with = |security: &str| {
        format!(
            "paths: {{/a: {{get: {{security: {security}, responses: {{'200': {{description: d}}}}}}}}}}\ncomponents: {{securitySchemes: {{k: {{type: apiKey, in: header, name: K}}, b: {{type: http, scheme: bearer}}, renamed: {{type: http, scheme: Bearer}}, o: {{type: oauth2, flows: {{}}}}}}}}"
        )
    };
    api_says(&with("[{b: []}]"), &with("[{renamed: []}]"), &[]);
    api_says(&with("[{b: []}]"), &with("[{b: []}, {k: []}]"), &["info security-changed"]);
    api_says(&with("[{b: []}]"), &with("[{b: [], k: []}]"), &["error security-changed"]);
    api_says(&with("[{o: [read]}]"), &with("[{o: [read, write]}]"), &["error security-changed"]);
    api_says(&with("[{o: [read, write]}]"), &with("[{o: [read]}]"), &["info security-changed"]);
    api_says(&with("[]"), &with("[{k: []}]"), &["error security-changed"]);
}

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

#[test]
fn nullable_of_both_dialects() {
    let (old, new) = ("A: {type: string, nullable: true}", "A: {type: string}");
    let of = |version: &str, inner: &str, request| schema(version, request, inner);
    let narrowed = findings(&of("3.0.3", old, true), &of("3.1.0", new, true));
    assert_eq!(narrowed, ["error type-changed"]);
    assert_eq!(findings(&of("3.0.3", old, false), &of("3.1.0", new, false)), ["info type-changed"]);
}

#[test]
fn what_operations_share_is_one_finding() {
    let with = |schema: &str| {
        let get = "get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {'200': {description: d}}}";
        format!(
            "paths: {{/a: {{{get}}}, /b: {{{get}}}, /c: {{{get}}}}}\ncomponents: {{parameters: {{P: {{name: p, in: query, required: {schema}}}}}}}"
        )
    };
    let optional = with("false, schema: {type: string}");
    api_says(&optional, &with("true, schema: {type: string}"), &["error parameter-requiredness-changed"]);
    api_says(&optional, &with("false, schema: {type: string, maxLength: 3}"), &["error constraint-changed"]);
}

#[test]
fn media_type_ranges() {
    let answer = |name: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {{'{name}': {{schema: {{type: string}}}}}}}}}}}}}}}}"
        )
    };
    api_says(&answer("text/*"), &answer("text/plain"), &["info media-type-changed"]);
    api_says(&answer("text/plain"), &answer("text/*"), &["error media-type-changed"]);
    api_says(&answer("text/plain"), &answer("image/*"), &["error media-type-changed", "info media-type-changed"]);
    let body = |name: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{'{name}': {{schema: {{type: string}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    api_says(&body("text/plain"), &body("text/*"), &["info media-type-changed"]);
    api_says(&body("text/*"), &body("text/plain"), &["error media-type-changed"]);
}

#[test]
fn a_callback_within_a_callback_runs_the_first_way_again() {
    let media = |inner: &str| format!("requestBody: {{content: {{application/json: {{schema: {inner}}}}}}}");
    let ok = "responses: {'200': {description: d}}";
    let with = |inner: &str| {
        let second = format!("callbacks: {{d: {{'{{$request.body#/v}}': {{post: {{{}, {ok}}}}}}}}}", media(inner));
        let first = format!("callbacks: {{c: {{'{{$request.body#/u}}': {{post: {{{second}, {ok}}}}}}}}}");
        format!("paths: {{/a: {{post: {{{first}, {ok}}}}}}}")
    };
    let (wide, narrow) = (with("{type: string}"), with("{type: string, maxLength: 5}"));
    api_says(&wide, &narrow, &["error constraint-changed"]);
    api_says(&narrow, &wide, &["info constraint-changed"]);
}

#[test]
fn defaults_of_parameters_and_of_bodies() {
    let query = |rest: &str| {
        format!(
            "paths: {{/a: {{get: {{parameters: [{{name: q, in: query, schema: {{type: string{rest}}}}}], responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    api_says(&query(""), &query(", default: a"), &["error default-changed"]);
    api_says(&query(", default: a"), &query(", default: b"), &["error default-changed"]);
    let (without, with) = (
        "A: {type: object, properties: {p: {type: string}}}",
        "A: {type: object, properties: {p: {type: string, default: a}}}",
    );
    says(without, with, &["warning default-changed"], &["info default-changed"]);
}

#[test]
fn a_required_name_counts_where_its_property_is_gone() {
    let (old, new) = ("A: {type: object, properties: {a: {type: string}}}", "A: {type: object, required: [a]}");
    let (request, answer) = both(old, new);
    assert!(request.contains(&"error property-became-required".to_owned()), "{request:?}");
    assert!(answer.contains(&"error property-removed".to_owned()), "{answer:?}");
}
