//! Events between generated services, on a real broker: they arrive, none is lost, none is handled twice, and what cannot
//! be handled is kept.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;

#[test]
fn events_arrive_once_and_none_is_lost() {
    let name = "events_arrive_once_and_none_is_lost";
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service", "notification-service"] {
        service::write(root.path(), name);
    }
    let start = |name: &str, variables: &[(&str, &str)]| {
        let folder = root.path().join("services").join(name);
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), variables)
    };
    let scene = events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start };
    let notifications = scene.start("notification-service");
    let (_users, orders) = scene.events_arrive_once();
    scene.what_fails_is_kept(&orders, &notifications);
}
