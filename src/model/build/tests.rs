//! Whole platforms in memory, built into models.

use crate::document::read::{read, wanted};
use crate::model::{Graph, Keyword, ParameterLocation, Platform, Schema, SchemaId, Types, build, lower_schemas};
use crate::source::{MemoryStore, Store, load};

fn platform(files: &[(&str, &str)]) -> Platform {
    let store = MemoryStore::new(files.iter().copied());
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &store.list().unwrap());
    let mut platform = build(&sources, &documents);
    lower_schemas(&sources, &documents, &mut platform);
    platform
}

fn edges(platform: &Platform) -> Vec<String> {
    let show = |edge: &crate::model::Dependency| {
        format!("{} {:?} {} {}", edge.consumer, edge.kind, edge.provider, edge.uses.join(" "))
    };
    platform.dependencies.iter().map(|edge| show(edge).trim_end().to_owned()).collect()
}

const API: &str = "openapi: 3.1.0\nservers: [{url: 'https://x.test/base/'}]\nsecurity: [{a: [], b: [read]}, {}]\n\
    paths:\n  /users/{id}:\n    parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: q, in: query}]\n    \
    get:\n      operationId: getUser\n      parameters: [{name: q, in: query, required: true, style: pipeDelimited}]\n      \
    responses: {'200': {$ref: '#/components/responses/Ok'}}\n    delete: {responses: {}, security: []}\n\
    components:\n  responses:\n    Ok: {description: fine, content: {application/json: {schema: {type: integer}}}, headers: {X-A: {required: true}}}\n  \
    securitySchemes:\n    a: {type: http, scheme: Bearer, bearerFormat: JWT}\n    b: {type: oauth2, flows: {implicit: {scopes: {write: w, read: r}}}}\n";

#[test]
fn contracts_are_read_with_their_references() {
    let platform = platform(&[("services/user-service/contracts/openapi.yaml", API)]);
    let api = platform.services[0].api.as_ref().unwrap();
    assert_eq!(api.base_path, "/base");
    let [get, delete] = api.operations.as_slice() else { panic!("{:?}", api.operations) };
    assert_eq!(
        (get.id.as_str(), get.named, delete.id.as_str(), delete.named),
        ("getUser", true, "DELETE /users/{id}", false)
    );
    let parameters: Vec<_> =
        get.parameters.iter().map(|p| (p.name.as_str(), p.location, p.required, p.style.as_str(), p.explode)).collect();
    let expected = [
        ("id", ParameterLocation::Path, true, "simple", false),
        ("q", ParameterLocation::Query, true, "pipeDelimited", false),
    ];
    assert_eq!(parameters, expected);
    assert!(!delete.parameters[1].required && delete.parameters[1].explode);
    let response = &get.responses[0];
    assert_eq!((response.status.as_str(), response.description.as_str()), ("200", "fine"));
    assert_eq!(response.origin.pointer, Some("/components/responses/Ok".into()));
    assert!(response.headers[0].required && response.content[0].schema.is_some());
    assert_eq!((get.security.len(), get.security[0][1].scopes[0].as_str(), delete.security.len()), (2, "read", 0));
    let json = serde_json::to_value(&api.security_schemes).unwrap();
    assert_eq!(json[0]["scheme"], "bearer");
    assert_eq!(json[1]["scopes"], serde_json::json!(["read", "write"]));
}

#[test]
fn a_purpose_names_operations_that_the_provider_has() {
    let cases = [
        ("Users (`GET /users/{id}`) | |", "getUser"),
        ("Users, when somebody calls `POST /orders` | |", ""),
        ("Users (`GET /users/{id}`) | `DELETE /users/{id}` |", "DELETE /users/{id}"),
    ];
    for (cells, uses) in cases {
        let spec = format!("## Upstream\n| Service | Purpose | API |\n|---|---|---|\n| User Service | {cells}\n");
        let platform = platform(&[
            ("services/user-service/contracts/openapi.yaml", API),
            ("services/a-service/specs/001-a/spec.md", &spec),
        ]);
        let expected = format!("a-service Synchronous user-service {uses}");
        assert_eq!(edges(&platform), [expected.trim_end()], "{cells}");
        assert_eq!(platform.services[0].upstream[0].operations.len(), usize::from(!uses.is_empty()), "{cells}");
    }
}

