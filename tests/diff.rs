//! `agentspec diff` through the binary: every kind of side, every format, every exit code.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::collections::BTreeSet;
use std::fs;

use platform::{Platform, Run, git, repository, run_in};
use serde_json::{Value, json};

const OLD: &str = "\
openapi: 3.0.3
info: {title: Orders <b>API</b>, version: 1.0.0}
paths:
  /orders:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200':
          description: Orders.
          content:
            application/json:
              schema: {type: array, items: {$ref: 'common.yaml#/Order'}}
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: 'common.yaml#/Order'}
      responses:
        '200':
          description: The order.
          content:
            application/json:
              schema: {$ref: 'common.yaml#/Order'}
";
const COMMON: &str = "\
Order:
  type: object
  required: [total]
  properties:
    total: {type: number}
    note: {type: string}
";

fn message(version: &str, properties: &Value) -> String {
    let event = json!({
        "eventType": "order.order.placed", "version": version, "consumers": ["mail-service"],
        "schema": {"type": "object", "properties": properties},
    });
    serde_json::to_string_pretty(&event).unwrap()
}

/// A folder with a contract in two files and an event, without a platform.
fn contracts() -> Platform {
    let folder = Platform::empty();
    folder.write("orders.yaml", OLD);
    folder.write("common.yaml", COMMON);
    folder.write("events/placed.json", &message("v1", &json!({"id": {"type": "string"}, "at": {"type": "string"}})));
    folder
}

/// The same, in a repository.
fn committed() -> Platform {
    let folder = contracts();
    folder.commit();
    folder
}

fn diff(folder: &Platform, arguments: &[&str]) -> Run {
    run_in(folder.root(), &[&["diff"], arguments].concat())
}

/// The lines of the concise report without places, and without what the version should be: `severity[rule] message`.
fn lines(run: &Run) -> Vec<String> {
    let lines = run.out.lines().filter_map(|line| line.split_once(": ").map(|(_, said)| said.to_owned()));
    lines.filter(|line| !line.contains("[contract-version-not-raised]")).collect()
}

#[track_caller]
fn concise(folder: &Platform, sides: &[&str]) -> Vec<String> {
    lines(&diff(folder, &[sides, &["--format", "concise", "--fail-on", "none"]].concat()).exits(0))
}

const LESS_NOTE: [&str; 2] = [
    "warning[property-removed] field `note` removed from the request of `POST /orders`",
    "error[property-removed] field `note` removed from the response of `GET /orders`",
];

/// Both forms of the change that [`drop_note`] makes: one node, seen from the response, where it breaks.
fn drop_note(folder: &Platform) {
    folder.edit("common.yaml", "    note: {type: string}\n", "");
}

#[test]
fn two_files_are_the_same_service_whatever_their_names() {
    let folder = contracts();
    folder.write("next.yml", &OLD.replace("maximum: 100", "maximum: 50"));
    let run = diff(&folder, &["orders.yaml", "next.yml"]).exits(1);
    assert!(run.out.starts_with("Changes from `orders.yaml` to `next.yml`\n"), "{}", run.out);
    let version = "A breaking change asks for version 2.0.0 of the contract, which is still 1.0.0 (`next.yml`)\n";
    assert!(run.out.contains(&format!("{version}\nOrders <b>API</b>\n")), "{}", run.out);
    folder.write("raised.yml", &folder.text("next.yml").replace("version: 1.0.0", "version: 2.0.0"));
    let raised = diff(&folder, &["orders.yaml", "raised.yml"]).exits(1);
    assert!(!raised.out.contains("asks for version"), "{}", raised.out);
    assert!(run.out.contains("❌ Breaking") && run.out.contains("next.yml:7 [constraint-changed]"), "{}", run.out);
    assert!(run.out.contains("Before: orders.yaml:7") && run.out.contains("Way out: "), "{}", run.out);
    assert!(!run.out.contains("No service of this platform"), "no platform is known: {}", run.out);
    assert!(run.out.ends_with("1 breaking\n"), "{}", run.out);
    // A file is read in its own folder, whatever the current one.
    fs::create_dir_all(folder.path("deep/er")).unwrap();
    let deep = run_in(&folder.path("deep/er"), &["diff", "../../orders.yaml", "../../next.yml"]).exits(1);
    assert!(deep.out.contains("1 breaking") && !deep.out.contains("$ref"), "{}", deep.out);
}

