//! Traces of generated Go services: what `generated_traces.rs` asks of those in Python.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/go.rs"]
mod go;
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

use std::path::Path;

use agentspec::model::{self, Platform};
use events::Broker;

/// Writes and builds both services, and lets a trace span them.
fn a_trace_spans_services(interpreter: &Path, broker: &str, change: fn(&mut Platform)) {
    let root = tempfile::tempdir().unwrap();
    for name in ["user-service", "order-service"] {
        go::build(&service::write_changed(root.path(), name, change));
    }
    let start = |name: &str, variables: &[(&str, &str)]| {
        go::start_built(python::free_port(), &root.path().join("services").join(name), variables)
    };
    traced::a_trace_spans_services(&start, broker, &service::token(interpreter), "/api/v1/users/{userId}");
}

#[test]
fn a_trace_spans_calls_and_messages_of_go_services() {
    let name = "a_trace_spans_calls_and_messages_of_go_services";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let Some(broker) = rabbitmq::RabbitMq::start(name) else { return };
    a_trace_spans_services(&interpreter, &broker.url(), go::in_go);
}

#[test]
fn a_trace_spans_messages_of_go_services_over_kafka() {
    let name = "a_trace_spans_messages_of_go_services_over_kafka";
    let Some(_) = go::toolchain(name) else { return };
    let Some(interpreter) = python::interpreter(name) else { return };
    let cluster = kafka::Kafka::start(&interpreter);
    a_trace_spans_services(&interpreter, &cluster.url(), |platform| {
        go::in_go(platform);
        platform.technology.broker = model::Broker::Kafka;
    });
}
