//! What services of the example do with events, whatever language they are written in and whatever broker is between them:
//! they arrive, none is lost, none is handled twice, and what cannot be handled is kept.
// Not every test that has a broker uses all of it.
#![allow(dead_code)]

use std::path::Path;

use serde_json::{Value, json};

use crate::python::Running;
use crate::service::{self, eventually, rows};

/// Starts a written service with variables.
pub type Start<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> Running;

/// Where events go.
pub trait Broker {
    /// The URL that services get.
    fn url(&self) -> String;

    /// Publishes a body on a topic.
    fn publish(&self, interpreter: &Path, topic: &str, body: &str);

    /// How many messages a queue holds, or a topic of dead letters.
    fn count(&self, interpreter: &Path, queue: &str) -> String;
}

/// The services that are tried.
pub struct Scene<'a, B> {
    /// A Python with what the tests need.
    pub interpreter: &'a Path,
    /// The folder below which they are written.
    pub root: &'a Path,
    /// What is between them.
    pub broker: &'a B,
    /// How they are started.
    pub start: Start<'a>,
}

/// Nobody, and nothing.
const UNKNOWN: &str = "0b9d6e0a-6f0e-4d5b-9a57-3c1f6d2e8b41";

impl<B: Broker> Scene<'_, B> {
    /// Starts a service on the broker, with a database in its folder.
    pub fn start(&self, name: &str) -> Running {
        let url = self.broker.url();
        let variables =
            [("JWT_SECRET", service::SECRET), ("DATABASE_URL", "sqlite:///./test.db"), ("BROKER_URL", url.as_str())];
        (self.start)(name, &variables)
    }

    /// What a statement answers in the database of a service.
    pub fn rows(&self, name: &str, sql: &str) -> Value {
        rows(self.interpreter, &self.root.join("services").join(name).join("test.db"), sql)
    }

    /// The first names in a service's copy of profiles.
    pub fn names(&self, name: &str) -> Value {
        self.rows(name, "SELECT json_extract(document, '$.firstName') FROM user_profile_copies")
    }

    fn send(&self, service: &Running, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let bearer = format!("Bearer {}", service::token(self.interpreter));
        let headers =
            [("Authorization", bearer.as_str()), ("Content-Type", "application/json"), ("X-Correlation-ID", UNKNOWN)];
        let answer = service.send(method, path, &headers, &body.to_string());
        assert_eq!(answer.status, status, "{answer:?}");
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Creates the profile of somebody.
    pub fn profile(&self, users: &Running) -> Value {
        let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
        self.send(users, "POST", "/api/v1/users", &new, 201)
    }

    /// Events of user-service arrive at order-service once, and what is no message is kept. Gives both.
    pub fn events_arrive_once(&self) -> (Running, Running) {
        let (users, orders) = (self.start("user-service"), self.start("order-service"));

        // A profile arrives as a copy.
        let user = self.profile(&users);
        eventually("the copy arrives", &json!([["Ada"]]), || self.names("order-service"));

        // What is published while the consumer is away arrives when it is back, and no event is handled twice.
        drop(orders);
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        self.send(&users, "PATCH", &path, &json!({ "firstName": "Augusta" }), 200);
        let orders = self.start("order-service");
        eventually("the change arrives", &json!([["Augusta"]]), || self.names("order-service"));
        assert_eq!(self.rows("order-service", "SELECT count(*) FROM inbox"), json!([[2]]));

        // What is no message is a dead letter at once.
        self.broker.publish(self.interpreter, "events.user.profile.created", "{}");
        let dead = || self.broker.count(self.interpreter, "order-service.user.profile.created.dead");
        eventually("it is a dead letter", &"1".to_owned(), dead);
        (users, orders)
    }

    /// What cannot be handled, as nobody knows the customer, is tried as often as the specification says, and kept.
    pub fn what_fails_is_kept(&self, orders: &Running, notifications: &Running) {
        let item = json!({ "productId": UNKNOWN, "name": "Cup", "quantity": 1, "unitPriceCents": 1250 });
        let address = json!({ "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" });
        let order = json!({
            "userId": UNKNOWN, "items": [item], "currency": "EUR", "totalCents": 1250, "shippingAddress": address
        });
        self.send(orders, "POST", "/api/v1/orders", &order, 201);
        let dead = || self.broker.count(self.interpreter, "notification-service.order.order.placed.dead");
        eventually("it is a dead letter", &"1".to_owned(), dead);
        let log = notifications.log();
        let told = |line: &&str| line.replace(": ", ":").contains("\"event\":\"order.order.placed\"");
        assert_eq!(log.lines().filter(told).count(), 4, "once, and three times more: {log}");
        eventually("everything is sent", &json!([[0]]), || self.rows("order-service", "SELECT count(*) FROM outbox"));
    }
}