#[test]
fn a_row_names_operations_in_every_form() {
    let cases = [
        ("`GET /users/{userId}`", "getUser"),
        ("GET /users/:id", "getUser"),
        ("get /base/users/{x}/", "getUser"),
        ("/users/{id}", "getUser DELETE /users/{id}"),
        ("getUser", "getUser"),
        ("GET /nowhere", ""),
        ("the user API", ""),
        ("", ""),
    ];
    for (cell, uses) in cases {
        let spec = format!("## Upstream\n| Service | API |\n|---|---|\n| User Service | {cell} |\n");
        let platform = platform(&[
            ("services/user-service/contracts/openapi.yaml", API),
            ("services/a-service/specs/001-a/spec.md", &spec),
        ]);
        let expected = format!("a-service Synchronous user-service {uses}");
        assert_eq!(edges(&platform), [expected.trim_end()], "{cell}");
    }
}

#[test]
fn only_known_upstreams_and_published_events_are_edges() {
    let a = "## Overview\n**Service Name:** alpha\n## Upstream\n| Service |\n|---|\n| gamma |\n| b-service |\n## Downstream\n\
        | Service |\n|---|\n| c-service |\n## Events Consumed\n### x.y.z\n**From:** b-service\n### nobody.says.this\n";
    let b = "## Events Published\n### x.y.z\n## Upstream\n- alpha: whatever\n## Events Consumed\n### x.y.z\n";
    let platform = platform(&[
        ("services/a-service/specs/001-a/spec.md", a),
        ("services/b-service/specs/001-b/spec.md", b),
        ("services/c-service/README.md", ""),
    ]);
    let expected = [
        "a-service Synchronous b-service",
        "a-service Asynchronous b-service x.y.z",
        "b-service Synchronous a-service",
    ];
    assert_eq!(edges(&platform), expected);
    let event = platform.event("nobody.says.this").unwrap();
    assert!(event.publishers.is_empty() && event.definitions.is_empty());
    assert_eq!(Graph::new(&platform).synchronous_cycles(), [["a-service", "b-service"]]);
}

#[test]
fn event_definitions_are_joined() {
    let spec = "## Events Published\n### a.b.one\n**Payload:**\n- x\n**Consumers:** c-service\n### a.b.two (v2)\n### a.b.shared\n\
        ## Events Consumed\n### o.o.o\n";
    let events = "events:\n- {eventType: a.b.one, version: v1, schema: {type: object}, consumers: [d-service]}\n\
        - {eventType: a.b.two, version: v1}\n- {eventType: a.b.two, version: '2'}\n- {eventType: o.o.o, version: v1}\n";
    let shared = "- {eventType: a.b.shared}\n- {eventType: p.p.p, publisher: b-service}\n- {eventType: q.q.q}\n";
    let platform = platform(&[
        ("services/a-service/specs/001-a/spec.md", spec),
        ("services/a-service/contracts/events/e.yaml", events),
        ("services/b-service/specs/001-b/spec.md", "## Overview\n"),
        ("shared/contracts/events/s.yaml", shared),
    ]);
    let show = |definition: &crate::model::EventDefinition| {
        let from = match (&definition.spec, &definition.contract) {
            (Some(_), Some(_)) => "both",
            (Some(_), None) => "spec",
            _ => "contract",
        };
        format!("{} {} {from}", definition.name, definition.version.as_deref().unwrap_or("-"))
    };
    let published: Vec<_> = platform.services[0].publishes.iter().map(show).collect();
    assert_eq!(published, ["a.b.one v1 both", "a.b.two 2 both", "a.b.shared - both", "a.b.two v1 contract"]);
    assert_eq!(platform.services[1].publishes[0].name, "p.p.p");
    let one = platform.event("a.b.one").unwrap();
    assert_eq!(one.declared_consumers, ["c-service", "d-service"]);
    assert!(one.definitions[0].schema.is_some());
    let publishers = |name: &str| platform.event(name).unwrap().publishers.clone();
    assert_eq!((publishers("o.o.o").len(), publishers("q.q.q").len(), publishers("p.p.p").len()), (0, 0, 1));
    assert_eq!(platform.event("o.o.o").unwrap().definitions.len(), 1);
}

