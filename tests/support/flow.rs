//! The example on a PostgreSQL server and a RabbitMQ node of its own, each service with its database, in any languages.

use std::collections::BTreeMap;

use agentspec::model::{Language, Method};
use agentspec::source::WorktreeStore;
use agentspec::workspace::Workspace;
use serde_json::{Value, json};

use crate::events::Broker;
use crate::fleet::{self, Service, Toolchains};
use crate::platform::Platform;
use crate::postgresql::Postgresql;
use crate::python::{Answer, Running};
use crate::rabbitmq::RabbitMq;
use crate::service;

/// The services in the order in which they are started.
const SERVICES: [&str; 4] = ["auth-service", "user-service", "order-service", "notification-service"];

/// The platform, and what of it runs.
pub struct Shop {
    // Services end before what they are connected with.
    running: BTreeMap<String, Running>,
    services: Vec<Service>,
    toolchains: Toolchains,
    broker: RabbitMq,
    databases: Postgresql,
    platform: Platform,
    bearer: String,
}

impl Shop {
    /// The generated platform, each service in its language; nothing where a server or a toolchain is missing, which is
    /// said under the test's name.
    pub fn open(test: &str, languages: [Language; 4]) -> Option<Shop> {
        let toolchains = Toolchains::of(test, &languages)?;
        let databases = Postgresql::start(test)?;
        let broker = RabbitMq::start(test)?;
        let platform = Platform::example();
        for (name, language) in SERVICES.iter().zip(languages) {
            let specs = std::fs::read_dir(platform.path(&format!("services/{name}/specs"))).unwrap();
            let spec = specs.flatten().next().unwrap().path().join("spec.md");
            let text = std::fs::read_to_string(&spec).unwrap();
            let port = "- Port: ";
            assert!(text.contains(port), "{name} says where it listens");
            let line = format!("- Language: {}\n{port}", fleet::named(language));
            std::fs::write(spec, text.replacen(port, &line, 1)).unwrap();
        }
        platform.run(&["generate", "code"]).exits(0);
        let made = SERVICES.iter().zip(languages).map(|(name, language)| Service::new(platform.root(), name, language));
        let mut services: Vec<Service> = made.collect();
        let addresses: Vec<(String, String)> = services.iter().map(|one| (one.variable(), one.url())).collect();
        for service in &mut services {
            toolchains.build(service.language, &service.folder);
            service.set("DATABASE_URL", &databases.create(&database(&service.name)));
            service.set("BROKER_URL", &broker.url());
            addresses.iter().for_each(|(name, url)| service.set(name, url));
        }
        let running = BTreeMap::new();
        Some(Shop { running, services, toolchains, broker, databases, platform, bearer: String::new() })
    }

    /// Starts a service and waits until it is ready.
    pub fn start(&mut self, name: &str) {
        let service = self.services.iter().find(|one| one.name == name).unwrap();
        self.running.insert(name.to_owned(), self.toolchains.start(service));
    }

    /// Starts all of them.
    pub fn start_all(&mut self) {
        SERVICES.iter().for_each(|name| self.start(name));
    }

    /// Ends a service at once, whatever it is at.
    pub fn kill(&mut self, name: &str) {
        drop(self.running.remove(name).unwrap());
    }

    /// Every operation asks for the credentials that its contract declares, and for no others.
    pub fn asks_for_credentials(&self) {
        let store = WorktreeStore::open(self.platform.root()).unwrap();
        let workspace = Workspace::load(&store).unwrap();
        let mut secured = 0;
        for service in &workspace.platform.services {
            for operation in &service.api.as_ref().unwrap().operations {
                let path = operation.path.replace("{userId}", MISSING).replace("{orderId}", MISSING);
                let path = path.replace("{notificationId}", MISSING);
                let method = operation.method.key().to_uppercase();
                let body = if operation.method == Method::Get { "" } else { "{}" };
                for token in ["", "Bearer nonsense"] {
                    let headers = [("Content-Type", "application/json"), ("Authorization", token)];
                    let headers = if token.is_empty() { &headers[..1] } else { &headers };
                    let answer = self.running[&service.name].send(&method, &path, headers, body);
                    let asked = !operation.security.is_empty();
                    assert_eq!(answer.status == 401, asked, "{} {method} {path}: {answer:?}", service.name);
                    assert!(!asked || answer.head.to_lowercase().contains("www-authenticate: bearer"), "{answer:?}");
                    secured += usize::from(asked);
                }
            }
        }
        assert!(secured > 20, "most operations are secured, and {secured} were seen");
    }

