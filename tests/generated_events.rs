//! Events between generated services, on a real broker: they arrive, none is lost, none is handled twice, and what cannot
//! be handled is kept.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Publishes a body on a topic.
const PUBLISH: &str = "
import asyncio, sys, aio_pika
async def main(url, topic, body):
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange('events')
        await exchange.publish(aio_pika.Message(body.encode()), routing_key=topic)
asyncio.run(main(*sys.argv[1:]))";

/// Prints how many messages a queue holds.
const COUNT: &str = "
import asyncio, sys, aio_pika
async def main(url, queue):
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        print((await channel.declare_queue(queue, passive=True)).declaration_result.message_count)
asyncio.run(main(*sys.argv[1:]))";

/// Prints the rows of a query as JSON.
const QUERY: &str = "
import json, sqlite3, sys
print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))";

fn script(interpreter: &Path, code: &str, arguments: &[&str]) -> String {
    python::run(Command::new(interpreter).args(["-c", code]).args(arguments)).unwrap().trim().to_owned()
}

/// Waits until something is as it should be.
fn eventually<T: PartialEq + std::fmt::Debug>(wanted: &T, look: impl Fn() -> T) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = look();
        if found == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?} is not {wanted:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn events_arrive_once_and_none_is_lost() {
    let name = "events_arrive_once_and_none_is_lost";
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    let url = broker.url();
    let variables =
        [("JWT_SECRET", service::SECRET), ("DATABASE_URL", "sqlite:///./test.db"), ("BROKER_URL", url.as_str())];
    let start = |name: &str| {
        let folder = root.path().join("services").join(name);
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), &variables)
    };
    for name in ["user-service", "order-service", "notification-service"] {
        service::write(root.path(), name);
    }
    let (users, orders, notifications) = (start("user-service"), start("order-service"), start("notification-service"));
    let bearer = format!("Bearer {}", service::token(&interpreter));
    let correlation = "0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41";
    let headers =
        [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("X-Correlation-ID", correlation)];
    let database = root.path().join("services/order-service/test.db");
    let query = |sql: &str| -> Value {
        serde_json::from_str(&script(&interpreter, QUERY, &[database.to_str().unwrap(), sql])).unwrap()
    };
    let names = || query("SELECT json_extract(document, '$.firstName') FROM user_profile_copies");

    // A profile arrives as a copy.
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = users.send("POST", "/api/v1/users", &headers, &new.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let user: Value = serde_json::from_str(&created.body).unwrap();
    eventually(&json!([["Ada"]]), names);

    // What is published while the consumer is away arrives when it is back, and no event is handled twice.
    drop(orders);
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let patched = users.send("PATCH", &path, &headers, &json!({ "firstName": "Augusta" }).to_string());
    assert_eq!(patched.status, 200, "{patched:?}");
    let orders = start("order-service");
    eventually(&json!([["Augusta"]]), names);
    assert_eq!(query("SELECT count(*) FROM inbox"), json!([[2]]));

    // What is no message is a dead letter at once.
    script(&interpreter, PUBLISH, &[&url, "events.user.profile.created", "{}"]);
    let dead = |queue: &str| script(&interpreter, COUNT, &[&url, queue]);
    eventually(&"1".to_owned(), || dead("order-service.user.profile.created.dead"));

    // What cannot be handled, as nobody knows the customer, is tried as often as the specification says, and kept.
    let item = json!({ "productId": correlation, "name": "Cup", "quantity": 1, "unitPriceCents": 1250 });
    let address = json!({ "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" });
    let order = json!({
        "userId": correlation, "items": [item], "currency": "EUR", "totalCents": 1250, "shippingAddress": address
    });
    let placed = orders.send("POST", "/api/v1/orders", &headers, &order.to_string());
    assert_eq!(placed.status, 201, "{placed:?}");
    eventually(&"1".to_owned(), || dead("notification-service.order.order.placed.dead"));
    let tried = notifications.log().lines().filter(|line| line.contains("\"event\": \"order.order.placed\"")).count();
    assert_eq!(tried, 4, "once, and three times more");
    assert_eq!(query("SELECT count(*) FROM outbox"), json!([[0]]));
}
