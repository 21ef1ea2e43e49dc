//! Whatever stands in a platform ends in findings: never in a panic, a hang, a read outside of the root, or a huge memory.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::fs;
use std::path::Path;

use platform::{Platform, Run};

const SPEC: &str = "services/user-service/specs/001-first/spec.md";
const CONTRACT: &str = "services/user-service/contracts/api-spec.yaml";
const EVENTS: &str = "services/user-service/contracts/events/user-events.json";

/// Every place from which a platform is read.
const PLACES: [&str; 10] = [
    "constitution.md",
    ".speckit.config.json",
    SPEC,
    "services/user-service/specs/001-first/plan.md",
    "services/user-service/specs/001-first/tasks.md",
    "services/user-service/specs/001-first/quick-ref.md",
    CONTRACT,
    EVENTS,
    "shared/contracts/events/common-events.json",
    "services/user-service/contracts/schemas/more.yaml",
];

/// What is run on a platform that nobody should have.
const COMMANDS: [&[&str]; 8] = [
    &["validate", "--json"],
    &["validate", "--format", "human"],
    &["validate-contracts", "--format", "sarif"],
    &["model"],
    &["constitution"],
    &["generate", "--dry-run"],
    &["generate", "--diff"],
    &["service-catalog", "--check"],
];

/// A run that ended by itself, with one of our exit codes.
#[track_caller]
fn sound(run: Run, what: &str) -> Run {
    assert!((0..=3).contains(&run.code), "{what} ended with {}:\n{}", run.code, run.err);
    assert!(!run.err.contains("panicked"), "{what}:\n{}", run.err);
    run
}

#[track_caller]
fn survives(platform: &Platform, what: &str) {
    for arguments in COMMANDS {
        sound(platform.run(arguments), &format!("{what}: {arguments:?}"));
    }
}

