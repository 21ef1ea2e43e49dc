//! The command line from outside: every subcommand, every exit code, what goes to which stream.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::process::Stdio;

use platform::{Platform, command, run, run_in};
use serde_json::Value;

const SPEC: &str = "services/user-service/specs/001-first/spec.md";
const CONTRACT: &str = "services/user-service/contracts/api-spec.yaml";

/// A platform with an error: the service calls one that does not exist.
fn with_error() -> Platform {
    let platform = Platform::small();
    platform.service("order-service", "| user-servcie | `GET /api/v1/things` | Show nothing |");
    platform
}

/// A platform with warnings and no error.
fn with_warnings() -> Platform {
    let platform = Platform::small();
    platform.edit(SPEC, "- What user-service does", "- TODO");
    platform
}

#[test]
fn validate_exits_0_1_2_and_3() {
    Platform::small().run(&["validate"]).exits(0);
    with_error().run(&["validate"]).exits(1);
    Platform::small().run(&["validate", "--no-such-flag"]).exits(2);
    let run = Platform::empty().run(&["validate"]).exits(3);
    assert!(run.err.contains("nothing to check") && run.err.contains("agentspec init"), "{}", run.err);
    let missing = run_in(Platform::empty().root(), &["validate", "--root", "none"]).exits(2);
    assert!(missing.err.contains("there is no such folder"), "{}", missing.err);
}

