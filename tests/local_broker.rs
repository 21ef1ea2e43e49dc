//! The broker of `agentspec dev`: services in every language speak with it as with RabbitMQ, so that events arrive, none is
//! lost, and what cannot be handled is kept.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/events.rs"]
mod events;
#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/go.rs"]
mod go;
#[path = "support/python.rs"]
mod python;
#[path = "support/rabbitmq.rs"]
mod rabbitmq;
#[path = "support/service.rs"]
mod service;
#[path = "support/typescript.rs"]
mod typescript;

use std::path::Path;

use agentspec::local;
use agentspec::model::{Framework, Language};
use events::{Broker, Scene};
use fleet::{Service, Toolchains};

impl Broker for local::Broker {
    fn url(&self) -> String {
        local::Broker::url(self)
    }

    fn publish(&self, interpreter: &Path, topic: &str, body: &str) {
        rabbitmq::publish(interpreter, &self.url(), topic, body);
    }

    fn count(&self, interpreter: &Path, queue: &str) -> String {
        rabbitmq::count(interpreter, &self.url(), queue)
    }
}

/// The example with services in three languages.
#[test]
fn services_of_every_language_speak_with_it() {
    let spread = [
        ("user-service", Language::Typescript, Framework::Express),
        ("order-service", Language::Go, Framework::NetHttp),
        ("notification-service", Language::Python, Framework::Fastapi),
    ];
    let languages = spread.map(|(_, language, _)| language);
    let Some(toolchains) = Toolchains::of("services_of_every_language_speak_with_it", &languages) else { return };
    let (root, broker) = (tempfile::tempdir().unwrap(), local::Broker::start().unwrap());
    for (name, language, framework) in spread {
        let folder = service::write_as(root.path(), name, language, framework);
        toolchains.build(language, &folder);
    }
    let start = |name: &str, variables: &[(&str, &str)]| {
        let language = spread.iter().find(|(known, ..)| *known == name).unwrap().1;
        let mut service = Service::new(root.path(), name, language);
        variables.iter().for_each(|(name, value)| service.set(name, value));
        toolchains.start(&service)
    };
    let scene = Scene { interpreter: &toolchains.interpreter, root: root.path(), broker: &broker, start: &start };
    let (_users, orders) = scene.events_arrive_once();
    let notifications = scene.start("notification-service");
    scene.what_fails_is_kept(&orders, &notifications);
}
