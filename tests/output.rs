//! Plans applied to real folders: who owns what, merges, regions, removal, and what is never lost.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use agentspec::output::{
    Action, ActionKind, Applied, OutputError, Ownership, Parts, Plan, PlannedFile, Side, apply, diff, inspect, resolve,
};
use proptest::prelude::*;

const SERVICE: &str = "user-service";

fn file(path: &str, ownership: Ownership, content: &str) -> PlannedFile {
    PlannedFile {
        path: path.to_owned(),
        ownership,
        content: content.to_owned(),
        template: "code/a.jinja".to_owned(),
        target: "code",
        service: Some(SERVICE.to_owned()),
        executable: false,
        made_from: None,
        parts: Parts::new(),
    }
}

fn plan(mut files: Vec<PlannedFile>) -> Plan {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Plan { files, covers: vec![("code", SERVICE.to_owned())], ..Plan::default() }
}

fn generated(path: &str, content: &str) -> Plan {
    plan(vec![file(path, Ownership::Generated, content)])
}

fn run(root: &Path, plan: &Plan) -> Applied {
    apply(root, &inspect(root, plan).unwrap()).unwrap()
}

fn kinds(root: &Path, plan: &Plan) -> Vec<(String, ActionKind)> {
    inspect(root, plan).unwrap().iter().map(|action| (action.path.to_string(), action.kind)).collect()
}

fn kind(root: &Path, plan: &Plan) -> ActionKind {
    let kinds = kinds(root, plan);
    assert_eq!(kinds.len(), 1, "{kinds:?}");
    kinds[0].1
}

/// Every file below a folder with its bytes.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn write(root: &Path, path: &str, content: &str) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, content).unwrap();
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

fn root() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn generating_twice_changes_nothing() {
    let root = root();
    let plan = plan(vec![
        file("a/b.py", Ownership::Generated, "1\n"),
        file("a/handlers.py", Ownership::Scaffold, "2\n"),
        file("t.md", Ownership::Merged, "# T\n<!-- agentspec:begin x -->\n3\n<!-- agentspec:end x -->\n"),
    ]);
    assert!(kinds(root.path(), &plan).iter().all(|(_, kind)| *kind == ActionKind::Create));
    assert_eq!(run(root.path(), &plan).written, ["a/b.py", "a/handlers.py", "t.md"]);
    let before = tree(root.path());
    assert!(before.contains_key(".agentspec/lock/services/user-service.lock"));
    let kinds = kinds(root.path(), &plan);
    assert!(kinds.iter().all(|(_, kind)| !kind.is_change()), "{kinds:?}");
    assert_eq!(run(root.path(), &plan), Applied::default());
    assert_eq!(tree(root.path()), before);
}

#[test]
fn an_unedited_file_follows_and_an_edited_one_is_merged() {
    let root = root();
    run(root.path(), &generated("a", "1\n2\n3\n4\n5\n"));
    assert_eq!(kind(root.path(), &generated("a", "1\n2\n3\n4\n5\n6\n")), ActionKind::Update);
    write(root.path(), "a", "mine\n1\n2\n3\n4\n5\n");
    assert_eq!(kind(root.path(), &generated("a", "1\n2\n3\n4\n5\n")), ActionKind::Unchanged);
    let next = generated("a", "1\n2\n3\n4\nfive\n");
    assert_eq!(kind(root.path(), &next), ActionKind::Merge);
    run(root.path(), &next);
    assert_eq!(text(root.path(), "a"), "mine\n1\n2\n3\n4\nfive\n");
    assert_eq!(kind(root.path(), &next), ActionKind::Unchanged);
}

