//! Two services of the example and the traces that span them, whatever language they are written in and whatever carries
//! their messages.

use serde_json::{Value, json};

use crate::python::Running;
use crate::service::SECRET;
use crate::traces::Receiver;

/// Starts a written service by name with variables.
pub type Start<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> Running;

/// A message, a call and the steps of a saga belong to the trace of the request that caused them; user-service and
/// order-service are written, the broker is at a URL, and their language writes a user's path as in `profile`.
pub fn a_trace_spans_services(start: Start<'_>, broker: &str, token: &str, profile: &str) {
    let receiver = Receiver::start();
    let traces = receiver.url();
    let variables = [
        ("JWT_SECRET", SECRET),
        ("DATABASE_URL", "sqlite:///./test.db"),
        ("BROKER_URL", broker),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", traces.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let users = start("user-service", &variables);
    let upstream = users.url();
    let more: Vec<_> = variables.into_iter().chain([("USER_SERVICE_URL", upstream.as_str())]).collect();
    let orders = start("order-service", &more);

    let bearer = format!("Bearer {token}");
    let post = |service: &Running, path: &str, trace: &str, body: &Value| {
        let parent = format!("00-{trace}-b7ad6b7169203331-01");
        let headers =
            [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("traceparent", &parent)];
        let answer = service.send("POST", path, &headers, &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).unwrap()
    };

    // An event carries the trace of the request that caused it.
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let user = post(&users, "/api/v1/users", trace, &new);
    receiver.wait(trace, "user-service", "POST /api/v1/users");
    receiver.wait(trace, "user-service", "send events.user.profile.created");
    receiver.wait(trace, "order-service", "process user.profile.created");
    let logged = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        line["trace_id"] == trace && line["span_id"].as_str().is_some_and(|id| id.len() == 16)
    };
    assert!(users.log().lines().any(logged), "{}", users.log());

    // So does a call, and so does a saga.
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let order = json!({
        "userId": user["id"], "currency": "EUR", "totalCents": 1250,
        "items": [{ "productId": user["id"], "name": "Espresso cup", "quantity": 1, "unitPriceCents": 1250 }],
        "shippingAddress": { "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" }
    });
    post(&orders, "/api/v1/orders", trace, &order);
    receiver.wait(trace, "order-service", "POST /api/v1/orders");
    receiver.wait(trace, "order-service", "saga place-order");
    receiver.wait(trace, "order-service", &format!("GET {profile}"));
    receiver.wait(trace, "user-service", &format!("GET {profile}"));
}
