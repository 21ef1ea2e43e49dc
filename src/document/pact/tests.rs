use super::*;
use crate::source::{MemoryStore, Sources, load};

fn read(text: &str) -> (Sources, PactFile) {
    let sources = load(&MemoryStore::new([("pacts/p.json", text)]), &|_| true).unwrap();
    let pact = PactFile::read(&sources, sources.id_of("pacts/p.json").unwrap(), None);
    (sources, pact)
}

fn paths(fields: &Option<Vec<Located<FieldPath>>>) -> Vec<String> {
    fields.iter().flatten().map(|field| field.value.to_string()).collect()
}

fn names(names: &[Located<String>]) -> Vec<&str> {
    names.iter().map(Located::as_str).collect()
}

fn http(pact: &PactFile) -> &Http {
    match &pact.interactions[0].exchange {
        Exchange::Http(http) => http,
        Exchange::Messages { .. } => panic!("messages"),
    }
}

fn messages(pact: &PactFile) -> &[Message] {
    match &pact.interactions[0].exchange {
        Exchange::Messages { messages, .. } => messages,
        Exchange::Http(_) => panic!("http"),
    }
}

const V2: &str = r#"{"consumer": {"name": "web"}, "provider": {"name": "user-service"}, "interactions": [{
  "description": "a search",
  "request": {"method": "post", "path": "/users", "query": "limit=10&sort%5Bby%5D=name", "headers": {"X-Id": "1"},
    "body": {"name": "Ada", "tags": ["a", "b"]}},
  "response": {"status": 200, "headers": {"ETag": "x"},
    "body": {"items": [{"id": 1, "address": {"city": "Bonn"}}], "prices": {"eur": {"amount": 3}}, "extra": {}},
    "matchingRules": {"$.body.items": {"min": 1}, "$.body.items[*].*": {"match": "type"},
      "$.body.prices.*.amount": {"match": "type"}, "$.body.next": {"match": "type"}, "$.headers.Link": {"match": "regex"}}}}],
  "metadata": {"pactSpecification": {"version": "2.0.0"}}}"#;

#[test]
fn version_2_has_flat_rules_and_a_query_of_text() {
    let (sources, pact) = read(V2);
    assert_eq!(pact.faults, []);
    let http = http(&pact);
    assert_eq!((http.method.as_str(), http.path.as_str()), ("post", "/users"));
    assert_eq!(names(&http.query), ["limit", "sort[by]"]);
    assert_eq!((names(&http.headers), names(&http.response_headers)), (vec!["X-Id"], vec!["ETag", "Link"]));
    assert_eq!(paths(&http.sent), ["name", "tags[]"]);
    let read = ["items[].id", "items[].address.city", "prices.*.amount", "extra", "next"];
    assert_eq!(paths(&http.received), read, "in the order of the file, a map's keys left open");
    assert_eq!(http.status.as_ref().unwrap().value, "200");
    let city = http.received.as_ref().unwrap()[1].route;
    assert_eq!(&sources.file(pact.file).text[sources.span(city).range()], "\"city\"");
}

#[test]
fn a_rule_leaves_open_the_keys_before_each_of_its_stars_and_no_others() {
    let (_, pact) = read(
        r#"{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [{"request": {"method": "GET", "path": "/"},
          "response": {"status": 200, "body": {"a": {"x": {"b": {"y": {"c": 1}}}}, "b": {"z": 1}, "d": {"k": 1}},
            "matchingRules": {"$.body.a.*.b.*.c": {"match": "type"}, "$.body.d": {"match": "values"}}}}]}"#,
    );
    assert_eq!(paths(&http(&pact).received), ["a.*.b.*.c", "b.z", "d.*"]);
}

#[test]
fn version_3_has_a_query_of_lists_and_messages() {
    let (_, pact) = read(
        r#"{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [{"description": "x",
        "request": {"method": "GET", "path": "/users", "query": {"limit": ["10"]},
          "matchingRules": {"query": {"offset": {"matchers": [{"match": "integer"}]}}}},
        "response": {"status": 200, "body": [{"id": 1}, {"id": 2}],
          "matchingRules": {"body": {"$[*].name": {"matchers": [{"match": "type"}]}}}}}]}"#,
    );
    let http = http(&pact);
    assert_eq!(names(&http.query), ["limit", "offset"]);
    assert_eq!(paths(&http.received), ["[].id", "[].name"]);
    assert!(http.sent.is_none());
    let (_, pact) = read(
        r#"{"consumer": {"name": "a"}, "provider": {"name": "b"}, "messages": [{"description": "an order",
        "contents": {"eventType": "order.created", "data": {"byKey": {"k": 1}}}, "metaData": {"topic": "orders"},
        "matchingRules": {"body": {"$.data.byKey": {"matchers": [{"match": "values"}]}}}}]}"#,
    );
    let message = &messages(&pact)[0];
    assert_eq!(names(&message.names), ["order.created", "orders", "an order"]);
    assert_eq!(paths(&message.fields), ["eventType", "data.byKey.*"]);
}