#[test]
fn a_conflict_is_left_alone_until_it_is_resolved() {
    for side in [Side::Ours, Side::Theirs] {
        let root = root();
        run(root.path(), &generated("a b", "1\n"));
        write(root.path(), "a b", "mine\n");
        let next = generated("a b", "2\n");
        let applied = run(root.path(), &next);
        assert_eq!((applied.written.len(), applied.left), (0, vec!["a b".to_owned()]));
        assert_eq!(text(root.path(), "a b"), "mine\n");
        let action = inspect(root.path(), &next).unwrap().remove(0);
        assert_eq!(action.kind, ActionKind::Conflict);
        assert!(action.reason.contains("--resolve ours 'a b'"), "{}", action.reason);
        assert!(diff(&action).contains("-mine\n+2\n"), "{}", diff(&action));
        resolve(root.path(), &next, "a b", side).unwrap();
        assert_eq!(text(root.path(), "a b"), if side == Side::Ours { "2\n" } else { "mine\n" });
        assert_eq!(kind(root.path(), &next), ActionKind::Unchanged);
    }
}

#[test]
fn a_file_that_is_not_ours_is_adopted_only_where_it_is_the_same() {
    let root = root();
    write(root.path(), "a", "same\n");
    assert_eq!(kind(root.path(), &generated("a", "same\n")), ActionKind::Unchanged);
    assert_eq!(kind(root.path(), &generated("a", "other\n")), ActionKind::Conflict);
    run(root.path(), &generated("a", "same\n"));
    assert_eq!(kind(root.path(), &generated("a", "other\n")), ActionKind::Update);
}

#[test]
fn a_lost_lock_is_built_again() {
    let root = root();
    let plan = generated("a", "1\n");
    run(root.path(), &plan);
    let before = tree(root.path());
    fs::remove_dir_all(root.path().join(".agentspec")).unwrap();
    assert_eq!(kind(root.path(), &plan), ActionKind::Unchanged);
    run(root.path(), &plan);
    assert_eq!(tree(root.path()), before);
}

#[test]
fn a_lost_base_is_a_conflict_and_not_a_guess() {
    let root = root();
    run(root.path(), &generated("a", "1\n2\n3\n"));
    fs::remove_dir_all(root.path().join(".agentspec/base")).unwrap();
    write(root.path(), "a", "mine\n1\n2\n3\n");
    assert_eq!(kind(root.path(), &generated("a", "1\n2\nthree\n")), ActionKind::Conflict);
}

#[test]
fn line_ends_of_the_user_stay() {
    let root = root();
    run(root.path(), &generated("a", "1\n2\n3\n"));
    write(root.path(), "a", "1\r\n2\r\n3\r\n");
    assert_eq!(kind(root.path(), &generated("a", "1\n2\n3\n")), ActionKind::Unchanged);
    let next = generated("a", "1\n2\nthree\n");
    assert_eq!(kind(root.path(), &next), ActionKind::Update);
    run(root.path(), &next);
    assert_eq!(text(root.path(), "a"), "1\r\n2\r\nthree\r\n");
}

#[test]
fn a_scaffold_is_written_once() {
    let root = root();
    let scaffold = |content: &str| plan(vec![file("h.py", Ownership::Scaffold, content)]);
    run(root.path(), &scaffold("1\n"));
    write(root.path(), "h.py", "mine\n");
    let before = tree(root.path());
    assert_eq!(kind(root.path(), &scaffold("2\n")), ActionKind::Keep);
    run(root.path(), &scaffold("2\n"));
    assert_eq!(tree(root.path()), before);
    fs::remove_file(root.path().join("h.py")).unwrap();
    assert_eq!(kind(root.path(), &scaffold("2\n")), ActionKind::Keep);
    resolve(root.path(), &scaffold("2\n"), "h.py", Side::Ours).unwrap();
    assert_eq!(text(root.path(), "h.py"), "2\n");
}

/// A scaffold with parts: an operation, and what begins there for it.
fn scaffold(path: &str, content: &str, parts: &[(&str, &str)]) -> PlannedFile {
    let parts = parts.iter().map(|(operation, text)| ((*operation).to_owned(), [(*text).to_owned()].into())).collect();
    PlannedFile { parts, ..file(path, Ownership::Scaffold, content) }
}

