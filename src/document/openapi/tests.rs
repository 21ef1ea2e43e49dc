use super::*;
use crate::source::{MemoryStore, load};

const PATH: &str = "services/orders/contracts/api-spec.yaml";

fn sources(files: &[(&str, &str)]) -> Sources {
    load(&MemoryStore::new(files.iter().map(|&(path, text)| (path, text.as_bytes()))), &|path| path == PATH).unwrap()
}

fn read(sources: &Sources) -> OpenApi {
    OpenApi::read(sources, sources.id_of(PATH).unwrap()).unwrap()
}

fn messages(text: &str) -> Vec<String> {
    let sources = sources(&[(PATH, text)]);
    read(&sources).violations.kept.iter().map(|violation| violation.message(&sources)).collect()
}

const ORDERS: &str = "
openapi: 3.1.1
info: {title: Orders, version: '1'}
security: [{bearer: []}]
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: trace, in: header, schema: {type: string}}
    get:
      operationId: getOrder
      parameters:
        - {name: Trace, in: header, required: true, schema: {type: string}}
      responses:
        '200': {$ref: 'shared.yaml#/Ok'}
        default: {description: A problem}
    post:
      security: []
      responses: {4XX: {description: No}}
      callbacks:
        done:
          '{$request.body#/url}':
            post: {responses: {'200': {description: Thanks}}}