#[test]
fn every_command_on_a_platform_exits_3_where_there_is_none() {
    for arguments in [
        &["validate"][..],
        &["validate-contracts"],
        &["validate-contracts", "--breaking-changes-only"],
        &["generate"],
        &["plan"],
        &["service-catalog"],
        &["constitution"],
        &["model"],
    ] {
        let run = Platform::empty().run(arguments).exits(3);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(!run.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn warnings_fail_only_where_it_is_asked_for() {
    let platform = with_warnings();
    platform.run(&["validate"]).exits(0);
    platform.run(&["validate", "--fail-on", "warning"]).exits(1);
    platform.run(&["validate", "--fail-on", "info"]).exits(1);
    platform.write(".speckit.config.json", r#"{"validation": {"strict": true}}"#);
    platform.run(&["validate"]).exits(1);
    platform.run(&["validate", "--fail-on", "error"]).exits(0);
    assert!(platform.run(&["validate", "--fail-on", "never"]).exits(2).err.contains("possible values"));
}

#[test]
fn strict_changes_no_severity() {
    let platform = with_warnings();
    let before = platform.run(&["validate", "--json"]).exits(0).json();
    platform.write(".speckit.config.json", r#"{"validation": {"strict": true}}"#);
    let after = platform.run(&["validate", "--json"]).exits(1).json();
    assert_eq!(before["findings"], after["findings"]);
    assert_eq!(before["summary"], after["summary"]);
    assert_eq!(before["summary"]["errors"], 0);
}

#[test]
fn the_root_is_named_or_found_upwards() {
    let platform = with_error();
    let named = platform.run(&["validate", "--json"]).exits(1).json();
    for folder in ["", "services", "services/order-service", "services/order-service/contracts"] {
        let found = run_in(&platform.path(folder), &["validate", "--json"]).exits(1).json();
        assert_eq!(found, named, "from {folder:?}");
    }
    // The option stands before the subcommand as well.
    let root = platform.root().to_str().unwrap();
    assert_eq!(run(&["--root", root, "validate", "--json"]).exits(1).json(), named);
}

#[test]
fn each_format_is_what_it_says() {
    let platform = with_error();
    let report = |format: &str| {
        let run = platform.run(&["validate", "--format", format]).exits(1);
        assert_eq!(run.err, "", "{format}");
        run
    };
    let human = report("human").out;
    assert!(human.contains("error[upstream-unknown]") && human.contains("user-servcie"), "{human}");
    assert!(human.contains("user-service"), "the closest name: {human}");
    let concise = report("concise").out;
    let line = concise.lines().find(|line| line.contains("upstream-unknown")).unwrap();
    assert!(line.starts_with("services/order-service/specs/001-first/spec.md:"), "{line}");
    let json = report("json").json();
    assert_eq!(json["version"], 1);
    let sarif = report("sarif").json();
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), json["findings"].as_array().unwrap().len());
    let github = report("github").out;
    assert!(github.contains("::error file=services/order-service/specs/001-first/spec.md,line="), "{github}");
    let markdown = report("markdown").out;
    assert!(markdown.contains("upstream-unknown") && markdown.contains('|'), "{markdown}");
    assert_eq!(platform.run(&["validate", "--json"]).exits(1).out, report("json").out);
    platform.run(&["validate", "--json", "--format", "sarif"]).exits(2);
}

#[test]
fn json_is_one_document_and_prose_goes_beside_it() {
    let platform = Platform::example();
    for arguments in [
        &["validate", "--json"][..],
        &["validate-contracts", "--json"],
        &["generate", "--json"],
        &["generate", "--json", "--check"],
        &["constitution", "--json"],
        &["model"],
        &["model", "--schema"],
    ] {
        let run = platform.run(arguments);
        assert!(run.json().is_object(), "{arguments:?}");
    }
    let findings = with_error();
    let run = findings.run(&["generate", "--json"]).exits(1);
    assert!(run.err.contains("nothing was generated"), "{}", run.err);
    assert_eq!(run.out, "");
}

#[test]
fn findings_carry_what_tools_need() {
    let findings = with_error().run(&["validate", "--json"]).exits(1).findings();
    let finding = findings.iter().find(|finding| finding["rule"] == "upstream-unknown").unwrap();
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["file"], "services/order-service/specs/001-first/spec.md");
    assert!(finding["line"].as_u64().unwrap() > 1 && finding["column"].as_u64().unwrap() >= 1);
    assert!(finding["help"].as_str().unwrap().contains("user-service"), "{finding}");
    assert!(finding["excerpt"].as_str().unwrap().contains("user-servcie"));
    assert_eq!(finding["fingerprint"].as_str().unwrap().len(), 16);
}

#[test]
fn colour_only_when_asked_for() {
    let platform = with_error();
    let has_colour = |arguments: &[&str]| platform.run(arguments).exits(1).out.contains('\u{1b}');
    assert!(!has_colour(&["validate"]));
    assert!(!has_colour(&["validate", "--color", "never"]));
    assert!(has_colour(&["validate", "--color", "always"]));
    assert!(!has_colour(&["validate", "--color", "always", "--json"]));
}

#[test]
fn validate_takes_a_part() {
    let platform = Platform::small();
    platform.edit(SPEC, "- What user-service does", "- TODO");
    platform.edit(CONTRACT, "openapi: 3.1.0", "openapi: [3.1.0");
    platform.write("services/user-service/specs/001-first/plan.md", "# Plan\n");
    platform.write(
        "services/user-service/specs/001-first/tasks.md",
        "# Tasks\n\n### Task 1.1: A\n- Dependencies: Task 9.9\n",
    );
    platform.edit("constitution.md", "- All services", "- TBD\n- All services");
    let files = |flags: &[&str]| {
        let run = platform.run(&[&["validate", "--json"], flags].concat());
        let mut files: Vec<String> =
            run.findings().iter().map(|one| one["file"].as_str().unwrap().to_owned()).collect();
        files.dedup();
        files
    };
    assert!(files(&["--spec"]).iter().all(|file| file == SPEC), "{:?}", files(&["--spec"]));
    assert!(files(&["--plan"]).iter().all(|file| file.ends_with("plan.md")), "{:?}", files(&["--plan"]));
    assert!(files(&["--tasks"]).iter().all(|file| file.ends_with("tasks.md")), "{:?}", files(&["--tasks"]));
    assert!(files(&["--constitution"]).contains(&"constitution.md".to_owned()));
    assert!(!files(&["--constitution"]).contains(&SPEC.to_owned()));
    let all = files(&["--all"]);
    assert_eq!(all, files(&[]));
    for (part, some) in
        [("--spec", SPEC), ("--plan", "plan.md"), ("--tasks", "tasks.md"), ("--constitution", "constitution.md")]
    {
        assert!(files(&[part]).iter().any(|file| file.ends_with(some)), "{part}: {:?}", files(&[part]));
        assert!(all.iter().any(|file| file.ends_with(some)), "{part}: {all:?}");
    }
    assert!(all.contains(&CONTRACT.to_owned()));
    platform.run(&["validate", "--all", "--spec"]).exits(2);
    let contracts = platform.run(&["validate-contracts", "--json"]).exits(1);
    assert!(contracts.rules().contains(&"yaml-syntax".to_owned()), "{:?}", contracts.rules());
    assert!(!contracts.rules().contains(&"placeholder-left".to_owned()), "{:?}", contracts.rules());
}

#[test]
fn one_service_alone() {
    let platform = with_error();
    platform.run(&["validate", "--service", "user-service"]).exits(0);
    let run = platform.run(&["validate", "--service", "order-service", "--json"]).exits(1);
    assert!(run.findings().iter().all(|finding| finding["file"].as_str().unwrap().contains("order-service")));
    let far = platform.run(&["validate", "--service", "nope"]).exits(2);
    assert!(
        far.err.contains("there are: order-service, user-service") && !far.err.contains("did you mean"),
        "{}",
        far.err
    );
    for subcommand in ["validate", "validate-contracts", "generate"] {
        let run = platform.run(&[subcommand, "--service", "ordr-service"]).exits(2);
        assert!(run.err.contains("did you mean `order-service`?"), "{}", run.err);
        assert!(run.err.contains("user-service"), "all are listed: {}", run.err);
    }
}

#[test]
fn a_baseline_holds_findings_back_and_tells_of_stale_ones() {
    let platform = with_error();
    let before = platform.run(&["validate", "--json"]).exits(1).findings().len();
    let run = platform.run(&["validate", "--write-baseline"]).exits(0);
    assert!(run.err.contains(".agentspec/baseline.json"), "{}", run.err);
    let after = platform.run(&["validate", "--json"]).exits(0).json();
    assert_eq!(after["findings"], Value::Array(Vec::new()));
    assert_eq!(after["summary"]["suppressed"], before);
    platform.edit("services/order-service/specs/001-first/spec.md", "user-servcie", "user-service");
    let rules = platform.run(&["validate", "--json"]).rules();
    assert!(rules.iter().any(|rule| rule == "baseline-stale"), "{rules:?}");
    // Another file, and one that is not there or is none.
    platform.run(&["validate", "--write-baseline", "--baseline", platform.path("b.json").to_str().unwrap()]).exits(0);
    assert!(platform.path("b.json").is_file());
    let run = platform.run(&["validate", "--baseline", "/nowhere/b.json"]).exits(2);
    assert!(run.err.contains("/nowhere/b.json"), "{}", run.err);
    for (text, said) in [
        (
            "{\"version\": 1, \"findings\": 7}",
            "b.json:1:28: not a baseline: invalid type: integer `7`, expected a sequence; write",
        ),
        ("[]", "an object with `version` and `findings`; write it again with `--write-baseline`"),
        ("{\n", "b.json:2:1: not a baseline: the file ends within an object; write it again"),
        ("{\"version\": 9, \"findings\": []}", "b.json has version 9, and this agentspec reads version 1"),
    ] {
        platform.write("b.json", text);
        let run =
            platform.run(&["validate", "--json", "--baseline", platform.path("b.json").to_str().unwrap()]).exits(2);
        assert!(run.out.is_empty() && run.err.contains(said), "{}", run.err);
    }
    platform.write_bytes("b.json", b"\xff");
    let run = platform.run(&["validate", "--baseline", platform.path("b.json").to_str().unwrap()]).exits(2);
    assert!(run.err.contains("--write-baseline"), "{}", run.err);
}

#[test]
fn a_part_calls_nothing_stale_that_it_did_not_look_at() {
    let platform = Platform::small();
    platform.edit("constitution.md", "- All services", "- TODO: write\n- All services");
    platform.edit(CONTRACT, "info:", "info:\n  description: TODO");
    platform.edit(SPEC, "- What user-service does", "- TODO");
    let parts: [&[&str]; 6] = [
        &["validate"],
        &["validate", "--spec"],
        &["validate", "--plan"],
        &["validate", "--tasks"],
        &["validate", "--constitution"],
        &["validate-contracts"],
    ];
    let stale = |part: &[&str]| {
        let rules = platform.run(&[part, &["--json"]].concat()).rules();
        rules.iter().filter(|rule| rule.ends_with("-stale")).count()
    };
    platform.run(&["validate", "--write-baseline"]).exits(0);
    assert_eq!(parts.map(stale), [0; 6]);
    platform.edit(SPEC, "- TODO", "- What it does");
    assert_eq!(parts.map(stale), [1, 1, 0, 0, 0, 0]);
    // What a file held that cannot be read now is not gone.
    platform.write_bytes(SPEC, b"# A\n\xff");
    assert_eq!(parts.map(stale), [0; 6]);
    fs::remove_dir_all(platform.path(".agentspec")).unwrap();
    platform.service("user-service", "| None | – | – |");
    platform.edit(SPEC, "- What user-service does", "- TODO <!-- agentspec-ignore placeholder-left: later -->");
    assert_eq!(parts.map(stale), [0; 6]);
    platform.edit(SPEC, "- TODO", "- What it does");
    assert_eq!(parts.map(stale), [1, 1, 0, 0, 0, 0]);
}

#[test]
fn explain_knows_rules_and_changes() {
    let run_of = |id: &str| run(&["explain", id]);
    assert!(run_of("dependency-cycle").exits(0).out.contains("## Why it matters"));
    assert!(run_of("property-added").exits(0).out.contains("## Why it matters"));
    let unknown = run_of("dependency-cyle").exits(2);
    assert!(unknown.err.contains("did you mean `dependency-cycle`?"), "{}", unknown.err);
    let far = run(&["explain", "nope"]).exits(2);
    assert!(far.err.contains("there is no rule `nope`") && !far.err.contains("did you mean"), "{}", far.err);
    assert_eq!(unknown.out, "");
    // Whatever is listed can be explained.
    for what in ["rules", "changes"] {
        let listed = run(&["list", what]).exits(0).out;
        let ids: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
        assert!(ids.len() > 20, "{listed}");
        for id in [ids[0], ids[ids.len() / 2], ids[ids.len() - 1]] {
            run_of(id).exits(0);
        }
    }
}

#[test]
fn list_names_what_other_commands_take() {
    assert_eq!(run(&["list"]).exits(0).out, run(&["list", "rules"]).exits(0).out);
    let targets = run(&["list", "targets"]).exits(0).out;
    for target in ["code", "kubernetes", "tasks", "docs", "catalog"] {
        assert!(targets.contains(&format!("  {target} ")), "{targets}");
        Platform::example().run(&["generate", target, "--dry-run"]).exits(0);
    }
    assert!(run(&["list", "templates"]).exits(0).out.contains("  docs/quick-ref.md.j2\n"));
    assert!(run(&["list", "examples"]).exits(0).out.contains("ecommerce"));
    let unknown = Platform::example().run(&["generate", "kubernets"]).exits(2);
    assert!(unknown.err.contains("kubernetes"), "{}", unknown.err);
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]).exits(0).out;
        assert!(script.contains("validate-contracts"), "{shell}");
    }
    run(&["completions", "cmd"]).exits(2);
    let page = run(&["man"]).exits(0).out;
    assert!(page.contains(".TH agentspec 1") && page.contains("validate\\-contracts"), "{page}");
    let page = run(&["man", "generate"]).exits(0).out;
    let title = format!(".TH agentspec-generate 1  \"agentspec-generate {}\"", env!("CARGO_PKG_VERSION"));
    assert!(page.contains(&title) && page.contains("dry\\-run"), "{page}");
    assert!(run(&["man", "generat"]).exits(2).err.contains("no subcommand"));
}