fn dead(root: &Path, plan: &Plan) -> Vec<(String, usize, String)> {
    let actions = inspect(root, plan).unwrap();
    let parts = actions.iter().flat_map(|action| action.dead.iter().map(|part| (action.path.to_string(), part)));
    parts.map(|(path, part)| (path, part.line, part.operation.clone())).collect()
}

#[test]
fn what_a_scaffold_has_for_something_that_is_gone_is_dead() {
    let root = root();
    let text = "def a(x):\ndef helper():\ndef b(x):\n    a()\n";
    let all = plan(vec![scaffold("h.py", text, &[("getA", "def a("), ("getB", "def b("), ("getC", "def c(")])]);
    run(root.path(), &all);
    assert_eq!(dead(root.path(), &all), []);
    let rest = plan(vec![scaffold("h.py", "def a(x):\n", &[("getA", "def a(")])]);
    let told = [("h.py".to_owned(), 3, "getB".to_owned())];
    assert_eq!((dead(root.path(), &rest), kind(root.path(), &rest)), (told.to_vec(), ActionKind::Dead));
    let before = tree(root.path());
    assert_eq!(run(root.path(), &rest).left, ["h.py"]);
    assert_eq!(tree(root.path()), before, "left alone, and told again");
    // What was not there is dead as soon as somebody wrote it.
    write(root.path(), "h.py", "def c():\n");
    assert_eq!(dead(root.path(), &rest), [("h.py".to_owned(), 1, "getC".to_owned())]);
    write(root.path(), "h.py", "# def b(x):\ndef helper():\n");
    assert_eq!((dead(root.path(), &rest), kind(root.path(), &rest)), (vec![], ActionKind::Keep));
    run(root.path(), &rest);
    write(root.path(), "h.py", text);
    assert_eq!(dead(root.path(), &rest), [], "what was settled is not known any more");
}

#[test]
fn all_of_many_dead_parts_are_told() {
    let root = root();
    let parts: Vec<(String, String)> = (0..2000).map(|at| (format!("op{at}"), format!("def f{at}("))).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(operation, text)| (operation.as_str(), text.as_str())).collect();
    let content: String = parts.iter().map(|(_, text)| format!("    async {text}self):\n")).collect();
    run(root.path(), &plan(vec![scaffold("h.py", &content, &parts)]));
    let told = dead(root.path(), &plan(vec![scaffold("h.py", "\n", &parts[..1])]));
    assert!(told.iter().map(|(_, line, _)| *line).eq(2..=2000), "{}", told.len());
}

#[test]
fn dead_parts_are_settled_by_either_side() {
    let all = plan(vec![scaffold("h.py", "def a():\n", &[("getA", "def a(")])]);
    let renamed = plan(vec![scaffold("h.py", "def b():\n", &[("getB", "def b(")])]);
    for (side, text_then) in [(Side::Ours, "def b():\n"), (Side::Theirs, "def a():\n")] {
        let root = root();
        run(root.path(), &all);
        assert_eq!(kind(root.path(), &renamed), ActionKind::Dead);
        resolve(root.path(), &renamed, "h.py", side).unwrap();
        assert_eq!((text(root.path(), "h.py").as_str(), kind(root.path(), &renamed)), (text_then, ActionKind::Keep));
    }
}

#[test]
fn what_has_an_operation_somewhere_is_not_dead() {
    let root = root();
    let all =
        [scaffold("h.py", "def a():\n", &[("getA", "def a(")]), scaffold("t.py", "def t():\n", &[("getA", "def t(")])];
    run(root.path(), &plan(all.to_vec()));
    // The tool writes other tests for an operation that is there still.
    let other = plan(vec![all[0].clone(), scaffold("t.py", "def u():\n", &[])]);
    assert_eq!(dead(root.path(), &other), []);
    run(root.path(), &other);
    // A test that serves another operation now.
    let moved =
        [scaffold("h.py", "def b():\n", &[("getB", "def b(")]), scaffold("t.py", "def t():\n", &[("getB", "def t(")])];
    assert_eq!(dead(root.path(), &plan(moved.to_vec())), [("h.py".to_owned(), 1, "getA".to_owned())]);
    let gone = plan(vec![scaffold("h.py", "\n", &[]), scaffold("t.py", "\n", &[])]);
    let told = ["h.py", "t.py"].map(|path| (path.to_owned(), 1, "getA".to_owned()));
    assert_eq!(dead(root.path(), &gone), told);
}

