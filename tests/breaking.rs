//! What changed in the working tree since a revision of git, through the binary: each plain case is found, named and
//! counted for the services that it hits, and what breaks nobody is silent.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use std::fs;

use platform::{Platform, Run, git, run_in, spec};
use serde_json::{Value, json};

const USERS: &str = "services/user-service/contracts/api-spec.yaml";
const EVENTS: &str = "services/user-service/contracts/events/user-events.json";

const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Users, version: 1.0.0}
paths:
  /api/v1/users:
    get:
      operationId: listUsers
      parameters:
        - name: limit
          in: query
          schema: {type: integer}
      responses:
        '200':
          description: Users.
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/User'}
  /api/v1/users/{id}:
    get:
      operationId: getUser
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The user.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/User'}
  /api/v1/users/{id}/avatar:
    post:
      operationId: setAvatar
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [image]
              properties:
                image:
                  type: string
                caption:
                  type: string
      responses:
        '204': {description: Stored.}
components:
  schemas:
    User:
      type: object
      required: [id, email]
      properties:
        id:
          type: string
        email:
          type: string
        phone:
          type: string
";

fn event(name: &str, version: &str, properties: &Value) -> Value {
    json!({
        "eventType": name, "version": version, "description": "Something happened.",
        "schema": {"type": "object", "properties": properties, "required": ["userId"]},
        "consumers": ["mail-service"],
    })
}

fn events(list: &[Value]) -> String {
    serde_json::to_string_pretty(&json!({ "events": list })).unwrap()
}

fn user() -> Value {
    json!({"userId": {"type": "string"}, "email": {"type": "string"}})
}

/// user-service, whose avatar operation order-service uses; page-service uses order-service, list-service only the list of
/// users, and mail-service the events.
fn platform() -> Platform {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Shop\n\n## Core Principles\n\n- Contracts before code\n");
    let write = |name: &str, upstream: &str, published: &str, consumed: &str| {
        platform.write(&format!("services/{name}/specs/001-first/spec.md"), &spec(name, upstream, published, consumed));
    };
    let published = "### Event: user.profile.created\n\n**Topic:** users\n**Trigger:** A profile\n**Payload:**\n- userId\n\
                     - email\n\n**Consumers:** mail-service\n\n\
                     ### Event: user.profile.deleted\n\n**Topic:** users\n**Trigger:** No profile\n**Payload:**\n- userId\n\n\
                     **Consumers:** mail-service";
    let consumed = "### Event: user.profile.created\n\n**From:** user-service\n**Topic:** users\n**Action:** Write\n\
                    **Idempotency:** By userId\n**Error Handling:** DLQ\n\n\
                    ### Event: user.profile.deleted\n\n**From:** user-service\n**Topic:** users\n**Action:** Forget\n\
                    **Idempotency:** By userId\n**Error Handling:** DLQ";
    write("user-service", "| None | – | – |", published, "None");
    let uses = "| user-service | `POST /api/v1/users/{id}/avatar`, `GET /api/v1/users/{id}` | Later |";
    write("order-service", uses, "None", "None");
    write("page-service", "| order-service | | Show nothing |", "None", "None");
    write("list-service", "| user-service | `GET /api/v1/users` | Show nothing |", "None", "None");
    write("mail-service", "| None | – | – |", "None", consumed);
    platform.write(USERS, CONTRACT);
    let deleted = json!({"userId": {"type": "string"}});
    let list = [event("user.profile.created", "v1", &user()), event("user.profile.deleted", "v1", &deleted)];
    platform.write(EVENTS, &events(&list));
    platform
}

fn committed() -> Platform {
    let platform = platform();
    platform.commit();
    platform
}

fn compare(platform: &Platform, more: &[&str]) -> Run {
    platform.run(&[&["validate-contracts", "--breaking-changes-only"], more].concat())
}

/// The one finding after an edit, beside that the version of the contract stayed.
#[track_caller]
fn only(platform: &Platform) -> Value {
    let mut findings = compare(platform, &["--json"]).exits(1).findings();
    findings.retain(|finding| finding["rule"] != "contract-version-not-raised");
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["severity"], "error");
    assert!(findings[0]["help"].is_string(), "{findings:#?}");
    findings[0].clone()
}

/// The number of the first line of a file with this text.
#[track_caller]
fn line(platform: &Platform, path: &str, text: &str) -> usize {
    1 + platform.text(path).lines().position(|line| line.contains(text)).unwrap()
}

