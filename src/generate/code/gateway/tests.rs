use super::*;
use crate::generate::code::gateway;
use crate::source::MemoryStore;
use crate::workspace::Workspace;

const SPEC: &str = "# Shop Gateway Specification\n\n### Service Type\nGateway\n\n### Upstream Services\n\n\
    | Service | Purpose | API | Failure Mode | Timeout |\n|---|---|---|---|---|\n\
    | orders | Orders | | Return 503 | 2s |\n| stock-service | What is there | | | |\n";

const ORDERS: &str = r"
openapi: 3.0.3
info: {title: Orders, version: 1.2.0}
servers: [{url: 'https://shop.example/v1'}]
security: [{token: []}]
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
  /orders/open:
    get:
      operationId: listOpen
      security: [{token: [read]}, {token: [admin, read]}]
      responses: {default: {description: All}}
  /public:
    post:
      security: [{}, {token: []}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'204': {description: Taken}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Order:
      type: object
      description: An order
      properties:
        id: {type: string, readOnly: true}
        total: {type: integer, format: int64, nullable: true}
        parts: {type: array, items: {$ref: '#/components/schemas/Part'}}
        error: {$ref: '#/components/schemas/Error'}
    Part: {type: object, properties: {whole: {$ref: '#/components/schemas/Order'}}}
    Error: {type: object, properties: {detail: {$ref: '#/components/schemas/Detail'}}}
    Detail: {type: string}
";

const STOCK: &str = r"
openapi: 3.1.0
info: {title: Stock, version: 1.0.0}
paths:
  /v1/orders/{order}:
    put:
      operationId: get
      security: [{token: [], key: []}]
      parameters: [{name: order, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}}
  /v1/items:
    get:
      security: [{key: []}]
      responses: {'200': {description: All, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}}
components:
  securitySchemes:
    token: {type: oauth2, flows: {}}
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Error: {type: object, properties: {detail: {$ref: '#/components/schemas/Detail'}}}
    Detail: {type: integer}
    Item:
      oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]
      discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A'}}
    A: {type: object, properties: {kind: {const: a}}}
    B: {type: object, properties: {kind: {const: b, title: Kind, examples: [b]}}}
";

fn platform() -> Platform {
    let files = [
        ("services/edge/specs/001-edge/spec.md", SPEC),
        ("services/orders/contracts/api-spec.yaml", ORDERS),
        ("services/stock-service/contracts/api-spec.yaml", STOCK),
    ];
    Workspace::load(&MemoryStore::new(files)).unwrap().lower_schemas().platform
}

fn built(platform: &Platform) -> Gateway<'_> {
    Gateway::new(platform, platform.service("edge").unwrap()).unwrap()
}