#[test]
fn a_lock_without_parts_learns_them() {
    let root = root();
    let all = plan(vec![scaffold("h.py", "def a():\n", &[("getA", "def a(")])]);
    run(root.path(), &plan(vec![file("h.py", Ownership::Scaffold, "def a():\n")]));
    let none = plan(vec![scaffold("h.py", "", &[])]);
    assert_eq!(dead(root.path(), &none), [], "nobody knows what was written for what");
    run(root.path(), &all);
    assert_eq!(dead(root.path(), &none), [("h.py".to_owned(), 1, "getA".to_owned())]);
}

#[test]
fn what_is_not_planned_any_more_goes_unless_a_person_has_a_hand_in_it() {
    let root = root();
    let all = plan(vec![
        file("deep/down/a", Ownership::Generated, "1\n"),
        file("b", Ownership::Generated, "1\n"),
        file("c", Ownership::Scaffold, "1\n"),
        file("d", Ownership::Generated, "1\n"),
        file("e", Ownership::Generated, "1\n"),
    ]);
    run(root.path(), &all);
    write(root.path(), "b", "mine\n");
    fs::remove_file(root.path().join("d")).unwrap();
    let rest = generated("e", "1\n");
    use ActionKind::{Dead, Gone, Remove, StaleEdited, Unchanged};
    let expected = [("b", StaleEdited), ("c", Dead), ("d", Gone), ("deep/down/a", Remove), ("e", Unchanged)];
    let found = kinds(root.path(), &rest);
    assert_eq!(found.iter().map(|(path, kind)| (path.as_str(), *kind)).collect::<Vec<_>>(), expected);
    let applied = run(root.path(), &rest);
    assert_eq!((applied.removed, applied.left), (vec!["deep/down/a".to_owned()], vec!["b".to_owned(), "c".to_owned()]));
    assert!(!root.path().join("deep").exists());
    resolve(root.path(), &rest, "b", Side::Ours).unwrap();
    resolve(root.path(), &rest, "c", Side::Theirs).unwrap();
    assert!(!root.path().join("b").exists() && root.path().join("c").exists());
    assert_eq!(kinds(root.path(), &rest), [("e".to_owned(), Unchanged)]);
    let none = plan(Vec::new());
    run(root.path(), &none);
    assert_eq!(tree(root.path()).into_keys().collect::<Vec<_>>(), ["c"], "lock and bases go with the last file");
}

#[test]
fn a_partial_run_forgets_nothing_of_others() {
    let root = root();
    let other = |path: &str, target: &'static str, service: Option<&str>| PlannedFile {
        target,
        service: service.map(str::to_owned),
        ..file(path, Ownership::Generated, "1\n")
    };
    let mut all = plan(vec![
        other("a", "code", Some(SERVICE)),
        other("b", "code", Some("order-service")),
        other("c", "docs", None),
        other("d", "kubernetes", Some(SERVICE)),
    ]);
    all.covers = vec![
        ("code", SERVICE.to_owned()),
        ("code", "order-service".to_owned()),
        ("docs", String::new()),
        ("kubernetes", SERVICE.to_owned()),
    ];
    run(root.path(), &all);
    let before = tree(root.path());
    let part = generated("a", "1\n");
    assert_eq!(run(root.path(), &part), Applied::default());
    assert_eq!(tree(root.path()), before);
    assert!(kinds(root.path(), &all).iter().all(|(_, kind)| !kind.is_change()));
}