    /// Registers an account, and logs in.
    pub fn sign_in(&mut self) {
        let credentials = json!({ "email": "ada@shop.example", "password": "correct horse battery" });
        let registered = self.send("POST", "auth-service", "/api/v1/auth/register", &credentials);
        assert_eq!(registered.status, 201, "{registered:?}");
        let tokens = self.send("POST", "auth-service", "/api/v1/auth/login", &credentials);
        assert_eq!(tokens.status, 200, "{tokens:?}");
        let tokens: Value = serde_json::from_str(&tokens.body).unwrap();
        self.bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    }

    /// Creates a profile, and gives its identifier.
    pub fn profile(&self, email: &str, name: &str) -> String {
        let new = json!({ "email": email, "firstName": name, "lastName": "Example" });
        let created = self.send("POST", "user-service", "/api/v1/users", &new);
        assert_eq!(created.status, 201, "{created:?}");
        let user: Value = serde_json::from_str(&created.body).unwrap();
        user["id"].as_str().unwrap().to_owned()
    }

    /// Places an order, and gives its identifier.
    pub fn order(&self, customer: &str) -> String {
        let mut body = order(customer);
        body["shippingAddress"] =
            json!({ "street": "Lange Reihe 1", "city": "Hamburg", "postalCode": "20099", "country": "DE" });
        let placed = self.send("POST", "order-service", "/api/v1/orders", &body);
        assert_eq!(placed.status, 201, "{placed:?}\n{}", self.log("order-service"));
        let order: Value = serde_json::from_str(&placed.body).unwrap();
        order["id"].as_str().unwrap().to_owned()
    }

    /// The status of an order.
    pub fn status(&self, order: &str) -> String {
        let order = self.get("order-service", &format!("/api/v1/orders/{order}"));
        order["status"].as_str().unwrap_or_default().to_owned()
    }

    /// Sends a request as whoever is signed in.
    pub fn send(&self, method: &str, service: &str, path: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json"), ("Authorization", self.bearer.as_str())];
        let headers = if self.bearer.is_empty() { &headers[..1] } else { &headers };
        self.running[service].send(method, path, headers, &body.to_string())
    }

    /// What a service answers to a request for something that is there.
    pub fn get(&self, service: &str, path: &str) -> Value {
        let answer = self.running[service].send("GET", path, &[("Authorization", self.bearer.as_str())], "");
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap()
    }

    /// What a service has written since it was started.
    pub fn log(&self, service: &str) -> String {
        self.running[service].log()
    }

    /// What a statement answers in the database of a service.
    pub fn query(&self, service: &str, sql: &str) -> String {
        self.databases.query(&database(service), sql)
    }

    /// The rows of a table.
    pub fn count(&self, service: &str, table: &str) -> i64 {
        self.query(service, &format!("SELECT count(*) FROM {table}")).parse().unwrap()
    }

    /// The first name in a service's copy of a customer.
    pub fn copy(&self, service: &str, customer: &str) -> String {
        let sql = format!("SELECT document ->> 'firstName' FROM user_profile_copies WHERE key = '{customer}'");
        self.query(service, &sql)
    }

    /// Kind, recipient and status of all recorded notifications.
    pub fn notifications(&self) -> String {
        let columns = ["template", "recipient", "status"].map(|name| format!("document ->> '{name}'")).join(", ");
        self.query("notification-service", &format!("SELECT {columns} FROM notifications ORDER BY position"))
    }

    /// Whether order-service, in the language that it has, runs the saga of its specification.
    pub fn runs_sagas(&self) -> bool {
        !self.query("order-service", "SELECT to_regclass('sagas')").is_empty()
    }

    /// A message that an order was placed.
    pub fn placed(&self, customer: &str) -> Value {
        let mut data = order(customer);
        data["orderId"] = data["items"][0]["productId"].clone();
        let id = service::script(&self.toolchains.interpreter, "import uuid; print(uuid.uuid4())", &[]);
        json!({
            "eventId": id, "eventType": "order.order.placed", "eventVersion": "v1", "correlationId": id,
            "timestamp": "2025-03-01T09:00:00Z", "data": data
        })
    }

    /// Publishes a message on a topic.
    pub fn publish(&self, topic: &str, message: &Value) {
        self.broker.publish(&self.toolchains.interpreter, topic, &message.to_string());
    }

    /// The number of dead letters of a queue.
    pub fn dead(&self, queue: &str) -> i64 {
        self.broker.count(&self.toolchains.interpreter, &format!("{queue}.dead")).parse().unwrap()
    }
}

/// The identifier of nothing.
const MISSING: &str = "6b1e2f0a-0f2c-4f6a-9d77-0f5f3f3f9c11";

/// An order without its address, as events tell it.
fn order(customer: &str) -> Value {
    let item = json!({ "productId": MISSING, "name": "Espresso cup", "quantity": 1, "unitPriceCents": 1250 });
    json!({ "userId": customer, "items": [item], "currency": "EUR", "totalCents": 1250 })
}

/// The database of a service.
fn database(service: &str) -> String {
    service.replace('-', "_")
}