#[test]
fn deployment_has_numbers_and_defaults() {
    let spec =
        "## Deployment\n- Port: 8100 (http)\n- Replicas: 3\n- CPU: 200m / 1\n- Memory limit: 1 GB\n- Region: eu\n";
    let platform = platform(&[("services/a-service/specs/001-a/spec.md", spec)]);
    let deployment = &platform.services[0].deployment;
    assert_eq!((deployment.port, deployment.replicas), (8100, 3));
    assert_eq!(deployment.cpu, ("200m".to_owned(), "1".to_owned()));
    assert_eq!(deployment.memory, ("128Mi".to_owned(), "1G".to_owned()));
    assert_eq!(deployment.stated.len(), 5);
}

fn schemas(version: &str, schemas: &str) -> Platform {
    let text = format!("openapi: {version}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}");
    platform(&[("services/a-service/contracts/api.yaml", &text)])
}

fn named<'p>(platform: &'p Platform, name: &str) -> &'p Schema {
    let api = platform.services[0].api.as_ref().unwrap();
    platform.schemas.get(api.schemas.iter().find(|(known, _)| known == name).unwrap().1)
}

#[test]
fn the_dialects_mean_the_same_in_the_model() {
    let old = schemas(
        "3.0.3",
        "    A: {type: integer, nullable: true, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}\n",
    );
    let new = schemas("3.1.0", "    A: {type: [integer, 'null'], exclusiveMinimum: 1, maximum: 9}\n");
    let (old, new) = (named(&old, "A"), named(&new, "A"));
    assert_eq!(old.types, new.types);
    assert_eq!(old.types, Types(5));
    assert_eq!(old.keywords, new.keywords);
}

#[test]
fn siblings_of_a_reference_count_in_the_new_dialect_only() {
    let text = "    A: {$ref: '#/components/schemas/B', description: d}\n    B: {type: string}\n";
    assert!(matches!(named(&schemas("3.0.3", text), "A").keywords.as_slice(), [Keyword::Ref(_)]));
    assert_eq!(named(&schemas("3.1.0", text), "A").keywords.len(), 2);
}

#[test]
fn a_recursive_schema_is_a_cycle_of_ids() {
    let platform =
        schemas("3.1.0", "    A: {properties: {next: {$ref: '#/components/schemas/A'}}, required: [next]}\n");
    let a = named(&platform, "A");
    assert_eq!((a.name.as_deref(), a.required()), (Some("A"), ["next".into()].as_slice()));
    let next = platform.schemas.resolve(a.properties()[0].1);
    assert_eq!(platform.schemas.get(next), a);
    assert_eq!(platform.schemas.nodes.len(), 2);
}

#[test]
fn a_reference_that_leads_nowhere_allows_anything() {
    let platform =
        schemas("3.1.0", "    A: {$ref: '#/nowhere'}\n    B: {$ref: '#/components/schemas/B'}\n    C: false\n");
    assert_eq!((named(&platform, "A").types, named(&platform, "A").keywords.len()), (Types::ALL, 0));
    let b = named(&platform, "B").keywords.clone();
    assert!(matches!(b.as_slice(), [Keyword::Ref(_)]));
    assert_eq!(named(&platform, "C").types, Types::NONE);
}

#[test]
fn every_keyword_is_lowered() {
    let text = "    A:\n      allOf: [{}]\n      anyOf: [{}]\n      oneOf: [{}]\n      not: {}\n      if: {}\n      then: {}\n      else: {}\n      \
        enum: [1]\n      const: 1\n      multipleOf: 2\n      minimum: 1\n      exclusiveMinimum: 0\n      maximum: 3\n      exclusiveMaximum: 4\n      \
        minLength: 1\n      maxLength: 2\n      pattern: a\n      format: f\n      contentEncoding: e\n      contentMediaType: m\n      contentSchema: {}\n      \
        items: {}\n      prefixItems: [{}]\n      contains: {}\n      minContains: 1\n      maxContains: 2\n      minItems: 1\n      maxItems: 2\n      \
        uniqueItems: true\n      unevaluatedItems: false\n      properties: {a: {}}\n      patternProperties: {a: {}}\n      additionalProperties: {}\n      \
        unevaluatedProperties: true\n      propertyNames: {}\n      required: [a]\n      minProperties: 1\n      maxProperties: 2\n      \
        dependentRequired: {a: [b]}\n      dependentSchemas: {a: {}}\n      discriminator: {propertyName: a, mapping: {x: A, y: '#/no'}}\n      title: t\n      \
        description: d\n      default: 1\n      examples: [1]\n      readOnly: true\n      writeOnly: false\n      deprecated: true\n      $ref: '#/components/schemas/A'\n";
    let platform = schemas("3.1.0", text);
    let a = named(&platform, "A");
    assert_eq!(a.keywords.len(), text.lines().count() - 1);
    let mapping = a.keywords.iter().find_map(|keyword| match keyword {
        Keyword::Discriminator { mapping, .. } => Some(mapping.clone()),
        _ => None,
    });
    assert!(matches!(mapping.unwrap()[..], [(_, Some(SchemaId(_))), (_, None)]));
}