fn tasks(body: &str) -> Plan {
    let content = format!("# Tasks\n\n<!-- agentspec:begin tasks -->\n{body}<!-- agentspec:end tasks -->\n");
    plan(vec![file("tasks.md", Ownership::Merged, &content)])
}

#[test]
fn around_a_marked_region_the_file_is_the_users() {
    let root = root();
    run(root.path(), &tasks("- [ ] 1\n- [ ] 2\n- [ ] 3\n"));
    let mine = text(root.path(), "tasks.md").replace("# Tasks\n", "# Our tasks\n").replace("[ ] 1", "[x] 1");
    write(root.path(), "tasks.md", &(mine + "\n- [ ] own\n"));
    assert_eq!(kind(root.path(), &tasks("- [ ] 1\n- [ ] 2\n- [ ] 3\n")), ActionKind::Unchanged);
    let next = tasks("- [ ] 1\n- [ ] 2\n- [ ] 3\n- [ ] 4\n");
    assert_eq!(kind(root.path(), &next), ActionKind::Merge);
    run(root.path(), &next);
    let expected = "# Our tasks\n\n<!-- agentspec:begin tasks -->\n- [x] 1\n- [ ] 2\n- [ ] 3\n- [ ] 4\n\
                    <!-- agentspec:end tasks -->\n\n- [ ] own\n";
    assert_eq!(text(root.path(), "tasks.md"), expected);
    assert_eq!(kind(root.path(), &next), ActionKind::Unchanged);
}

#[test]
fn a_removed_marker_is_a_conflict_and_either_side_settles_it() {
    let next = tasks("- [ ] 2\n");
    for side in [Side::Ours, Side::Theirs] {
        let root = root();
        run(root.path(), &tasks("- [ ] 1\n"));
        write(root.path(), "tasks.md", "# Mine\n");
        assert_eq!(kind(root.path(), &next), ActionKind::Conflict);
        resolve(root.path(), &next, "tasks.md", side).unwrap();
        let text = text(root.path(), "tasks.md");
        assert!(text.starts_with("# Mine\n"), "{text}");
        assert_eq!(text.contains("- [ ] 2"), side == Side::Ours);
        assert!(!kind(root.path(), &next).is_change());
        let later = kind(root.path(), &tasks("- [ ] 3\n"));
        assert_eq!(later, if side == Side::Ours { ActionKind::Update } else { ActionKind::Keep });
    }
}

