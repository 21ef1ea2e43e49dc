//! A small platform for the tests of targets: two services that know each other by a call and by an event.

use std::collections::BTreeMap;

use super::{GenerateError, Request};
use crate::document::config::Config;
use crate::model::{
    Api, ConsumedEvent, Dependency, DependencyKind, Deployment, Entity, ErrorHandling, Event, EventDefinition, Method,
    Operation, Origin, Ownership, Platform, Saga, SagaStep, Service, Spec, Upstream,
};
use crate::output::{Plan, PlannedFile};
use crate::template::Engine;

/// An operation without parameters, bodies and responses.
pub(crate) fn operation(id: &str, method: Method, path: &str) -> Operation {
    Operation { id: id.to_owned().into(), path: path.to_owned(), ..Operation::new(method) }
}

/// A service with an API, a spec and nothing else.
pub(crate) fn service(name: &str, port: u16, operations: Vec<Operation>) -> Service {
    let file = format!("services/{name}/specs/001-{name}/spec.md");
    Service {
        name: name.to_owned(),
        folder: format!("services/{name}"),
        spec: Some(Spec {
            folder: format!("001-{name}"),
            title: format!("Spec of {name}"),
            origin: Origin { file: file.into(), ..Origin::default() },
            ..Spec::default()
        }),
        api: Some(Api {
            title: name.to_owned(),
            version: "1.2.0".to_owned(),
            operations,
            origin: Origin { file: format!("services/{name}/contracts/api-spec.yaml").into(), ..Origin::default() },
            ..Api::default()
        }),
        deployment: Deployment { port, ..Deployment::default() },
        ..Service::default()
    }
}

/// `book-shop` with `stock-service` (publishes `stock.book.reserved`) and `checkout-service` (calls and consumes it).
pub(crate) fn platform() -> Platform {
    let mut stock = service(
        "stock-service",
        8001,
        vec![
            operation("listBooks", Method::Get, "/api/v1/books"),
            operation("createBook", Method::Post, "/api/v1/books"),
            operation("getBook", Method::Get, "/api/v1/books/{bookId}"),
            operation("reserveBook", Method::Post, "/api/v1/books/{bookId}/reserve"),
        ],
    );
    stock.publishes = vec![EventDefinition {
        name: "stock.book.reserved".to_owned(),
        version: Some("v1".to_owned()),
        publisher: Some("stock-service".to_owned()),
        topic: Some("events.stock.book.reserved".to_owned()),
        trigger: Some("A copy | is set aside".to_owned()),
        ..EventDefinition::default()
    }];
    stock.ownership = Ownership {
        databases: vec!["stock_db".to_owned()],
        entities: vec![Entity { name: "Book".to_owned(), description: "A title".to_owned(), ..Entity::default() }],
    };
    let mut checkout =
        service("checkout-service", 8002, vec![operation("startCheckout", Method::Post, "/api/v1/checkouts")]);
    checkout.upstream = vec![Upstream {
        service: "stock-service".into(),
        purpose: "Reserving a copy".into(),
        failure_mode: Some("Answer 503".into()),
        operations: vec!["reserveBook".to_owned()].into(),
        timeout_ms: Some(1500),
        retries: Some(2),
        ..Upstream::default()
    }];
    checkout.consumes = vec![ConsumedEvent {
        name: "stock.book.reserved".to_owned(),
        from: Some("stock-service".to_owned()),
        action: Some("Note the reservation".to_owned()),
        idempotency: Some("By eventId".to_owned()),
        error_handling: Some(ErrorHandling {
            text: "Retry 3 times, then DLQ".to_owned(),
            retries: Some(3),
            dead_letter: true,
        }),
        ..ConsumedEvent::default()
    }];
    checkout.sagas = vec![Saga {
        name: "buy-book".to_owned(),
        steps: vec![SagaStep {
            name: "Reserve".to_owned(),
            service: "stock-service".into(),
            operation: "reserveBook".to_owned(),
            compensation: Some("releaseBook".to_owned()),
            ..SagaStep::default()
        }],
        ..Saga::default()
    }];
    if let Some(spec) = &mut checkout.spec {
        spec.acceptance = vec!["A book can be bought".to_owned()];
        spec.open_questions = vec!["Who pays for returns?".to_owned()];
    }
    let dependency = |kind, uses: &str| Dependency {
        consumer: "checkout-service".to_owned(),
        provider: "stock-service".to_owned(),
        kind,
        uses: vec![uses.to_owned()],
        origin: Origin::default(),
    };
    Platform {
        version: 1,
        name: "Book Shop Constitution".to_owned(),
        events: vec![Event {
            name: "stock.book.reserved".to_owned(),
            publishers: vec!["stock-service".to_owned()],
            consumers: vec!["checkout-service".to_owned()],
            definitions: stock.publishes.clone(),
            ..Event::default()
        }],
        dependencies: vec![
            dependency(DependencyKind::Synchronous, "reserveBook"),
            dependency(DependencyKind::Asynchronous, "stock.book.reserved"),
        ],
        services: vec![checkout, stock],
        ..Platform::default()
    }
}

/// What one target plans for a platform with the default configuration.
pub(crate) fn plan(
    platform: &Platform,
    target: &super::Target,
    existing: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<PlannedFile>, GenerateError> {
    let engine = Engine::new(BTreeMap::new())?;
    let config = Config::default();
    let request = Request { platform, config: &config, engine: &engine, service: None, existing };
    let mut plan = Plan::default();
    (target.plan)(&request, &mut plan)?;
    Ok(plan.files)
}
