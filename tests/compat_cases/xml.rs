//! `xml`: what values are called in XML, and whether they are elements or attributes.

use crate::pairs::{api, findings};

/// A contract whose request and answer have a schema in a media type.
fn with(media: &str, schema: &str) -> String {
    with_components(media, "{$ref: '#/components/schemas/A'}", &format!("A: {schema}"))
}

fn with_components(media: &str, schema: &str, components: &str) -> String {
    let content = format!("content: {{{media}: {{schema: {schema}}}}}");
    let operation = format!("requestBody: {{{content}}}, responses: {{'200': {{description: d, {content}}}}}");
    api(&format!("paths: {{/a: {{post: {{{operation}}}}}}}\ncomponents: {{schemas: {{{components}}}}}"))
}

/// A property `p` of a schema with this said of it.
fn field(said: &str) -> String {
    format!("{{type: object, properties: {{p: {{type: string, {said}}}, o: {{type: string}}}}}}")
}

/// Asserts what is said there and back.
#[track_caller]
fn says(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(findings(old, new), expected, "{old} {new}");
    assert_eq!(findings(new, old), expected, "back: {old} {new}");
}

const XML: &str = "application/xml";
const BREAKS: &[&str] = &["error encoding-changed"];

#[track_caller]
fn fields(old: &str, new: &str, expected: &[&str]) {
    says(&with(XML, &field(old)), &with(XML, &field(new)), expected);
    says(&with("text/xml", &field(old)), &with("text/xml", &field(new)), expected);
    // Nobody writes these as XML.
    for media in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
        says(&with(media, &field(old)), &with(media, &field(new)), &[]);
    }
}

#[test]
fn names_of_elements() {
    fields("xml: {name: a}", "xml: {name: b}", BREAKS);
    fields("", "xml: {name: b}", BREAKS);
    fields("", "xml: {}", &[]);
}

#[test]
fn a_default_that_is_written_out() {
    fields("", "xml: {name: p}", &[]);
    fields("", "xml: {attribute: false, wrapped: false}", &[]);
    fields("xml: {name: p, wrapped: true}", "", &[]);
    fields("xml: {attribute: true}", "xml: {nodeType: attribute}", &[]);
    fields("xml: {nodeType: element}", "", &[]);
}

#[test]
fn attributes_namespaces_and_node_types() {
    fields("", "xml: {attribute: true}", BREAKS);
    fields("", "xml: {nodeType: text}", BREAKS);
    fields("", "xml: {namespace: 'urn:a'}", BREAKS);
    fields("xml: {namespace: 'urn:a'}", "xml: {namespace: 'urn:b'}", BREAKS);
    fields("xml: {prefix: a}", "xml: {prefix: b}", BREAKS);
    // A prefix stands for its namespace.
    fields("xml: {namespace: 'urn:a', prefix: a}", "xml: {namespace: 'urn:a', prefix: b}", &["info encoding-changed"]);
}

#[test]
fn lists_are_wrapped_or_not() {
    let list = |own: &str, item: &str| {
        let list = format!("{{type: array, {own}, items: {{type: string, {item}}}}}");
        with(XML, &format!("{{type: object, properties: {{p: {list}}}}}"))
    };
    let (plain, wrapped) = ("xml: {}", "xml: {wrapped: true}");
    says(&list(plain, ""), &list(wrapped, ""), BREAKS);
    says(&list(wrapped, ""), &list("xml: {wrapped: true, name: p}", ""), &[]);
    says(&list(wrapped, ""), &list("xml: {wrapped: true, name: q}", ""), BREAKS);
    // What is no element has no name, and items are called like the property.
    says(&list(plain, ""), &list("xml: {name: q}", ""), &[]);
    says(&list(plain, ""), &list(plain, "xml: {name: p}"), &[]);
    says(&list(plain, ""), &list(plain, "xml: {name: q}"), BREAKS);
}

#[test]
fn components_are_called_by_what_they_stand_in() {
    let components = |said: &str| format!("Pet: {{type: object, {said}}}");
    let held = |said: &str| {
        let holder = "{type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}";
        with_components(XML, holder, &components(said))
    };
    says(&held(""), &held("xml: {name: pet}"), &[]);
    says(&held(""), &held("xml: {name: Pet}"), BREAKS);
    let alone = |said: &str| with_components(XML, "{$ref: '#/components/schemas/Pet'}", &components(said));
    says(&alone(""), &alone("xml: {name: Pet}"), &[]);
    says(&alone(""), &alone("xml: {name: pet}"), BREAKS);
}

/// What differs besides is told besides.
#[test]
fn a_name_explains_no_difference_of_values() {
    let (old, new) = (field("xml: {name: a}, maxLength: 5"), field("xml: {name: b}, maxLength: 3"));
    let found = findings(&with(XML, &old), &with(XML, &new));
    assert_eq!(found, ["error encoding-changed", "error constraint-changed"]);
}