/// A platform with a file in every place.
fn full() -> Platform {
    let platform = Platform::small();
    platform.write(".speckit.config.json", r#"{"validation": {"auto_validate": false}}"#);
    platform.write("services/user-service/specs/001-first/plan.md", "# Plan\n\nText.\n");
    platform.write("services/user-service/specs/001-first/tasks.md", "# Tasks\n\n### Task 1.1: A\n- [ ] Done\n");
    platform.write("services/user-service/specs/001-first/quick-ref.md", "# Short\n");
    platform.write(EVENTS, r#"{"events": []}"#);
    platform.write("shared/contracts/events/common-events.json", r#"{"events": []}"#);
    platform.write("services/user-service/contracts/schemas/more.yaml", "A: {type: string}\n");
    platform
}

fn deep(open: &str, close: &str) -> Vec<u8> {
    format!("{}{}", open.repeat(50_000), close.repeat(50_000)).into_bytes()
}

#[test]
fn garbage_in_every_place() {
    let wide = "x".repeat(2_000_000);
    let garbage: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("bytes", (0..=255u8).cycle().take(5000).collect()),
        ("a byte order mark", b"\xef\xbb\xbf".to_vec()),
        ("UTF-16", "{\"a\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("zeros", vec![0; 5000]),
        ("deep lists", deep("[", "]")),
        ("deep maps", deep("{\"a\":", "}")),
        ("deep quotes", deep("> ", "")),
        (
            "deep bullets",
            (0..2000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect::<String>().into_bytes(),
        ),
        ("one wide line", wide.into_bytes()),
        ("table without end", "|".repeat(100_000).into_bytes()),
        ("headings", "# \n## \n".repeat(20_000).into_bytes()),
        ("a scalar", b"42".to_vec()),
        ("null", b"null".to_vec()),
        ("a list", b"[1, \"a\", null, [], {}]".to_vec()),
        ("wrong types", WRONG_TYPES.as_bytes().to_vec()),
    ];
    for (what, bytes) in &garbage {
        // All places at once, and each alone for what the others would hide.
        let platform = full();
        PLACES.iter().for_each(|place| platform.write_bytes(place, bytes));
        survives(&platform, &format!("{what} everywhere"));
        for place in PLACES {
            let platform = full();
            platform.write_bytes(place, bytes);
            sound(platform.run(&["validate", "--json"]), &format!("{what} in {place}")).json();
        }
    }
}

/// Every key of every format, with a value of the wrong type.
const WRONG_TYPES: &str = r#"{
  "openapi": {"3": 1}, "info": [], "servers": {"url": 1}, "paths": {"/a": 7, "/b": {"get": [], "post": {"parameters": {},
  "requestBody": [], "responses": [1], "security": {"a": 1}, "tags": 5, "operationId": {}}, "parameters": 3}, "c": null},
  "components": {"schemas": {"A": 1, "B": {"type": {}, "properties": [], "required": {}, "enum": 5, "allOf": {}, "items": 7}},
  "responses": 1, "parameters": [1]}, "security": 8, "tags": [1, {"name": []}], "webhooks": 1,
  "events": [1, null, {}, {"eventType": [], "version": {}, "schema": 5, "consumers": {"a": 1}, "topic": 7}, [[]]],
  "validation": [], "rules": 5, "cache": {"enabled": []}, "documentation": {"token_target": 99999999999999999999}
}"#;

#[test]
fn bombs() {
    let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        aliases += &format!("a{level}: &a{level} [{inner}]\n");
    }
    let head = "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\n";
    // Each schema refers twice to the next one: 2^60 paths through 60 schemas.
    let mut doubling = format!("{head}components:\n  schemas:\n");
    for at in 0..60 {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", at + 1);
        doubling +=
            &format!("    S{at}: {{type: object, properties: {{a: {next}, b: {next}}}, allOf: [{next}, {next}]}}\n");
    }
    doubling += "    S60: {type: string, default: 1, example: 2}\n";
    doubling += "    Use:\n      $ref: '#/components/schemas/S0'\n";
    let used = |name: &str| {
        format!(
            "\npaths:\n  /api/v1/a:\n    post:\n      operationId: a\n      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}, example: {{a: {{a: 1}}}}}}}}}}\n      responses: {{'200': {{description: A, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}\n"
        )
    };
    let mut chain = format!("{head}components:\n  schemas:\n");
    for at in 0..5000 {
        chain += &format!("    S{at}: {{$ref: '#/components/schemas/S{}'}}\n", at + 1);
    }
    chain += "    S5000: {type: string}\n";
    let ring = "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n    \
                C: {allOf: [{$ref: '#/components/schemas/C'}]}\n    D: {type: array, items: {$ref: '#/components/schemas/D'}}\n    \
                E: {type: object, required: [e], properties: {e: {$ref: '#/components/schemas/E'}}}\n";
    let ring = |name: &str| format!("openapi: 3.1.0\ninfo: {{title: A, version: 1.0.0}}{}{ring}", used(name));
    let doubling_used = doubling.replace("paths: {}\n", used("S0").trim_start());
    let chain_used = chain.replace("paths: {}\n", used("S0").trim_start());
    let mut files =
        vec![("aliases", aliases), ("doubling references", doubling_used), ("a chain of references", chain_used)];
    for name in ["A", "B", "C", "D", "E"] {
        files.push(("a ring of references", ring(name)));
    }
    files.push(("a document that refers to itself", format!("{head}$ref: '#'\n")));
    files.push(("a merge key ring", "a: &a\n  <<: *a\n  b: 1\n".to_owned()));
    for (what, text) in files {
        let platform = full();
        platform.write(CONTRACT, &text);
        survives(&platform, what);
        platform.commit();
        let text = platform.text(CONTRACT).replace("string", "integer");
        platform.write(CONTRACT, &text);
        sound(platform.run(&["validate-contracts", "--breaking-changes-only"]), what);
    }
}

#[test]
fn references_that_lead_out_are_refused() {
    let platform = full();
    let secret = Platform::empty();
    secret.write("secret.yaml", "Secret: {type: string, description: hidden-in-the-secret-file}\n");
    let absolute = secret.path("secret.yaml");
    let targets = [
        "../../../../../../../../../../etc/passwd",
        "/etc/passwd",
        absolute.to_str().unwrap(),
        "file:///etc/passwd#/a",
        "https://example.invalid/a.yaml#/A",
        "//example.invalid/a.yaml",
        "..\\..\\..\\etc\\passwd",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "schemas/../../../../../secret.yaml#/Secret",
        "\u{0}",
        "#/a/%zz",
        "schemas/more.yaml#/A/~2",
        "",
    ];
    let mut text = "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
    for (at, target) in targets.iter().enumerate() {
        text += &format!("    S{at}: {{$ref: {}}}\n", serde_json::to_string(target).unwrap());
    }
    platform.write(CONTRACT, &text);
    survives(&platform, "references that lead out");
    let run = platform.run(&["validate", "--json"]).exits(1);
    let rules = run.rules();
    for rule in ["ref-escapes-platform", "ref-remote", "ref-dangling"] {
        assert!(rules.iter().any(|one| one == rule), "{rule}: {rules:?}");
    }
    assert!(!run.out.contains("hidden-in-the-secret-file") && !run.out.contains("root:x:0"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn things_that_are_no_files() {
    use std::os::unix::fs::symlink;
    for place in PLACES {
        let platform = full();
        fs::remove_file(platform.path(place)).unwrap();
        fs::create_dir(platform.path(place)).unwrap();
        sound(platform.run(&["validate", "--json"]), &format!("a folder as {place}"));

        let platform = full();
        fs::remove_file(platform.path(place)).unwrap();
        let made = std::process::Command::new("mkfifo").arg(platform.path(place)).status().unwrap();
        assert!(made.success());
        sound(platform.run(&["validate", "--json"]), &format!("a pipe as {place}"));
        sound(platform.run(&["generate", "--dry-run"]), &format!("a pipe as {place}"));

        for target in ["/etc/passwd", "/dev/zero", "/etc", "nowhere"] {
            let platform = full();
            fs::remove_file(platform.path(place)).unwrap();
            symlink(target, platform.path(place)).unwrap();
            let run = sound(platform.run(&["validate", "--json"]), &format!("a link to {target} as {place}"));
            assert!(!run.out.contains("root:x:0"), "{place} → {target}");
        }
    }
    let documents = PLACES.iter().filter(|place| !place.ends_with("more.yaml"));
    for place in documents {
        let said = |target: Option<&str>| {
            let platform = full();
            fs::remove_file(platform.path(place)).unwrap();
            match target {
                Some(target) => symlink(target, platform.path(place)).unwrap(),
                None => fs::create_dir(platform.path(place)).unwrap(),
            }
            let findings = platform.run(&["validate", "--json"]).exits(1).findings();
            let of_file = |one: &&serde_json::Value| one["rule"] == "file-unreadable" && one["file"] == *place;
            findings.iter().find(of_file).map(|one| one["message"].as_str().unwrap().to_owned()).unwrap()
        };
        assert!(said(None).contains("a folder stands in its place"), "{place}");
        assert!(said(Some("nowhere.md")).contains("leads nowhere"), "{place}");
        assert!(said(Some("/etc/passwd")).contains("leads out of the platform"), "{place}");
    }
    // What only others refer to is missed by those alone.
    let platform = full();
    symlink("/etc/passwd", platform.path("shared/contracts/linked.yaml")).unwrap();
    platform.run(&["validate", "--json"]).exits(0);
    platform.edit(
        CONTRACT,
        "paths:",
        "components: {schemas: {A: {$ref: '../../../shared/contracts/linked.yaml#/A'}}}\npaths:",
    );
    let rules = platform.run(&["validate", "--json"]).exits(1).rules();
    assert!(rules.contains(&"ref-escapes-platform".to_owned()), "{rules:?}");
    assert!(!rules.contains(&"file-unreadable".to_owned()), "{rules:?}");
    let platform = full();
    symlink("/", platform.path("services/root")).unwrap();
    symlink("..", platform.path("services/loop")).unwrap();
    symlink("/etc", platform.path("shared/contracts/more")).unwrap();
    survives(&platform, "folders that are links");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_entered_is_not_taken_for_absent() {
    use std::os::unix::fs::symlink;
    let service = CONTRACT.rsplit_once("/contracts").unwrap().0;
    for (place, is_named) in [("/contracts", true), ("/specs", true), ("", false)] {
        let place = &format!("{service}{place}");
        let said = |block: &dyn Fn(&Path)| {
            let platform = full();
            fs::rename(platform.path(place), platform.path("away")).unwrap();
            block(&platform.path(place));
            let findings = platform.run(&["validate", "--json"]).findings();
            let mut of_place = findings.into_iter().filter(|one| one["rule"] == "file-unreadable");
            let message = of_place.find(|one| one["file"] == **place).map(|one| one["message"].to_string());
            message.unwrap_or_default()
        };
        let away = format!("{}away", "../".repeat(place.split('/').count() - 1));
        assert!(said(&|path| symlink(&away, path).unwrap()).contains("a link to a folder"), "{place}");
        assert!(said(&|path| symlink("nowhere", path).unwrap()).contains("leads nowhere"), "{place}");
        assert!(said(&|path| symlink("/etc", path).unwrap()).contains("leads out of the platform"), "{place}");
        // A file beside the folders of services may be a README.
        let file = said(&|path| fs::write(path, "").unwrap());
        assert_eq!(file.contains("a file stands in its place"), is_named, "{place}: {file}");
    }
}

#[cfg(unix)]
#[test]
fn what_a_closed_folder_would_hold_is_not_called_missing() {
    use std::os::unix::fs::symlink;
    let service = "services/user-service";
    for place in ["contracts", "contracts/events", "specs", "specs/001-user-profile"] {
        let platform = Platform::example();
        fs::rename(platform.path(&format!("{service}/{place}")), platform.path("away")).unwrap();
        symlink("nowhere", platform.path(&format!("{service}/{place}"))).unwrap();
        let run = platform.run(&["validate", "--service", "user-service", "--json"]);
        assert_eq!(run.rules(), ["file-unreadable"], "{place}: {}", run.out);
    }
}

#[cfg(unix)]
#[test]
fn what_services_keep_stays_in_the_platform() {
    use std::os::unix::fs::symlink;
    for place in [".agentspec", ".agentspec/dev", ".agentspec/dev/user_service.db"] {
        let (platform, outside) = (Platform::example(), tempfile::tempdir().unwrap());
        platform.run(&["generate"]).exits(0);
        fs::remove_dir_all(platform.path(".agentspec")).unwrap();
        fs::create_dir_all(platform.path(place).parent().unwrap()).unwrap();
        symlink(outside.path().join("kept"), platform.path(place)).unwrap();
        for is_there in [false, true] {
            if is_there && !place.ends_with(".db") {
                fs::create_dir(outside.path().join("kept")).unwrap();
            }
            let run = platform.run(&["test", "--service", "user-service"]).exits(2);
            assert!(run.err.contains("link"), "{place}: {}", run.err);
            assert!(!outside.path().join("kept/dev").exists() && !outside.path().join("kept/.gitignore").exists());
        }
    }
}

/// Puts a link to /dev/zero, one to a file outside and a pipe at `place` in turn.
#[cfg(unix)]
fn traps(platform: &Platform, place: &str, outside: &Path, then: impl Fn(&str)) {
    use std::os::unix::fs::symlink;
    let path = platform.path(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for target in [Path::new("/dev/zero"), outside] {
        fs::remove_file(&path).unwrap_or_default();
        symlink(target, &path).unwrap();
        then(&format!("{place} → {}", target.display()));
    }
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    then(&format!("a pipe as {place}"));
    fs::remove_file(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn a_baseline_is_a_file_of_the_platform() {
    let (platform, outside) = (full(), tempfile::tempdir().unwrap());
    platform.write(SPEC, "# Nothing\n");
    let kept = outside.path().join("baseline.json");
    let kept_text = kept.to_str().unwrap();
    platform.run(&["validate", "--write-baseline", "--baseline", kept_text]).exits(0);
    platform.run(&["validate", "--baseline", kept_text]).exits(0);
    traps(&platform, ".agentspec/baseline.json", &kept, |what| {
        let run = platform.run(&["validate", "--json"]);
        assert_eq!((run.code, run.err.contains("--baseline FILE")), (2, true), "{what}: {}", run.err);
    });
    let pipe = platform.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for named in [pipe.to_str().unwrap(), "/dev/zero"] {
        let run = platform.run(&["validate", "--baseline", named]).exits(2);
        assert!(run.err.contains("it is not a regular file"), "{}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn locks_and_bases_are_files_of_the_platform() {
    let (platform, outside) = (full(), tempfile::tempdir().unwrap());
    let kept = outside.path().join("platform.lock");
    fs::write(&kept, "# agentspec lock, version 1.\n").unwrap();
    for place in [".agentspec/lock/platform.lock", ".agentspec/lock/services/user-service.lock"] {
        traps(&platform, place, &kept, |what| {
            for arguments in [["service-catalog", "--check"], ["generate", "--dry-run"]] {
                let run = platform.run(&arguments).exits(2);
                assert!(run.err.contains(place) && run.err.contains("remove it"), "{what}: {}", run.err);
            }
        });
    }
    // The base of a file that was edited and is planned anew.
    platform.run(&["generate", "docs"]).exits(0);
    let bases = platform.tree().into_keys().filter(|path| path.starts_with(".agentspec/base/"));
    for base in bases.collect::<Vec<_>>() {
        fs::remove_file(platform.path(&base)).unwrap();
        traps(&platform, &base, &kept, |what| drop(sound(platform.run(&["generate", "--dry-run"]), what)));
    }
}

#[test]
fn templates_that_nobody_should_have() {
    let minus = format!("\n{{{{ {}1 }}}}", "-".repeat(30_000));
    let plus = format!("\n{{{{ 1{} }}}}", "+1".repeat(60_000));
    let elif = format!("\n{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(10_000));
    for template in [&minus, &plus, &elif] {
        let platform = full();
        platform.write(".agentspec/templates/docs/quick-ref.md.j2", template);
        for arguments in [&["generate", "docs", "--dry-run"][..], &["service-catalog", "--check"]] {
            let run = platform.run(arguments).exits(2);
            assert!(run.err.contains("template docs/quick-ref.md.j2: line 2: "), "{}", run.err);
        }
    }
    // What recursion, captures and operators make.
    let stacked = "\n{% macro m(x) %}{% set y = ('a' ~ x) * 200000 %}{{ m(x + 1) }}{% endmacro %}{{ m(1) }}";
    let captured = "\n{% set x %}{% for i in range(100000) %}a text of thirty bytes, or so{% endfor %}{% endset %}";
    let repeated = "\n{{ ((1,) * 100000000)|length }}";
    let deep = "\n{% macro m(x) %}{{ m(x) ~ 1 }}{% endmacro %}{{ m(1) }}";
    for template in [stacked, captured, repeated, deep] {
        let platform = full();
        platform.write(".agentspec/templates/docs/quick-ref.md.j2", template);
        let run = platform.run(&["generate", "docs", "--dry-run"]).exits(2);
        assert!(run.err.contains("template docs/quick-ref.md.j2: line 2: "), "{}", run.err);
    }
    // Just within the bounds, in the threads of a build that is not optimised.
    let (minus, elif) = (minus.replace(&"-".repeat(29_751), ""), elif.replace(&"{% elif 0 %}".repeat(9_750), ""));
    for template in [minus, elif] {
        let platform = full();
        platform.write(".agentspec/templates/docs/quick-ref.md.j2", &template);
        platform.run(&["generate", "docs", "--dry-run"]).exits(0);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    for place in PLACES {
        let platform = full();
        fs::set_permissions(platform.path(place), fs::Permissions::from_mode(0o000)).unwrap();
        sound(platform.run(&["validate", "--json"]), place);
    }
}

#[test]
fn odd_names_of_services() {
    let platform = full();
    let names = [
        "with space",
        "ünïcödé-service",
        "服务",
        "UPPER",
        "a",
        "-dash",
        "--flag",
        "class",
        "1st",
        "dots.in.name",
        "quo'te",
        "dou\"ble",
        "{{ braces }}",
        "{% raw %}",
        "$HOME",
        "`tick`",
        "a|b",
        "<b>",
        "%41",
        "con",
        "emoji-🦀",
        "tab\tname",
        "new\nline",
        "back\\slash",
        "x: y",
        "# hash",
        "service",
        "__init__",
    ];
    for name in names {
        platform.service(name, "| user-service | `GET /api/v1/things` | Show nothing |");
    }
    platform.service(&"long".repeat(50), "| user-service | | Show nothing |");
    survives(&platform, "odd names");
    let run = platform.run(&["validate", "--json"]);
    let github = platform.run(&["validate", "--format", "github"]).out;
    let last = github.lines().count() - 1;
    for line in github.lines().take(last) {
        assert!(line.starts_with("::"), "one annotation a line, then the summary: {line}");
    }
    assert!(run.json()["findings"].is_array());
    let run = sound(platform.run(&["generate"]), "generate");
    assert!(run.code != 0 || sound(platform.run(&["generate", "--check"]), "check").code == 0);
}

#[test]
fn many_services() {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Many\n\n## Core Principles\n\n- Be small\n");
    // A ring of calls through all of them: the longest cycle there can be.
    const COUNT: usize = 1_000;
    for at in 0..COUNT {
        let next = (at + 1) % COUNT;
        let text = platform::spec(&format!("s{at}"), &format!("| s{next} | | Wait |"), "None", "None");
        platform.write(&format!("services/s{at}/specs/001-first/spec.md"), &text);
    }
    let run = sound(platform.run(&["validate", "--json"]), "a thousand services");
    assert!(run.rules().iter().any(|rule| rule == "dependency-cycle"), "{}", run.rules().len());
    sound(platform.run(&["model"]), "model");
    sound(platform.run(&["service-catalog"]), "catalog");
}

/// The message of the last finding of a rule, for a platform with this text in place of a file.
fn last_of(rule: &str, path: &str, text: &str) -> String {
    let platform = full();
    platform.write(path, text);
    let findings = sound(platform.run(&["validate", "--json"]), rule).findings();
    let last = findings.iter().rfind(|finding| finding["rule"] == rule);
    last.unwrap_or_else(|| panic!("no {rule}"))["message"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_not_kept_is_counted() {
    let numbers = "1,".repeat(6_000);
    let schema = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n    A: {{required: [{numbers}]}}\n");
    let told = last_of("openapi-structure", CONTRACT, &schema);
    // One more is that `info` is missing.
    assert_eq!(told, "5501 more findings of this rule in this file");
    let consumers = vec!["\"user-service\""; 12_000].join(",");
    let event = format!("{{\"events\": [{{\"eventType\": \"user.made\", \"consumers\": [{consumers}]}}]}}");
    let told = last_of("event-consumer-unknown", EVENTS, &event);
    assert_eq!(told, "`user.made` has 2000 consumers after the first 10000: they are not read");
}

#[test]
fn hostile_words_do_not_steer_the_terminal() {
    let platform = full();
    platform.edit(SPEC, "| None | – | – |", "| \u{1b}[2Jgone\u{7} | | \u{1b}]0;title\u{7} |");
    for format in ["human", "concise", "github", "markdown"] {
        let run = platform.run(&["validate", "--format", format]);
        assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{7}'), "{format}: {}", run.out);
    }
}
