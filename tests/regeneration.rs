//! Generating again, through the binary: the same input gives the same bytes, what a person edited survives, and nothing is
//! written outside of the platform.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::collections::BTreeMap;
use std::fs;

use platform::{Platform, Run};

const MANIFEST: &str = "infrastructure/kubernetes/deployments/user-service.yaml";
const SPEC: &str = "services/user-service/specs/001-user-profile/spec.md";
const TASKS: &str = "services/user-service/specs/001-user-profile/tasks.md";

fn generated() -> Platform {
    let platform = Platform::example();
    platform.run(&["generate"]).exits(0);
    platform
}

/// The action that a run reports for a path.
#[track_caller]
fn action(run: &Run, path: &str) -> String {
    let files = run.json()["files"].as_array().unwrap().clone();
    let found = files.iter().find(|file| file["path"] == path);
    found.unwrap_or_else(|| panic!("{path} is not among {files:#?}"))["action"].as_str().unwrap().to_owned()
}

/// The files that differ between two trees, the tool's own folder left out.
fn changed(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |path: &&&String| !path.starts_with(".agentspec/") && before.get(**path) != after.get(**path);
    paths.iter().filter(differs).map(|path| (*path).clone()).collect()
}

/// One of the scaffolds: a file that is the user's once it is written.
fn scaffold(platform: &Platform) -> String {
    let tree = platform.tree();
    let path = tree.keys().find(|path| {
        path.starts_with("services/user-service/src/") && path.contains("/handlers/") && !path.ends_with("__init__.py")
    });
    path.unwrap().clone()
}

#[test]
fn generating_twice_changes_nothing() {
    let platform = generated();
    let before = platform.tree();
    let run = platform.run(&["generate"]).exits(0);
    assert!(run.out.starts_with("0 files written or removed"), "{}", run.out);
    assert_eq!(platform.tree(), before);
    platform.run(&["generate", "--check"]).exits(0);
    for target in ["code", "kubernetes", "tasks", "docs", "catalog"] {
        platform.run(&["generate", target]).exits(0);
    }
    platform.run(&["service-catalog"]).exits(0);
    assert_eq!(platform.tree(), before, "a part of the targets changes nothing either");
    platform.remove("docs/SERVICE-CATALOG.md");
    let run = platform.run(&["generate"]).exits(0);
    assert!(run.out.contains("\n1 file written or removed"), "{}", run.out);
}

#[test]
fn a_checkout_with_windows_line_ends_stays_as_it_is() {
    let platform = generated();
    for (path, bytes) in platform.tree() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if !path.starts_with(".agentspec/") {
            fs::write(platform.root().join(&path), text.replace('\n', "\r\n")).unwrap();
        }
    }
    let before = platform.tree();
    platform.run(&["generate", "--check"]).exits(0);
    for _ in 0..2 {
        platform.run(&["generate"]).exits(0);
        assert_eq!(changed(&before, &platform.tree()), [""; 0]);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let expected = generated().tree();
    let input = platform::tree(&platform::repository().join("examples/ecommerce"));
    for (threads, backwards) in [("1", false), ("7", true)] {
        let other = Platform::empty();
        let mut files: Vec<_> = input.iter().collect();
        if backwards {
            files.reverse();
        }
        files.iter().for_each(|(path, bytes)| other.write_bytes(path, bytes));
        other.run_with(&[("RAYON_NUM_THREADS", threads)], &["generate"]).exits(0);
        assert!(other.tree() == expected, "{threads} threads: {:?}", changed(&other.tree(), &expected));
        for arguments in [&["validate", "--json"][..], &["model"]] {
            let one = other.run_with(&[("RAYON_NUM_THREADS", "1")], arguments).out;
            assert_eq!(other.run_with(&[("RAYON_NUM_THREADS", "5")], arguments).out, one);
        }
    }
    let broken = Platform::copy("tests/platforms/broken");
    let report = |threads| broken.run_with(&[("RAYON_NUM_THREADS", threads)], &["validate", "--json"]).out;
    assert_eq!(report("1"), report("4"));
}

