//! What migrations follow from which change of a contract.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::generate::Request;
use crate::generate::code::{CODE, fixture};
use crate::model::{Entity, EventSourcing};
use crate::output::{Plan, PlannedFile};
use crate::template::Engine;

const FOLDER: &str = "services/shop-service/src/shop_service/migrations";

/// A contract with one collection a name.
fn contract(collections: &[(&str, Value)]) -> Value {
    let mut paths = serde_json::Map::new();
    for (name, properties) in collections {
        let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
        let document = json!({ "type": "object", "required": required, "properties": properties });
        let answer = json!({ "200": { "content": { "application/json": { "schema": document } } } });
        let parameters = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
        paths.insert(
            format!("/{name}/{{id}}"),
            json!({ "get": { "operationId": format!("get{name}"), "parameters": parameters, "responses": answer } }),
        );
    }
    json!({ "info": { "title": "Shop", "version": "1.0.0" }, "paths": paths })
}

/// A service that is generated again and again.
#[derive(Default)]
struct Disk(RefCell<BTreeMap<String, String>>);

impl Disk {
    /// Generates for a contract: the names of new migrations, and the notes.
    fn generate(&self, contract: &Value) -> (Vec<String>, Vec<String>) {
        self.generate_with(contract, &[])
    }

    /// The same where the spec asks that some entities are kept as events.
    fn generate_with(&self, contract: &Value, event_sourced: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut platform = fixture::platform("shop-service", contract);
        let entity = |name: &&str| Entity {
            name: (*name).to_owned(),
            event_sourcing: Some(EventSourcing { snapshot_every: 10 }),
            ..Entity::default()
        };
        platform.services[0].ownership.entities = event_sourced.iter().map(entity).collect();
        let engine = Engine::new(BTreeMap::new()).unwrap();
        let config = crate::document::config::Config::default();
        let existing = |path: &str| self.0.borrow().get(path).cloned();
        let request =
            Request { platform: &platform, config: &config, engine: &engine, service: None, existing: &existing };
        let mut plan = Plan::default();
        (CODE.plan)(&request, &mut plan).unwrap();
        let ours = |file: &PlannedFile| file.path.starts_with(FOLDER);
        let mut new = Vec::new();
        for file in plan.files.into_iter().filter(ours) {
            let before = self.0.borrow_mut().insert(file.path.clone(), file.content.clone());
            let name = file.path.strip_prefix(&format!("{FOLDER}/postgresql/")).map(str::to_owned);
            match (before, name) {
                (Some(before), Some(name)) => assert_eq!(before, file.content, "{name} is never rewritten"),
                (None, Some(name)) => new.push(name),
                _ => {}
            }
        }
        (new, plan.notes)
    }

    fn sql(&self, dialect: &str, name: &str) -> String {
        self.0.borrow()[&format!("{FOLDER}/{dialect}/{name}")].clone()
    }
}

fn book() -> Value {
    json!({ "id": { "type": "string" }, "isbn": { "type": "string" } })
}

#[test]
fn the_first_migration_creates_what_is_there_and_nothing_more_is_written() {
    let disk = Disk::default();
    let (new, notes) = disk.generate(&contract(&[("books", book())]));
    assert_eq!((new, notes), (vec!["0001_initial.sql".to_owned()], vec![]));
    let text = disk.sql("sqlite", "0001_initial.sql");
    assert!(text.contains("CREATE TABLE \"books\" (\n    position INTEGER PRIMARY KEY AUTOINCREMENT,\n"), "{text}");
    assert!(disk.sql("postgresql", "0001_initial.sql").contains("    document JSONB NOT NULL\n);"));
    assert_eq!(disk.generate(&contract(&[("books", book())])).0, Vec::<String>::new());
}