#[test]
fn version_4_wraps_bodies_and_names_its_types() {
    let (_, pact) = read(
        r#"{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [
        {"type": "Synchronous/HTTP", "description": "x", "request": {"method": "GET", "path": "/x"},
         "response": {"status": 204, "headers": {"ETag": ["1"]},
           "body": {"contentType": "application/json", "encoded": false, "content": {"id": null}}}},
        {"type": "Asynchronous/Messages", "description": "y", "metadata": {"eventType": "a.b"},
         "contents": {"contentType": "application/json", "content": {"n": 1}}},
        {"type": "Synchronous/Messages", "description": "z", "request": {"contents": {"content": {"q": 1}}},
         "response": [{"contents": {"content": {"r": 1}}, "metadata": {"name": "a.c"}}]}],
        "metadata": {"pactSpecification": {"version": "4.0"}}}"#,
    );
    assert_eq!(pact.faults, []);
    assert_eq!(paths(&http(&pact).received), ["id"]);
    let of = |at: usize| match &pact.interactions[at].exchange {
        Exchange::Messages { messages, answers } => {
            (names(&messages[0].names).join(" "), paths(&messages[0].fields), *answers)
        }
        Exchange::Http(_) => panic!("http"),
    };
    assert_eq!(of(1), ("a.b y".to_owned(), vec!["n".to_owned()], false));
    assert_eq!(of(2), ("a.c z".to_owned(), vec!["r".to_owned()], true));
}

#[test]
fn what_is_not_as_specified_is_said() {
    let said = |text: &str| -> Vec<String> { read(text).1.faults.into_iter().map(|fault| fault.message).collect() };
    assert_eq!(said("[]"), ["the file holds no object"]);
    assert!(said("{").is_empty(), "the syntax is for another rule");
    let none =
        ["`consumer.name` is missing", "`provider.name` is missing", "it has neither `interactions` nor `messages`"];
    assert_eq!(said("{}"), none);
    let text = |rest: &str| format!(r#"{{"consumer": {{"name": "a"}}, "provider": {{"name": "b"}}, {rest}}}"#);
    for (rest, expected) in [
        (r#""interactions": {}"#, "`interactions` is no list"),
        (r#""interactions": [3]"#, "an interaction is no object"),
        (r#""interactions": [{"response": {}}]"#, "an interaction has no `request`"),
        (r#""interactions": [{"request": {"method": "GET"}, "response": {}}]"#, "a request has no `path`"),
        (r#""interactions": [{"request": {"method": "GET", "path": "/"}}]"#, "an interaction has no `response`"),
        (r#""interactions": [{"type": "Fax"}]"#, "`Fax` is no type of an interaction"),
        (
            r#""interactions": [{"request": {"method": "GET", "path": "/"}, "response": {"status": "ok"}}]"#,
            "`ok` is no status code",
        ),
        (
            r#""interactions": [], "metadata": {"pactSpecification": {"version": "5.0"}}"#,
            "version `5.0` of the specification is not known; 1 to 4 are",
        ),
    ] {
        assert_eq!(said(&text(rest)), [expected], "{rest}");
    }
}

#[test]
fn a_large_body_is_told_apart_up_to_a_bound() {
    let fields: Vec<String> = (0..30_000).map(|n| format!("\"f{n}\": [{n}]")).collect();
    let rows = vec!["{\"a\": 1}"; 50_000].join(",");
    let (_, pact) = read(&format!(
        r#"{{"consumer": {{"name": "a"}}, "provider": {{"name": "b"}}, "messages": [
        {{"contents": {{{}}}}}, {{"contents": [{rows}]}}]}}"#,
        fields.join(",")
    ));
    assert_eq!(messages(&pact)[0].fields.as_ref().unwrap().len(), 2000);
}

#[test]
fn what_lies_deep_is_used_as_a_whole() {
    let (before, behind) = ("{\"a\":".repeat(400), "}".repeat(400));
    let long = "n".repeat(2000);
    let (_, pact) = read(&format!(
        r#"{{"consumer": {{"name": "a"}}, "provider": {{"name": "b"}}, "messages": [
        {{"contents": {before}{{"b": 1, "c": 2}}{behind}}}, {{"contents": {{"{long}": {{"b": 1, "c": 2}}}}}}]}}"#
    ));
    let steps = |at: usize| match &pact.interactions[at].exchange {
        Exchange::Messages { messages, .. } => {
            messages[0].fields.iter().flatten().map(|field| field.value.steps.len()).collect::<Vec<_>>()
        }
        Exchange::Http(_) => panic!("http"),
    };
    assert_eq!((steps(0), steps(1)), (vec![30], vec![1]));
}