#[test]
fn help_and_version() {
    assert!(run(&["--help"]).exits(0).out.contains("Exit codes: 0"));
    assert_eq!(run(&["--version"]).exits(0).out, format!("agentspec {}\n", env!("CARGO_PKG_VERSION")));
    assert!(run(&[]).exits(2).err.contains("Usage"));
    assert!(run(&["validat"]).exits(2).err.contains("validate"));
}

#[test]
fn an_error_steers_no_terminal() {
    let platform = Platform::example();
    let model = platform.run(&["model"]).exits(0).out;
    platform.write("was.json", &model.replacen("\"kind\": \"", "\"kind\": \"\\u001b[31m\\u0007", 1));
    let run = run_in(platform.root(), &["diff", "was.json", "was.json"]).exits(2);
    assert!(run.err.contains("␛[31m␇") && !run.err.contains(['\x1b', '\x07']), "{}", run.err);
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let platform = Platform::example();
    let wrong = with_error();
    for (platform, arguments, expected) in [
        (&platform, &["model"][..], 0),
        (&platform, &["list", "rules"], 0),
        (&platform, &["validate", "--format", "json"], 0),
        (&platform, &["man"], 0),
        (&wrong, &["validate"], 1),
        (&wrong, &["validate", "--json"], 1),
        (&platform, &["generate"], 0),
    ] {
        let mut child = std::process::Command::new(command().get_program());
        child.args(arguments).arg("--root").arg(platform.root()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = child.wait().unwrap().code();
        assert!(code == Some(expected) && !said.contains("error: "), "{arguments:?}: {code:?} {said}");
    }
    // What was to be written stands there to the last file.
    platform.run(&["generate", "--check"]).exits(0);
}

#[test]
fn init_writes_a_platform_that_validates() {
    let folder = Platform::empty();
    let run = run_in(folder.root(), &["init", "shop"]).exits(0);
    assert!(run.out.contains("constitution.md") && run.out.contains("agentspec validate --root shop"), "{}", run.out);
    let errors = run_in(folder.root(), &["validate", "--root", "shop", "--json"]).exits(0).json();
    assert_eq!(errors["summary"]["errors"], 0);
    run_in(folder.root(), &["generate", "--root", "shop"]).exits(0);
    let again = run_in(folder.root(), &["init", "shop"]).exits(2);
    assert!(again.err.contains("--force"), "{}", again.err);
    folder.write("shop/constitution.md", "mine\n");
    folder.write("shop/own.md", "mine\n");
    run_in(folder.root(), &["init", "shop", "--force"]).exits(0);
    assert_ne!(folder.text("shop/constitution.md"), "mine\n");
    assert_eq!(folder.text("shop/own.md"), "mine\n");
    folder.write("file", "");
    assert!(run_in(folder.root(), &["init", "file"]).exits(2).err.contains("is a file"));
    let run = run_in(folder.root(), &["init", "it's mine"]).exits(0);
    assert!(run.out.contains("generate --root 'it'\\''s mine'\n"), "{}", run.out);
}

#[test]
fn init_takes_an_example() {
    let folder = Platform::empty();
    run_in(folder.root(), &["init", "shop", "--example", "ecommerce"]).exits(0);
    run_in(folder.root(), &["validate", "--root", "shop"]).exits(0);
    let example = platform::tree(&platform::repository().join("examples/ecommerce"));
    assert_eq!(platform::tree(&folder.path("shop")), example);
    let unknown = run_in(folder.root(), &["init", "other", "--example", "bank"]).exits(2);
    assert!(unknown.err.contains("there are: ecommerce"), "{}", unknown.err);
    assert!(!folder.path("other").exists());
}

#[test]
fn the_demo_does_the_main_job() {
    let folder = Platform::empty();
    let run = run_in(folder.root(), &["demo"]).exits(0);
    assert!(run.out.lines().count() < 50, "short enough to read:\n{}", run.out);
    for said in ["Wrote", "Validated", "Generated", "Look at next"] {
        assert!(run.out.contains(said), "{said}:\n{}", run.out);
    }
    // Every path that it names is there.
    let named = run.out.split_whitespace().filter(|word| word.starts_with("agentspec-demo/"));
    let mut count = 0;
    for path in named {
        assert!(folder.path(path).exists(), "{path}");
        count += 1;
    }
    assert!(count >= 3, "{}", run.out);
    for path in ["docs/SERVICE-CATALOG.md", "project_context.md", "services/user-service/Dockerfile"] {
        assert!(folder.path("agentspec-demo").join(path).is_file(), "{path}");
    }
    let clean = run_in(folder.root(), &["validate", "--root", "agentspec-demo", "--json"]).exits(0);
    assert_eq!(clean.findings(), Vec::<Value>::new());
    run_in(folder.root(), &["generate", "--root", "agentspec-demo", "--check"]).exits(0);
    assert!(run_in(folder.root(), &["demo"]).exits(2).err.contains("--force"));
    run_in(folder.root(), &["demo", "--force"]).exits(0);
    let run = run_in(folder.root(), &["demo", "else where"]).exits(0);
    assert!(run.out.contains(" constitution --root 'else where'\n"), "{}", run.out);
    assert_eq!(platform::tree(&folder.path("else where")), platform::tree(&folder.path("agentspec-demo")));
}

#[test]
fn an_ejected_template_is_used() {
    let platform = Platform::example();
    let template = "kubernetes/service.yaml.j2";
    let (ejected, manifest) =
        (format!(".agentspec/templates/{template}"), "infrastructure/kubernetes/services/auth-service.yaml");
    platform.run(&["generate"]).exits(0);
    platform.run(&["eject", template]).exits(0);
    platform.run(&["generate", "--check"]).exits(0);
    assert!(platform.run(&["eject", template]).exits(2).err.contains("--force"));
    let text = platform.text(&ejected);
    platform.write(&ejected, &format!("{text}# Our own last line.\n"));
    platform.run(&["generate", "--check"]).exits(1);
    platform.run(&["generate"]).exits(0);
    assert!(platform.text(manifest).ends_with("# Our own last line.\n"), "{}", platform.text(manifest));
    let run = platform.run(&["eject", "kubernetes/servce.yaml.j2"]).exits(2);
    assert!(run.err.contains("list templates"), "{}", run.err);
    platform.run(&["eject", "../../../outside"]).exits(2);
    platform.run(&["eject", template, "--force"]).exits(0);
    assert_eq!(platform.text(&ejected), text);
    platform.run(&["generate"]).exits(0);
    assert!(!platform.text(manifest).contains("Our own last line."));
}

/// Whatever is counted while they are rendered, the files are the same.
#[test]
fn all_templates_ejected_write_what_the_built_in_ones_write() {
    let platform = Platform::example();
    platform.run(&["generate"]).exits(0);
    for (name, text) in agentspec::template::Engine::built_in() {
        platform.write(&format!(".agentspec/templates/{name}"), text);
    }
    platform.run(&["generate", "--check"]).exits(0);
    platform.run(&["service-catalog", "--check"]).exits(0);
}

#[test]
fn a_broken_template_names_itself_and_its_line() {
    let platform = Platform::example();
    let before = platform.tree();
    for (text, line, said) in [
        ("first\n{{ nothing.of.that }}\n", "line 2", "nothing"),
        ("{% if %}\n", "line 1", "syntax"),
        ("\n\n{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}\n", "line", ""),
        ("{% include '../../../../etc/passwd' %}\n", "line 1", "passwd"),
    ] {
        platform.write(".agentspec/templates/docs/quick-ref.md.j2", text);
        let run = platform.run(&["generate"]).exits(2);
        assert!(run.err.contains("docs/quick-ref.md.j2"), "{}", run.err);
        assert!(run.err.contains(line) && run.err.contains(said), "{}", run.err);
    }
    fs::remove_dir_all(platform.path(".agentspec")).unwrap();
    assert_eq!(platform.tree(), before, "nothing was written");
}

#[test]
fn the_catalog_is_written_checked_and_written_again() {
    let platform = Platform::small();
    platform.run(&["service-catalog", "--check"]).exits(1);
    assert!(!platform.path("docs").exists());
    platform.run(&["service-catalog"]).exits(0);
    platform.run(&["service-catalog", "--check"]).exits(0);
    let first = platform.text("docs/SERVICE-CATALOG.md");
    assert!(first.contains("user-service") && first.contains("mermaid"), "{first}");
    platform.service("order-service", "| user-service | `GET /api/v1/things` | Show nothing |");
    platform.run(&["service-catalog", "--check"]).exits(1);
    platform.run(&["service-catalog"]).exits(0);
    assert!(platform.text("docs/SERVICE-CATALOG.md").contains("order-service"));
    platform.write("docs/SERVICE-CATALOG.md", "mine\n");
    for command in [["service-catalog", "--check"].as_slice(), &["service-catalog"]] {
        let run = platform.run(command).exits(1);
        assert!(run.out.contains("edited by hand") && run.out.contains("--regenerate"), "{}", run.out);
    }
    assert_eq!(platform.text("docs/SERVICE-CATALOG.md"), "mine\n");
    platform.run(&["service-catalog", "--regenerate"]).exits(0);
    assert!(platform.text("docs/SERVICE-CATALOG.md").contains("order-service"));
    platform.run(&["service-catalog", "--regenerate", "--check"]).exits(2);
    let text = platform.text("docs/SERVICE-CATALOG.md");
    platform.write("docs/SERVICE-CATALOG.md", &format!("{text}\nAsk the users team.\n"));
    for command in [["service-catalog", "--check"].as_slice(), &["service-catalog"]] {
        let run = platform.run(command).exits(0);
        assert!(run.out.contains("is up to date") && run.out.contains("added by hand"), "{}", run.out);
    }
    platform.run(&["generate", "catalog", "--check"]).exits(0);
    platform.run(&["service-catalog", "--regenerate"]).exits(0);
    assert_eq!(platform.text("docs/SERVICE-CATALOG.md"), text);
    assert!(!platform.run(&["service-catalog", "--check"]).exits(0).out.contains("by hand"));
}

#[test]
fn the_catalog_lists_consumers_that_are_not_there_yet() {
    let folder = Platform::empty();
    run_in(folder.root(), &["init", "shop", "--example", "ecommerce"]).exits(0);
    let events = "shop/services/user-service/contracts/events/user-events.json";
    let text = folder.text(events);
    let listed = text.replacen("\"consumers\": [", "\"consumers\": [\"stock-service\", ", 1);
    assert_ne!(text, listed);
    folder.write(events, &listed);
    run_in(&folder.path("shop"), &["service-catalog", "--regenerate"]).exits(0);
    let catalog = folder.text("shop/docs/SERVICE-CATALOG.md");
    assert_eq!(catalog.matches("stock-service (not there yet) |").count(), 1, "{catalog}");
}

#[cfg(unix)]
#[test]
fn a_catalog_behind_a_link_is_not_written_over() {
    let platform = Platform::small();
    platform.write("elsewhere.md", "mine\n");
    fs::create_dir_all(platform.path("docs")).unwrap();
    std::os::unix::fs::symlink(platform.path("elsewhere.md"), platform.path("docs/SERVICE-CATALOG.md")).unwrap();
    for command in [["service-catalog", "--check"].as_slice(), &["service-catalog"]] {
        let run = platform.run(command).exits(1);
        assert!(run.out.contains("move it away") && !run.out.contains("--regenerate"), "{}", run.out);
    }
    assert_eq!(platform.text("elsewhere.md"), "mine\n");
}

#[test]
fn a_waiver_ends_on_the_day_that_is_given() {
    let platform = Platform::small();
    let constitution = "# Shop\n\n## Standards\n\n- REST API versioning: /rest/v1/\n";
    let waiver = "- path-prefix-missing (user-service): partners call the old paths, until 2027-03-31";
    platform.write("constitution.md", &format!("{constitution}\n## Waivers\n\n{waiver}\n"));
    let rules = |arguments: &[&str], day: &str| {
        let run = platform.run_with(&[("AGENTSPEC_TODAY", day)], &[arguments, &["--json"]].concat());
        let of_waiver = |rule: &String| rule == "path-prefix-missing" || rule == "waiver-ended";
        run.rules().into_iter().filter(of_waiver).collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from(["path-prefix-missing", "waiver-ended"].map(str::to_owned));
    assert_eq!(rules(&["validate"], ""), BTreeSet::new());
    assert_eq!(rules(&["validate"], "2027-03-31"), BTreeSet::new());
    assert_eq!(rules(&["validate"], "2027-04-01"), both);
    assert_eq!(rules(&["validate", "--today", "2027-04-01"], ""), both);
    platform.run(&["validate", "--today", "tomorrow"]).exits(2);
}

#[test]
fn the_constitution_shows_what_enforces_it() {
    let platform = Platform::small();
    platform.edit("constitution.md", "- All services", "- Be kind to each other\n- All services");
    let run = platform.run(&["constitution"]).exits(0);
    assert!(run.out.contains("health-endpoint-missing"), "{}", run.out);
    assert!(run.out.contains("nothing enforces this"), "{}", run.out);
    assert!(run.out.contains("\n1 of 2 is kept by people alone."), "{}", run.out);
    let folder = Platform::empty();
    run_in(folder.root(), &["init", "shop", "--example", "ecommerce"]).exits(0);
    let shop = run_in(&folder.path("shop"), &["constitution"]).exits(0).out;
    let by = |text: &str| {
        let after = shop.split_once(text).unwrap_or_else(|| panic!("{shop}")).1;
        after.lines().nth(1).unwrap_or_default().split_once(": ").map(|(_, by)| by.to_owned()).unwrap_or_default()
    };
    assert_eq!(by("Message Bus: RabbitMQ"), "chooses what is generated");
    assert_eq!(by("Database: PostgreSQL per service"), "enforced by shared-database; what is generated keeps to it");
    assert_eq!(by("Container Orchestration: Kubernetes"), "what is generated keeps to it");
    assert_eq!(by("API Gateway: Kong"), "nothing enforces this");
    let json = platform.run(&["constitution", "--json"]).exits(0).json();
    let principles = json["principles"].as_array().unwrap();
    let kind = principles.iter().find(|one| one["text"].as_str().unwrap().contains("Be kind")).unwrap();
    assert_eq!((&kind["rules"], &kind["line"]), (&Value::Array(Vec::new()), &5.into()));
}

#[test]
fn the_plan_says_what_each_operation_does_and_why() {
    let folder = Platform::empty();
    run_in(folder.root(), &["init", "shop", "--example", "ecommerce"]).exits(0);
    let plan = |arguments: &[&str]| run_in(&folder.path("shop"), arguments);
    let human = plan(&["plan", "--service", "order-service"]).exits(0);
    for expected in
        ["POST /api/v1/orders/{orderId}/cancel   transition", "from pending or confirmed", "0 of which answer 501"]
    {
        assert!(human.out.contains(expected), "no {expected} in\n{}", human.out);
    }
    let json = plan(&["plan", "--format", "json"]).exits(0);
    let document: Value = serde_json::from_str(&json.out).unwrap();
    let operations = document["operations"].as_array().unwrap();
    let of = |id: &str| operations.iter().find(|operation| operation["operation"] == id).unwrap();
    assert_eq!(of("login")["archetype"], "login");
    assert_eq!(of("refreshTokens")["archetype"], "refresh");
    assert_eq!(of("getHealth")["archetype"], "probe");
    assert!(operations.iter().all(|operation| operation["archetype"] != "custom"));
    let unknown = plan(&["plan", "--service", "order-servcie"]).exits(2);
    assert!(unknown.err.contains("did you mean `order-service`"), "{}", unknown.err);
}

#[test]
fn a_path_of_kilobytes_does_not_widen_the_plan() {
    let platform = Platform::small();
    let long = "a".repeat(70_000);
    let paths = format!("{{\"/short\":{{\"get\":{{}}}},\"/{long}\":{{\"get\":{{}}}}}}");
    platform.remove(CONTRACT);
    platform.write(
        "services/user-service/contracts/api-spec.json",
        &format!("{{\"openapi\":\"3.1.0\",\"paths\":{paths}}}"),
    );
    let run = platform.run(&["plan"]).exits(0);
    assert!(run.out.contains("/short") && run.out.len() < 75_000, "{} bytes", run.out.len());
}

#[test]
fn code_out_of_proportion_is_not_written() {
    let platform = Platform::small();
    let parameters: Vec<String> = (0..300).map(|n| format!("{{\"name\":\"q{n}\",\"in\":\"query\"}}")).collect();
    let paths: Vec<String> = (0..300).map(|n| format!("\"/p{n}\":{{\"$ref\":\"#/components/pathItems/A\"}}")).collect();
    platform.remove(CONTRACT);
    platform.write(
        "services/user-service/contracts/api-spec.json",
        &format!(
            "{{\"openapi\":\"3.1.0\",\"paths\":{{{}}},\"components\":{{\"pathItems\":{{\"A\":{{\"get\":{{\"parameters\":[{}]}}}}}}}}}}",
            paths.join(","),
            parameters.join(",")
        ),
    );
    platform.write(".speckit.config.json", "{\"validation\":{\"auto_validate\":false}}");
    let run = platform.run(&["generate", "--dry-run"]).exits(2);
    assert!(run.err.contains("user-service: code for its operations would have 93000 parts"), "{}", run.err);
    platform.run(&["service-catalog"]).exits(0);
}

#[test]
fn the_model_has_what_the_documents_say() {
    let model = Platform::example().run(&["model"]).exits(0).json();
    let names: Vec<&str> =
        model["services"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["auth-service", "notification-service", "order-service", "user-service"]);
}

/// The help of the first finding of a rule on a small platform with that constitution and contract.
#[track_caller]
fn help_of(rule: &str, constitution: &str, contract: &str) -> String {
    let platform = Platform::small();
    platform.write("constitution.md", constitution);
    platform.write(CONTRACT, contract);
    let findings = platform.run(&["validate", "--json"]).findings();
    let found = findings.iter().find(|one| one["rule"] == rule);
    found.unwrap_or_else(|| panic!("{findings:#?}"))["help"].as_str().unwrap().to_owned()
}

#[test]
fn helps_fit_what_is_written() {
    let constitution =
        "# C\n\n## Standards\n\n- Authentication: OAuth 2.0 with JWT\n- REST API versioning: /rest/v1/\n";
    let contract = |security: &str, schema: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: 1.0.0}}\npaths:\n  /api/v1/things:\n    post:\n      operationId: createThing\n      \
             {security}\n      responses: {{'201': {{description: A, content: {{application/json: {{schema: {schema}}}}}}}}}\n\
             components: {{securitySchemes: {{bearerAuth: {{type: http, scheme: bearer}}}}}}\n"
        )
    };
    let optional = contract("security: [{bearerAuth: []}, {}]", "{type: object}");
    assert!(help_of("authentication-missing", constitution, &optional).starts_with("Remove `{}` from `security`"));
    assert!(help_of("write-operation-unsecured", constitution, &optional).starts_with("Remove `{}` from `security`"));
    let none = contract("summary: A", "{type: object}");
    assert!(help_of("authentication-missing", constitution, &none).starts_with("Add `security`"));
    assert!(help_of("write-operation-unsecured", constitution, &none).starts_with("Add `security`"));
    assert!(help_of("path-prefix-missing", constitution, &none).starts_with("Write `/rest/v1/things`"));
    let absolute = contract("summary: A", "{$ref: /etc/passwd}");
    assert!(help_of("ref-remote", constitution, &absolute).starts_with("Write the way from this file"));
    let remote = contract("summary: A", "{$ref: 'https://example.com/a.yaml'}");
    assert!(help_of("ref-remote", constitution, &remote).starts_with("Copy the document"));
}