#[test]
fn nothing_changed() {
    let platform = committed();
    let run = compare(&platform, &[]).exits(0);
    assert!(run.out.contains("No breaking changes since HEAD"), "{}", run.out);
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
}

#[test]
fn a_new_required_field_of_a_request() {
    let platform = committed();
    platform.edit(USERS, "required: [image]", "required: [image, imageFormat]");
    platform.edit(
        USERS,
        "                caption:\n",
        "                imageFormat:\n                  type: string\n                caption:\n",
    );
    let finding = only(&platform);
    assert_eq!(finding["rule"], "property-added");
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("new required field `imageFormat`"), "{message}");
    assert!(message.contains("POST /api/v1/users/{id}/avatar"), "{message}");
    assert_eq!(finding["file"], USERS);
    assert_eq!(finding["line"], line(&platform, USERS, "imageFormat:"), "{finding:#}");
    assert_eq!(finding["consumers"], json!(["order-service"]));
    assert_eq!(finding["transitive"], json!(["page-service"]));
    assert_eq!(finding["unaffected"], json!(["list-service"]));
    let run = compare(&platform, &[]).exits(1);
    for said in ["1 breaking change since HEAD", "Consumers affected: order-service", "v2", "imageFormat", "optional"] {
        assert!(run.out.contains(said), "{said} is missing:\n{}", run.out);
    }
    assert_eq!(run.err, "");
}

#[test]
fn an_operation_removed() {
    let platform = committed();
    let text = platform.text(USERS);
    let (from, to) = (text.find("  /api/v1/users/{id}/avatar").unwrap(), text.find("components:").unwrap());
    platform.write(USERS, &format!("{}{}", &text[..from], &text[to..]));
    let finding = only(&platform);
    assert_eq!(finding["rule"], "operation-removed");
    assert!(finding["message"].as_str().unwrap().contains("POST /api/v1/users/{id}/avatar"));
    assert_eq!(finding["consumers"], json!(["order-service"]));
    assert_eq!(finding["related"][0]["base"], true);
}

#[test]
fn a_whole_contract_removed() {
    let platform = committed();
    platform.remove(USERS);
    let run = compare(&platform, &["--json"]).exits(1);
    assert!(run.rules().iter().all(|rule| rule == "operation-removed"), "{:?}", run.rules());
    let hit = |operation: &str| {
        let finding = run.findings().into_iter().find(|one| one["message"].as_str().unwrap().contains(operation));
        finding.unwrap()["consumers"].clone()
    };
    assert_eq!(hit("`GET /api/v1/users`"), json!(["list-service"]));
    assert_eq!(hit("`GET /api/v1/users/{id}`"), json!(["order-service"]));
    assert_eq!(hit("`POST /api/v1/users/{id}/avatar`"), json!(["order-service"]));
}

#[test]
fn an_optional_field_became_required() {
    let platform = committed();
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    let finding = only(&platform);
    assert_eq!(finding["rule"], "property-became-required");
    assert!(finding["message"].as_str().unwrap().contains("`caption`"));
    assert_eq!(finding["line"], line(&platform, USERS, "caption:"));
    assert_eq!(finding["consumers"], json!(["order-service"]));
}

#[test]
fn a_type_changed() {
    let platform = committed();
    platform.edit(USERS, "image:\n                  type: string", "image:\n                  type: integer");
    let finding = only(&platform);
    assert_eq!(finding["rule"], "type-changed");
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("`image`") && message.contains("from string to integer"), "{message}");
    assert_eq!(finding["line"], line(&platform, USERS, "                  type: integer"));
}

#[test]
fn a_field_of_a_response_removed() {
    let platform = committed();
    platform.edit(USERS, "        phone:\n          type: string\n", "");
    let finding = only(&platform);
    assert_eq!(finding["rule"], "property-removed");
    assert_eq!(finding["consumers"], json!(["list-service", "order-service"]));
    let notes = finding["notes"].to_string();
    assert!(notes.contains("GET /api/v1/users") && notes.contains("GET /api/v1/users/{id}"), "{notes}");
}

#[test]
fn a_parameter_became_required() {
    let platform = committed();
    platform.edit(USERS, "in: query\n", "in: query\n          required: true\n");
    let finding = only(&platform);
    assert_eq!(finding["rule"], "parameter-requiredness-changed");
    assert_eq!(finding["consumers"], json!(["list-service"]));
    assert_eq!(finding["unaffected"], json!(["order-service"]));
}

