//! Traces of generated Express services: what `generated_traces.rs` asks of those in Python.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/kafka.rs"]
mod kafka;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;
#[path = "support/traced.rs"]
mod traced;
#[path = "support/traces.rs"]
mod traces;
#[path = "support/typescript.rs"]
mod typescript;

use agentspec::model::Platform;
use events::Broker;

/// Writes both services, and lets a trace span them.
fn a_trace_spans_services(toolchain: &typescript::Toolchain, broker: &str, change: fn(&mut Platform)) {
    let root = tempfile::tempdir().unwrap();
    let folder = |name: &str| root.path().join("services").join(name);
    for name in ["user-service", "order-service"] {
        service::write_changed(root.path(), name, change);
    }
    let bearer = toolchain.bearer(&folder("user-service"));
    let token = bearer.trim_start_matches("Bearer ");
    let start = |name: &str, variables: &[(&str, &str)]| toolchain.start(&folder(name), variables);
    traced::a_trace_spans_services(&start, broker, token, "/api/v1/users/{userId}");
}

#[test]
fn a_trace_spans_calls_and_messages_of_express_services() {
    let name = "a_trace_spans_calls_and_messages_of_express_services";
    let Some(toolchain) = typescript::toolchain(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    a_trace_spans_services(&toolchain, &broker.url(), typescript::in_typescript);
}

#[test]
fn a_trace_spans_messages_of_express_services_over_kafka() {
    let name = "a_trace_spans_messages_of_express_services_over_kafka";
    let Some(toolchain) = typescript::toolchain_of(name, &typescript::KAFKA) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let cluster = kafka::Kafka::start(&interpreter);
    a_trace_spans_services(&toolchain, &cluster.url(), typescript::on_kafka);
}
