//! Reading whole platforms: the messy one means what its notes say, and the example has exactly the edges it should have.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use agentspec::document::Documents;
use agentspec::document::read::{read, wanted};
use agentspec::model::{self, Database, DependencyKind, Framework, Language, Platform, ServiceKind};
use agentspec::source::{Sources, Store, WorktreeStore, load};

struct Loaded {
    sources: Sources,
    documents: Documents,
    platform: Platform,
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn platform(path: &str) -> Loaded {
    let store = WorktreeStore::open(folder(path)).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    Loaded { sources, documents, platform }
}

/// `consumer -> provider: used, used`, with `~>` for events.
fn edges(platform: &Platform) -> Vec<String> {
    let edge = |edge: &model::Dependency| {
        let arrow = if edge.kind == DependencyKind::Synchronous { "->" } else { "~>" };
        format!("{} {arrow} {}: {}", edge.consumer, edge.provider, edge.uses.join(", "))
            .trim_end_matches([':', ' '])
            .to_owned()
    };
    platform.dependencies.iter().map(edge).collect()
}

fn service<'p>(platform: &'p Platform, name: &str) -> &'p model::Service {
    platform.service(name).unwrap()
}

/// `kind; calls; publishes; consumes; entities in databases`, as the table in the notes has them.
fn facts(platform: &Platform, name: &str) -> String {
    let service = service(platform, name);
    let join = |names: Vec<&str>| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    let calls =
        platform.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Synchronous && edge.consumer == name);
    format!(
        "{}; {}; {}; {}; {} in {}",
        service.kind.title(),
        join(calls.map(|edge| edge.provider.as_str()).collect()),
        join(service.publishes.iter().map(|event| event.name.as_str()).collect()),
        join(service.consumes.iter().map(|event| event.name.as_str()).collect()),
        join(service.ownership.entities.iter().map(|entity| entity.name.as_str()).collect()),
        join(service.ownership.databases.iter().map(String::as_str).collect()),
    )
}

#[test]
fn the_messy_platform_means_what_its_notes_say() {
    let Loaded { platform, documents, sources } = platform("tests/platforms/messy");
    let names: Vec<_> = platform.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["checkout-service", "mail-service", "stock-service"]);
    let expected = [
        "API Service; stock-service; checkout.basket.paid; stock.book.reserved; Basket in checkout_db",
        "Event Processor; –; –; checkout.basket.paid; Receipt in mail_db",
        "API Service; –; stock.book.reserved; checkout.basket.paid; Book, Reservation in stock_db",
    ];
    for (name, expected) in names.iter().zip(expected) {
        assert_eq!(facts(&platform, name), expected);
    }
    let expected = [
        "checkout-service -> stock-service",
        "checkout-service ~> stock-service: stock.book.reserved",
        "mail-service ~> checkout-service: checkout.basket.paid",
        "stock-service ~> checkout-service: checkout.basket.paid",
    ];
    assert_eq!(edges(&platform), expected);
    let paid = platform.event("checkout.basket.paid").unwrap();
    assert_eq!(paid.publishers, ["checkout-service"]);
    assert_eq!(paid.consumers, ["mail-service", "stock-service"]);
    assert_eq!(paid.definitions[0].payload, ["basketId", "customerEmail", "lines[]"]);
    let reserved = platform.event("stock.book.reserved").unwrap();
    assert_eq!(
        (reserved.consumers.as_slice(), reserved.definitions.len()),
        (["checkout-service".to_owned()].as_slice(), 1)
    );
    assert_eq!(reserved.definitions[0].payload, ["isbn", "quantity"]);
    assert!(sources.iter().all(|(_, file)| file.problems.is_empty()));
    assert!(documents.config.problems.is_empty() && !documents.config.strict);
}

#[test]
fn the_messy_specs_have_their_sections_and_values() {
    use agentspec::document::spec::SectionKind::*;
    let Loaded { platform, documents, .. } = platform("tests/platforms/messy");
    for name in ["checkout-service", "mail-service", "stock-service"] {
        let spec = documents.service(name).unwrap().spec().unwrap();
        assert_eq!(spec.name.as_ref().unwrap().value, name);
        for kind in [Overview, Name, Type, Boundary, Scenarios, Dependencies, Upstream, EventsConsumed, DataOwnership] {
            assert!(spec.section(kind).is_some(), "{name} {kind:?}");
        }
        assert!(spec.scenarios.iter().all(|scenario| scenario.steps.len() >= 3), "{name}");
        assert!(
            spec.consumed.iter().all(|event| event.idempotency.is_some() && event.error_handling.is_some()),
            "{name}"
        );
        assert!(spec.open_questions.is_empty(), "{name}");
    }
    let checkout = service(&platform, "checkout-service");
    let row = &checkout.upstream[0];
    assert_eq!((row.timeout_ms, row.retries), (Some(2000), Some(0)));
    assert_eq!(row.failure_mode.as_deref(), Some("Answer 503, the basket stays open"));
    let owners: Vec<_> = ["checkout-service", "mail-service", "stock-service"]
        .iter()
        .flat_map(|name| &service(&platform, name).spec.as_ref().unwrap().exclusions)
        .map(|exclusion| exclusion.owner.as_deref().unwrap())
        .collect();
    assert_eq!(owners, ["stock-service", "mail-service", "checkout-service", "checkout-service", "mail-service"]);
    for service in &platform.services {
        for event in &service.consumes {
            let handling = event.error_handling.as_ref().unwrap();
            assert_eq!((handling.retries, handling.dead_letter), (Some(3), true));
        }
    }
    assert_eq!(service(&platform, "stock-service").deployment.port, 9001);
}

