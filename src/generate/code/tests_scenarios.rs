//! What becomes of scenarios: tests, or reasons.

use serde_json::{Value, json};

use super::fixture;
use super::scenario_plan::{ScenarioOutcome, Tested, scenarios};
use crate::model::{Platform, Scenario, Spec, Step, StepKind};

/// A service with `/books`, which can be lent, and have titles of their own.
fn platform(told: &str) -> Platform {
    let book = json!({
        "type": "object",
        "required": ["id", "title", "state"],
        "properties": {
            "id": { "type": "string", "readOnly": true },
            "title": { "type": "string", "x-unique": true },
            "state": { "type": "string", "enum": ["there", "lent"], "readOnly": true }
        }
    });
    let content = |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
    let shown = || content(json!({ "$ref": "#/components/schemas/Book" }));
    let list = content(json!({ "type": "array", "items": { "$ref": "#/components/schemas/Book" } }));
    let sent = json!({ "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } });
    let mut body = content(sent);
    body["required"] = json!(true);
    let item = json!([{ "name": "bookId", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let contract = json!({
        "info": { "title": "Books", "version": "1.0.0" },
        "paths": {
            "/books": {
                "post": { "operationId": "addBook", "requestBody": body, "responses": { "201": shown(), "409": {} } },
                "get": { "operationId": "listBooks", "responses": { "200": list } }
            },
            "/books/{bookId}": {
                "parameters": item,
                "get": { "operationId": "getBook", "responses": { "200": shown(), "404": {} } },
                "delete": { "operationId": "deleteBook", "responses": { "204": {} } }
            },
            "/books/{bookId}/lend": {
                "parameters": item,
                "post": { "operationId": "lendBook", "responses": { "200": shown(), "409": {} } }
            }
        },
        "components": { "schemas": { "Book": book } }
    });
    let mut platform = fixture::platform("shop-service", &contract);
    let steps = told.lines().filter_map(|line| line.trim().split_once(' ')).map(|(keyword, text)| {
        let kind = match keyword {
            "Given" => StepKind::Given,
            "When" => StepKind::When,
            "Then" => StepKind::Then,
            "Or" => StepKind::Or,
            _ => StepKind::And,
        };
        Step { kind, text: text.to_owned() }
    });
    let scenario = Scenario { title: "A book".to_owned(), steps: steps.collect(), ..Scenario::default() };
    platform.services[0].spec = Some(Spec { scenarios: vec![scenario], ..Spec::default() });
    platform
}

/// What becomes of the scenario: how far it is tested, its tests, and the reasons.
fn outcome(told: &str) -> (Tested, Vec<String>, Vec<String>) {
    let platform = platform(told);
    let mut found = scenarios(&platform, &platform.services[0]);
    let ScenarioOutcome { outcome, tests, left, .. } = found.remove(0);
    (outcome, tests, left.into_iter().map(|one| format!("{}: {}", one.said, one.why)).collect())
}

/// The tests as Python has them.
fn python(told: &str) -> String {
    let files = fixture::plan(&platform(told)).unwrap();
    fixture::content(&files, "tests/test_scenarios.py").to_owned()
}

#[test]
fn a_scenario_becomes_a_test_that_reads_like_it() {
    let told = "Given nothing\nWhen somebody sends a title (`POST /books`)\nThen the book is stored and the answer is 201\n\
                Or the answer is 409 if another book has the title";
    let (tested, tests, left) = outcome(told);
    assert_eq!((tested, left), (Tested::Tested, Vec::new()));
    assert_eq!(tests, ["A book", "A book where another has it"]);
    let text = python(told);
    for expected in [
        "    # When somebody sends a title (`POST /books`)\n    answer = await world.send(\"POST\", \"/books\", NEW_BOOK)\n    \
         # Then the book is stored and the answer is 201\n    assert answer.status_code == 201, answer.text\n",
        "    found = await world.send(\"GET\", f\"/books/{book_id}\")\n    assert found.status_code == 200, found.text\n    \
         assert found.json()[\"title\"] == \"example\"\n",
        "    # Or the answer is 409 if another book has the title\n    assert answer.status_code == 409, answer.text\n",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
}

#[test]
fn an_operation_is_meant_only_where_its_verb_can_mean_no_other() {
    let then = "Then the answer is 204 and the book cannot be read any more";
    assert_eq!(outcome(&format!("Given a stored book\nWhen somebody deletes it\n{then}")).0, Tested::Tested);
    for when in ["When somebody lends it or deletes it", "When it goes away", "When they lends or reads it"] {
        let (tested, _, left) = outcome(&format!("Given a stored book\n{when}\n{then}"));
        assert_eq!(tested, Tested::NotTested, "{when}");
        assert!(left[0].contains("it names no operation of the contract"), "{left:?}");
    }
    let (_, _, left) = outcome(&format!("Given a stored book\nWhen somebody asks (`DELETE /shelves`)\n{then}"));
    assert!(left[0].ends_with("the contract has no operation `DELETE /shelves`"), "{left:?}");
}

#[test]
fn a_world_that_is_otherwise_is_not_made_up() {
    let rest = "When somebody asks for it (`GET /books/{bookId}`)\nThen the answer is 200 with the book";
    assert_eq!(outcome(&format!("Given a stored book\n{rest}")).0, Tested::Tested);
    for given in ["a book that was never read", "a shelf that is full", "a shop without books"] {
        let (tested, _, left) = outcome(&format!("Given {given}\n{rest}"));
        assert_eq!(tested, Tested::NotTested, "{given}");
        assert!(left[0].starts_with(given) && left[0].contains("cannot be set up"), "{left:?}");
    }
}

#[test]
fn states_are_reached_and_checked() {
    let when = "When somebody lends it\nThen the answer is 200 and the book is lent";
    let (tested, tests, _) =
        outcome(&format!("Given a stored book\n{when}\nOr the answer is 409 if the book was lent before"));
    assert_eq!((tested, tests.len()), (Tested::Tested, 2));
    let text = python("Given a book that is lent\nWhen somebody asks for it (`getBook`)\nThen the answer is 200");
    assert!(text.contains("await world.send(\"POST\", f\"/books/{book_id}/lend\")"), "{text}");
}

#[test]
fn what_cannot_be_checked_is_named() {
    let told = "Given a stored book\nWhen somebody asks for it (`getBook`)\n\
                Then the answer is 200 with the book, its colour, and the shelf shines\nOr the answer is 503 if the shop burns";
    let (tested, tests, left) = outcome(told);
    assert_eq!((tested, tests.len()), (Tested::Partly, 1));
    let expected = [
        "its colour: no check is known for it",
        "the shelf shines: no check is known for it",
        "the answer is 503 if the shop burns: what leads to it cannot be set up by what the contract tells",
    ];
    assert_eq!(left, expected);
    assert!(python(told).contains("    # Not tested here: the shelf shines\n"));
    // A status that the request does not get is no test that fails.
    let (tested, _, left) =
        outcome("Given a stored book\nWhen somebody asks for it (`getBook`)\nThen the answer is 418");
    assert_eq!((tested, left.len()), (Tested::NotTested, 1));
    // What nothing proves is no test at all.
    let files = fixture::plan(&platform("Given nothing\nWhen it rains\nThen it pours")).unwrap();
    assert!(!files.iter().any(|file| file.path.ends_with("test_scenarios.py")));
}

#[test]
fn lists_hold_exactly_what_was_asked_for() {
    let told = "Given several books\nWhen somebody asks for them (`GET /books`)\nThen the answer holds exactly those, oldest first";
    assert_eq!(outcome(told).0, Tested::Tested);
    let text = python(told);
    let expected = "assert [one[\"id\"] for one in answer.json()] == [book_id, second_book_id, third_book_id]";
    assert!(text.contains(expected), "{text}");
}
