//! What operations ask for and are called by, and who is let in.

use agentspec::compat;
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;

use crate::pairs::{api, api_says, findings};

#[test]
fn paths_are_what_a_client_calls() {
    let ok = "get: {responses: {'200': {description: d}}}";
    api_says(&format!("paths: {{'/a/{{id}}': {{{ok}}}}}"), &format!("paths: {{'/a/{{key}}': {{{ok}}}}}"), &[]);
    let moved = format!("servers: [{{url: 'https://h/v1'}}]\npaths: {{/a: {{{ok}}}}}");
    let written = format!("servers: [{{url: 'https://h'}}]\npaths: {{/v1/a: {{{ok}}}}}");
    api_says(&moved, &written, &[]);
    api_says(&written, &moved, &[]);
    let elsewhere = written.replace("//h", "//g");
    api_says(&moved, &elsewhere, &["warning server-changed", "info server-changed"]);
    let other = format!("servers: [{{url: 'https://h/v2'}}]\npaths: {{/a: {{{ok}}}}}");
    assert!(findings(&api(&moved), &api(&other)).contains(&"error base-path-changed".to_owned()));
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
fn callbacks_are_followed_as_deep_as_they_go() {
    let ok = "responses: {'200': {description: d}}";
    let deep = |inner: &str| {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {inner}}}}}}}");
        (0..5).fold(format!("post: {{{body}, {ok}}}"), |within, level| {
            format!("post: {{callbacks: {{c{level}: {{'{{$request.body#/u}}': {{{within}}}}}}}, {ok}}}")
        })
    };
    let with = |inner: &str| format!("paths: {{/a: {{{}}}}}", deep(inner));
    let (wide, narrow) = (with("{type: string}"), with("{type: string, maxLength: 5}"));
    // Five times the other way round.
    api_says(&wide, &narrow, &["info constraint-changed"]);
    api_says(&narrow, &wide, &["error constraint-changed"]);
    let hook = |inner: &str| format!("webhooks: {{w: {{{}}}}}", deep(inner));
    api_says(&hook("{type: string}"), &hook("{type: string, maxLength: 5}"), &["error constraint-changed"]);
}

/// What leads back to itself is read once.
#[test]
fn a_callback_that_holds_itself() {
    let with = |inner: &str| {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {inner}}}}}}}");
        let post = format!(
            "post: {{{body}, callbacks: {{c: {{u: {{$ref: '#/components/pathItems/P'}}}}}}, responses: {{'200': {{description: d}}}}}}"
        );
        format!("paths: {{/a: {{$ref: '#/components/pathItems/P'}}}}\ncomponents: {{pathItems: {{P: {{{post}}}}}}}")
    };
    let found = findings(&api(&with("{type: string}")), &api(&with("{type: integer}")));
    assert_eq!(found, ["error type-changed"]);
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
    // Both are bearer tokens; which ones are taken, no contract says.
    api_says(&with("[{o: [read]}]"), &with("[{b: []}]"), &["warning security-changed"]);
    api_says(&with("[{o: [read], k: []}]"), &with("[{b: []}]"), &["warning security-changed"]);
    api_says(&with("[{o: [read]}]"), &with("[{b: [], k: []}]"), &["error security-changed"]);
    api_says(&with("[{o: [read]}]"), &with("[{k: []}]"), &["error security-changed"]);
}

#[test]
fn a_scheme_that_is_another_under_the_same_name_is_told_apart() {
    let with = |scheme: &str| {
        let text = api(&format!(
            "security: [{{s: []}}]\npaths: {{/a: {{get: {{responses: {{'200': {{description: d}}}}}}}}}}\ncomponents: {{securitySchemes: {{s: {scheme}}}}}"
        ));
        Workspace::contract(&MemoryStore::new([("api.yaml", text.as_str())]), "api.yaml", "s").unwrap()
    };
    let (old, new) = (with("{type: http, scheme: basic}"), with("{type: oauth2, flows: {}}"));
    let change = compat::observe(&old.platform, &new.platform).remove(0);
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("s, http basic"), Some("s, oauth2")));
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
fn extensions_are_told_and_break_nobody() {
    let of = |document: &str, operation: &str, parameter: &str| {
        format!(
            "{document}\npaths: {{/a: {{get: {{{operation}parameters: [{{name: q, in: query, schema: {{}}{parameter}}}], responses: {{'200': {{description: d}}}}}}}}}}"
        )
    };
    let plain = of("x-team: a", "x-rate: {limit: 1, per: s}, ", ", x-unit: km");
    let info = "info extension-changed";
    api_says(&plain, &of("x-team: a", "x-rate: {per: s, limit: 1.0}, ", ", x-unit: km"), &[]);
    api_says(&plain, &of("x-team: b", "x-rate: {limit: 2, per: s}, ", ", x-unit: mi"), &[info; 3]);
    api_says(&plain, &of("", "", ""), &[info; 3]);
    api_says(&of("", "", ""), &plain, &[info; 3]);
}
