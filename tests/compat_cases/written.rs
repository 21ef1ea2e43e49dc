//! Bodies and headers that are written as forms, in XML or as plain text.

use agentspec::compat;
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

use crate::pairs::{api, api_says, findings};

const OK: &str = "'200': {description: d}";

/// A contract whose request or answer has content.
fn content(request: bool, content: &str, components: &str) -> String {
    let operation = match request {
        true => format!("requestBody: {{content: {{{content}}}}}, responses: {{{OK}}}"),
        false => format!("responses: {{'200': {{description: d, content: {{{content}}}}}}}"),
    };
    api(&format!("paths: {{/a: {{post: {{{operation}}}}}}}\n{components}"))
}

/// What is said of a schema of a media type, sent and received.
#[track_caller]
fn says(media: &str, old: &str, new: &str, request: &[&str], answer: &[&str]) {
    let of = |schema: &str| format!("{media}: {{schema: {schema}}}");
    let both = [true, false].map(|is| findings(&content(is, &of(old), ""), &content(is, &of(new), "")));
    assert_eq!(both, [request, answer], "{media}: {old} to {new}");
}

/// The same of a property.
#[track_caller]
fn field(media: &str, old: &str, new: &str, request: &[&str], answer: &[&str]) {
    let of = |schema: &str| format!("{{type: object, properties: {{p: {schema}}}}}");
    says(media, &of(old), &of(new), request, answer);
}

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";
const XML: &str = "application/xml";
const TEXTS: [&str; 5] = [FORM, PARTS, XML, "application/soap+xml; charset=utf-8", "text/xml"];

const CHANGED: &str = "error type-changed";
const FINE: &str = "info type-changed";

#[test]
fn a_number_that_becomes_a_text() {
    for media in TEXTS {
        field(media, "{type: integer}", "{type: string}", &[FINE], &[CHANGED]);
        field(media, "{type: string}", "{type: integer}", &[CHANGED], &[FINE]);
        field(media, "{type: boolean}", "{type: string}", &[FINE], &[CHANGED]);
    }
    for media in ["text/plain", "text/csv; charset=utf-8", XML] {
        says(media, "{type: integer}", "{type: string}", &[FINE], &[CHANGED]);
        says(media, "{type: string}", "{type: integer}", &[CHANGED], &[FINE]);
    }
    for media in
        ["application/json", "application/problem+json", "application/vnd.acme", "text/json", "application/yaml"]
    {
        field(media, "{type: integer}", "{type: string}", &[CHANGED], &[CHANGED]);
        field(media, "{type: string}", "{type: integer}", &[CHANGED], &[CHANGED]);
    }
}

#[test]
fn several_types_of_one_text() {
    let (both, text) = ("{type: [string, integer]}", "{type: string}");
    for media in TEXTS {
        field(media, both, text, &[], &[]);
        field(media, text, both, &[], &[]);
        field(media, "{oneOf: [{type: integer}, {type: string}]}", text, &[FINE], &[FINE]);
        field(media, both, "{type: integer}", &[CHANGED], &[FINE]);
        field(media, "{type: integer}", both, &[FINE], &[CHANGED]);
    }
    field("application/json", both, text, &[CHANGED], &[FINE]);
    field("application/json", text, both, &[FINE], &[CHANGED]);
}

#[test]
fn listed_values_are_texts() {
    let values = "allowed-values-changed";
    for media in TEXTS {
        field(media, "{enum: [1, 2]}", "{enum: ['1', '2']}", &[], &[]);
        field(media, "{enum: ['1', '2']}", "{type: integer}", &[FINE], &[CHANGED]);
        field(media, "{enum: ['1', 'x']}", "{type: integer}", &[CHANGED], &[CHANGED]);
        field(
            media,
            "{enum: [a, '1']}",
            "{enum: [a, 1, 2]}",
            &[FINE, &format!("info {values}")],
            &[CHANGED, &format!("error {values}")],
        );
    }
}

