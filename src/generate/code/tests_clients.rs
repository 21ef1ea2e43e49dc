//! What the Upstream table and the sagas of a spec are understood as.

use std::path::Path;

use super::behaviour::Archetypes;
use super::clients::{Clients, Failure};
use super::events::Events;
use super::sagas::{self, Callee, From};
use crate::document::read::{read, wanted};
use crate::model::{self, List, Platform};
use crate::source::{Store, WorktreeStore, load};

/// A platform of this repository.
pub(super) fn platform(folder: &str) -> Platform {
    let store = WorktreeStore::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let (listing, sources) = (store.list().unwrap(), load(&store, &wanted).unwrap());
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    platform
}

fn clients<'a>(platform: &'a Platform, name: &str) -> (Clients<'a>, Vec<sagas::SagaPlan>) {
    let service = platform.service(name).unwrap();
    let api = service.api.as_ref().unwrap();
    let archetypes = Archetypes::new(&platform.schemas, api);
    let events = Events::new(platform, service, api, &archetypes);
    let clients = Clients::new(platform, service, api, &archetypes, &events);
    let sagas = sagas::of(platform, service, api, &archetypes, &clients);
    (clients, sagas)
}

#[test]
fn each_row_says_how_its_operations_are_called() {
    let platform = platform("tests/platforms/trips");
    let (clients, _) = clients(&platform, "trip-service");
    let calls = clients.found.iter().flat_map(|client| &client.calls);
    let found: Vec<_> =
        calls.map(|call| (call.operation.id.as_str(), call.timeout_ms, call.retries, call.failure.clone())).collect();
    let expected = [
        ("getPlace", 300, 1, Failure::Fail),
        ("listPrices", 1000, 1, Failure::Cached(600)),
        ("getHints", 5000, 2, Failure::Degrade),
        ("reserve", 2000, 3, Failure::Fail),
        ("release", 2000, 3, Failure::Fail),
    ];
    assert_eq!(found, expected);
    let references: Vec<_> =
        clients.references.iter().map(|one| (one.operation.as_str(), one.property.as_str(), one.status)).collect();
    assert_eq!(references, [("planTrip", "placeId", 422)]);
    assert_eq!(clients.token_check, None, "no operation of trip-service takes a token");
}

#[test]
fn what_must_not_happen_twice_is_tried_once() {
    let mut platform = platform("tests/platforms/trips");
    let seats = platform.services.iter_mut().find(|service| service.name == "seat-service").unwrap();
    seats.api.as_mut().unwrap().operations[0].parameters = List::default();
    let (clients, sagas) = clients(&platform, "trip-service");
    let reserve = clients.found.iter().flat_map(|client| &client.calls).find(|call| call.operation.id == "reserve");
    assert_eq!(reserve.unwrap().retries, 0);
    assert!(sagas.is_empty(), "a saga cannot take a step again whose answer got lost");
}

#[test]
fn the_example_checks_tokens_and_falls_back_on_its_copies() {
    let platform = platform("examples/ecommerce");
    let (clients, _) = clients(&platform, "order-service");
    let check = clients.token_check.as_ref().unwrap();
    let validate = &clients.found[check.call.0].calls[check.call.1];
    assert_eq!((validate.operation.id.as_str(), &validate.failure), ("validateToken", &Failure::Refuse(401)));
    assert_eq!(validate.fields.as_deref().unwrap(), ["accountId", "roles"]);
    let Failure::Copy(copied) = &clients.found[1].calls[0].failure else { panic!("no copy") };
    let properties: Vec<_> =
        copied.properties.iter().map(|(name, of_copy)| (name.as_str(), of_copy.as_str())).collect();
    let same = ["email", "firstName", "lastName", "locale"].map(|name| (name, name));
    assert_eq!(properties, [&[("id", "userId")], same.as_slice()].concat());
    assert!(
        clients.references.is_empty(),
        "the spec does not say that the customer is checked before an order is stored"
    );
    let (own, _) = self::clients(&platform, "auth-service");
    assert!(own.found.is_empty());
    let asked = |name: &str| super::asked_about_tokens(&platform, platform.service(name).unwrap());
    assert_eq!((asked("order-service"), asked("auth-service")), (Some("auth-service"), None));
}

#[test]
fn a_saga_takes_what_its_steps_need_from_those_before() {
    let platform = platform("tests/platforms/trips");
    let (_, sagas) = clients(&platform, "trip-service");
    let [saga] = sagas.as_slice() else { panic!("{sagas:?}") };
    assert_eq!((saga.begun_by.as_str(), saga.timeout_ms), ("planTrip", 30_000));
    let from = |step: usize, property: &str| From { step, property: property.to_owned() };
    let reserve = saga.steps[1].act.as_ref().unwrap();
    assert!(matches!(reserve.callee, Callee::Upstream(..)));
    assert_eq!(reserve.key.as_deref(), Some("Idempotency-Key"));
    let body = [("tripId".to_owned(), from(0, "id")), ("seats".to_owned(), from(0, "seats"))];
    assert_eq!(reserve.body.as_deref(), Some(body.as_slice()));
    let release = saga.steps[1].undo.as_ref().unwrap();
    assert_eq!(release.parameters, [("reservationId".to_owned(), from(1, "id"))]);
    assert!(saga.steps[2].undo.is_none());
}