#[test]
fn an_event_removed() {
    let platform = committed();
    platform.write(EVENTS, &events(&[event("user.profile.created", "v1", &user())]));
    platform.edit("services/user-service/specs/001-first/spec.md", "### Event: user.profile.deleted", "### Gone");
    platform.edit("services/mail-service/specs/001-first/spec.md", "### Event: user.profile.deleted", "### Gone");
    let finding = only(&platform);
    assert_eq!(finding["rule"], "event-removed");
    assert!(finding["message"].as_str().unwrap().contains("user.profile.deleted"));
    assert_eq!(finding["consumers"], json!(["mail-service"]));
}

#[test]
fn an_event_whose_entry_is_gone_while_the_spec_publishes_it() {
    let platform = committed();
    platform.write(EVENTS, &events(&[event("user.profile.created", "v1", &user())]));
    let finding = only(&platform);
    assert_eq!((&finding["rule"], &finding["consumers"]), (&json!("event-schema-changed"), &json!(["mail-service"])));
    assert!(finding["help"].as_str().unwrap().contains("Keep the event's entry"), "{finding}");
}

#[test]
fn what_is_gone_is_told_where_it_stood() {
    let platform = committed();
    platform.remove(USERS);
    let findings = compare(&platform, &["--json"]).exits(1).findings();
    let removed = findings.iter().filter(|one| one["rule"] == "operation-removed");
    let files: Vec<_> = removed.map(|one| one["file"].clone()).collect();
    assert!(!files.is_empty() && files.iter().all(|file| file == USERS), "{files:?}");
}

#[test]
fn a_field_of_an_event_removed() {
    let platform = committed();
    let created = json!({"userId": {"type": "string"}});
    let deleted = event("user.profile.deleted", "v1", &created);
    platform.write(EVENTS, &events(&[event("user.profile.created", "v1", &created), deleted]));
    let finding = only(&platform);
    assert_eq!(finding["rule"], "property-removed");
    assert!(finding["message"].as_str().unwrap().contains("`email`"));
    assert_eq!(finding["file"], EVENTS);
    assert_eq!(finding["consumers"], json!(["mail-service"]));
}

#[test]
fn a_version_of_an_event_replaced_or_kept() {
    let deleted = event("user.profile.deleted", "v1", &json!({"userId": {"type": "string"}}));
    let other = json!({"userId": {"type": "string"}, "address": {"type": "string"}});
    let platform = committed();
    platform.write(EVENTS, &events(&[event("user.profile.created", "v2", &other), deleted.clone()]));
    let finding = only(&platform);
    assert_eq!(finding["rule"], "event-version-replaced");
    assert_eq!(finding["consumers"], json!(["mail-service"]));

    let both = [event("user.profile.created", "v1", &user()), event("user.profile.created", "v2", &other), deleted];
    platform.write(EVENTS, &events(&both));
    assert_eq!(compare(&platform, &["--json"]).exits(0).rules(), Vec::<String>::new());
}

/// The finding on the version of the users' contract, where there is one.
fn version(platform: &Platform) -> Option<Value> {
    let findings = compare(platform, &["--json"]).findings();
    findings.into_iter().find(|finding| finding["rule"] == "contract-version-not-raised")
}