#[test]
fn texts_of_a_form_that_are_bounded() {
    let digits = "{type: string, pattern: '^[0-9]+$'}";
    for media in TEXTS {
        // -1 is none of these.
        field(media, "{type: integer}", digits, &[CHANGED], &[CHANGED]);
        // Nobody has looked at each.
        field(media, "{type: integer, minimum: 0}", digits, &["warning type-changed"], &[CHANGED]);
        field(media, "{type: integer, minimum: 0, maximum: 9}", "{type: string, maxLength: 1}", &[FINE], &[CHANGED]);
        field(media, "{type: integer}", "{type: string, maxLength: 1}", &[CHANGED], &[CHANGED]);
        field(
            media,
            "{type: integer}",
            "{type: integer, minimum: 1}",
            &["error constraint-changed"],
            &["info constraint-changed"],
        );
    }
}

#[test]
fn lists_in_a_form() {
    for media in TEXTS {
        let list = |item: &str| format!("{{type: array, items: {{type: {item}}}}}");
        field(media, &list("integer"), &list("string"), &[FINE], &[CHANGED]);
        field(media, &list("string"), &list("integer"), &[CHANGED], &[FINE]);
    }
}

#[test]
fn objects_in_a_form_are_json() {
    let inner = |kind: &str| format!("{{type: object, properties: {{n: {{type: {kind}}}}}}}");
    for media in [FORM, PARTS] {
        field(media, &inner("integer"), &inner("string"), &[CHANGED], &[CHANGED]);
        let list = |kind: &str| format!("{{type: array, items: {}}}", inner(kind));
        field(media, &list("integer"), &list("string"), &[CHANGED], &[CHANGED]);
    }
    // In XML each element is a text, however deep it lies.
    field(XML, &inner("integer"), &inner("string"), &[FINE], &[CHANGED]);
}

#[test]
fn fields_that_say_how_they_are_written() {
    let form = |media: &str, encoding: &str, schema: &str| {
        let inner =
            format!("{media}: {{schema: {{type: object, properties: {{p: {schema}}}}}, encoding: {{p: {encoding}}}}}");
        content(true, &inner, "")
    };
    let said = |media: &str, encoding: &str, old: &str, new: &str| {
        findings(&form(media, encoding, old), &form(media, encoding, new))
    };
    let (number, text) = ("{type: integer}", "{type: string}");
    assert_eq!(said(PARTS, "{contentType: application/json}", number, text), [CHANGED]);
    assert_eq!(said(PARTS, "{contentType: 'application/json, text/plain'}", number, text), [CHANGED]);
    assert_eq!(said(PARTS, "{contentType: text/plain}", number, text), [FINE]);
    let inner = |kind: &str| format!("{{type: object, properties: {{n: {{type: {kind}}}}}}}");
    let (number, text) = (inner("integer"), inner("string"));
    assert_eq!(said(PARTS, "{contentType: application/xml}", &number, &text), [FINE]);
    assert_eq!(said(FORM, "{style: deepObject}", &number, &text), [FINE]);
    assert_eq!(said(FORM, "{contentType: application/json}", &number, &text), [CHANGED]);
}

/// No specification says how it is written.
#[test]
fn null_as_a_text() {
    let (with, without) = ("{type: [string, 'null']}", "{type: string}");
    for media in TEXTS {
        field(media, with, without, &["warning type-changed"], &[FINE]);
        field(media, without, with, &[FINE], &["warning type-changed"]);
    }
    let query = |schema: &str| {
        format!(
            "paths: {{/a: {{get: {{parameters: [{{name: q, in: query, schema: {schema}}}], responses: {{{OK}}}}}}}}}"
        )
    };
    api_says(&query(with), &query(without), &["warning type-changed"]);
    api_says(&query(without), &query(with), &[FINE]);
}

#[test]
fn headers_are_texts_in_both_directions() {
    let header = |schema: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{'200': {{description: d, headers: {{X: {{schema: {schema}}}}}}}}}}}}}}}"
        )
    };
    let (number, text, both) = ("{type: integer}", "{type: string}", "{type: [string, integer]}");
    api_says(&header(number), &header(text), &[CHANGED]);
    api_says(&header(text), &header(number), &[FINE]);
    api_says(&header(both), &header(text), &[]);
    api_says(&header(text), &header(both), &[]);
    api_says(&header("{enum: [1, 2]}"), &header("{enum: ['1']}"), &["info type-changed"]);
    api_says(&header("{enum: ['1']}"), &header("{enum: [1, 2]}"), &["error type-changed"]);
}

