//! What two replicas of a generated service do with one cache, whatever language they are written in.

use std::path::Path;
use std::time::{Duration, Instant};

use agentspec::model::{CachedOperation, Platform};
use serde_json::{Value, json};

use crate::python::{Answer, Running};
use crate::redis::Redis;
use crate::service::{SECRET, token};

const USERS: &str = "/api/v1/users";

/// Lets user-service keep the answers of its two reading operations.
pub fn keeping(platform: &mut Platform) {
    let users = platform.services.iter_mut().find(|service| service.name == "user-service").unwrap();
    let row = |operation: &str, clients: bool| CachedOperation {
        operation: format!("GET {operation}"),
        seconds: Some(300),
        clients,
        ..CachedOperation::default()
    };
    users.caching = vec![row(USERS, false), row("/api/v1/users/{userId}", true)];
}

/// Starts a service with these variables of the environment.
pub type Start<'a> = dyn Fn(&[(&str, &str)]) -> Running + 'a;

/// A replica with the bearer token of one caller.
struct Replica {
    service: Running,
    bearer: String,
}

impl Replica {
    fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let headers = [("Authorization", self.bearer.as_str()), ("Content-Type", "application/json")];
        self.service.send(method, path, &headers, body)
    }

    fn read(&self, path: &str) -> Answer {
        let answer = self.send("GET", path, "");
        assert_eq!(answer.status, 200, "{}\n{}", answer.body, self.service.log());
        answer
    }

    fn create(&self, name: &str) -> Value {
        let user = json!({ "email": format!("{name}@shop.example"), "firstName": name, "lastName": "Lovelace" });
        let answer = self.send("POST", USERS, &user.to_string());
        assert_eq!(answer.status, 201, "{}\n{}", answer.body, self.service.log());
        serde_json::from_str(&answer.body).unwrap()
    }
}

/// Whether an answer comes from the cache.
fn kept(answer: &Answer) -> bool {
    answer.head.to_lowercase().contains("\r\nage: ")
}

fn says(answer: &Answer, header: &str) -> bool {
    answer.head.to_lowercase().contains(&format!("\r\n{}", header.to_lowercase()))
}

/// Answers are shared by replicas, end with a change in any of them, belong to their caller, and nothing fails without the
/// cache. `start` starts user-service with these variables.
pub fn replicas_share_a_cache(interpreter: &Path, folder: &Path, redis: Redis, start: &Start<'_>) {
    let (cache, database) = (redis.url(), format!("sqlite:///{}", folder.join("shared.db").display()));
    let variables = [("JWT_SECRET", SECRET), ("DATABASE_URL", database.as_str()), ("CACHE_URL", cache.as_str())];
    let bearer = format!("Bearer {}", token(interpreter));
    let replica = || Replica { service: start(&variables), bearer: bearer.clone() };
    let (one, other) = (replica(), replica());

    let ada = one.create("ada");
    let first = one.read(USERS);
    let shared = other.read(USERS);
    assert!(!kept(&first) && kept(&shared), "{}", shared.head);
    assert_eq!(first.body, shared.body);
    assert!(!says(&shared, "cache-control:"), "clients are not told to keep it: {}", shared.head);
    assert!(kept(&one.read(&format!("{USERS}?unknown=1"))), "what the contract does not know changes nothing");

    let item = format!("{USERS}/{}", ada["id"].as_str().unwrap());
    one.read(&item);
    let again = other.read(&item);
    assert!(kept(&again) && says(&again, "cache-control: private, max-age=300"), "{}", again.head);
    assert!(says(&again, "vary: authorization"), "{}", again.head);

    let stranger = format!("Bearer {}", token(interpreter));
    let answer = one.service.send("GET", USERS, &[("Authorization", &stranger)], "");
    assert!(answer.status == 200 && !kept(&answer), "it belongs to another caller: {}", answer.head);

    other.create("grace");
    let changed = one.read(USERS);
    assert!(!kept(&changed) && changed.body.contains("grace"), "{}", changed.body);

    redis.freeze();
    let began = Instant::now();
    for at in 0..5 {
        one.create(&format!("user{at}"));
        assert!(!kept(&one.read(USERS)));
    }
    assert!(began.elapsed() < Duration::from_secs(4), "a cache that does not answer holds nobody up");
    redis.thaw();
    crate::service::eventually("the cache is used again", &true, || kept(&one.read(USERS)));
    assert!(one.read(USERS).body.contains("user4"), "what changed meanwhile is told before anything is given");
    assert!(other.read(USERS).body.contains("user4"));

    drop(redis);
    assert!(!kept(&one.read(USERS)));
    assert_eq!(one.service.send("GET", "/ready", &[], "").status, 200);
    let metrics = one.service.send("GET", "/metrics", &[], "").body;
    for result in ["hit", "miss", "away"] {
        assert!(metrics.contains(&format!("cache_requests_total{{result=\"{result}\"}}")), "{metrics}");
    }
}