#[test]
fn routes_are_tried_from_the_most_exact_one() {
    let platform = platform();
    let gateway = built(&platform);
    let routes: Vec<String> = gateway
        .routes
        .iter()
        .map(|route| {
            let service = &gateway.upstreams[route.upstream].service.name;
            format!("{:?} {} {service} {}", route.operation.method, route.path.text, route.timeout_ms)
        })
        .collect();
    assert_eq!(
        routes,
        [
            "Post /v1/public orders 2000",
            "Get /v1/items stock-service 5000",
            "Get /v1/orders/open orders 2000",
            "Get /v1/orders/{id} orders 2000",
            "Put /v1/orders/{order} stock-service 5000",
        ]
    );
    let tokens: Vec<String> = gateway.routes.iter().map(|route| route.token.described()).collect();
    assert_eq!(
        tokens,
        [
            "a token is read where there is one",
            "no token is asked for",
            "a valid token with read or admin read is demanded",
            "a valid token is demanded",
            "a valid token is demanded",
        ]
    );
    assert!(gateway.reads_tokens());
    let behind: Vec<(&str, &str, &str)> = gateway
        .upstreams
        .iter()
        .map(|one| (one.variable.as_str(), one.url.as_str(), one.failure_text.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        behind,
        [("ORDERS_URL", "http://orders:8000", "Return 503"), ("STOCK_SERVICE_URL", "http://stock-service:8000", "")]
    );
    assert_eq!((gateway.title.as_str(), gateway.version), ("Shop Gateway", "0.1.0"));
}

#[test]
fn what_services_mean_differently_gets_their_names_and_the_rest_keeps_its_own() {
    let platform = platform();
    let document = built(&platform).openapi;
    let names: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "A",
            "B",
            "GatewayProblem",
            "Item",
            "Order",
            "OrdersDetail",
            "OrdersError",
            "Part",
            "StockServiceDetail",
            "StockServiceError"
        ]
    );
    let schemas = &document["components"]["schemas"];
    // `Error` reads the same in both contracts, and means what `Detail` does.
    assert_eq!(schemas["OrdersError"]["properties"]["detail"]["$ref"], "#/components/schemas/OrdersDetail");
    assert_eq!(schemas["Item"]["discriminator"]["mapping"]["a"], "#/components/schemas/A");
    let total = serde_json::json!({ "type": ["null", "integer"], "format": "int64" });
    assert_eq!(schemas["Order"]["properties"]["total"], total);
    assert_eq!(schemas["Order"]["properties"]["id"]["readOnly"], true);
    assert_eq!(schemas["B"]["properties"]["kind"]["examples"][0], "b");
    let schemes: Vec<&String> = document["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    assert_eq!(schemes, ["key", "orders-token", "stockService-token"]);
}

#[test]
fn one_path_of_two_services_is_one_in_the_document() {
    let platform = platform();
    let document = built(&platform).openapi;
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/v1/orders/{id}", "/v1/orders/open", "/v1/public", "/v1/items"]);
    let item = &document["paths"]["/v1/orders/{id}"];
    assert_eq!(item["put"]["parameters"][0]["name"], "id");
    assert_eq!(
        (&item["get"]["operationId"], &item["put"]["operationId"]),
        (&"ordersGet".into(), &"stockServiceGet".into())
    );
    assert_eq!(item["put"]["security"][0].as_object().unwrap().len(), 2);
    let statuses = |operation: &Value| operation["responses"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(statuses(&item["get"]), ["200", "401", "429", "502", "503", "504"]);
    assert_eq!(statuses(&document["paths"]["/v1/orders/open"]["get"]), ["default"]);
    assert!(statuses(&document["paths"]["/v1/public"]["post"]).contains(&"413".to_owned()));
    assert_eq!(document["tags"][1]["description"], "What is there");
}

#[test]
fn references_of_the_document_lead_somewhere() {
    let platform = platform();
    let document = built(&platform).openapi;
    let mut open = vec![&document];
    let mut found = 0;
    while let Some(next) = open.pop() {
        if let Some(reference) = next["$ref"].as_str() {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
            found += 1;
        }
        match next {
            Value::Object(object) => open.extend(object.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn routes_that_conflict_make_no_gateway() {
    let twice = STOCK.replace("put:", "get:");
    let files = [
        ("services/edge/specs/001-edge/spec.md", SPEC),
        ("services/orders/contracts/api-spec.yaml", ORDERS),
        ("services/stock-service/contracts/api-spec.yaml", twice.as_str()),
    ];
    let platform = Workspace::load(&MemoryStore::new(files)).unwrap().lower_schemas().platform;
    let refused = Gateway::new(&platform, platform.service("edge").unwrap()).unwrap_err();
    let expected = "`GET /v1/orders/{order}` of stock-service is offered by orders already";
    assert_eq!(refused, NoGateway::Conflict(expected.to_owned()));
    let orders = platform.service("orders").unwrap();
    assert_eq!(Gateway::new(&platform, orders).unwrap_err(), NoGateway::Nothing);
}

#[test]
fn a_gateway_needs_addresses_and_the_key_of_tokens() {
    let platform = platform();
    let (services, reads_tokens) = gateway::needs(&platform, platform.service("edge").unwrap()).unwrap();
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!((names.as_slice(), reads_tokens), (["orders", "stock-service"].as_slice(), true));
}
