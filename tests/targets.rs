//! Task lists, documents and the catalog of the example: written twice they do not change, and what a person wrote into
//! them stays when the specification changes.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use agentspec::document::plan::Tasks;
use agentspec::document::read::wanted;
use agentspec::generate::{self, Request, Target};
use agentspec::output::{self, Action, ActionKind, Plan};
use agentspec::source::{WorktreeStore, load};
use agentspec::template::Engine;
use agentspec::{catalog, model};

#[path = "support/example.rs"]
mod example;

const SPECS: &str = "services/order-service/specs/001-order-management";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of the example without what a run writes.
fn platform() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&example::folder(), folder.path());
    for path in ["project_context.md", "docs/SERVICE-CATALOG.md", &format!("{SPECS}/quick-ref.md")] {
        fs::remove_file(folder.path().join(path)).unwrap_or_default();
    }
    folder
}

fn plan(root: &Path) -> Plan {
    let (_, documents, platform) = example::read_platform(root);
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let existing = |path: &str| fs::read_to_string(root.join(path)).ok();
    let config = &documents.config;
    let request = Request { platform: &platform, config, engine: &engine, service: None, existing: &existing };
    let targets: Vec<&'static Target> =
        ["kubernetes", "tasks", "docs"].iter().map(|name| generate::find(name).unwrap()).collect();
    let mut plan = generate::plan(&request, &targets).unwrap();
    plan.files.push(catalog::plan(&platform, &engine, None).unwrap());
    plan.files.sort_by(|one, other| one.path.cmp(&other.path));
    plan
}

fn changes<'a>(actions: &'a [Action<'_>]) -> Vec<(&'a str, ActionKind)> {
    let changed = actions.iter().filter(|action| action.kind.is_change());
    changed.map(|action| (action.path.as_ref(), action.kind)).collect()
}

/// Plans and writes; gives what was changed.
fn run(root: &Path) -> Vec<(String, ActionKind)> {
    let plan = plan(root);
    let actions = output::inspect(root, &plan).unwrap();
    let changed = changes(&actions).into_iter().map(|(path, kind)| (path.to_owned(), kind)).collect();
    output::apply(root, &actions).unwrap();
    changed
}

fn edit(root: &Path, path: &str, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(root.join(path)).unwrap();
    let changed = change(&text);
    assert_ne!(changed, text, "nothing changed in {path}");
    fs::write(root.join(path), changed).unwrap();
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = platform();
    assert!(run(folder.path()).iter().all(|(_, kind)| *kind == ActionKind::Create));
    assert_eq!(run(folder.path()), []);
}