#[test]
fn what_cannot_be_read_is_placed() {
    let platform = Platform::small();
    platform.write(".speckit.config.json", "[]");
    platform.write_bytes(SPEC, b"# A\n\nCaf\xe9 and more\n");
    let findings = platform.run(&["validate", "--json"]).exits(1).findings();
    let of = |rule: &str| findings.iter().find(|one| one["rule"] == rule).unwrap();
    assert_eq!(of("config-wrong-type")["message"], "the configuration must be an object");
    let place = of("not-utf8");
    assert_eq!((&place["line"], &place["column"]), (&Value::from(3), &Value::from(4)));
    assert!(place["help"].as_str().unwrap().contains("iconv -f windows-1252"));
}

#[test]
fn one_broken_file_is_one_finding() {
    const SPEC: &str = "services/user-service/specs/001-user-profile/spec.md";
    const EVENTS: &str = "services/user-service/contracts/events/user-events.json";
    let whole = Platform::example().text(CONTRACT);
    let (start, end) = (whole.find("paths:").unwrap(), whole.find("\ncomponents:").unwrap());
    let without_paths = format!("{}paths:{}", &whole[..start], &whole[end..]);
    for (path, bytes, rule) in [
        (SPEC, &b"# A \xff\n"[..], "not-utf8"),
        (SPEC, b"", "spec-empty"),
        (CONTRACT, b"", "openapi-version-unsupported"),
        (CONTRACT, b"- a\n", "openapi-version-unsupported"),
        (CONTRACT, b"paths: [", "yaml-syntax"),
        (CONTRACT, without_paths.as_bytes(), "openapi-structure"),
        (EVENTS, b"{\"events\": [", "json-syntax"),
        (EVENTS, b"\xff", "not-utf8"),
        ("constitution.md", b"# A \xff\n", "not-utf8"),
    ] {
        let platform = Platform::example();
        platform.write_bytes(path, bytes);
        assert_eq!(platform.run(&["validate", "--json"]).exits(1).rules(), [rule], "{path} {rule}");
    }
}