#[test]
fn what_is_only_read_or_written_is_left_out_of_forms_too() {
    let of = |access: &str, kind: &str| format!("{{type: {kind}, {access}: true}}");
    for media in TEXTS {
        field(media, &of("readOnly", "integer"), &of("readOnly", "object"), &[], &[CHANGED]);
        field(media, &of("writeOnly", "integer"), &of("writeOnly", "object"), &[CHANGED], &[]);
        field(media, &of("readOnly", "integer"), &of("readOnly", "string"), &[], &[CHANGED]);
        field(media, &of("writeOnly", "integer"), &of("writeOnly", "string"), &[FINE], &[]);
    }
}

#[test]
fn where_two_notations_meet_both_count() {
    let both = |kind: &str, media: &str| {
        let inner = format!("'{media}': {{schema: {{type: object, properties: {{p: {{type: {kind}}}}}}}}}");
        content(true, &inner, "")
    };
    // A range may be JSON.
    let found = findings(&both("integer", "application/xml"), &both("string", "*/*"));
    assert_eq!(found, ["info media-type-changed", CHANGED]);
    let found = findings(&both("integer", "text/xml"), &both("string", "text/*"));
    assert_eq!(found, ["info media-type-changed", FINE]);
}

/// A contract whose operations take or give one component, each in a media type.
fn shared(schema: &str, operations: &[(&str, bool)]) -> String {
    let media = |media: &str| format!("content: {{{media}: {{schema: {{$ref: '#/components/schemas/A'}}}}}}");
    let mut paths = String::new();
    for (at, (name, request)) in operations.iter().enumerate() {
        let operation = match request {
            true => format!("requestBody: {{{}}}, responses: {{{OK}}}", media(name)),
            false => format!("responses: {{'200': {{description: d, {}}}}}", media(name)),
        };
        paths.push_str(&format!("  /{at}: {{post: {{{operation}}}}}\n"));
    }
    api(&format!("paths:\n{paths}components: {{schemas: {{A: {schema}}}}}\n"))
}

/// What is told: verdict and rule, and what it means that for.
fn told(old: &str, new: &str) -> Vec<(String, Vec<String>)> {
    let load = |text: &str| Workspace::contract(&MemoryStore::new([("api.yaml", text)]), "api.yaml", "s").unwrap();
    let (old, new) = (load(old), load(new));
    let one = |change: compat::Change| {
        let of = |reach: &compat::Reach| compat::verdict(&change, reach.direction);
        let worst = change.reaches.iter().map(of).max().unwrap();
        let hit = change.reaches.iter().filter(|reach| of(reach) == worst);
        (format!("{worst:?} {}", compat::row(&change).id), hit.map(|reach| reach.subject.to_string()).collect())
    };
    compat::observe(&old.platform, &new.platform).into_iter().map(one).collect()
}

#[test]
fn what_json_and_xml_lead_to_is_one_finding() {
    let of = |kind: &str| format!("{{type: object, properties: {{p: {{type: {kind}}}}}}}");
    let operations = [("application/json", true), (XML, true), (FORM, true)];
    let found = told(&shared(&of("integer"), &operations), &shared(&of("string"), &operations));
    assert_eq!(found, [("BreaksConsumers type-changed".to_owned(), vec!["POST /0".to_owned()])]);
    let found = told(&shared(&of("integer"), &operations[1..]), &shared(&of("string"), &operations[1..]));
    assert_eq!(found, [("Compatible type-changed".to_owned(), vec!["POST /0".to_owned(), "POST /1".to_owned()])]);
    // What breaks in both notations names both.
    let found = told(&shared(&of("integer"), &operations), &shared(&of("object"), &operations));
    assert_eq!((found.len(), found[0].1.len()), (1, 3), "{found:?}");
    // In answers a text that was a number breaks whoever reads it.
    let operations = [("application/json", false), (XML, false), (XML, true)];
    let found = told(&shared(&of("integer"), &operations), &shared(&of("string"), &operations));
    assert_eq!(found, [("BreaksConsumers type-changed".to_owned(), vec!["POST /0".to_owned(), "POST /1".to_owned()])]);
}