#[test]
fn old_drafts_of_event_schemas_are_understood() {
    let event = "eventType: a.b.c\nschema:\n  $schema: http://json-schema.org/draft-07/schema#\n  definitions: {D: {type: string}}\n  \
        items: [{$ref: '#/schema/definitions/D'}]\n  additionalItems: false\n  dependencies: {a: [b]}\n";
    let platform = platform(&[("services/a-service/contracts/events/e.yaml", event)]);
    let schema = platform.schemas.get(platform.events[0].definitions[0].schema.unwrap());
    let [Keyword::PrefixItems(items), Keyword::Items(rest), Keyword::DependentRequired(_)] = schema.keywords.as_slice()
    else {
        panic!("{schema:?}")
    };
    let item = platform.schemas.get(platform.schemas.resolve(items[0]));
    assert_eq!((item.name.as_deref(), item.types), (Some("D"), Types(16)));
    assert_eq!(platform.schemas.get(*rest).types, Types::NONE);
}

#[test]
fn what_is_used_comes_from_rows_events_lists_and_pacts() {
    let row = "## Upstream Services\n\n| Service | API | Uses |\n|---|---|---|\n\
        | User Service | getUser | name, `DELETE /users/{id}` (query.q) |\n| b-service | | |\n\n\
        ## Events Consumed\n\n### Event: user.created\n\n**From:** user-service\n**Uses:** email (an address), the rest\n";
    let pact = r#"{"consumer": {"name": "web"}, "provider": {"name": "user-service"}, "interactions": [
        {"request": {"method": "get", "path": "/base/users/7", "query": "q=1", "headers": {"Accept": "x", "X-A": "1"}},
         "response": {"status": 200, "body": {"name": "Ada"}}},
        {"request": {"method": "GET", "path": "/nothing"}, "response": {"status": 200}}],
        "messages": [{"description": "a message of user.created", "contents": {"email": "a@b.test"}}]}"#;
    let platform = platform(&[
        ("services/a-service/specs/001-a/spec.md", row),
        ("services/b-service/specs/001-b/spec.md", "# B\n"),
        ("services/user-service/specs/001-u/spec.md", "# Users\n\n## Events Published\n\n### Event: user.created\n"),
        ("services/user-service/contracts/openapi.yaml", API),
        (
            "services/user-service/contracts/events/e.json",
            r#"{"events": [{"eventType": "user.created", "schema": {}, "consumers": ["c-service", "a-service"]}]}"#,
        ),
        ("pacts/web.json", pact),
    ]);
    let show = |usage: &crate::model::Usage| {
        let part = |part: &crate::model::UsedPart| {
            let status = part.status.as_ref().map(|code| format!("@{code}")).unwrap_or_default();
            format!(" {:?}={}{status}", part.place, part.name)
        };
        let parts: String = usage.parts.iter().map(part).collect();
        let exact = if usage.exact { " exactly" } else { "" };
        format!("{} {} {:?} {:?}{exact}{parts}", usage.consumer, usage.provider, usage.ground, usage.used)
    };
    let shown: Vec<String> = platform.usages.iter().map(show).collect();
    let expected = [
        "a-service b-service Service Service",
        "a-service user-service Fields Operation(\"DELETE /users/{id}\") Query=q",
        "a-service user-service Fields Operation(\"getUser\") Response=name",
        "a-service user-service Fields Event(\"user.created\") Payload=email",
        "a-service user-service Claim Event(\"user.created\")",
        "c-service user-service Claim Event(\"user.created\")",
        "web user-service Pact Operation(\"getUser\") exactly Query=q Header=X-A Status=200 Response=name@200",
        "web user-service Pact Event(\"user.created\") exactly Payload=email",
    ];
    assert_eq!(shown, expected);
    assert_eq!(edges(&platform)[1], "a-service Synchronous user-service DELETE /users/{id} getUser");
    assert_eq!(platform.usages[6].origin.line, 2);
}