#[test]
fn what_is_the_same_is_no_change() {
    let folder = contracts();
    folder.write("next.yaml", &OLD.replace("3.0.3", "3.1.0").replace("maximum: 100", "maximum: 100.0"));
    for sides in [["orders.yaml", "orders.yaml"], ["orders.yaml", "next.yaml"], ["events", "events"]] {
        let run = diff(&folder, &[sides[0], sides[1], "--fail-on", "may-break"]).exits(0);
        assert_eq!(run.out, format!("No changes from `{}` to `{}`\n", sides[0], sides[1]));
    }
    let json = diff(&folder, &["orders.yaml", "orders.yaml", "--json"]).exits(0).json();
    assert_eq!(json["findings"], json!([]));
    assert_eq!(json["account"][0]["text"], "No breaking changes");
    let page = diff(&folder, &["orders.yaml", "orders.yaml", "--format", "html"]).exits(0);
    assert!(page.out.contains("No changes from"), "{}", page.out);
    let whole = run_in(repository(), &["diff", "examples/ecommerce", "examples/ecommerce"]).exits(0);
    assert!(whole.out.starts_with("No changes"), "{}", whole.out);
}

#[test]
fn one_change_is_one_entry_with_everything_that_it_reaches() {
    let folder = contracts();
    folder.write("v2/orders.yaml", OLD);
    folder.write("v2/common.yaml", &COMMON.replace("{type: number}", "{type: string}"));
    let run = diff(&folder, &["orders.yaml", "v2/orders.yaml"]).exits(1);
    assert_eq!(run.out.matches("[type-changed]").count(), 1, "{}", run.out);
    assert!(run.out.contains("Reaches: GET /orders (response), POST /orders (request, response)"), "{}", run.out);
    assert!(run.out.contains("common.yaml:5 [type-changed]"), "{}", run.out);
}