#[test]
fn a_region_that_is_not_planned_any_more_goes_where_nobody_edited_it() {
    let root = root();
    let region = |name: &str| format!("# agentspec:begin {name}\n{name}\n# agentspec:end {name}\n");
    let both = plan(vec![file("m", Ownership::Merged, &(region("a") + &region("b")))]);
    run(root.path(), &both);
    let one = plan(vec![file("m", Ownership::Merged, &region("a"))]);
    run(root.path(), &one);
    assert_eq!(text(root.path(), "m"), region("a"));
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_what_is_to_be_run_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let root = root();
    let mode = |path: &str| fs::metadata(root.path().join(path)).unwrap().permissions().mode() & 0o777;
    let script = |content: &str| PlannedFile { executable: true, ..file("s.sh", Ownership::Generated, content) };
    run(root.path(), &plan(vec![script("1\n"), file("t", Ownership::Generated, "1\n")]));
    assert_eq!((mode("s.sh") & 0o100, mode("t") & 0o111), (0o100, 0));
    fs::set_permissions(root.path().join("s.sh"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::set_permissions(root.path().join("t"), fs::Permissions::from_mode(0o600)).unwrap();
    let next = plan(vec![script("1\n"), file("t", Ownership::Generated, "2\n")]);
    assert!(kinds(root.path(), &next).iter().all(|(_, kind)| *kind == ActionKind::Update));
    run(root.path(), &next);
    assert_eq!((mode("s.sh"), mode("t")), (0o750, 0o600));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (root, outside) = (root(), root());
    std::os::unix::fs::symlink(outside.path(), root.path().join("out")).unwrap();
    write(outside.path(), "target", "theirs\n");
    std::os::unix::fs::symlink(outside.path().join("target"), root.path().join("leaf")).unwrap();
    let plan = plan(vec![file("out/a", Ownership::Generated, "1\n"), file("leaf", Ownership::Scaffold, "1\n")]);
    assert!(kinds(root.path(), &plan).iter().all(|(_, kind)| *kind == ActionKind::Conflict));
    assert_eq!(run(root.path(), &plan).left.len(), 2);
    assert_eq!(tree(outside.path()), BTreeMap::from([("target".to_owned(), b"theirs\n".to_vec())]));
    assert!(matches!(resolve(root.path(), &plan, "leaf", Side::Ours), Err(OutputError::NothingToResolve { .. })));
    // The lock's own folder is no way out either.
    std::os::unix::fs::symlink(outside.path(), root.path().join(".agentspec")).unwrap();
    assert!(inspect(root.path(), &generated("b", "1\n")).is_err());
}

#[test]
fn a_file_that_changed_since_it_was_inspected_is_left_alone() {
    let root = root();
    run(root.path(), &generated("a", "1\n"));
    let next = generated("a", "2\n");
    let actions = inspect(root.path(), &next).unwrap();
    write(root.path(), "a", "meanwhile\n");
    assert_eq!(apply(root.path(), &actions).unwrap().left, ["a"]);
    assert_eq!(text(root.path(), "a"), "meanwhile\n");
}

#[test]
fn a_stop_before_the_lock_is_written_loses_nothing() {
    let root = root();
    run(root.path(), &generated("a", "1\n2\n3\n"));
    write(root.path(), "a", "mine\n1\n2\n3\n");
    let saved = tree(&root.path().join(".agentspec"));
    let next = generated("a", "1\n2\nthree\n");
    run(root.path(), &next);
    fs::remove_dir_all(root.path().join(".agentspec")).unwrap();
    for (path, bytes) in saved {
        write(root.path(), &format!(".agentspec/{path}"), std::str::from_utf8(&bytes).unwrap());
    }
    run(root.path(), &next);
    assert_eq!(text(root.path(), "a"), "mine\n1\n2\nthree\n");
    assert_eq!(kind(root.path(), &next), ActionKind::Unchanged);
}

#[test]
fn two_files_may_not_claim_one_path() {
    let root = root();
    let plan = plan(vec![file("A", Ownership::Generated, "1\n"), file("a", Ownership::Generated, "2\n")]);
    assert!(matches!(inspect(root.path(), &plan), Err(OutputError::Twice { .. })));
}

#[test]
fn a_diff_shows_what_an_action_does() {
    let root = root();
    let action = |plan: &Plan| diff(&inspect(root.path(), plan).unwrap()[0]);
    assert_eq!(action(&generated("a", "1\n")), "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+1\n");
    run(root.path(), &generated("a", "1\n"));
    assert_eq!(action(&generated("a", "1\n")), "");
    assert_eq!(action(&generated("a", "2\n")), "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n");
    assert_eq!(action(&plan(Vec::new())), "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n");
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-e]{1,2}", 0..10)
}

fn join(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What a person does to a file: removes lines, and puts in lines that stand nowhere else.
fn edited(base: &[String], edits: &[(bool, prop::sample::Index)]) -> (String, Vec<String>) {
    let (mut lines, mut mine) = (base.to_vec(), Vec::new());
    for (at, (insert, index)) in edits.iter().enumerate() {
        if *insert {
            let line = format!("MINE{at}");
            lines.insert(index.index(lines.len() + 1), line.clone());
            mine.push(line);
        } else if !lines.is_empty() {
            let removed = lines.remove(index.index(lines.len()));
            mine.retain(|line| *line != removed);
        }
    }
    (join(&lines), mine)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_are_never_lost(
        old in lines(), new in lines(), merged in any::<bool>(), windows in any::<bool>(),
        edits in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..6),
    ) {
        let root = root();
        let planned = |lines: &[String]| match merged {
            true => tasks(&join(lines)),
            false => generated("tasks.md", &join(lines)),
        };
        run(root.path(), &planned(&old));
        let start: Vec<String> = text(root.path(), "tasks.md").lines().map(str::to_owned).collect();
        let (mut mine, inserted) = edited(&start, &edits);
        if windows {
            mine = mine.replace('\n', "\r\n");
        }
        write(root.path(), "tasks.md", &mine);
        let applied = run(root.path(), &planned(&new));
        let after = text(root.path(), "tasks.md");
        if applied.left.is_empty() {
            for line in inserted {
                prop_assert!(after.lines().any(|other| other == line), "lost {line} in {after:?}");
            }
            let settled = tree(root.path());
            prop_assert_eq!(run(root.path(), &planned(&new)), Applied::default());
            prop_assert_eq!(tree(root.path()), settled);
        } else {
            prop_assert_eq!(after, mine);
        }
    }

    #[test]
    fn any_plan_is_applied_once(contents in proptest::collection::btree_map("[a-c](/[a-c]){0,2}\\.x", lines(), 0..8)) {
        let root = root();
        let files = contents.iter().map(|(path, lines)| file(path, Ownership::Generated, &join(lines)));
        let plan = plan(files.collect());
        let applied = run(root.path(), &plan);
        prop_assert_eq!(applied.written.len(), plan.files.len());
        prop_assert_eq!(run(root.path(), &plan), Applied::default());
    }

    #[test]
    fn no_path_leads_out(path in "(\\.\\.|/|a|\\.|\\\\|:|\\.git|\\x00| |é){1,6}(/(\\.\\.|b|\\.)){0,3}") {
        let folder = root();
        let root = folder.path().join("root");
        fs::create_dir(&root).unwrap();
        let plan = generated(&path, "1\n");
        let actions: Result<Vec<Action<'_>>, OutputError> = inspect(&root, &plan);
        if let Ok(actions) = actions {
            apply(&root, &actions).unwrap();
        }
        prop_assert!(fs::read_dir(folder.path()).unwrap().count() == 1);
        let inside = |path: &String| path.starts_with("root/") && path.split('/').all(|part| part != ".git");
        prop_assert!(tree(folder.path()).keys().all(inside));
    }
}

#[test]
fn what_was_made_from_the_file_replaces_it_unless_it_changed_since() {
    let root = root();
    let region = |body: &str| format!("mine\n<!-- agentspec:begin a -->\n{body}<!-- agentspec:end a -->\n");
    let merged = |body: &str, made_from: Option<&str>| {
        let made_from = made_from.map(str::to_owned);
        plan(vec![PlannedFile { made_from, ..file("a.md", Ownership::Merged, &region(body)) }])
    };
    run(root.path(), &merged("- [ ] one\n", None));
    let ticked = region("- [x] one\n");
    fs::write(root.path().join("a.md"), &ticked).unwrap();
    let stale = merged("- [x] one, but new\n", Some("something else\n"));
    assert_eq!(inspect(root.path(), &stale).unwrap()[0].kind, ActionKind::Conflict);
    let fresh = merged("- [x] one, but new\n", Some(&ticked));
    assert_eq!(inspect(root.path(), &fresh).unwrap()[0].kind, ActionKind::Merge);
    run(root.path(), &fresh);
    let written = region("- [x] one, but new\n");
    assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), written);
    let (next, told) = (merged("- [x] one, and newer\n", Some(&written)), |action: &Action<'_>| action.reason.clone());
    assert_eq!(told(&inspect(root.path(), &fresh).unwrap()[0]), "", "nothing changes");
    let next = inspect(root.path(), &next).unwrap();
    assert_eq!((next[0].kind, told(&next[0]).as_str()), (ActionKind::Update, ""), "nobody wrote into it since");
}
