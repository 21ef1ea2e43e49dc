//! Objects that are sent as several query parameters.

use crate::pairs::api_says;

fn query(parameters: &[&str]) -> String {
    let list = parameters.join("}, {in: query, ");
    let list = if list.is_empty() { list } else { format!("{{in: query, {list}}}") };
    format!("paths: {{/s: {{get: {{parameters: [{list}], responses: {{'200': {{description: d}}}}}}}}}}")
}

const ONE: &str =
    "name: filter, schema: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}";
const A: &str = "name: a, schema: {type: string}";
const B: &str = "name: b, schema: {type: integer}";

#[test]
fn an_exploded_object_is_its_properties() {
    let (one, several) = (query(&[ONE]), query(&[A, B]));
    api_says(&one, &several, &[]);
    api_says(&several, &one, &[]);
    api_says(&one, &query(&[&ONE.replace("filter", "options")]), &[]);
    api_says(&one, &query(&["name: a, schema: {type: integer}", B]), &["error type-changed"]);
    api_says(&one, &query(&[A]), &["warning parameter-removed"]);
    api_says(
        &several,
        &query(&[&ONE.replace("schema", "required: true, schema")]),
        &["error parameter-requiredness-changed"],
    );
}

#[test]
fn an_object_in_brackets_is_its_properties_with_its_name() {
    let deep = query(&[&ONE.replace("schema", "style: deepObject, schema")]);
    let several = query(&[&A.replace("name: a", "name: 'filter[a]'"), &B.replace("name: b", "name: 'filter[b]'")]);
    api_says(&deep, &several, &[]);
    api_says(&several, &deep, &[]);
    api_says(
        &query(&[A, B]),
        &deep,
        &["warning parameter-removed", "warning parameter-removed", "info parameter-added"],
    );
}

#[test]
fn an_object_in_one_text_is_one_parameter() {
    let joined = query(&[&ONE.replace("schema", "explode: false, schema")]);
    let told = ["warning parameter-removed", "info parameter-added", "info parameter-added"];
    api_says(&joined, &query(&[A, B]), &told);
    api_says(&query(&[ONE]), &query(&[]), &["warning parameter-removed"]);
}