#[test]
fn ticks_and_own_tasks_survive_a_change_of_the_specification() {
    let folder = platform();
    let root = folder.path();
    // Operations that a person writes are tasks.
    edit(root, "services/order-service/contracts/api-spec.yaml", |text| {
        let by_hand = |text: String, id: &str| text.replacen(id, &format!("{id}\n      x-behaviour: custom"), 1);
        by_hand(by_hand(text.to_owned(), "operationId: confirmOrder"), "operationId: cancelOrder")
    });
    run(root);
    let tasks = format!("{SPECS}/tasks.md");
    edit(root, &tasks, |text| {
        let at = text.find("<!-- task: operation cancelOrder ").unwrap();
        let ticked = text[at..].replacen("- [ ] Done", "- [x] Done", 1);
        let own = "### Task 3.9: Ask the lawyers\n\n- [x] Done\n\n## Phase 4: Events";
        format!("{}{ticked}\nThe end.\n", &text[..at]).replacen("## Phase 4: Events", own, 1)
    });
    edit(root, &format!("{SPECS}/spec.md"), |text| {
        text.replacen(
            "- [ ] An order can be placed, read",
            "- [ ] Orders are fast\n- [ ] An order can be placed, read",
            1,
        )
    });
    edit(root, "services/order-service/contracts/api-spec.yaml", |text| {
        text.replacen("operationId: confirmOrder", "operationId: approveOrder", 1)
    });
    let changed = run(root);
    assert!(changed.iter().all(|(_, kind)| matches!(kind, ActionKind::Update | ActionKind::Merge)), "{changed:?}");
    assert!(changed.iter().any(|(path, _)| *path == tasks), "{changed:?}");
    let text = fs::read_to_string(root.join(&tasks)).unwrap();
    for expected in [
        "<!-- task: operation cancelOrder ",
        "### Task 3.9: Ask the lawyers\n\n- [x] Done\n",
        ": Prove: Orders are fast\n",
        ": Handle approveOrder\n",
        "### Withdrawn: Handle confirmOrder\n<!-- withdrawn: operation confirmOrder ",
        "<!-- agentspec:end tasks -->\n\nThe end.\n",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert_eq!(run(root), []);
}

#[test]
fn a_task_list_reads_back_as_tasks_with_their_ticks() {
    let folder = platform();
    let root = folder.path();
    run(root);
    edit(root, &format!("{SPECS}/tasks.md"), |text| text.replacen("- [ ] Done", "- [x] Done", 2));
    let sources = load(&WorktreeStore::open(root).unwrap(), &wanted).unwrap();
    let (file, _) = sources.iter().find(|(_, file)| *file.path == *format!("{SPECS}/tasks.md")).unwrap();
    let tasks = Tasks::read(&sources, file).tasks;
    assert!(tasks.len() > 5, "{tasks:?}");
    let done = tasks.iter().filter(|task| task.done == Some(true)).count();
    assert_eq!((done, tasks.iter().filter(|task| task.done == Some(false)).count()), (2, tasks.len() - 2));
    let mut numbers: Vec<_> = tasks.iter().map(|task| task.number.clone().unwrap()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), tasks.len());
    let keys: Vec<&str> = tasks[1].fields.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["file", "dependencies", "type", "acceptance"]);
}

#[test]
fn lessons_survive_in_the_project_context() {
    let folder = platform();
    let root = folder.path();
    run(root);
    edit(root, "project_context.md", |text| {
        text.replacen(
            "|---|---|---|---|\n\n## Lessons Learned\n",
            "|---|---|---|---|\n| make | gone | just | – |\n\n## Lessons Learned\n\n- Read first.\n",
            1,
        )
    });
    edit(root, "constitution.md", |text| text.replacen("- Message Bus: RabbitMQ", "- Message Bus: Kafka", 1));
    let changed = run(root);
    assert!(changed.iter().any(|(path, _)| path == "project_context.md"), "{changed:?}");
    let text = fs::read_to_string(root.join("project_context.md")).unwrap();
    assert!(
        text.contains("| make | gone | just | – |") && text.contains("- Read first.") && text.contains(": Kafka\n")
    );
}

#[test]
fn the_catalog_tells_who_depends_on_whom() {
    let (_, _, platform) = example::read_platform(&example::folder());
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let text = catalog::markdown(&platform, &engine, None).unwrap();
    for expected in [
        "### 1. auth-service\n",
        "- **Dependents:** ↓ notification-service (events), ↓ order-service (calls), ↓ user-service (calls)\n",
        "- **Dependencies:** ↑ auth-service (calls), ↑ user-service (calls and events)\n",
        "service_auth_service -->|\"validateToken\"| service_user_service\n",
        "| user-service | order-service | call | getUser |\n",
        "| order.order.placed | v1 | events.order.order.placed | order-service | notification-service |\n",
        "| Order | order-service | order_db |",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let drawing = text.split("```").nth(1).unwrap();
    assert_eq!(drawing.matches('▼').count(), platform.dependencies.len());
    for service in &platform.services {
        assert!(drawing.contains(&service.name));
    }
    let empty = catalog::markdown(&model::Platform::default(), &engine, None).unwrap();
    assert!(empty.contains("0 services, 0 connections, 0 events.") && !empty.contains("```"), "{empty}");
}

#[test]
fn platforms_with_faults_are_drawn_and_listed_too() {
    for name in ["messy", "broken"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/platforms").join(name);
        let names: Vec<String> =
            plan(&folder).files.iter().map(|file| file.path.rsplit('/').next().unwrap().to_owned()).collect();
        for expected in ["SERVICE-CATALOG.md", "project_context.md", "tasks.md", "quick-ref.md"] {
            assert!(names.iter().any(|name| name == expected), "{name}: no {expected} in {names:?}");
        }
    }
}
