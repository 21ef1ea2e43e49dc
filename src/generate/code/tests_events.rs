//! What is generated for events that a spec publishes or consumes.

use serde_json::json;

use super::{EventsDone, fixture};
use crate::model::{ConsumedEvent, ErrorHandling, Event, EventDefinition, Platform};

/// A service with `/books`, whose documents have an id and a title.
fn platform() -> Platform {
    let book = json!({
        "type": "object",
        "required": ["id", "title"],
        "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "note": { "type": "string" } }
    });
    let answer = |schema: serde_json::Value| json!({ "content": { "application/json": { "schema": schema } } });
    let shown = json!({ "$ref": "#/components/schemas/Book" });
    let new = json!({ "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } });
    let item = json!([{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let contract = json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": { "post": { "operationId": "addBook", "requestBody": answer(new), "responses": { "201": answer(shown.clone()) } } },
            "/books/{bookId}": {
                "parameters": item,
                "get": { "operationId": "getBook", "responses": { "200": answer(shown) } },
                "delete": { "operationId": "deleteBook", "responses": { "204": {} } }
            }
        },
        "components": { "schemas": { "Book": book, "Message": {
            "type": "object",
            "required": ["eventId", "data"],
            "properties": { "eventId": { "type": "string" }, "data": {
                "type": "object", "required": ["id", "authorId"],
                "properties": { "id": { "type": "string" }, "authorId": { "type": "string" } }
            } }
        } } }
    });
    fixture::platform("shop-service", &contract)
}

fn publishes(name: &str, trigger: &str, payload: &[&str]) -> EventDefinition {
    EventDefinition {
        name: name.to_owned(),
        version: Some("v1".to_owned()),
        topic: Some(format!("events.{name}")),
        trigger: Some(trigger.to_owned()),
        payload: payload.iter().map(|field| (*field).to_owned()).collect(),
        ..EventDefinition::default()
    }
}

fn consumes(name: &str, action: &str, error_handling: Option<ErrorHandling>) -> ConsumedEvent {
    ConsumedEvent {
        name: name.to_owned(),
        action: Some(action.to_owned()),
        idempotency: Some("Upsert by authorId".to_owned()),
        error_handling,
        ..ConsumedEvent::default()
    }
}

/// Sets the events of the service and of the platform.
fn with(publishes: Vec<EventDefinition>, consumes: Vec<ConsumedEvent>) -> Platform {
    let mut platform = platform();
    platform.events = publishes
        .iter()
        .map(|one| Event { name: one.name.clone(), definitions: vec![one.clone()], ..Event::default() })
        .collect();
    platform.events.sort_by(|a, b| a.name.cmp(&b.name));
    platform.services[0].publishes = publishes;
    platform.services[0].consumes = consumes;
    platform
}

#[test]
fn what_a_trigger_names_is_published_with_its_change() {
    let platform = with(
        vec![
            publishes("shop.book.added", "POST /books stores a book", &["bookId", "title"]),
            publishes("shop.book.gone", "deleteBook removes it", &["bookId"]),
            publishes("shop.book.sold", "POST /books stores a book", &["price"]),
            publishes("shop.book.read", "Somebody reads it", &["bookId"]),
        ],
        Vec::new(),
    );
    let files = fixture::plan(&platform).unwrap();
    let handlers = fixture::content(&files, "handlers/books.py");
    for expected in [
        "        await outbox.publish(\n            context,\n            events.SHOP_BOOK_ADDED,\n            \
         {\"bookId\": book[\"id\"], \"title\": book[\"title\"]},\n        )\n        return book",
        "        book = await BOOKS.remove(context, book_id)\n        \
         await outbox.publish(context, events.SHOP_BOOK_GONE, {\"bookId\": book[\"id\"]})\n",
    ] {
        assert!(handlers.contains(expected), "no {expected} in\n{handlers}");
    }
    assert!(!handlers.contains("SHOP_BOOK_SOLD") && !handlers.contains("SHOP_BOOK_READ"), "{handlers}");
    let done = EventsDone::new(&platform, &platform.services[0]);
    let names = ["shop.book.added", "shop.book.gone", "shop.book.sold", "shop.book.read"];
    assert_eq!(names.map(|name| done.publishes(name)), [true, true, false, false]);
    assert!(fixture::content(&files, "pyproject.toml").contains("\"aio-pika=="));
}

#[test]
fn what_fails_is_handled_as_the_spec_says() {
    let handling =
        |retries: u32, dead_letter| Some(ErrorHandling { text: String::new(), retries: Some(retries), dead_letter });
    let platform = with(
        Vec::new(),
        vec![
            consumes("press.author.moved", "Tell the shelves", handling(5, true)),
            consumes("press.author.seen", "Count it", handling(0, false)),
            consumes("press.author.new", "Greet", None),
        ],
    );
    let files = fixture::plan(&platform).unwrap();
    let consumers = fixture::content(&files, "contract/consumers.py");
    let flat = consumers.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in ["retries=5, dead_letter=True", "retries=0, dead_letter=False", "retries=3, dead_letter=True"] {
        assert!(flat.contains(expected), "no {expected} in\n{consumers}");
    }
    assert!(consumers.contains("raise NotImplementedError(\"press.author.moved has no handler yet\")"), "{consumers}");
    let done = EventsDone::new(&platform, &platform.services[0]);
    assert!(!done.handles("press.author.moved"));
    // Nothing is published, so nothing is kept to be sent.
    assert!(!files.iter().any(|file| file.path.ends_with("outbox.py")));
}

#[test]
fn a_local_copy_is_generated_where_the_action_asks_for_one() {
    let mut platform = with(
        Vec::new(),
        vec![
            consumes("press.author.new", "Create author cache entry", None),
            consumes("press.author.gone", "Delete the local copy", None),
            consumes("press.author.moved", "Replace the local copy and greet", None),
        ],
    );
    let schemas = &platform.services[0].api.as_ref().unwrap().schemas;
    let message = schemas.iter().find(|(name, _)| name == "Message").unwrap().1;
    platform.events = vec![Event {
        name: "press.author.new".to_owned(),
        definitions: vec![EventDefinition { schema: Some(message), ..publishes("press.author.new", "", &[]) }],
        ..Event::default()
    }];
    let files = fixture::plan(&platform).unwrap();
    let consumers = fixture::content(&files, "handlers/consumers.py");
    for expected in [
        "\"\"\"Create author cache entry.\"\"\"\n        await PRESS_AUTHOR_COPIES.put(context, message)",
        "\"\"\"Delete the local copy.\"\"\"\n        await PRESS_AUTHOR_COPIES.forget(context, message)",
        "\"\"\"Replace the local copy and greet.\"\"\"\n        await PRESS_AUTHOR_COPIES.put(context, message)",
    ] {
        assert!(consumers.contains(expected), "no {expected} in\n{consumers}");
    }
    let copies = fixture::content(&files, "contract/copies.py");
    let declared = "PRESS_AUTHOR_COPIES = Projection(\"press_author_copies\", key=\"authorId\")";
    assert!(copies.contains(declared), "{copies}");
    let done = EventsDone::new(&platform, &platform.services[0]);
    assert!(done.handles("press.author.new") && done.handles("press.author.gone"));
    assert!(!done.handles("press.author.moved"), "the greeting is left to a person");
}
