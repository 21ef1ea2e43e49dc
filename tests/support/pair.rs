//! Services of the example that work together, whatever language they are written in: a saga that outlives its process, and
//! a token that is withdrawn.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::python::{self, Answer, Running};
use crate::service::SECRET;

/// Starts a written service at a port, with variables.
pub type Start<'a> = &'a dyn Fn(&str, u16, &[(&str, &str)]) -> Running;

/// The services of a test, each with its database in its folder.
struct Shop<'a> {
    start: Start<'a>,
    bearer: String,
}

impl Shop<'_> {
    fn start(&self, name: &str, port: u16, more: &[(&str, &str)]) -> Running {
        let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
        let variables: Vec<_> = variables.into_iter().chain(more.iter().copied()).collect();
        (self.start)(name, port, &variables)
    }

    fn post(&self, service: &Running, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [("Authorization", self.bearer.as_str()), ("Content-Type", "application/json")];
        let headers: Vec<_> = headers.into_iter().chain(more.iter().copied()).collect();
        service.send("POST", path, &headers, &body.to_string())
    }

    fn order(&self, service: &Running, customer: &str, key: &str) -> Value {
        let body = json!({
            "userId": customer,
            "items": [{ "productId": customer, "name": "Espresso cup", "quantity": 1, "unitPriceCents": 1250 }],
            "currency": "EUR",
            "totalCents": 1250,
            "shippingAddress": { "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" }
        });
        let answer = self.post(service, "/api/v1/orders", &[("Idempotency-Key", key)], &body);
        assert_eq!(answer.status, 201, "{answer:?}");
        serde_json::from_str(&answer.body).unwrap()
    }

    fn status(&self, service: &Running, order: &Value) -> String {
        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        let answer = service.send("GET", &path, &[("Authorization", self.bearer.as_str())], "");
        let order: Value = serde_json::from_str(&answer.body).unwrap();
        order["status"].as_str().unwrap().to_owned()
    }

    /// Waits until an order is no longer pending.
    fn end(&self, service: &Running, order: &Value) -> String {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let status = self.status(service, order);
            if status != "pending" {
                return status;
            }
            assert!(Instant::now() < deadline, "the order stays pending:\n{}", service.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

const KEYS: [&str; 3] = [
    "5a7d9f1b-2c4e-4f60-8b1a-3d5e7f901231",
    "5a7d9f1b-2c4e-4f60-8b1a-3d5e7f901232",
    "5a7d9f1b-2c4e-4f60-8b1a-3d5e7f901233",
];

/// A saga of order-service ends, whatever happens between its steps; user-service and order-service are written.
pub fn a_saga_ends(start: Start<'_>, bearer: String) {
    let shop = Shop { start, bearer };
    let (users_port, orders_port) = (python::free_port(), python::free_port());
    let users_url = format!("http://127.0.0.1:{users_port}");
    let upstream = [("USER_SERVICE_URL", users_url.as_str())];

    let users = shop.start("user-service", users_port, &[]);
    let new = json!({ "email": "ada@shop.example", "firstName": "Ada", "lastName": "Lovelace" });
    let created = shop.post(&users, "/api/v1/users", &[], &new);
    let customer: Value = serde_json::from_str(&created.body).unwrap();
    let customer = customer["id"].as_str().unwrap();

    // All goes well; a request that is sent twice places one order.
    let orders = shop.start("order-service", orders_port, &upstream);
    let order = shop.order(&orders, customer, KEYS[0]);
    assert_eq!(shop.order(&orders, customer, KEYS[0])["id"], order["id"]);
    assert_eq!(shop.end(&orders, &order), "confirmed");

    // The customer does not exist: what was done is undone.
    let order = shop.order(&orders, "00000000-0000-4000-8000-000000000000", KEYS[1]);
    assert_eq!(shop.end(&orders, &order), "cancelled");

    // user-service is away, and the process dies before the second step is taken.
    drop(users);
    let order = shop.order(&orders, customer, KEYS[2]);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(shop.status(&orders, &order), "pending");
    let metrics = orders.send("GET", "/metrics", &[], "").body;
    let failed = "operation=\"getUser\",outcome=\"failed\",upstream=\"user-service\"";
    assert!(metrics.contains(failed), "{metrics}");
    drop(orders);
    let _users = shop.start("user-service", users_port, &[]);
    let orders = shop.start("order-service", orders_port, &upstream);
    assert_eq!(shop.end(&orders, &order), "confirmed");
}

/// A token that auth-service has withdrawn is refused by user-service; both are written.
pub fn a_withdrawn_token_is_refused(start: Start<'_>) {
    let mut shop = Shop { start, bearer: String::new() };
    let auth_port = python::free_port();
    let auth = shop.start("auth-service", auth_port, &[]);
    let url = format!("http://127.0.0.1:{auth_port}");
    let users = shop.start("user-service", python::free_port(), &[("AUTH_SERVICE_URL", url.as_str())]);

    let credentials = json!({ "email": "ada@shop.example", "password": "correct horse battery" });
    assert_eq!(shop.post(&auth, "/api/v1/auth/register", &[], &credentials).status, 201);
    let tokens = shop.post(&auth, "/api/v1/auth/login", &[], &credentials);
    let tokens: Value = serde_json::from_str(&tokens.body).unwrap();
    shop.bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let list = |shop: &Shop<'_>| users.send("GET", "/api/v1/users", &[("Authorization", shop.bearer.as_str())], "");
    assert_eq!(list(&shop).status, 200);
    let left = json!({ "refreshToken": tokens["refreshToken"] });
    assert_eq!(shop.post(&auth, "/api/v1/auth/logout", &[], &left).status, 204);
    assert_eq!(list(&shop).status, 401, "its signature holds, and it is withdrawn");

    // Without auth-service nobody gets in, as the specification says.
    let tokens = shop.post(&auth, "/api/v1/auth/login", &[], &credentials);
    let tokens: Value = serde_json::from_str(&tokens.body).unwrap();
    shop.bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    assert_eq!(list(&shop).status, 200);
    drop(auth);
    let refused = list(&shop);
    assert_eq!(refused.status, 401);
    assert!(refused.head.to_lowercase().contains("www-authenticate"), "{refused:?}");
}
