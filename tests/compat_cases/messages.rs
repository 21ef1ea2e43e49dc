//! Parameters, headers, bodies and their parts.

use agentspec::compat;
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

use crate::pairs::{api, api_says, says};

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
    same("schema: {type: string}", "style: pipeDelimited, explode: false, schema: {type: string}");
    same("schema: {type: integer}", "content: {application/json: {schema: {type: integer}}}");
    same("schema: {type: string}", "content: {text/plain: {schema: {type: string}}}");
    let reserved = "allowReserved: true, schema: {type: string}";
    api_says(&with("schema: {type: string}"), &with(reserved), &["info parameter-style-changed"]);
    api_says(&with(reserved), &with("schema: {type: string}"), &["error parameter-style-changed"]);
    let content = |inner: &str| with(&format!("content: {{application/json: {{schema: {inner}}}}}"));
    api_says(&content("{type: integer, maximum: 3}"), &with("schema: {type: integer}"), &["info constraint-changed"]);
    api_says(&with("schema: {type: integer}"), &content("{type: integer, maximum: 3}"), &["error constraint-changed"]);
    api_says(&with("schema: {type: string}"), &content("{type: string}"), &["error parameter-style-changed"]);
    // What is sent is a text, whatever type it is read as.
    let schema = |inner: &str| with(&format!("schema: {inner}"));
    let several = "{oneOf: [{type: string}, {type: integer}, {type: boolean}]}";
    api_says(&schema(several), &schema("{type: string}"), &["info type-changed"]);
    api_says(&schema("{anyOf: [{type: string}, {type: integer}]}"), &schema("{type: string}"), &["info type-changed"]);
    api_says(&schema(several), &schema("{type: integer}"), &["error type-changed"]);
    api_says(
        &schema("{type: string}"),
        &schema("{oneOf: [{type: integer}, {type: boolean}]}"),
        &["error type-changed"],
    );
    let object = "{type: object, properties: {a: {type: string}}}";
    api_says(&content(object), &content("{type: object}"), &["warning property-removed"]);
}

#[test]
fn bodies_headers_and_encoding() {
    let answer = |inner: &str| format!("paths: {{/a: {{get: {{responses: {{'200': {{description: d, {inner}}}}}}}}}}}");
    let header = |schema: &str| answer(&format!("headers: {{X: {{schema: {schema}}}}}"));
    api_says(&header("{type: integer}"), &header("{type: string}"), &["error type-changed"]);
    let media = |name: &str| answer(&format!("content: {{'{name}': {{schema: {{type: string}}}}}}"));
    api_says(&media("application/json"), &media("application/json; charset=utf-8"), &[]);
    api_says(&media("application/json"), &media("application/*"), &["error media-type-changed"]);
    let xml = |schema: &str| answer(&format!("content: {{application/soap+xml: {{schema: {schema}}}}}"));
    api_says(&xml("{type: string}"), &xml("{type: object}"), &["warning type-changed"]);
    api_says(&xml("{type: object}"), &xml("{type: string}"), &["warning type-changed"]);
    api_says(&xml("{type: object}"), &xml("{type: integer}"), &["error type-changed"]);
    let form = |encoding: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{multipart/form-data: {{schema: {{type: object, properties: {{p: {{type: object}}}}}}, encoding: {{p: {{contentType: {encoding}}}}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    api_says(&form("application/json"), &form("application/xml"), &["error encoding-changed"]);
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
    // A style of objects says nothing of a text.
    let either = "{anyOf: [{type: string}, {enum: ['']}]}";
    api_says(&url("", "{type: string}"), &url("p: {style: deepObject, explode: true}", either), &[]);
    // A part that is new was never written in another way.
    let new = url(joined, list).replace("properties: {p", "properties: {q: {type: string}, p");
    api_says(&url("", "{type: string}").replace("properties: {p", "properties: {q"), &new, &["info property-added"]);
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
