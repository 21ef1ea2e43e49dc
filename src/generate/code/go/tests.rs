//! What the files of a generated Go service say. That they compile and work is proved by running them
//! (`tests/generated_go.rs`).

use serde_json::{Value, json};

use crate::generate::code::fixture;
use crate::generate::code::tests_clients::platform;
use crate::model::{Framework, Language};
use crate::output::{Ownership, PlannedFile};

fn files(contract: &Value) -> Vec<PlannedFile> {
    let mut platform = fixture::platform("shop", contract);
    (platform.services[0].language, platform.services[0].framework) = (Language::Go, Framework::NetHttp);
    fixture::plan(&platform).unwrap()
}

fn answer(schema: Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

/// `/books` with `/books/{bookId}`, and a webhook that nobody knows what to do with.
fn books() -> Value {
    let shown = json!({ "$ref": "#/components/schemas/Book" });
    let new = json!({ "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewBook" } } } });
    let book = json!({
        "type": "object",
        "required": ["id", "title", "state"],
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "title": { "type": "string" },
            "state": { "$ref": "#/components/schemas/State" },
            "note": { "type": ["string", "null"] },
            "imageUrl": { "type": "string" }
        }
    });
    let sent = json!({
        "type": "object",
        "required": ["title"],
        "properties": {
            "title": { "type": "string" },
            "note": { "type": ["string", "null"] },
            "imageUrl": { "type": "string" },
            "state": { "$ref": "#/components/schemas/State" }
        }
    });
    json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": { "post": { "operationId": "addBook", "requestBody": new, "responses": { "201": answer(shown.clone()) } } },
            "/books/{bookId}": {
                "parameters": [{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }],
                "get": { "operationId": "getBook", "responses": { "200": answer(shown) } },
            },
            "/books/{bookId}/bind": {
                "parameters": [{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }],
                "post": { "operationId": "bindBook", "responses": { "204": {} } }
            }
        },
        "components": {
            "schemas": { "Book": book, "NewBook": sent, "State": { "type": "string", "enum": ["in", "out"], "default": "in" } }
        }
    })
}

#[test]
fn types_tell_absent_from_null() {
    let files = files(&books());
    let models = fixture::content(&files, "internal/contract/models.go");
    for line in [
        "\tID       string                  `json:\"id\"`",
        "\tNote     values.Nullable[string] `json:\"note,omitzero\"`",
        "\tImageURL *string                 `json:\"imageUrl,omitzero\"`",
        "\tStateOut State = \"out\"",
    ] {
        assert!(models.contains(line), "{line} in {models}");
    }
    assert!(fixture::content(&files, "internal/runtime/values/nullable.go").contains("func Null["));
}

#[test]
fn handlers_are_statements_with_types() {
    let files = files(&books());
    let handlers = fixture::content(&files, "internal/handlers/books.go");
    for line in [
        "var books = store.NewCollection(\"books\", func(book *contract.Book) string { return book.ID })",
        "\t\tState:    values.Or(body.State, contract.StateIn),",
        "\t\tNote:     body.Note,",
        "\treturn books.Get(ctx, unit.Tx, call.BookID)",
        "\treturn problem.NotImplemented(\"bindBook\")",
    ] {
        assert!(handlers.contains(line), "{line} in {handlers}");
    }
}

#[test]
fn only_what_is_used_is_written() {
    let files = files(&books());
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"services/shop/cmd/shop-service/main.go"), "{paths:?}");
    for other in ["internal/runtime/messaging", "internal/runtime/auth", "schema/expression.go"] {
        assert!(!paths.iter().any(|path| path.contains(other)), "{other} in {paths:?}");
    }
    let modules = fixture::content(&files, "go.mod");
    assert!(modules.starts_with("module shop-service\n") && !modules.contains("jwt") && !modules.contains("amqp"));
    let yours = files.iter().filter(|file| file.ownership == Ownership::Scaffold);
    assert!(yours.clone().count() > 0);
    assert!(yours.into_iter().all(|file| file.path.contains("/internal/handlers/")), "{paths:?}");
}

