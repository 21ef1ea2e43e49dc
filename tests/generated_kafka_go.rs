//! Events between generated Go services on Kafka: what `generated_kafka.rs` asks of those in Python.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/go.rs"]
mod go;
#[path = "support/kafka.rs"]
mod kafka;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use agentspec::model::{Broker, Platform};

fn on_kafka(platform: &mut Platform) {
    go::in_go(platform);
    platform.technology.broker = Broker::Kafka;
}

#[test]
fn events_of_go_services_arrive_once_over_kafka() {
    let name = "events_of_go_services_arrive_once_over_kafka";
    let Some(toolchain) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service"] {
        let folder = service::write_changed(root.path(), name, on_kafka);
        assert!(!folder.join("internal/runtime/messaging/rabbitmq.go").exists());
        go::build(&folder);
    }
    toolchain.check(&root.path().join("services/order-service"));
    let broker = kafka::Kafka::start(&interpreter);
    let start = |name: &str, variables: &[(&str, &str)]| {
        go::start_built(python::free_port(), &root.path().join("services").join(name), variables)
    };
    events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start }.events_arrive_once();
}
