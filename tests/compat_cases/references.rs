//! References, anchors, and schemas that are resources of their own (`$id`).

use crate::pairs::says;

const CHANGED: &[&str] = &["error type-changed"];

/// Asserts that a change of the schema `INNER` is seen by way of a reference.
#[track_caller]
fn leads(components: &str) {
    let of = |inner: &str| components.replace("INNER", inner);
    says(&of("{type: string}"), &of("{type: integer}"), CHANGED, CHANGED);
    says(&of("{type: string}"), &of("{type: string}"), &[], &[]);
}

#[test]
fn a_fragment_is_relative_to_the_resource() {
    leads(
        "A: {$id: 'https://x.example/a', type: object, properties: {p: {$ref: '#/$defs/T'}}, $defs: {T: INNER}}\nT: {type: boolean}",
    );
    // Each resource has its own anchors.
    leads(
        "A: {$id: 'https://x.example/a', type: object, properties: {p: {$ref: '#t'}}, $defs: {T: {allOf: [INNER], $anchor: t}}}\nB: {$id: 'https://x.example/b', type: object, $anchor: t}",
    );
    // Written as if there were no resource, it still leads into the file.
    leads("A: {$id: 'https://x.example/a', type: object, properties: {p: {$ref: '#/components/schemas/T'}}}\nT: INNER");
}

#[test]
fn a_uri_leads_to_the_resource_that_has_it() {
    for reference in ["https://x.example/s/b", "b", "../s/b", "/s/b"] {
        leads(&format!(
            "A: {{$id: 'https://x.example/s/a', type: object, properties: {{p: {{$ref: '{reference}#/$defs/T'}}}}}}\nB: {{$id: 'https://x.example/s/b', $defs: {{T: INNER}}}}"
        ));
    }
    leads("A: {type: object, properties: {p: {$ref: user}}}\nB: {$id: user, allOf: [INNER]}");
}

#[test]
fn an_inlined_resource_is_no_change() {
    let apart = "A: {type: object, properties: {p: {$ref: 'https://x.example/b'}}}\nB: {$id: 'https://x.example/b', type: object, properties: {q: {$ref: '#/$defs/T'}}, $defs: {T: {type: string}}}";
    let inline = "A: {type: object, properties: {p: {type: object, properties: {q: {type: string}}}}}";
    says(apart, inline, &[], &[]);
    says(inline, apart, &[], &[]);
}

#[test]
fn a_dynamic_reference_that_may_lead_elsewhere_is_unknown() {
    let of = |inner: &str, other: &str| {
        format!(
            "A: {{type: object, properties: {{t: {{$dynamicRef: '#node'}}}}}}\nB: {{$dynamicAnchor: node, type: object, properties: {{v: {inner}}}}}\nC: {{{other}}}"
        )
    };
    let (old, new) = ("{type: string}", "{type: integer}");
    let doubt: &[&str] = &["warning schema-composition-changed"];
    let second = "$id: 'https://x.example/c', $dynamicAnchor: node, type: object";
    says(&of(old, second), &of(new, second), doubt, doubt);
    says(&of(old, second), &of(old, second), &[], &[]);
    // With one there is no doubt.
    says(&of(old, "type: object"), &of(new, "type: object"), CHANGED, CHANGED);
}