#[test]
fn target_by_target_gives_what_all_at_once_gives() {
    let platform = Platform::example();
    for target in ["catalog", "docs", "tasks", "kubernetes", "code"] {
        platform.run(&["generate", target]).exits(0);
    }
    platform.run(&["generate", "--check"]).exits(0);
    let services = Platform::example();
    for service in ["user-service", "auth-service", "order-service", "notification-service"] {
        services.run(&["generate", "--service", service]).exits(0);
    }
    services.run(&["generate"]).exits(0);
    let expected = generated().tree();
    assert_eq!(changed(&platform.tree(), &expected), Vec::<String>::new());
    assert_eq!(changed(&services.tree(), &expected), Vec::<String>::new());
}

#[test]
fn looking_writes_nothing() {
    let platform = Platform::example();
    let before = platform.tree();
    let run = platform.run(&["generate", "--dry-run"]).exits(0);
    assert!(run.out.contains("create") && run.out.contains(MANIFEST), "{}", run.out);
    let run = platform.run(&["generate", "--diff"]).exits(0);
    assert!(run.out.contains(&format!("+++ b/{MANIFEST}")) || run.out.contains(MANIFEST), "{}", run.out);
    platform.run(&["generate", "--check"]).exits(1);
    platform.run(&["generate", "--dry-run", "--json"]).exits(0);
    assert_eq!(platform.tree(), before);
}

