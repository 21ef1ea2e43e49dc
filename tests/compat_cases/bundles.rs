//! Documents that have schemas and no operations.

use crate::pairs::{api, api_says, findings};

fn bundle(schemas: &str) -> String {
    format!("components:\n  schemas:\n    {}", schemas.replace('\n', "\n    "))
}

#[test]
fn schemas_that_nothing_sends_are_both_sent_and_received() {
    let of = |inner: &str| bundle(&format!("Order: {{type: object, properties: {{total: {inner}}}}}"));
    let breaks = ["error constraint-changed"];
    api_says(&of("{type: number, minimum: 0}"), &of("{type: number}"), &breaks);
    api_says(&of("{type: number}"), &of("{type: number, minimum: 0}"), &breaks);
    api_says(&of("{type: number}"), &of("{type: number}"), &[]);
    let more = bundle("Order: {type: object, properties: {total: {type: number}, note: {type: string}}}");
    api_says(&of("{type: number}"), &more, &["info property-added"]);
    api_says(&more, &of("{type: number}"), &["error property-removed"]);
}

#[test]
fn one_that_is_gone_breaks_and_one_that_is_new_does_not() {
    let (one, two) = (bundle("A: {type: string}"), bundle("A: {type: string}\nB: {type: string}"));
    api_says(&one, &two, &["info shared-schema-changed"]);
    api_says(&two, &one, &["error shared-schema-changed"]);
}

#[test]
fn what_several_share_is_told_once() {
    let of = |inner: &str| {
        bundle(&format!(
            "A: {{properties: {{m: {{$ref: '#/components/schemas/M'}}}}}}\nB: {{items: {{$ref: '#/components/schemas/M'}}}}\nM: {{type: {inner}}}"
        ))
    };
    api_says(&of("string"), &of("integer"), &["error type-changed"]);
}

#[test]
fn beside_operations_a_schema_is_judged_by_what_it_is_sent_in() {
    let of = |inner: &str| {
        let paths = "paths: {/x: {get: {responses: {'200': {description: d}}}}}\n";
        api(&format!("{paths}{}", bundle(&format!("A: {{type: {inner}}}"))))
    };
    assert_eq!(findings(&of("string"), &of("integer")), Vec::<String>::new());
    assert_eq!(findings(&api(&bundle("A: {type: string}")), &of("string")), ["info operation-added"]);
}
