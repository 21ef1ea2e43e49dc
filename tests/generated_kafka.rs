//! Events between generated services on Kafka, where the constitution names it: they arrive, none is lost, none is handled
//! twice, and what cannot be handled is kept.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/kafka.rs"]
mod kafka;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;

use std::process::Command;

use agentspec::model::{Broker, Platform};

fn on_kafka(platform: &mut Platform) {
    platform.technology.broker = Broker::Kafka;
}

#[test]
fn a_service_on_kafka_passes_its_own_tests_and_linters() {
    let Some(interpreter) = python::interpreter("a_service_on_kafka_passes_its_own_tests_and_linters") else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "order-service", on_kafka);
    assert!(!folder.join("src/order_service/runtime/rabbitmq.py").exists());
    let cache = root.path().join("mypy");
    for arguments in [
        vec!["pytest", "-q", "-p", "no:cacheprovider"],
        vec!["ruff", "check", "--no-cache"],
        vec!["ruff", "format", "--no-cache", "--check"],
        vec!["mypy", "--cache-dir", cache.to_str().unwrap()],
    ] {
        let mut command = Command::new(&interpreter);
        command.arg("-m").args(&arguments).current_dir(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
        python::run(&mut command).unwrap_or_else(|output| panic!("{arguments:?}: {output}"));
    }
}

#[test]
fn events_arrive_once_over_kafka() {
    let Some(interpreter) = python::interpreter("events_arrive_once_over_kafka") else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service"] {
        service::write_changed(root.path(), name, on_kafka);
    }
    let broker = kafka::Kafka::start(&interpreter);
    let start = |name: &str, variables: &[(&str, &str)]| {
        let folder = root.path().join("services").join(name);
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), variables)
    };
    events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start }.events_arrive_once();
}
