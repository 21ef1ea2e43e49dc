//! Events between generated Express services on Kafka, where the constitution names it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/kafka.rs"]
mod kafka;
#[path = "support/python.rs"]
mod python;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

#[test]
fn a_service_on_kafka_passes_its_own_tests_and_linters() {
    let name = "a_service_on_kafka_passes_its_own_tests_and_linters";
    let Some(toolchain) = typescript::toolchain_of(name, &typescript::KAFKA) else { return };
    let root = tempfile::tempdir().unwrap();
    let folder = service::write_changed(root.path(), "order-service", typescript::on_kafka);
    assert!(!folder.join("src/runtime/rabbitmq.ts").exists());
    toolchain.test(&folder).unwrap_or_else(|output| panic!("{output}"));
    toolchain.lint(&folder).unwrap_or_else(|output| panic!("{output}"));
}

#[test]
fn events_arrive_once_over_kafka() {
    let name = "events_arrive_once_over_kafka";
    let Some(toolchain) = typescript::toolchain_of(name, &typescript::KAFKA) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service"] {
        service::write_changed(root.path(), name, typescript::on_kafka);
    }
    let broker = kafka::Kafka::start(&interpreter);
    let start =
        |name: &str, variables: &[(&str, &str)]| toolchain.start(&root.path().join("services").join(name), variables);
    events::Scene { interpreter: &interpreter, root: root.path(), broker: &broker, start: &start }.events_arrive_once();
}
