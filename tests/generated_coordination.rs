//! Generated services that work together: clients of others, tokens that are withdrawn, requests that are sent twice, and
//! sagas that outlive their process.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use python::{Answer, Running};
use serde_json::{Value, json};
use service::SECRET;

const TRIPS: &str = "tests/platforms/trips";

#[test]
fn services_that_call_others_pass_their_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("services_that_call_others_pass_their_own_tests_and_linters") else {
        return;
    };
    let root = tempfile::tempdir().unwrap();
    // The tests of the caller write the pacts that the others verify.
    for name in ["trip-service", "seat-service", "place-service"] {
        let folder = service::write_of(TRIPS, root.path(), name, |_| ());
        let tool = |arguments: &[&str]| tool(&interpreter, &folder, arguments);
        let tested =
            tool(&["pytest", "-q", "-p", "no:cacheprovider"]).unwrap_or_else(|output| panic!("{name}: {output}"));
        assert!(tested.contains(" passed") && !tested.contains(" skipped"), "{name}: {tested}");
        let cache = root.path().join("mypy");
        let linters: [&[&str]; 3] = [
            &["ruff", "check", "--no-cache"],
            &["ruff", "format", "--no-cache", "--check"],
            &["mypy", "--cache-dir", cache.to_str().unwrap()],
        ];
        for arguments in linters {
            tool(arguments).unwrap_or_else(|output| panic!("{name}: {output}"));
        }
    }
    // A caller that expects what place-service does not answer is not satisfied.
    let path = root.path().join("services/trip-service/pacts/trip-service-place-service.json");
    let pact = fs::read_to_string(&path).unwrap();
    fs::write(&path, pact.replace("\"name\": \"example\"", "\"title\": \"example\"")).unwrap();
    let folder = root.path().join("services/place-service");
    let refused = tool(&interpreter, &folder, &["pytest", "-q", "tests/test_provider.py"]).unwrap_err();
    assert!(refused.contains("title") && refused.contains("1 failed"), "{refused}");
}

/// Runs a tool of the services' environment in a service's folder.
fn tool(interpreter: &Path, folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(interpreter);
    python::run(command.arg("-m").args(arguments).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// The services of a test, each with its database in its folder.
struct Shop<'a> {
    interpreter: &'a Path,
    root: &'a Path,
    bearer: String,
}

impl Shop<'_> {
    fn write(&self, names: &[&str]) {
        names.iter().for_each(|name| drop(service::write(self.root, name)));
    }

    fn start(&self, name: &str, port: u16, more: &[(&str, &str)]) -> Running {
        let folder = self.root.join("services").join(name);
        let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", "sqlite:///./test.db")];
        let variables: Vec<_> = variables.into_iter().chain(more.iter().copied()).collect();
        Running::start_at(port, self.interpreter, &folder, &name.replace('-', "_"), &variables)
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

#[test]
fn a_saga_ends_whatever_happens_between_its_steps() {
    let Some(interpreter) = python::interpreter("a_saga_ends_whatever_happens_between_its_steps") else { return };
    let root = tempfile::tempdir().unwrap();
    let bearer = format!("Bearer {}", service::token(&interpreter));
    let shop = Shop { interpreter: &interpreter, root: root.path(), bearer };
    shop.write(&["user-service", "order-service"]);
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

#[test]
fn a_token_that_was_withdrawn_is_refused_by_every_service() {
    let Some(interpreter) = python::interpreter("a_token_that_was_withdrawn_is_refused_by_every_service") else {
        return;
    };
    let root = tempfile::tempdir().unwrap();
    let mut shop = Shop { interpreter: &interpreter, root: root.path(), bearer: String::new() };
    shop.write(&["auth-service", "user-service"]);
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
