//! Traces of generated services: one spans two of them and the call or the message between.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
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

use events::Broker;
use rabbitmq::RabbitMq;

#[test]
fn a_trace_spans_calls_and_messages() {
    let test = "a_trace_spans_calls_and_messages";
    let Some(interpreter) = python::interpreter(test) else { return };
    let Some(broker) = RabbitMq::start(test) else { return };
    let root = tempfile::tempdir().unwrap();
    let start = |name: &str, variables: &[(&str, &str)]| {
        let folder = service::write(root.path(), name);
        python::Running::start(&interpreter, &folder, &name.replace('-', "_"), variables)
    };
    traced::a_trace_spans_services(&start, &broker.url(), &service::token(&interpreter), "/api/v1/users/{user_id}");
}