#[test]
fn events_alone() {
    let folder = contracts();
    folder.write("new.json", &message("v1", &json!({"id": {"type": "string"}})));
    let run = diff(&folder, &["events/placed.json", "new.json"]).exits(1);
    assert!(run.out.contains("field `at` removed from the event of `order.order.placed`"), "{}", run.out);
    assert!(run.out.contains("Directly affected: mail-service"), "{}", run.out);
    // The schema of one event, which has no name.
    folder.write("a.json", r#"{"type": "object", "properties": {"x": {"type": "integer"}}}"#);
    folder.write("b.json", r#"{"type": "object", "properties": {"x": {"type": "number"}}}"#);
    let found = concise(&folder, &["a.json", "b.json"]);
    assert_eq!(found, ["error[type-changed] type of `x` in the event of `b` changed from integer to number"]);
    assert_eq!(concise(&folder, &["b.json", "a.json"]).len(), 1);
    diff(&folder, &["b.json", "a.json"]).exits(0);
}

#[test]
fn folders_without_a_platform() {
    let old = contracts();
    let new = contracts();
    drop_note(&new);
    new.write("payments.yaml", &OLD.replace("/orders", "/payments"));
    new.remove("events/placed.json");
    new.write("package.json", r#"{"name": "not-a-contract", "version": "1.0.0"}"#);
    let new_path = new.root().to_str().unwrap();
    let run = diff(&old, &[".", new_path, "--json"]).exits(1);
    let found: Vec<Value> = run.findings();
    let told = |rule: &str| found.iter().filter(|one| one["rule"] == rule).count();
    assert_eq!((told("operation-added"), told("event-removed"), told("property-removed")), (2, 1, 1), "{}", run.out);
    let gone = found.iter().find(|one| one["rule"] == "event-removed").unwrap();
    assert_eq!(gone["file"], "events/placed.json", "the file that is gone, not one that is left");
    let human = diff(&old, &[".", new_path]).exits(1).out;
    let headings: Vec<usize> = ["\norders\n", "\npayments\n", "\nEvents\n"]
        .iter()
        .map(|heading| human.find(heading).unwrap_or_else(|| panic!("{heading}: {human}")))
        .collect();
    assert!(headings.is_sorted(), "{human}");
}

#[test]
fn revisions_of_git() {
    let folder = committed();
    drop_note(&folder);
    let expected = concise(&folder, &["HEAD:orders.yaml", "orders.yaml"]);
    assert_eq!(expected, [LESS_NOTE[1]]);
    assert_eq!(concise(&folder, &["HEAD:", "."]), expected);
    assert_eq!(concise(&folder, &["HEAD:.", "."]), expected);
    assert_eq!(concise(&folder, &["--since", "HEAD", "orders.yaml"]), expected);
    assert_eq!(concise(&folder, &["--since", "HEAD", "."]), expected);
    assert_eq!(concise(&folder, &["--since", "HEAD"]), expected);
    folder.commit();
    assert_eq!(concise(&folder, &["HEAD~1:", "HEAD:"]), expected);
    assert!(concise(&folder, &["HEAD:", "."]).is_empty());
    // Nothing was written, nor checked out.
    assert_eq!(folder.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_folder_inside_a_repository() {
    let folder = Platform::empty();
    for (path, text) in [("orders.yaml", OLD), ("common.yaml", COMMON)] {
        folder.write(&format!("deep/api/{path}"), text);
    }
    folder.commit();
    folder.edit("deep/api/common.yaml", "    note: {type: string}\n", "");
    let expected = [LESS_NOTE[1]];
    let inside = |sides: &[&str]| {
        lines(&run_in(&folder.path("deep/api"), &[&["diff"], sides, &["--format", "concise"]].concat()).exits(1))
    };
    assert_eq!(inside(&["HEAD:orders.yaml", "orders.yaml"]), expected);
    assert_eq!(inside(&["HEAD:./orders.yaml", "orders.yaml"]), expected);
    assert_eq!(inside(&["HEAD:deep/api/orders.yaml", "orders.yaml"]), expected, "as git has it, from the top");
    assert_eq!(inside(&["HEAD:../api", "."]), expected);
    assert_eq!(inside(&["--since", "HEAD"]), expected);
    // Reports for code hosts name files of the repository.
    let github = run_in(&folder.path("deep/api"), &["diff", "HEAD:", ".", "--format", "github"]).exits(1);
    assert!(github.out.contains("::error file=deep/api/common.yaml,line="), "{}", github.out);
    let sarif = run_in(folder.root(), &["diff", "HEAD:deep/api", "deep/api", "--format", "sarif"]).exits(1).json();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "deep/api/common.yaml");
    // The folder is gone from the working tree, and still at the revision.
    folder.git(&["mv", "deep", "moved"]);
    let run = run_in(folder.root(), &["diff", "HEAD:deep/api", "moved/api", "--format", "concise"]).exits(1);
    assert_eq!(lines(&run), expected);
}

#[test]
fn what_is_missing_is_said() {
    let folder = contracts();
    folder.remove("orders.yaml");
    folder.commit();
    folder.write("orders.yaml", OLD);
    let new = diff(&folder, &["--since", "HEAD", "orders.yaml"]).exits(0);
    let said = "`HEAD:orders.yaml` did not exist: everything in `orders.yaml` counts as added";
    assert!(new.out.contains(said) && new.out.contains("2 compatible"), "{}", new.out);
    folder.write("new/services/order-service/contracts/api-spec.yaml", OLD);
    let run = diff(&folder, &["--since", "HEAD", "--root", "new"]).exits(0);
    assert!(run.out.contains("The folder did not exist at `HEAD`: everything in `the working tree`"), "{}", run.out);
    folder.remove("new/services/order-service/contracts/api-spec.yaml");
    folder.commit();
    folder.remove("orders.yaml");
    let gone = diff(&folder, &["--since", "HEAD", "orders.yaml"]).exits(1);
    assert!(gone.out.contains("`orders.yaml` does not exist: everything in"), "{}", gone.out);
    assert_eq!(gone.out.matches("[operation-removed]").count(), 2, "{}", gone.out);
    let json = diff(&folder, &["HEAD:orders.yaml", "HEAD:later.yaml", "--json"]).exits(1).json();
    assert_eq!(
        json["account"][1]["text"],
        "`HEAD:later.yaml` does not exist: everything in `HEAD:orders.yaml` counts as removed"
    );
}

#[test]
fn a_path_that_exists_wins_over_a_revision() {
    let folder = committed();
    folder.write("HEAD:odd.yaml", OLD);
    diff(&folder, &["HEAD:odd.yaml", "orders.yaml"]).exits(0);
    let drive = diff(&folder, &["C:\\contracts\\api.yaml", "orders.yaml"]).exits(2);
    assert!(drive.err.contains("there is no file or folder C:\\contracts\\api.yaml"), "{}", drive.err);
}

/// What is said on standard error by a run that ends with 2.
#[track_caller]
fn error(folder: &Platform, arguments: &[&str]) -> String {
    let run = diff(folder, arguments).exits(2);
    assert_eq!(run.out, "");
    run.err
}

#[test]
fn errors_say_what_helps() {
    let folder = committed();
    folder.write("broken.yaml", "openapi: 3.0.3\npaths: [\n");
    folder.write("old.json", r#"{"swagger": "2.0"}"#);
    folder.write("notes.yaml", "title: notes\n");
    folder.write("notes.txt", "notes\n");
    for (arguments, expected) in [
        (&["broken.yaml", "orders.yaml"][..], &["broken.yaml:2:8:", "mend it"][..]),
        (&["orders.yaml", "old.json"], &["a Swagger 2.0 document", "OpenAPI 3.0 or 3.1"]),
        (&["notes.yaml", "orders.yaml"], &["neither an OpenAPI document nor an event contract", "`eventType`"]),
        (&["notes.txt", "orders.yaml"], &["neither YAML nor JSON"]),
        (&["orders.yaml", "none.yaml"], &["there is no file or folder none.yaml", "REF:PATH"]),
        (&["HEAD", "orders.yaml"], &["for the revision HEAD write `HEAD:`"]),
        (&["v9:orders.yaml", "orders.yaml"], &["git knows no revision v9", "`git fetch origin v9`"]),
        (&["--since", "origin/next", "."], &["`git fetch origin next`"]),
        (&["HEAD:none.yaml", "HEAD:none.yml"], &["there is neither HEAD:none.yaml nor HEAD:none.yml"]),
        (&["HEAD:../../x.yaml", "orders.yaml"], &["leads outside of the repository"]),
        (&["--since", "HEAD", "none.yaml"], &["there is no file or folder"]),
        (&["", "orders.yaml"], &["a path is empty", "the current folder is `.`"]),
        (&["--since", "HEAD", ""], &["a path is empty"]),
        (
            &["https://example.com/api.yaml", "orders.yaml"],
            &["https://example.com/api.yaml is an address", "download it"],
        ),
        (&["--since", "HEAD", "file:///api.yaml"], &["is an address, and nothing is fetched"]),
        (&["orders.yaml", "events/placed.json"], &["is an OpenAPI document and", "an event contract"]),
        (&["orders.yaml", "."], &["one contract on each side, such as orders.yaml"]),
        (&["orders.yaml"], &["<NEW>", "--since <REF>"]),
        (&["orders.yaml", "orders.yaml", "--since", "HEAD"], &["cannot be used with"]),
        (&["orders.yaml", "orders.yaml", "--fail-on", "info"], &["possible values: breaking, may-break, none"]),
    ] {
        let said = error(&folder, arguments);
        for part in expected {
            assert!(said.contains(part), "{arguments:?} says no {part:?}: {said}");
        }
    }
    let outside = contracts();
    assert!(error(&outside, &["HEAD:orders.yaml", "orders.yaml"]).contains("no git repository"));
}

#[test]
fn a_base_that_does_not_parse() {
    let folder = contracts();
    folder.write("common.yaml", "Order: [\n");
    folder.write("chart/values.yaml", "{{ not: yaml }}: [\n");
    folder.commit();
    folder.write("common.yaml", COMMON);
    let run = diff(&folder, &["HEAD:", ".", "--fail-on", "breaking"]);
    assert!(run.out.contains("`common.yaml` cannot be read in HEAD:, so what changed in it is unknown"), "{}", run.out);
    assert!(!run.out.contains("chart"), "a file that is no contract may be what it likes: {}", run.out);
    // On the new side it fails: nobody can read what is to be published.
    let broken = diff(&folder, &[".", "HEAD:"]).exits(1);
    assert!(
        broken.out.contains("Cannot be read") && broken.out.contains("common.yaml:1 [yaml-syntax]"),
        "{}",
        broken.out
    );
    folder.write("orders.yaml", "openapi: [\n");
    folder.commit();
    folder.write("orders.yaml", OLD);
    let run = diff(&folder, &["HEAD:", "."]).exits(0);
    assert!(run.out.contains("`orders.yaml` cannot be read in HEAD:"), "{}", run.out);
    assert!(!run.out.contains("operation-added"), "what could not be read is not new: {}", run.out);
    diff(&folder, &["HEAD:", ".", "--fail-on", "may-break"]).exits(1);
    let one = error(&folder, &["HEAD:orders.yaml", "orders.yaml"]);
    assert!(one.contains("HEAD:orders.yaml cannot be compared, it does not parse: orders.yaml:1:10"), "{one}");
}

#[test]
fn a_shallow_clone_is_told_apart() {
    let folder = committed();
    drop_note(&folder);
    folder.commit();
    let clones = tempfile::tempdir().unwrap();
    let from = format!("file://{}", folder.root().display());
    git(clones.path(), &["clone", "-q", "--depth", "1", &from, "clone"]);
    let run = run_in(&clones.path().join("clone"), &["diff", "--since", "HEAD~1"]).exits(2);
    assert!(run.err.contains("`git fetch --unshallow origin`"), "{}", run.err);
}

#[test]
fn a_reference_that_leads_out_is_not_followed() {
    let folder = contracts();
    folder.write("api/orders.yaml", &OLD.replace("common.yaml", "../common.yaml"));
    let run = diff(&folder, &["api/orders.yaml", "api/orders.yaml"]).exits(0);
    assert!(run.out.contains("was taken for anything: 3 in `api/orders.yaml`, 3 in `api/orders.yaml`"), "{}", run.out);
    assert!(!diff(&folder, &["orders.yaml", "orders.yaml"]).exits(0).out.contains("$ref"));
}

#[test]
fn saved_models() {
    let platform = Platform::example();
    let save = |name: &str| platform.write(name, &platform.run(&["model"]).exits(0).out);
    save("before.json");
    let contract = "services/user-service/contracts/api-spec.yaml";
    platform.edit(contract, "required: [email, firstName, lastName]", "required: [email, firstName, lastName, phone]");
    save("after.json");
    assert!(concise(&platform, &["before.json", "before.json"]).is_empty());
    let from_files = diff(&platform, &["before.json", ".", "--format", "json"]).exits(1).findings();
    let from_models = diff(&platform, &["before.json", "after.json", "--format", "json"]).exits(1).findings();
    let rules = |findings: &[Value]| findings.iter().map(|one| one["rule"].to_string()).collect::<BTreeSet<_>>().len();
    assert_eq!((from_files.len(), rules(&from_files)), (2, 2), "one of them is about the version");
    let change = |findings: Vec<Value>| findings.into_iter().find(|one| one["severity"] == "error").unwrap();
    let (from_files, from_models) = (change(from_files), change(from_models));
    for key in ["rule", "severity", "message", "file", "pointer", "notes", "unaffected", "help"] {
        assert_eq!(from_files[key], from_models[key], "{key}");
    }
    assert!(from_models["line"].as_u64().unwrap() > 300, "the line is that of the contract: {from_models}");
    assert!(diff(&platform, &["after.json", "."]).exits(0).out.starts_with("No changes"));
    // A model that another version wrote, and one that was cut.
    let text = platform.text("before.json");
    platform.write("newer.json", &text.replacen("\"version\": 1", "\"version\": 2", 1));
    let said = error(&platform, &["before.json", "newer.json"]);
    assert!(
        said.contains("newer.json") && said.contains("a model of version 2") && said.contains("reads version 1"),
        "{said}"
    );
    assert!(said.contains("`agentspec model > FILE`"), "{said}");
    let (head, schemas) = text.rsplit_once("\"schemas\": [").unwrap();
    platform.write("cut.json", &format!("{head}\"schemas\": [], \"rest\": [{schemas}"));
    let said = error(&platform, &["before.json", "cut.json"]);
    assert!(said.contains("cut.json cannot be compared: it refers to schema "), "{said}");
}

#[test]
fn platforms_name_the_consumers() {
    let platform = Platform::example();
    platform.commit();
    let contract = "services/user-service/contracts/api-spec.yaml";
    platform.edit(
        contract,
        "required: [id, email, firstName, lastName, locale, createdAt, updatedAt]",
        "required: [id]",
    );
    let run = diff(&platform, &["--since", "HEAD"]).exits(1);
    assert!(run.out.starts_with("Changes from `HEAD` to `the working tree`\n"), "{}", run.out);
    assert!(run.out.contains("\n\nuser-service\n"), "{}", run.out);
    assert!(run.out.contains("Directly affected: order-service"), "{}", run.out);
    let json = diff(&platform, &["HEAD:", ".", "--json"]).exits(1).json();
    assert_eq!(json["account"][1]["text"], "Consumers affected: order-service");
    // The same findings as those of the gate, which leaves out what is compatible.
    let gate = platform.run(&["validate-contracts", "--breaking-changes-only", "--base", "HEAD", "--json"]).exits(1);
    let told = |findings: &Value| -> BTreeSet<String> {
        let findings = findings.as_array().unwrap().iter().filter(|one| one["severity"] != "info");
        findings.map(|one| format!("{} {}", one["fingerprint"], one["message"])).collect()
    };
    assert_eq!(told(&json["findings"]), told(&gate.json()["findings"]));
}

#[test]
fn directions_and_levels() {
    let folder = contracts();
    folder.write("v2/orders.yaml", &OLD.replace("maximum: 100", "maximum: 50"));
    folder.write("v2/common.yaml", &COMMON.replace("    note: {type: string}\n", ""));
    let sides = ["orders.yaml", "v2/orders.yaml"];
    let of = |direction: &str| concise(&folder, &[&sides[..], &["--direction", direction]].concat());
    let request = of("request");
    assert_eq!(request.len(), 2, "{request:?}");
    assert!(request.contains(&LESS_NOTE[0].to_owned()), "{request:?}");
    assert!(request.iter().any(|line| line.starts_with("error[constraint-changed]")), "{request:?}");
    assert_eq!(of("response"), [LESS_NOTE[1]]);
    assert!(of("event").is_empty());
    let run = diff(&folder, &[&sides[..], &["--direction", "event"]].concat()).exits(0);
    assert_eq!(run.out, "No changes of events from `orders.yaml` to `v2/orders.yaml`\n");
    // Only what may break is left in the requests of POST.
    folder.write("v2/orders.yaml", OLD);
    let requests = |fail_on: &'static str| [&sides[..], &["--direction", "request", "--fail-on", fail_on]].concat();
    diff(&folder, &requests("breaking")).exits(0);
    diff(&folder, &requests("may-break")).exits(1);
    diff(&folder, &sides).exits(1);
    diff(&folder, &[&sides[..], &["--fail-on", "none"]].concat()).exits(0);
    // What is compatible fails no run.
    folder.write("v2/common.yaml", &(COMMON.to_owned() + "    more: {type: string}\n"));
    let run = diff(&folder, &[&sides[..], &["--fail-on", "may-break"]].concat()).exits(0);
    assert!(run.out.contains("✅ Compatible") && run.out.ends_with("1 compatible\n"), "{}", run.out);
}

#[test]
fn nothing_to_compare_exits_3() {
    let folder = Platform::empty();
    folder.write("a/readme.md", "# A\n");
    folder.write("b/values.yaml", "x: 1\n");
    let run = diff(&folder, &["a", "b"]).exits(3);
    assert_eq!(run.out, "");
    assert!(run.err.contains("there is no contract in a nor in b"), "{}", run.err);
    folder.write("b/api.yaml", OLD);
    let run = diff(&folder, &["a", "b"]).exits(0);
    assert!(run.out.contains("`a` holds no contract: everything in `b` counts as added"), "{}", run.out);
}

#[test]
fn pages_escape_what_contracts_hold() {
    let folder = contracts();
    let hostile =
        OLD.replace("Orders <b>API</b>", "\"<script>alert(1)</script>\"").replace("limit", "\"<img src=x onerror=y>\"");
    folder.write("old.yaml", &hostile);
    folder.write("new.yaml", &hostile.replace("maximum: 100", "maximum: 50"));
    let page = diff(&folder, &["old.yaml", "new.yaml", "--format", "html"]).exits(1).out;
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("<h2>&lt;script&gt;alert(1)"), "{page}");
    let markdown = diff(&folder, &["old.yaml", "new.yaml", "--format", "markdown"]).exits(1).out;
    assert!(markdown.starts_with("## Changes from `old.yaml` to `new.yaml`\n\n**1 breaking**\n"), "{markdown}");
    assert!(markdown.contains("### &lt;script>alert(1)") && !markdown.contains("<script"), "{markdown}");
}

#[test]
fn a_page_of_ones_own() {
    let platform = Platform::example();
    platform.run(&["eject", "diff/changelog.html.j2"]).exits(0);
    platform.write(".agentspec/templates/diff/changelog.html.j2", "<p>{{ title_text }}</p>");
    let run = diff(&platform, &[".", ".", "--format", "html"]).exits(0);
    assert_eq!(run.out, "<p>No changes from . to .</p>\n");
}

#[test]
fn the_same_sides_give_the_same_bytes() {
    let old = repository().join("examples/ecommerce");
    let new = Platform::example();
    for service in ["user", "order", "auth", "notification"] {
        let path = format!("services/{service}-service/contracts/api-spec.yaml");
        let text = new.text(&path).replace("maximum: 100", "maximum: 50").replace("/health:", "/healthz:");
        new.write(&path, &text);
    }
    for format in ["human", "concise", "json", "markdown", "html", "sarif", "github"] {
        let of = |threads: &str| {
            let mut command = platform::command();
            command.env("RAYON_NUM_THREADS", threads).arg("diff").arg(&old).arg(new.root());
            command.args(["--format", format, "--fail-on", "none"]).output().unwrap().stdout
        };
        let first = of("1");
        assert!(!first.is_empty() && first == of("4"), "{format}");
    }
}