#[test]
fn a_contract_without_operations_gives_a_service_that_answers_probes() {
    let files = files(&json!({ "info": { "title": "Nothing", "version": "1" }, "paths": {} }));
    let app = fixture::content(&files, "internal/app/app.go");
    assert!(app.contains("web.AddProbes(") && !app.contains("internal/handlers"), "{app}");
}

/// The files of a service of a platform in this repository.
fn files_of(folder: &str, name: &str) -> Vec<PlannedFile> {
    let mut platform = platform(folder);
    for service in &mut platform.services {
        (service.language, service.framework) = (Language::Go, Framework::NetHttp);
    }
    let files = fixture::plan(&platform).unwrap();
    files.into_iter().filter(|file| file.service.as_deref() == Some(name)).collect()
}

#[test]
fn clients_are_packages_with_types_of_their_own() {
    let files = files_of("tests/platforms/trips", "trip-service");
    let client = fixture::content(&files, "internal/contract/clients/priceservice/client.go");
    for line in [
        "\tlastListPrices *upstream.LastAnswers[[]Price]",
        "\tTimeout: time.Second,",
        "\tXDiscount *bool",
        "func (c *Client) ListPrices(ctx context.Context, unit *work.Unit, call ListPricesCall) ([]Price, error) {",
        "\treturn c.lastListPrices.Or(unit, call, answer, err)",
    ] {
        assert!(client.contains(line), "{line} in {client}");
    }
    let hints = fixture::content(&files, "internal/contract/clients/hintservice/client.go");
    assert!(hints.contains("\treturn answer, upstream.Degrade(err)"), "{hints}");
    let seats = fixture::content(&files, "internal/contract/clients/seatservice/client.go");
    assert!(seats.contains("values.Or(call.IdempotencyKey, values.NewID())"), "{seats}");
    let handlers = fixture::content(&files, "internal/handlers/trips.go");
    let asked = "return nil, upstream.MustExist(err, \"#/placeId\", http.StatusUnprocessableEntity)";
    assert!(handlers.contains(asked), "{handlers}");
    let settings = fixture::content(&files, "internal/runtime/config/config.go");
    assert!(settings.contains("\t\tPlaceServiceURL: r.address(\"PLACE_SERVICE_URL\"),"), "{settings}");
}

#[test]
fn sagas_read_results_with_their_types() {
    let files = files_of("tests/platforms/trips", "trip-service");
    let sagas = fixture::content(&files, "internal/contract/sagas/sagas.go");
    for line in [
        "var BookTrip = saga.Saga{Name: \"book-trip\", Timeout: 30 * time.Second}",
        "\tbegun, err := saga.Result[contract.Trip](run, 0)",
        "\t\tBody:           seatservice.NewReservation{TripID: begun.ID, Seats: begun.Seats},",
        "\treturn nil, s.clients.SeatService.Release(ctx, unit, seatservice.ReleaseCall{ReservationID: step2.ID})",
    ] {
        assert!(sagas.contains(line), "{line} in {sagas}");
    }
    let handlers = fixture::content(&files, "internal/handlers/trips.go");
    assert!(handlers.contains("saga.Begin(ctx, unit, sagas.BookTrip, trip)"), "{handlers}");
}

#[test]
fn what_nobody_calls_has_no_clients() {
    let files = files_of("examples/ecommerce", "auth-service");
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for other in ["runtime/upstream", "runtime/saga", "contract/clients", "contract/copies", "web/idempotency"] {
        assert!(!paths.iter().any(|path| path.contains(other)), "{other} in {paths:?}");
    }
    // Others call it, so it verifies their pacts.
    assert!(paths.iter().any(|path| path.ends_with("internal/handlers/provider_test.go")), "{paths:?}");
    let orders = files_of("examples/ecommerce", "order-service");
    let users = fixture::content(&orders, "internal/contract/clients/userservice/client.go");
    assert!(users.contains("\t\tOf:  copies.UserProfile,"), "{users}");
}
