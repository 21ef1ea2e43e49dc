//! Traces of generated services: one spans two of them and the call or the message between.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;
#[path = "support/traces.rs"]
mod traces;

use events::Broker;
use rabbitmq::RabbitMq;
use serde_json::{Value, json};
use service::SECRET;
use traces::Receiver;

#[test]
fn a_trace_spans_calls_and_messages() {
    let test = "a_trace_spans_calls_and_messages";
    let Some(interpreter) = python::interpreter(test) else { return };
    let Some(broker) = RabbitMq::start(test) else { return };
    let (receiver, root) = (Receiver::start(), tempfile::tempdir().unwrap());
    let (traces, messages) = (receiver.url(), broker.url());
    let variables = [
        ("JWT_SECRET", SECRET),
        ("DATABASE_URL", "sqlite:///./test.db"),
        ("BROKER_URL", messages.as_str()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", traces.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let start = |name: &str, more: &[(&str, &str)]| {
        let folder = service::write(root.path(), name);
        let variables: Vec<_> = variables.iter().chain(more).copied().collect();
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), &variables)
    };
    let users = start("user-service", &[]);
    let orders = start("order-service", &[("USER_SERVICE_URL", &users.url())]);

    let bearer = format!("Bearer {}", service::token(&interpreter));
    let post = |service: &python::Running, path: &str, trace: &str, body: &Value| {
        let parent = format!("00-{trace}-b7ad6b7169203331-01");
        let headers =
            [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("traceparent", &parent)];
        let answer = service.send("POST", path, &headers, &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).unwrap()
    };

    // An event carries the trace of the request that caused it.
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let user = post(
        &users,
        "/api/v1/users",
        trace,
        &json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" }),
    );
    receiver.wait(trace, "user-service", "POST /api/v1/users");
    receiver.wait(trace, "order-service", "process user.profile.created");
    assert!(users.log().contains(&format!("\"trace_id\": \"{trace}\"")), "{}", users.log());

    // And so does a call.
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let order = json!({
        "userId": user["id"], "currency": "EUR", "totalCents": 1250,
        "items": [{ "productId": "c0ffee00-1234-4abc-8def-0123456789ab", "name": "Espresso cup", "quantity": 1, "unitPriceCents": 1250 }],
        "shippingAddress": { "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" }
    });
    post(&orders, "/api/v1/orders", trace, &order);
    receiver.wait(trace, "order-service", "POST /api/v1/orders");
    receiver.wait(trace, "order-service", "GET /api/v1/users/{user_id}");
    receiver.wait(trace, "user-service", "GET /api/v1/users/{user_id}");
}