#[test]
fn check_fails_while_something_is_stale() {
    let platform = generated();
    platform.edit(SPEC, "- Replicas: ", "- Replicas: 1");
    platform.run(&["generate", "--check"]).exits(1);
    let run = platform.run(&["generate", "--diff"]).exits(0);
    assert!(run.out.contains(MANIFEST) && run.out.contains("+  replicas: 1"), "{}", run.out);
    platform.run(&["generate"]).exits(0);
    platform.run(&["generate", "--check"]).exits(0);
    platform.remove(MANIFEST);
    platform.run(&["generate", "--check"]).exits(1);
    platform.run(&["generate"]).exits(0);
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn a_scaffold_is_the_users() {
    let platform = generated();
    let path = scaffold(&platform);
    platform.write(&path, "# all mine\n");
    platform.edit(SPEC, "- Replicas: ", "- Replicas: 1");
    let run = platform.run(&["generate", "--json"]).exits(0);
    assert_eq!(action(&run, &path), "keep");
    assert_eq!(platform.text(&path), "# all mine\n");
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn an_edited_file_is_merged_with_what_changes() {
    let platform = generated();
    let text = platform.text(MANIFEST);
    platform.write(MANIFEST, &format!("{text}# Ours: ask the platform team first.\n"));
    platform.edit(SPEC, "- Replicas: ", "- Replicas: 1");
    let run = platform.run(&["generate", "--json"]).exits(0);
    assert_eq!(action(&run, MANIFEST), "merge");
    let merged = platform.text(MANIFEST);
    assert!(merged.ends_with("# Ours: ask the platform team first.\n"), "{merged}");
    assert!(merged.contains("replicas: 1") && merged != text, "{merged}");
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn a_conflict_is_shown_left_alone_and_decided() {
    for side in ["ours", "theirs"] {
        let platform = generated();
        let line = platform.text(MANIFEST).lines().find(|line| line.contains("replicas:")).unwrap().to_owned();
        platform.edit(MANIFEST, &line, "  replicas: 77");
        let mine = platform.text(MANIFEST);
        platform.edit(SPEC, "- Replicas: ", "- Replicas: 1");
        let run = platform.run(&["generate"]).exits(1);
        assert!(run.out.contains(&format!("conflict  {MANIFEST}")), "{}", run.out);
        assert!(run.out.contains(&format!("--resolve ours {MANIFEST}")), "{}", run.out);
        assert_eq!(platform.text(MANIFEST), mine, "left alone");
        platform.run(&["generate", "--check"]).exits(1);
        platform.run(&["generate", "--resolve", side, MANIFEST]).exits(0);
        assert_eq!(platform.text(MANIFEST).contains("replicas: 77"), side == "theirs");
        platform.run(&["generate", "--check"]).exits(0);
        platform.run(&["generate"]).exits(0);
    }
    let platform = generated();
    assert!(platform.run(&["generate", "--resolve", "mine", MANIFEST]).exits(2).err.contains("`ours`"));
    platform.run(&["generate", "--resolve", "ours", "no/such/file"]).exits(2);
    platform.run(&["generate", "--resolve", "ours", "../outside"]).exits(2);
}

#[test]
fn what_an_operation_had_goes_with_it() {
    let platform = generated();
    let before = platform.tree();
    // The whole API of the service goes, so its generated files go and its scaffolds are reported.
    platform.remove("services/notification-service/contracts/api-spec.yaml");
    platform.edit(
        "services/notification-service/specs/001-email-notifications/spec.md",
        "### Service Type\n\nEvent Processor",
        "### Service Type\n\nWorker",
    );
    let run = platform.run(&["generate", "--json"]);
    assert!(run.code == 0 || run.code == 1, "{run:?}");
    let after = platform.tree();
    let gone: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert!(
        gone.iter().any(|path| path.starts_with("services/notification-service/src/") && path.ends_with("routes.py")),
        "{gone:?}"
    );
    assert!(gone.iter().all(|path| !path.contains("/handlers/") || path.ends_with("__init__.py")), "{gone:?}");
    assert!(run.out.contains("dead"), "the user's code for it is named: {}", run.out);
}

#[test]
fn dead_code_is_told_and_not_counted_as_written() {
    let platform = generated();
    let mine = scaffold(&platform);
    platform.edit("constitution.md", "- Language: Python (FastAPI)", "- Language: TypeScript (Express)");
    let run = platform.run(&["generate"]).exits(0);
    assert!(run.out.contains(&format!("dead  {mine}")), "{}", run.out);
    let before = platform.tree();
    let run = platform.run(&["generate"]).exits(0);
    assert!(run.out.contains(&format!("dead  {mine}")), "it is told again: {}", run.out);
    let count = run.out.lines().filter(|line| line.trim_start().starts_with("dead  ")).count();
    let summary = run.out.lines().last().unwrap();
    assert!(summary.starts_with("0 files written or removed, ") && summary.contains(", 0 waiting"), "{summary}");
    assert!(summary.ends_with(&format!(", {count} dead and yours to remove")), "{summary}");
    assert_eq!(platform.tree(), before);
    platform.run(&["generate", "--check"]).exits(0);
    platform.run(&["generate", "--resolve", "ours", &mine]).exits(0);
    assert!(!platform.path(&mine).exists());
    let run = platform.run(&["generate"]).exits(0);
    assert!(run.out.ends_with(&format!(", {} dead and yours to remove\n", count - 1)), "{}", run.out);
}

/// The handlers and the tests of user-service in a language, with what stands there for its operation `deleteUser`.
const SCAFFOLDS: [(&str, [(&str, &str); 2]); 3] = [
    (
        "Python (FastAPI)",
        [("src/user_service/handlers/users.py", "def delete_user"), ("tests/test_users.py", "def test_delete")],
    ),
    (
        "TypeScript (Express)",
        [("src/handlers/users.ts", "async deleteUser"), ("tests/users.test.ts", "test(\"delete\"")],
    ),
    (
        "Go (net/http)",
        [
            ("internal/handlers/users.go", "func (h *Users) DeleteUser"),
            ("internal/handlers/users_test.go", "func TestUsersDelete"),
        ],
    ),
];

/// The contract of user-service without `deleteUser`.
fn without_deletion(contract: &str) -> String {
    let start = contract.find("    delete:\n").unwrap();
    let end = start + contract[start..].find("\n  /").unwrap() + 1;
    format!("{}{}", &contract[..start], &contract[end..])
}

/// The dead parts that a run reports: path, line, text and operation.
fn dead_parts(run: &Run) -> Vec<(String, u64, String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let files = run.json()["files"].as_array().unwrap().clone();
    let dead = files.iter().filter(|file| file["action"] == "dead").flat_map(|file| {
        let parts = file["dead"].as_array().unwrap().iter();
        parts.map(|part| {
            (text(&file["path"]), part["line"].as_u64().unwrap(), text(&part["text"]), text(&part["operation"]))
        })
    });
    dead.collect()
}

#[test]
fn what_a_scaffold_has_for_a_removed_operation_is_told() {
    const CONTRACT: &str = "services/user-service/contracts/api-spec.yaml";
    for (language, scaffolds) in SCAFFOLDS {
        let platform = Platform::example();
        platform.edit("constitution.md", "- Language: Python (FastAPI)", &format!("- Language: {language}"));
        platform.run(&["generate"]).exits(0);
        let contract = platform.text(CONTRACT);
        platform.write(CONTRACT, &without_deletion(&contract));
        let paths = scaffolds.map(|(path, _)| format!("services/user-service/{path}"));
        let before = paths.each_ref().map(|path| platform.text(path));
        let line = |text: &str, begins: &str| text.lines().position(|line| line.contains(begins)).unwrap() + 1;
        let expected: Vec<_> = (0..2)
            .map(|at| {
                let begins = scaffolds[at].1;
                (paths[at].clone(), line(&before[at], begins) as u64, begins.to_owned(), "deleteUser".to_owned())
            })
            .collect();
        assert_eq!(dead_parts(&platform.run(&["generate", "--json"]).exits(0)), expected);
        let run = platform.run(&["generate", "--check"]).exits(0);
        assert!(run.out.ends_with(", 2 dead and yours to remove\n"), "it is told again: {}", run.out);
        let told = format!("line {}: `{}` was for deleteUser, which is gone", expected[0].1, expected[0].2);
        assert!(run.out.contains(&format!("dead  {}\n{:>14}{told}\n", paths[0], "")), "{}", run.out);
        assert!(run.out.contains(&format!("nobody edited the file: `agentspec generate --resolve ours {}`", paths[0])));
        assert_eq!(paths.each_ref().map(|path| platform.text(path)), before, "left alone");

        // What nobody edited may be written anew; what is the user's is removed by hand, or stays.
        platform.run(&["generate", "--resolve", "ours", &paths[1]]).exits(0);
        assert!(!platform.text(&paths[1]).contains(scaffolds[1].1) && before[1].contains(scaffolds[1].1));
        platform.write(&paths[0], &format!("\n{}", before[0]));
        let run = platform.run(&["generate"]).exits(0);
        let advice = format!("remove or rename it by hand, or `agentspec generate --resolve theirs {}`", paths[0]);
        assert!(run.out.contains(&format!("line {}: ", expected[0].1 + 1)) && run.out.contains(&advice), "{}", run.out);
        assert!(run.out.ends_with(", 1 dead and yours to remove\n"), "{}", run.out);
        platform.write(&paths[0], &before[0].replace(scaffolds[0].1, "renamed by hand"));
        let run = platform.run(&["generate", "--json"]).exits(0);
        assert_eq!((dead_parts(&run), action(&run, &paths[0])), (vec![], "keep".to_owned()));
    }
}

/// What the generator wrote for the notification-service outside of its folder.
const NOTIFICATION: [&str; 3] = [
    "infrastructure/kubernetes/deployments/notification-service.yaml",
    "infrastructure/kubernetes/service-accounts/notification-service.yaml",
    "infrastructure/kubernetes/services/notification-service.yaml",
];
const NOTIFICATION_LOCK: &str = ".agentspec/lock/services/notification-service.lock";

#[test]
fn what_was_written_for_a_service_goes_with_it() {
    let platform = generated();
    let [edited, removed @ ..] = NOTIFICATION;
    platform.write(edited, &format!("{}# Ours: still needed.\n", platform.text(edited)));
    fs::remove_dir_all(platform.path("services/notification-service")).unwrap();
    // What a language's tools leave behind is no service.
    platform.write("services/notification-service/.pytest_cache/README.md", "# a cache\n");
    let before = platform.tree();
    platform.run(&["generate", "--service", "user-service"]).exits(0);
    assert_eq!(platform.tree(), before, "a run for another service knows nothing of it");
    platform.run(&["generate", "code", "docs", "tasks", "catalog"]).exits(0);
    assert!(removed.iter().all(|path| platform.path(path).exists()), "the target is not asked for");
    let run = platform.run(&["generate", "--check"]).exits(1);
    assert!(removed.iter().all(|path| run.out.contains(&format!("remove  {path}"))), "{}", run.out);
    let run = platform.run(&["generate", "--json"]).exits(1);
    assert!(removed.iter().all(|path| action(&run, path) == "remove" && !platform.path(path).exists()));
    assert_eq!(action(&run, edited), "stale-edited");
    assert!(platform.text(edited).ends_with("# Ours: still needed.\n") && platform.path(NOTIFICATION_LOCK).exists());
    platform.run(&["generate", "--resolve", "ours", edited]).exits(0);
    assert!(!platform.path(edited).exists() && !platform.path(NOTIFICATION_LOCK).exists());
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn what_was_written_for_a_renamed_service_goes_too() {
    let platform = generated();
    platform.edit(".speckit.config.json", "\"auto_validate\": true", "\"auto_validate\": false");
    let services = platform.path("services");
    fs::rename(services.join("notification-service"), services.join("message-service")).unwrap();
    let run = platform.run(&["generate", "--dry-run", "--json"]).exits(0);
    assert!(NOTIFICATION.iter().all(|path| action(&run, path) == "remove"));
    assert_eq!(action(&run, &NOTIFICATION[0].replace("notification", "message")), "create");
}

#[test]
#[cfg(unix)]
fn a_service_that_cannot_be_seen_is_not_gone() {
    let hide = |how: &dyn Fn(&Platform, &std::path::Path)| {
        let platform = generated();
        platform.edit(".speckit.config.json", "\"auto_validate\": true", "\"auto_validate\": false");
        how(&platform, &platform.path("services/notification-service"));
        let run = platform.run(&["generate"]);
        assert!(run.code < 2, "{run:?}");
        assert!(NOTIFICATION.iter().all(|path| platform.path(path).exists()), "{}", run.out);
        assert!(platform.path(NOTIFICATION_LOCK).exists());
    };
    hide(&|platform, folder| {
        fs::rename(folder, platform.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", folder).unwrap();
    });
    hide(&|_, folder| {
        fs::remove_dir_all(folder).unwrap();
        std::os::unix::fs::symlink("/no/such/folder", folder).unwrap();
    });
    hide(&|_, folder| {
        fs::remove_dir_all(folder).unwrap();
        fs::write(folder, "a file\n").unwrap();
    });
    hide(&|platform, _| platform.write(".gitignore", "services/notification-service/\n"));
}

#[test]
fn a_service_that_was_not_checked_out_is_not_gone() {
    let platform = generated();
    platform.commit();
    platform.edit(".speckit.config.json", "\"auto_validate\": true", "\"auto_validate\": false");
    platform.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/services/notification-service/"]);
    assert!(!platform.path("services/notification-service").exists());
    let run = platform.run(&["generate"]).exits(2);
    assert!(run.err.contains("sparse") && run.err.contains("services/notification-service/"), "{}", run.err);
    assert!(NOTIFICATION.iter().all(|path| platform.path(path).exists()));
}

#[test]
fn one_service_leaves_the_others_alone() {
    let platform = Platform::example();
    let before = platform.tree();
    platform.run(&["generate", "--service", "user-service"]).exits(0);
    let changed = changed(&before, &platform.tree());
    assert!(changed.len() > 20);
    assert!(changed.iter().all(|path| path.contains("user-service")), "{changed:?}");
    let platform = generated();
    platform.edit("services/order-service/specs/001-order-management/spec.md", "- Replicas: ", "- Replicas: 1");
    let before = platform.tree();
    platform.run(&["generate", "--service", "user-service"]).exits(0);
    assert_eq!(platform.tree(), before);
    platform.run(&["generate", "--service", "user-service", "--check"]).exits(0);
    platform.run(&["generate", "--check"]).exits(1);
}

#[test]
fn ticks_and_tasks_of_ones_own_survive() {
    let platform = generated();
    platform.edit(TASKS, "- [ ] ", "- [x] ");
    let text = platform.text(TASKS);
    platform.write(TASKS, &format!("{text}\n## Ours\n\n### Task 99.1: Buy cake\n- [x] Done\n"));
    platform.run(&["generate", "--check"]).exits(0);
    platform.edit(SPEC, "## Acceptance Criteria\n", "## Acceptance Criteria\n\n- [ ] A brand new promise\n");
    platform.run(&["generate"]).exits(0);
    let text = platform.text(TASKS);
    assert!(text.contains("- [x] ") && text.contains("Buy cake"), "{text}");
    assert!(text.contains("A brand new promise"), "{text}");
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn the_users_sections_of_the_project_context_survive() {
    let platform = generated();
    let text = platform.text("project_context.md");
    platform.write("project_context.md", &format!("{text}\n## Lessons of ours\n\nRestart the broker first.\n"));
    platform.edit(SPEC, "- Port: ", "- Port: 1");
    platform.run(&["generate"]).exits(0);
    assert!(platform.text("project_context.md").contains("Restart the broker first."));
    platform.run(&["generate", "--check"]).exits(0);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_of_the_root() {
    use std::os::unix::fs::symlink;
    let platform = Platform::example();
    let outside = Platform::empty();
    outside.write("file.md", "untouched\n");
    let link = |target: &std::path::Path, path: &str| {
        let place = platform.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(target, place).unwrap();
    };
    link(outside.root(), "infrastructure");
    link(outside.root(), "services/user-service/src");
    link(&outside.path("file.md"), "project_context.md");
    link(outside.root(), ".agentspec");
    let before = outside.tree();
    let run = platform.run(&["generate"]);
    assert!(run.code == 1 || run.code == 2, "{run:?}");
    platform.run(&["service-catalog", "--regenerate"]);
    platform.run(&["eject", "docs/quick-ref.md.j2"]).exits(2);
    platform.run(&["validate", "--write-baseline"]).exits(2);
    platform::run(&["init", platform.root().to_str().unwrap(), "--example", "ecommerce", "--force"]);
    assert_eq!(outside.tree(), before);
}

#[test]
fn generating_refuses_a_platform_with_errors() {
    let platform = Platform::example();
    platform.edit(SPEC, "| auth-service |", "| auht-service |");
    let before = platform.tree();
    let run = platform.run(&["generate"]).exits(1);
    assert!(run.err.contains("nothing was generated") && run.err.contains("agentspec validate"), "{}", run.err);
    assert_eq!(platform.tree(), before);
}

/// Each key of the configuration changes something. `cache.*` and `analysis.default_mode` are known and typed only:
/// nothing is cached.
#[test]
fn every_key_changes_something() {
    let platform = Platform::example();
    let config = |text: &str| platform.write(".speckit.config.json", text);
    // rules.<id>, on a service that is not implemented while another one is.
    platform.write("services/user-service/src/main.py", "print('hello')\n");
    config("{}");
    assert_eq!(platform.run(&["validate", "--json"]).exits(0).rules(), ["service-not-implemented"; 3]);
    for (level, code) in [("error", 1), ("warning", 0), ("info", 0), ("off", 0)] {
        config(&format!(r#"{{"rules": {{"service-not-implemented": "{level}"}}}}"#));
        let findings = platform.run(&["validate", "--json"]).exits(code).findings();
        assert_eq!(findings.len(), if level == "off" { 0 } else { 3 });
        assert!(findings.iter().all(|finding| finding["severity"] == level));
    }
    // validation.strict
    config(r#"{"validation": {"strict": true}}"#);
    platform.run(&["validate"]).exits(1);
    // validation.auto_validate
    platform.edit(SPEC, "| auth-service |", "| auht-service |");
    config(r#"{"validation": {"auto_validate": true}}"#);
    platform.run(&["generate", "--dry-run"]).exits(1);
    config(r#"{"validation": {"auto_validate": false}}"#);
    platform.run(&["generate", "--dry-run"]).exits(0);
    platform.edit(SPEC, "| auht-service |", "| auth-service |");
    // documentation.*
    let quick_ref = "services/user-service/specs/001-user-profile/quick-ref.md";
    platform.remove(quick_ref);
    let text = |key: &str| {
        config(&format!(r#"{{"documentation": {{{key}}}}}"#));
        platform.run(&["generate", "docs"]).exits(0);
        let text = fs::read_to_string(platform.path(quick_ref)).ok();
        let _ = fs::remove_file(platform.path(quick_ref));
        let _ = fs::remove_dir_all(platform.path(".agentspec"));
        text
    };
    assert_eq!(text(r#""auto_generate_quick_ref": false"#), None);
    let (short, long) = (text(r#""token_target": 60"#).unwrap(), text(r#""token_target": 2000"#).unwrap());
    assert!(short.len() < long.len(), "{short}\n{long}");
}