webhooks:
  paid:
    post: {responses: {'200': {description: Thanks}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    unused: {type: http, scheme: digest}
  schemas:
    Order: {type: object, properties: {parts: {type: array, items: {$ref: '#/components/schemas/Part'}}}}
    Part: {type: object, properties: {of: {$ref: '#/components/schemas/Order'}}}
    Lost: {$ref: '#/components/schemas/Order'}
";

const SHARED: &str = "
Ok:
  description: The order
  content:
    application/json:
      schema: {$ref: 'api-spec.yaml#/components/schemas/Order/properties/parts'}
";

#[test]
fn operations_come_with_what_holds_for_them() {
    let sources = sources(&[(PATH, ORDERS), ("services/orders/contracts/shared.yaml", SHARED)]);
    let document = read(&sources);
    assert_eq!((document.version, document.violations.kept.len()), (Some(Version::V31), 0));
    let api = document.view(&sources);
    let labels: Vec<String> = api.all_operations().map(Operation::label).collect();
    assert_eq!(labels, ["GET /orders/{id}", "POST /orders/{id}", "POST paid", "POST {$request.body#/url}"]);
    let operations: Vec<Operation<'_>> = api.operations().collect();
    let get = operations[0];
    let parameters: Vec<(&str, bool)> = get.parameters().iter().map(|p| (p.name(), p.own)).collect();
    assert_eq!(parameters, [("Trace", true), ("id", false)]);
    let responses: Vec<(&str, Option<&str>)> =
        get.responses().map(|(status, response)| (status, response.text("description"))).collect();
    assert_eq!(responses, [("200", Some("The order")), ("default", Some("A problem"))]);
    assert_eq!((get.id(), get.is_secured(), operations[1].is_secured()), (Some("getOrder"), true, false));
    assert!(operations[1].declares_any(&["4xx"]) && !operations[1].declares_any(&["default"]));
}

#[test]
fn a_component_is_used_when_a_path_reaches_it() {
    let sources = sources(&[(PATH, ORDERS), ("services/orders/contracts/shared.yaml", SHARED)]);
    let document = read(&sources);
    let api = document.view(&sources);
    let used: Vec<(&str, bool)> = document.components.iter().map(|c| (api.name_of(c), c.used)).collect();
    assert_eq!(used, [("bearer", true), ("unused", false), ("Order", true), ("Part", true), ("Lost", false)]);
}

#[test]
fn each_object_is_visited_once() {
    let sources = sources(&[(PATH, ORDERS), ("services/orders/contracts/shared.yaml", SHARED)]);
    let document = read(&sources);
    let mut seen = std::collections::BTreeSet::new();
    let schemas = document.objects(ObjectType::Schema);
    assert!(schemas.iter().all(|key| seen.insert(*key)));
    let with: Vec<&str> =
        document.view(&sources).schemas_with(&["items"]).filter_map(|schema| schema.text("type")).collect();
    assert_eq!(with, ["array"]);
}

#[test]
fn values_that_illustrate_are_not_walked() {
    let text = "
openapi: 3.1.1
info: {title: T, version: '1', x-any: {$ref: nowhere}}
paths: {}
components:
  schemas:
    A:
      const: {$ref: nowhere}
      enum: [{$ref: nowhere}]
      default: {$ref: nowhere}
      examples: [{type: 7}]
  examples:
    E: {value: {$ref: nowhere}}
";
    let sources = sources(&[(PATH, text)]);
    let document = read(&sources);
    assert!(document.references.is_empty() && document.violations.kept.is_empty());
}

#[test]
fn departures_from_the_structure_are_named() {
    let text = "
openapi: 3.0.4
info: {title: 7, version: '1', summary: S}
paths: {orders: {get: {$ref: x.yaml}}}
components:
  schemas:
    'a b': {type: strin, patternProperties: {}, minLength: -1, required: [a, a]}
  parameters:
    P: {name: p, in: path, style: form, schema: {$ref: '#/components/responses/R'}}
  responses:
    R: {content: []}
  securitySchemes:
    S: {type: apiKey, name: k}
    M: {type: mutualTLS}
";
    assert_eq!(
        messages(text),
        [
            "`title` must be a string, and is a number",
            "`summary` is a field of OpenAPI 3.1, and this document is 3.0",
            "`orders` must be a path that starts with `/`",
            "a `$ref` cannot stand in place of an operation",
            "`a b` must be a name of letters, digits, `.`, `-` and `_`",
            "`type` cannot be `strin`",
            "`patternProperties` is a field of OpenAPI 3.1, and this document is 3.0",
            "`minLength` must be an integer, 0 or more, and is a number",
            "`a` stands twice in this list",
            "`style` cannot be `form`",
            "this reference must name a schema, and names a response",
            "`content` must be an object, and is a list",
            "A response has no `description`",
            "A security scheme has no `in`",
            "`type` cannot be `mutualTLS`",
        ]
    );
}

#[test]
fn versions_are_exact() {
    for (text, version) in [
        ("3.0.0", Some(Version::V30)),
        ("3.1.1-rc1", Some(Version::V31)),
        ("3.1", None),
        ("3.2.0", None),
        ("3.0.x", None),
        ("2.0", None),
    ] {
        assert_eq!(Version::of(text), version, "{text}");
    }
}

#[test]
fn long_chains_and_rings_end() {
    let mut text = String::from("openapi: 3.0.4\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n");
    for n in 0..5000 {
        text.push_str(&format!("    S{n}: {{$ref: '#/components/schemas/S{}'}}\n", (n + 1) % 5000));
    }
    let sources = sources(&[(PATH, &text)]);
    let document = read(&sources);
    assert_eq!((document.references.len(), document.components.len()), (5000, 5000));
    assert!(document.objects(ObjectType::Schema).is_empty());
}

#[test]
fn what_an_alias_stands_for_has_the_key_of_the_alias() {
    let text =
        "x-p: &p\n  description: p\npaths:\n  /a:\n    get:\n      responses: {'200': *p, '400': {description: x}}\n";
    let sources = sources(&[(PATH, text)]);
    let root = Object::new(
        &sources,
        sources.key(sources.id_of(PATH).unwrap(), sources.root(sources.id_of(PATH).unwrap()).unwrap()),
    );
    let responses = ["paths", "/a", "get", "responses"].iter().try_fold(root, |object, name| object.at(name)).unwrap();
    let shown = |object: Object<'_>| {
        let route = object.key_route();
        (text[sources.span(route).range()].to_owned(), sources.pointer(route).unwrap().text().to_string())
    };
    let of = |status: &str| ("'".to_owned() + status + "'", format!("/paths/~1a/get/responses/{status}"));
    assert_eq!(responses.entries().map(|(_, response)| shown(response)).collect::<Vec<_>>(), [of("200"), of("400")]);
    assert_eq!(shown(responses.at("200").unwrap()), of("200"));
}