#[test]
fn a_changed_contract_writes_the_next_migration() {
    let disk = Disk::default();
    disk.generate(&contract(&[("books", book())]));
    let mut changed = book();
    changed["isbn"]["x-unique"] = json!(true);
    changed["shelf"] = json!({ "type": "string", "default": "it's new" });
    let (new, notes) = disk.generate(&contract(&[("books", changed.clone()), ("loans", book())]));
    assert_eq!((new, notes), (vec!["0002_books_shelf_and_more.sql".to_owned()], vec![]));
    let text = disk.sql("postgresql", "0002_books_shelf_and_more.sql");
    for expected in [
        "UPDATE \"books\" SET document = document || '{\"shelf\":\"it''s new\"}'::jsonb\nWHERE NOT document ? 'shelf';",
        "CREATE UNIQUE INDEX \"books_isbn_key\" ON \"books\" ((document ->> 'isbn'));",
        "CREATE TABLE \"loans\" (",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    let text = disk.sql("sqlite", "0002_books_shelf_and_more.sql");
    let set =
        "json_set(document, '$.\"shelf\"', json('\"it''s new\"'))\nWHERE json_type(document, '$.\"shelf\"') IS NULL;";
    assert!(text.contains(set), "{text}");
    changed["isbn"]["x-unique"] = json!(false);
    let (new, _) = disk.generate(&contract(&[("books", changed), ("loans", book())]));
    assert_eq!(new, ["0003_books_isbn_not_unique.sql"]);
}

#[test]
fn a_dropped_collection_stays_and_may_come_back() {
    let disk = Disk::default();
    disk.generate(&contract(&[("books", book()), ("loans", book())]));
    let (new, notes) = disk.generate(&contract(&[("books", book())]));
    assert_eq!(new, ["0002_keep_loans.sql"]);
    assert!(notes.iter().any(|note| note.contains("`loans`") && note.contains("stays")), "{notes:?}");
    assert!(!disk.sql("sqlite", "0002_keep_loans.sql").contains("DROP"));
    let (new, notes) = disk.generate(&contract(&[("books", book())]));
    assert!(new.is_empty() && notes.is_empty(), "it is said once: {notes:?}");
    assert_eq!(disk.generate(&contract(&[("books", book()), ("loans", book())])).0, ["0003_resume_loans.sql"]);
}

#[test]
fn what_no_default_tells_is_left_to_a_person_and_said_until_it_is_done() {
    let disk = Disk::default();
    disk.generate(&contract(&[("books", book())]));
    let mut changed = book();
    changed["shelf"] = json!({ "type": "string" });
    for _ in 0..2 {
        let (new, notes) = disk.generate(&contract(&[("books", changed.clone())]));
        assert!(new.is_empty() && notes.iter().any(|note| note.contains("`shelf`")), "{new:?} {notes:?}");
    }
    let path = format!("{FOLDER}/tables.json");
    let text = disk.0.borrow()[&path].replace("\"isbn\"", "\"isbn\",\n\"shelf\"");
    disk.0.borrow_mut().insert(path, text);
    assert!(disk.generate(&contract(&[("books", changed)])).1.is_empty());
}

#[test]
fn what_an_editor_on_windows_adds_to_the_list_of_tables_changes_nothing() {
    let disk = Disk::default();
    let books = contract(&[("books", book())]);
    disk.generate(&books);
    let path = format!("{FOLDER}/tables.json");
    let text = format!("\u{feff}{}", disk.0.borrow()[&path].replace('\n', "\r\n"));
    disk.0.borrow_mut().insert(path, text);
    assert_eq!(disk.generate(&books), (vec![], vec![]));
}

#[test]
fn documents_that_become_events_are_the_first_of_their_streams() {
    let disk = Disk::default();
    let books = contract(&[("books", book())]);
    disk.generate(&books);
    assert_eq!(
        disk.generate_with(&books, &["Book"]),
        (vec!["0002_create_event_store_and_more.sql".to_owned()], vec![])
    );
    for dialect in ["postgresql", "sqlite"] {
        let text = disk.sql(dialect, "0002_create_event_store_and_more.sql");
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part} in\n{text}"));
        assert!(at("CREATE TABLE \"event_store\"") < at("ALTER TABLE \"books\" ADD COLUMN version"), "{text}");
        assert!(at("UPDATE \"books\" SET version = 1;") < at("INSERT INTO event_store"), "{text}");
        assert!(text.contains("    causation_id TEXT,\n    UNIQUE (collection, key, version)\n);"), "{text}");
    }
    // A default for what is there already is an event, too.
    let mut shelved = book();
    shelved["shelf"] = json!({ "type": "string", "default": "A" });
    let shelved = contract(&[("books", shelved)]);
    assert_eq!(disk.generate_with(&shelved, &["Book"]).0, ["0003_books_shelf.sql"]);
    let text = disk.sql("postgresql", "0003_books_shelf.sql");
    assert!(
        text.contains("'{\"set\":{\"shelf\":\"A\"},\"unset\":[]}'::jsonb") && text.contains("version = version + 1"),
        "{text}"
    );
    // The store stays when the spec asks for events no more, and goes on when it does again.
    assert_eq!(disk.generate(&shelved).0, ["0004_keep_event_store_and_more.sql"]);
    assert_eq!(disk.generate_with(&shelved, &["Book"]).0, ["0005_resume_event_store_and_more.sql"]);
    let text = disk.sql("sqlite", "0005_resume_event_store_and_more.sql");
    assert!(!text.contains("ALTER TABLE") && text.contains("'deleted'"), "{text}");
}

#[test]
fn an_entity_that_no_collection_holds_is_named() {
    let (_, notes) = Disk::default().generate_with(&contract(&[("books", book())]), &["Loan"]);
    assert!(notes.iter().any(|note| note.contains("`Loan`") && note.contains("no collection")), "{notes:?}");
}