#[test]
fn the_version_of_the_contract_follows_its_changes() {
    let platform = committed();
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    let finding = version(&platform).unwrap();
    assert_eq!((&finding["severity"], &finding["file"]), (&json!("warning"), &json!(USERS)));
    assert_eq!(finding["line"], line(&platform, USERS, "version: 1.0.0"));
    assert_eq!(finding["pointer"], "/info/version");
    assert!(finding["message"].as_str().unwrap().contains("asks for version 2.0.0"), "{finding:#}");
    platform.edit(USERS, "version: 1.0.0", "version: 1.1.0");
    assert!(version(&platform).unwrap()["message"].as_str().unwrap().contains("went from 1.0.0 to 1.1.0"));
    platform.write(".speckit.config.json", r#"{"compatibility": {"versions": "off"}}"#);
    assert_eq!(version(&platform), None);
    platform.write(".speckit.config.json", "{}");
    platform.edit(USERS, "version: 1.1.0", "version: 2.0.0");
    assert_eq!(version(&platform), None);
    compare(&platform, &[]).exits(1);
    // Held back like any other finding.
    platform.edit(
        USERS,
        "version: 2.0.0}",
        "version: 1.0.0, x-agentspec-ignore: {contract-version-not-raised: later}}",
    );
    assert_eq!(version(&platform), None);
}

#[test]
fn a_new_major_path_beside_the_old_is_an_addition() {
    let platform = committed();
    let avatar = "  /api/v2/users/{id}/avatar:\n    delete:\n      operationId: dropAvatar\n      parameters:\n        \
                  - {name: id, in: path, required: true, schema: {type: string}}\n      responses:\n        \
                  '204': {description: Gone.}\n";
    platform.edit(USERS, "components:\n", &format!("{avatar}components:\n"));
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
    // Semantic versioning asks for more, where the platform wants it.
    platform.write(".speckit.config.json", r#"{"compatibility": {"versions": "semver"}}"#);
    let finding = version(&platform).unwrap();
    assert!(finding["message"].as_str().unwrap().contains("An addition asks for version 1.1.0"), "{finding:#}");
    platform.edit(USERS, "version: 1.0.0", "version: 1.1.0");
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
    // The old path goes: whoever uses it is told what to do instead.
    let text = platform.text(USERS);
    let (from, to) = (text.find("  /api/v1/users/{id}/avatar").unwrap(), text.find("  /api/v2").unwrap());
    platform.write(USERS, &format!("{}{}", &text[..from], &text[to..]));
    let finding = only(&platform);
    assert_eq!(finding["rule"], "operation-removed");
    let notes = finding["notes"].to_string();
    assert!(notes.contains("`POST /api/v2/users/{id}/avatar` beside"), "{notes}");
    assert!(version(&platform).unwrap()["message"].as_str().unwrap().contains("asks for version 2.0.0"));
}

#[test]
fn what_breaks_nobody_is_silent() {
    let platform = committed();
    // A field that may be sent, one that is answered in addition, a new operation, other words, another order.
    platform.edit(
        USERS,
        "                caption:\n",
        "                alt:\n                  type: string\n                caption:\n",
    );
    platform.edit(USERS, "        phone:\n", "        city:\n          type: string\n        phone:\n");
    platform.edit(USERS, "components:\n", "  /api/v1/more:\n    get:\n      operationId: more\n      responses:\n        '200': {description: More.}\ncomponents:\n");
    platform.edit(USERS, "description: Stored.", "description: It is stored.");
    platform.edit(USERS, "required: [id, email]", "required: [email, id]");
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
}

#[test]
fn a_path_parameter_may_have_another_name() {
    let platform = committed();
    let text = platform.text(USERS).replace("{id}", "{userId}").replace("name: id,", "name: userId,");
    platform.write(USERS, &text);
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
}

#[test]
fn files_that_git_does_not_know_yet_count() {
    let platform = Platform::empty();
    platform.write("README.md", "nothing yet\n");
    platform.commit();
    let later = self::platform();
    for (path, bytes) in later.tree() {
        platform.write_bytes(&path, &bytes);
    }
    // Everything is new, so nothing breaks; and what is new in the working tree is seen.
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
    platform.git(&["add", "-A"]);
    platform.commit();
    fs::rename(platform.path(USERS), platform.path("services/user-service/contracts/api-spec.yml")).unwrap();
    platform.git(&["rm", "-q", "--cached", USERS]);
    assert_eq!(compare(&platform, &["--json"]).exits(0).findings(), Vec::<Value>::new());
    platform.edit("services/user-service/contracts/api-spec.yml", "required: [image]", "required: [image, caption]");
    assert_eq!(only(&platform)["file"], "services/user-service/contracts/api-spec.yml");
}

#[test]
fn consumers_that_name_no_operation_are_hit_by_all() {
    let platform = platform();
    platform.edit(
        "services/list-service/specs/001-first/spec.md",
        "| user-service | `GET /api/v1/users` |",
        "| user-service | |",
    );
    platform.commit();
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    assert_eq!(only(&platform)["consumers"], json!(["list-service", "order-service"]));
}

#[test]
fn a_revision_can_be_named() {
    let platform = committed();
    platform.git(&["tag", "v1"]);
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    platform.commit();
    compare(&platform, &[]).exits(0);
    let run = compare(&platform, &["--base", "v1"]).exits(1);
    assert!(run.out.contains("1 breaking change since v1"), "{}", run.out);
    compare(&platform, &["--base", "HEAD~1"]).exits(1);
    platform.run(&["validate-contracts", "--base", "v1"]).exits(2);
}

#[test]
fn in_ci_the_base_is_where_the_branch_began() {
    let platform = committed();
    platform.git(&["checkout", "-q", "-b", "work"]);
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    platform.commit();
    let arguments = ["validate-contracts", "--breaking-changes-only"];
    platform.run_with(&[], &arguments).exits(0);
    platform.run_with(&[("CI", "true")], &arguments).exits(1);
    platform.run_with(&[("CI", "false")], &arguments).exits(0);
}

#[test]
fn only_the_service_that_was_asked_for() {
    let platform = committed();
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    compare(&platform, &["--service", "user-service"]).exits(1);
    compare(&platform, &["--service", "order-service"]).exits(0);
    let run = compare(&platform, &["--service", "usr-service"]).exits(2);
    assert!(run.err.contains("did you mean `user-service`?"), "{}", run.err);
    // A service that is gone may still be asked about.
    fs::remove_dir_all(platform.path("services/user-service")).unwrap();
    let run = compare(&platform, &["--service", "user-service", "--json"]).exits(1);
    assert!(run.rules().contains(&"operation-removed".to_owned()), "{:?}", run.rules());
}

#[test]
fn the_platform_may_be_a_folder_of_the_repository() {
    let outer = Platform::empty();
    for (path, bytes) in platform().tree() {
        outer.write_bytes(&format!("shop/{path}"), &bytes);
    }
    outer.commit();
    outer.edit(&format!("shop/{USERS}"), "required: [image]", "required: [image, caption]");
    let arguments = ["validate-contracts", "--breaking-changes-only", "--format"];
    let from = |folder: &str, format: &str| run_in(&outer.path(folder), &[&arguments[..], &[format]].concat());
    let run = from("shop/services/order-service", "json").exits(1);
    assert_eq!(run.findings()[0]["file"], USERS, "relative to the platform");
    let run = from("shop", "github").exits(1);
    assert!(run.out.contains(&format!("file=shop/{USERS}")), "relative to the repository: {}", run.out);
}

#[test]
fn what_the_base_does_not_have_is_new_and_said_so() {
    let platform = Platform::empty();
    platform.write("README.md", "nothing yet\n");
    platform.commit();
    for (path, bytes) in self::platform().tree() {
        platform.write_bytes(&path, &bytes);
    }
    let run = compare(&platform, &[]).exits(0);
    assert!(run.out.contains("Nothing of this platform was there at HEAD, so all of it is new"), "{}", run.out);
    platform.remove(USERS);
    platform.remove(EVENTS);
    platform.commit();
    platform.write(USERS, CONTRACT);
    platform.write(EVENTS, &events(&[event("user.profile.moved", "v1", &user())]));
    let run = compare(&platform, &[]).exits(0);
    let said = format!(
        "Not there at HEAD, so all of it is new: `{USERS}`, `{EVENTS}`; name another revision with `--base REF`"
    );
    assert!(run.out.contains(&said), "{}", run.out);
    let run = compare(&platform, &["--service", "mail-service"]).exits(0);
    assert!(!run.out.contains("Not there"), "{}", run.out);
}

#[test]
fn a_base_that_does_not_parse_is_said() {
    let platform = platform();
    platform.write(USERS, "openapi: [3.0.3\n");
    platform.commit();
    platform.write(USERS, CONTRACT);
    // Nothing of the base can be compared, so nothing is known to break: and the report must not claim more.
    let run = compare(&platform, &["--json"]).exits(0);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((&findings[0]["rule"], &findings[0]["severity"]), (&json!("yaml-syntax"), &json!("warning")));
    assert!(findings[0]["message"].as_str().unwrap().contains("cannot be read at HEAD"), "{findings:#?}");
    assert!(findings[0]["help"].as_str().unwrap().contains("--base REF"), "{findings:#?}");
    assert_eq!(findings[0]["related"][0]["base"], true);
    assert_eq!(run.json()["account"][0]["state"], "warns", "{}", run.out);
    compare(&platform, &["--service", "user-service", "--fail-on", "warning"]).exits(1);
    compare(&platform, &["--service", "order-service", "--fail-on", "warning"]).exits(0);
}

#[test]
fn a_working_tree_that_does_not_parse_is_said() {
    let platform = committed();
    platform.write(USERS, "openapi: [3.0.3\n");
    let run = compare(&platform, &["--json"]).exits(1);
    let findings = run.findings();
    assert!(findings.iter().any(|finding| finding["rule"] == "yaml-syntax"), "{findings:#?}");
    assert!(findings.iter().all(|finding| finding["rule"] != "operation-removed"), "{findings:#?}");
}

/// An error of usage that says which command helps.
#[track_caller]
fn helps(run: Run, said: &[&str]) {
    let run = run.exits(2);
    assert_eq!(run.out, "");
    for text in said {
        assert!(run.err.contains(text), "{text} is missing: {}", run.err);
    }
}

#[test]
fn what_cannot_be_compared_says_what_helps() {
    let loose = platform();
    helps(compare(&loose, &[]), &["no git repository", "git init"]);
    loose.git(&["init", "-q", "-b", "main"]);
    helps(compare(&loose, &[]), &["git commit"]);
    loose.commit();
    helps(compare(&loose, &["--base", "origin/main"]), &["origin/main", "git fetch origin main"]);
    helps(compare(&loose, &["--base", "v9"]), &["no revision v9", "git fetch origin v9"]);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    helps(compare(&loose, &["--base", folder]), &[&format!("no revision {folder}: run `agentspec diff {folder} ")]);
    helps(compare(&loose, &["--base", "--output=x"]), &[]);
    loose.git(&["branch", "-m", "main", "trunk"]);
    let in_ci = loose.run_with(&[("CI", "true")], &["validate-contracts", "--breaking-changes-only"]);
    helps(in_ci, &["no default branch", "git fetch origin main"]);
    loose.git(&["branch", "-m", "trunk", "main"]);
    helps(compare(&loose, &["--base=--output=x"]), &["no name of a revision"]);
}

#[test]
fn a_shallow_clone_is_told_to_fetch_more() {
    let platform = committed();
    platform.edit(USERS, "description: Stored.", "description: It is stored.");
    platform.commit();
    let clones = Platform::empty();
    let from = format!("file://{}", platform.root().display());
    git(clones.root(), &["clone", "-q", "--depth", "1", &from, "clone"]);
    let arguments = ["validate-contracts", "--breaking-changes-only", "--base", "HEAD~1"];
    helps(run_in(&clones.path("clone"), &arguments), &["shallow", "git fetch --unshallow"]);
    // In CI the commit at which the branch began is behind the cut.
    platform.git(&["checkout", "-q", "-b", "work", "HEAD~1"]);
    platform.commit();
    platform.git(&["checkout", "-q", "main"]);
    let both = ["clone", "-q", "--depth", "1", "--no-single-branch", "-b", "work", &from, "both"];
    git(clones.root(), &both);
    let in_ci = ["validate-contracts", "--breaking-changes-only", "--root", "both"];
    let run = platform::run_in_with(clones.root(), &[("CI", "true")], &in_ci);
    helps(run, &["shallow", "git fetch --unshallow"]);
}

#[test]
fn a_sparse_checkout_is_told_to_bring_what_it_lacks() {
    let platform = committed();
    let users = USERS.rsplit_once("/contracts/").unwrap().0;
    platform.git(&["sparse-checkout", "set", users]);
    let said = ["sparse", "git sparse-checkout", "services/"];
    helps(compare(&platform, &[]), &said);
    helps(platform.run(&["diff", "--since", "HEAD"]), &said);
    helps(platform.run(&["can-deploy"]), &said);
    platform.git(&["sparse-checkout", "set", "services", "shared"]);
    compare(&platform, &[]).exits(0);
}

#[test]
fn a_breaking_change_can_be_held_back_with_a_reason() {
    let platform = committed();
    platform.edit(USERS, "required: [image]", "required: [image, caption]");
    let finding = only(&platform);
    let at = finding["line"].as_u64().unwrap() as usize;
    let mut lines: Vec<String> = platform.text(USERS).lines().map(str::to_owned).collect();
    let indent = lines[at - 1].len() - lines[at - 1].trim_start().len();
    let comment = " ".repeat(indent) + "# agentspec-ignore property-became-required: nobody sends this yet";
    lines.insert(at - 1, comment);
    platform.write(USERS, &(lines.join("\n") + "\n"));
    let run = compare(&platform, &["--json"]).exits(0);
    assert_eq!(run.json()["summary"]["suppressed"], 1, "{}", run.out);
}