#[test]
fn the_messy_constitution_is_understood() {
    let Loaded { platform, documents, .. } = platform("tests/platforms/messy");
    let technology = &platform.technology;
    assert_eq!((technology.language, technology.framework), (Language::Python, Framework::Fastapi));
    assert_eq!(technology.database, Database::Postgresql);
    assert_eq!(technology.stated["message bus"], "RabbitMQ");
    let standards = &platform.standards;
    assert_eq!(standards.path_prefix.as_deref(), Some("/api/v1/"));
    assert_eq!((standards.event_segments, standards.max_call_depth), (Some(3), 3));
    assert_eq!(standards.health_path.as_deref(), Some("/health"));
    assert!(standards.problem_details && standards.authentication_required);
    let constitution = documents.constitution.unwrap();
    let sections: Vec<_> = constitution.sections.iter().map(|section| section.value.to_lowercase()).collect();
    assert_eq!(sections, ["core principles", "technology stack", "standards"]);
    assert_eq!(constitution.bullets.len(), 11);
}

#[test]
fn the_example_has_exactly_these_edges() {
    let Loaded { platform, .. } = platform("examples/ecommerce");
    let expected = [
        "notification-service ~> auth-service: platform.audit.recorded",
        "notification-service ~> order-service: order.order.placed, order.order.cancelled",
        "notification-service ~> user-service: user.profile.created, user.profile.updated, user.profile.deleted",
        "order-service -> auth-service: validateToken",
        "order-service -> user-service: getUser",
        "order-service ~> user-service: user.profile.created, user.profile.updated, user.profile.deleted",
        "user-service -> auth-service: validateToken",
    ];
    assert_eq!(edges(&platform), expected);
    let graph = model::Graph::new(&platform);
    assert!(graph.synchronous_cycles().is_empty());
    assert_eq!(graph.longest_synchronous_chain(), ["order-service", "user-service", "auth-service"]);
    assert_eq!(graph.direct_dependents("auth-service"), ["notification-service", "order-service", "user-service"]);
    assert!(graph.transitive_dependents("auth-service").is_empty());
}

#[test]
fn the_example_has_its_contracts_and_schemas() {
    let Loaded { platform, .. } = platform("examples/ecommerce");
    let order = service(&platform, "order-service");
    let api = order.api.as_ref().unwrap();
    let ids: Vec<_> = api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["listOrders", "createOrder", "getOrder", "confirmOrder", "cancelOrder", "getHealth"]);
    let create = &api.operations[1];
    let body = create.request_body.as_ref().unwrap();
    let schema = platform.schemas.get(platform.schemas.resolve(body.content[0].schema.unwrap()));
    assert_eq!(&*schema.origin.file, "services/order-service/contracts/schemas/order.yaml");
    assert_eq!(schema.origin.pointer, Some("/OrderCreate".into()));
    assert_eq!(schema.required(), ["userId", "items", "currency", "totalCents", "shippingAddress"]);
    assert_eq!(create.security[0][0].scheme, "bearerAuth");
    assert!(api.operations[5].security.is_empty());
    let saga = &order.sagas[0];
    assert_eq!((saga.name.as_str(), saga.timeout_ms, saga.steps.len()), ("place-order", Some(60_000), 3));
    let audit = platform.event("platform.audit.recorded").unwrap();
    assert_eq!(audit.publishers, ["auth-service"]);
    let schema = platform.schemas.get(audit.definitions[0].schema.unwrap());
    assert_eq!(&*schema.origin.file, "shared/contracts/events/common-events.json");
    assert!(platform.events.iter().flat_map(|event| &event.definitions).all(|definition| definition.schema.is_some()));
    assert_eq!(service(&platform, "notification-service").kind, ServiceKind::EventProcessor);
}

#[test]
fn the_model_is_json_that_its_schema_accepts_and_that_reads_back() {
    let schema = jsonschema::validator_for(&model::json_schema()).unwrap();
    for path in ["examples/ecommerce", "tests/platforms/messy", "tests/platforms/broken"] {
        let Loaded { platform, .. } = platform(path);
        let json = serde_json::to_value(&platform).unwrap();
        let errors: Vec<_> =
            schema.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        let back: Platform = serde_json::from_value(json).unwrap();
        assert_eq!(back, platform, "{path}");
    }
}

#[test]
fn every_origin_leads_to_its_node() {
    let Loaded { platform, sources, .. } = platform("examples/ecommerce");
    assert!(!platform.schemas.nodes.is_empty());
    for schema in &platform.schemas.nodes {
        let file = sources.id_of(&schema.origin.file).unwrap();
        let node = sources.root(file).unwrap().pointer(&schema.origin.pointer.as_ref().unwrap().text()).unwrap();
        assert_eq!(sources.file(file).position(node.span().start).line, schema.origin.line);
    }
}
