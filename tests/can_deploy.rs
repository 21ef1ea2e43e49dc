//! Whether a service can be released beside what is released, and in which order all that changed can be, through the binary.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use platform::{Platform, Run, git, run_in, spec};
use serde_json::{Value, json};

/// An operation of a contract: id, method, path, and the type of `id` in its answer.
type Operation<'a> = (&'a str, &'a str, &'a str, &'a str);

const USERS: [Operation<'static>; 2] =
    [("listUsers", "get", "/users", "string"), ("getUser", "get", "/users/{id}", "string")];

fn contract(operations: &[Operation<'_>]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: A, version: 1.0.0}\npaths:\n".to_owned();
    for (id, method, path, kind) in operations {
        let parameters = match path.contains("{id}") {
            true => "      parameters:\n        - {name: id, in: path, required: true, schema: {type: string}}\n",
            false => "",
        };
        text += &format!(
            "  {path}:\n    {method}:\n      operationId: {id}\n{parameters}      responses:\n        '200':\n          description: It.\n          \
             content:\n            application/json:\n              schema:\n                type: object\n                properties:\n                  \
             id: {{type: {kind}}}\n"
        );
    }
    text
}

fn write(platform: &Platform, name: &str, upstream: &str, published: &str, consumed: &str) {
    let text = spec(name, upstream, published, consumed);
    platform.write(&format!("services/{name}/specs/001-first/spec.md"), &text);
}

fn users(platform: &Platform, operations: &[Operation<'_>]) {
    platform.write("services/user-service/contracts/api-spec.yaml", &contract(operations));
}

fn orders_use(platform: &Platform, operations: &str) {
    write(platform, "order-service", &format!("| user-service | {operations} | Later |"), "None", "None");
}

const CREATED: &str = "### Event: user.profile.created\n\n**From:** user-service\n**Action:** Write\n**Idempotency:** By id\n\
                       **Error Handling:** DLQ\n";

fn events(platform: &Platform, properties: &Value) {
    let event = json!({"eventType": "user.profile.created", "version": "v1", "schema": {"type": "object", "properties": properties}});
    platform.write("services/user-service/contracts/events/events.json", &json!({"events": [event]}).to_string());
}

/// user-service; order-service, which lists users; mail-service, which consumes an event of user-service; and page-service,
/// which uses nobody.
fn released() -> Platform {
    let platform = Platform::empty();
    platform.write("constitution.md", "# Shop\n\n## Core Principles\n\n- Contracts before code\n");
    write(&platform, "user-service", "| None | – | – |", "None", "None");
    users(&platform, &USERS);
    events(&platform, &json!({"userId": {"type": "string"}}));
    orders_use(&platform, "`GET /users`");
    write(&platform, "mail-service", "| None | – | – |", "None", CREATED);
    write(&platform, "page-service", "| None | – | – |", "None", "None");
    platform.commit();
    platform
}

fn ask(platform: &Platform, more: &[&str]) -> Run {
    platform.run(&[&["can-deploy"], more].concat())
}

#[track_caller]
fn answer(platform: &Platform, service: &str, yes: bool) -> Value {
    let run = ask(platform, &[service, "--json"]).exits(i32::from(!yes));
    let answer = run.json();
    assert_eq!(answer["deployable"], yes, "{}", run.out);
    let schema: Value = serde_json::from_str(include_str!("../specs/schemas/can-deploy.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let misfits: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert!(misfits.is_empty(), "{misfits:#?}\n{}", run.out);
    answer
}

/// The services of each step.
fn steps(answer: &Value) -> Vec<Vec<&str>> {
    let steps = answer["steps"].as_array().unwrap().iter();
    steps
        .map(|step| step["services"].as_array().unwrap().iter().map(|one| one["service"].as_str().unwrap()).collect())
        .collect()
}

fn texts(answer: &Value, key: &str) -> String {
    answer[key].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_did_not_change_can_be_released() {
    let platform = released();
    for service in ["user-service", "order-service"] {
        assert_eq!(steps(&answer(&platform, service, true)), Vec::<Vec<&str>>::new());
    }
    let run = ask(&platform, &[]).exits(0);
    assert!(run.out.contains("No service differs from HEAD"), "{}", run.out);
}

#[test]
fn what_breaks_nobody_who_is_released_can_be() {
    let platform = released();
    // Nobody uses `getUser`.
    users(&platform, &USERS[..1]);
    let answer = answer(&platform, "user-service", true);
    assert_eq!(steps(&answer), [["user-service"]]);
    assert_eq!(platform.run(&["validate-contracts", "--breaking-changes-only"]).code, 1, "though it is a break");
}

#[test]
fn what_breaks_a_released_consumer_waits_for_it() {
    let platform = released();
    users(&platform, &USERS[1..]);
    // order-service does not change: no order mends that.
    let no = answer(&platform, "user-service", false);
    assert_eq!((&no["obstacles"][0]["way"], &no["obstacles"][0]["other"]), (&json!("breaks"), &json!("order-service")));
    assert_eq!(no["obstacles"][0]["rule"], "operation-removed");
    assert_eq!(no["stuck"].as_array().unwrap().len(), 1);
    ask(&platform, &[]).exits(1);
    // It changes, and still names what goes.
    orders_use(&platform, "`GET /users`, `GET /users/{id}`");
    assert_eq!(answer(&platform, "user-service", false)["stuck"].as_array().unwrap().len(), 1);
    // It moves away: it goes first.
    orders_use(&platform, "`GET /users/{id}`");
    let no = answer(&platform, "user-service", false);
    assert_eq!(steps(&no), [["order-service"], ["user-service"]]);
    assert!(no["stuck"].as_array().unwrap().is_empty());
    answer(&platform, "order-service", true);
    let run = ask(&platform, &[]).exits(0);
    let order = run.out.split("Order of release").nth(1).unwrap();
    assert!(order.find("1. order-service") < order.find("2. user-service, after order-service"), "{}", run.out);
    // Once order-service is released, user-service can be.
    let spec = platform.text("services/order-service/specs/001-first/spec.md");
    platform.git(&["stash", "-q"]);
    platform.write("services/order-service/specs/001-first/spec.md", &spec);
    platform.commit();
    users(&platform, &USERS[1..]);
    answer(&platform, "user-service", true);
}

#[test]
fn what_is_not_offered_yet_is_released_first() {
    let platform = released();
    let more = [USERS[0], USERS[1], ("findUser", "post", "/users/find", "string")];
    users(&platform, &more);
    orders_use(&platform, "`GET /users`, `POST /users/find`");
    let no = answer(&platform, "order-service", false);
    assert!(texts(&no, "obstacles").contains("`user-service` does not offer `POST /users/find` at HEAD"), "{no:#}");
    assert_eq!(no["obstacles"][0]["origin"]["file"], "services/order-service/specs/001-first/spec.md");
    assert_eq!(steps(&no), [["user-service"], ["order-service"]]);
    answer(&platform, "user-service", true);
    // Nobody offers it at all.
    users(&platform, &USERS);
    let no = answer(&platform, "order-service", false);
    assert_eq!(no["stuck"].as_array().unwrap().len(), 1);
}

#[test]
fn a_service_that_is_new_comes_before_those_who_use_it() {
    let platform = released();
    write(&platform, "stock-service", "| None | – | – |", "None", "None");
    platform.write(
        "services/stock-service/contracts/api-spec.yaml",
        &contract(&[("getStock", "get", "/stock", "integer")]),
    );
    orders_use(&platform, "`GET /users` | Later |\n| stock-service | `GET /stock`");
    let no = answer(&platform, "order-service", false);
    assert!(texts(&no, "obstacles").contains("there is no `stock-service` at HEAD"), "{no:#}");
    assert_eq!(steps(&no), [["stock-service"], ["order-service"]]);
    answer(&platform, "stock-service", true);
}

#[test]
fn events_are_used_and_offered_as_well() {
    let platform = released();
    // A field that is gone breaks mail-service as it is released.
    events(&platform, &json!({}));
    let no = answer(&platform, "user-service", false);
    assert_eq!(no["obstacles"][0]["other"], "mail-service");
    events(&platform, &json!({"userId": {"type": "string"}, "name": {"type": "string"}}));
    answer(&platform, "user-service", true);
    // page-service listens to what is not published yet.
    let other = CREATED.replace("created", "deleted");
    write(&platform, "page-service", "| None | – | – |", "None", &other);
    let no = answer(&platform, "page-service", false);
    assert!(texts(&no, "obstacles").contains("nobody publishes `user.profile.deleted` at HEAD"), "{no:#}");
    let list = ["created", "deleted"].map(|name| {
        json!({"eventType": format!("user.profile.{name}"), "version": "v1",
               "schema": {"type": "object", "properties": {"userId": {"type": "string"}}}})
    });
    platform.write("services/user-service/contracts/events/events.json", &json!({"events": list}).to_string());
    let no = answer(&platform, "page-service", false);
    assert_eq!(steps(&no), [["user-service"], ["page-service"]]);
}

const CONTRACT: &str = "services/user-service/contracts/events/events.json";
const MAIL: &str = "services/mail-service/specs/001-first/spec.md";

/// The event of user-service becomes one of page-service: its contract stands there, and mail-service says so.
fn move_to_page(platform: &Platform) {
    let text = platform.text(CONTRACT);
    platform.write("services/page-service/contracts/events/events.json", &text);
    platform.write(CONTRACT, r#"{"events": []}"#);
    platform.edit(MAIL, "**From:** user-service", "**From:** page-service");
}

#[test]
fn who_publishes_an_event_from_now_on_comes_first() {
    let platform = released();
    move_to_page(&platform);
    let no = answer(&platform, "user-service", false);
    let stands = &no["obstacles"][0];
    assert_eq!((&stands["way"], &stands["other"]), (&json!("needs"), &json!("page-service")), "{no:#}");
    let text = "`page-service` does not publish `user.profile.created` at HEAD, which `mail-service` uses there";
    assert_eq!(texts(&no, "obstacles"), text);
    assert_eq!(steps(&no), [vec!["mail-service", "page-service"], vec!["user-service"]]);
    assert!(no["stuck"].as_array().unwrap().is_empty() && no["cycles"].as_array().unwrap().is_empty());
    answer(&platform, "page-service", true);
    answer(&platform, "mail-service", true);
    ask(&platform, &[]).exits(0);
    // Without the others, the answer for user-service is no as well, and now nobody comes to its help.
    let (spec, page) = (platform.text(MAIL), "services/page-service/contracts/events/events.json");
    platform.remove(page);
    platform.git(&["checkout", "-q", "--", MAIL]);
    let no = answer(&platform, "user-service", false);
    assert_eq!(no["obstacles"][0]["rule"], "event-removed");
    // Once page-service is released, it can go.
    platform.git(&["checkout", "-q", "--", CONTRACT]);
    let text = platform.text(CONTRACT);
    platform.write(page, &text);
    platform.commit();
    platform.write(CONTRACT, r#"{"events": []}"#);
    answer(&platform, "user-service", true);
    platform.write(MAIL, &spec);
    assert_eq!(steps(&answer(&platform, "user-service", true)), [["mail-service", "user-service"]]);
}

#[test]
fn a_moved_event_that_changes_comes_from_its_new_publisher() {
    let platform = released();
    events(&platform, &json!({"userId": {"type": "string"}, "name": {"type": "string"}}));
    move_to_page(&platform);
    // Whoever used the event stops: until that is released it still waits for the event.
    write(&platform, "mail-service", "| None | – | – |", "None", "None");
    let no = answer(&platform, "user-service", false);
    assert_eq!(steps(&no), [vec!["mail-service", "page-service"], vec!["user-service"]]);
    // Nobody waits for it at the revision any more.
    platform.git(&["stash", "-q"]);
    write(&platform, "mail-service", "| None | – | – |", "None", "None");
    platform.commit();
    events(&platform, &json!({"userId": {"type": "string"}, "name": {"type": "string"}}));
    platform.write("services/page-service/contracts/events/events.json", &platform.text(CONTRACT));
    platform.write(CONTRACT, r#"{"events": []}"#);
    answer(&platform, "user-service", true);
    // Who begins to read it as it will be waits for the one who will publish it.
    let reads = CREATED.replace("user-service", "page-service").replace("**Action", "**Uses:** name\n**Action");
    write(&platform, "mail-service", "| None | – | – |", "None", &reads);
    let no = answer(&platform, "mail-service", false);
    assert_eq!(no["obstacles"][0]["other"], "page-service", "{no:#}");
    assert!(texts(&no, "obstacles").contains("`page-service` is not released: new field `name`"), "{no:#}");
}

#[test]
fn a_shared_contract_names_another_publisher() {
    let platform = released();
    let contract = |publisher: &str| {
        let event = json!({"eventType": "user.profile.created", "version": "v1", "publisher": publisher,
                           "schema": {"type": "object", "properties": {"userId": {"type": "string"}}}});
        platform.write("shared/contracts/events/users.json", &json!({"events": [event]}).to_string());
    };
    platform.remove(CONTRACT);
    contract("user-service");
    platform.commit();
    // No file of either differs.
    contract("page-service");
    let no = answer(&platform, "user-service", false);
    assert_eq!(no["obstacles"][0]["other"], "page-service", "{no:#}");
    assert_eq!(steps(&no), [["page-service"], ["user-service"]]);
    answer(&platform, "page-service", true);
    // A copy that its consumer keeps is nobody's publication.
    platform.write(
        "services/mail-service/contracts/events/copy.json",
        &platform.text("shared/contracts/events/users.json"),
    );
    platform.edit("services/mail-service/contracts/events/copy.json", "page-service", "user-service");
    platform.commit();
    platform.remove("shared/contracts/events/users.json");
    platform.git(&["rm", "-q", "-r", "--cached", "shared"]);
    let no = answer(&platform, "page-service", false);
    assert_eq!((&no["obstacles"][0]["way"], &no["obstacles"][0]["other"]), (&json!("breaks"), &json!("mail-service")));
}

#[test]
fn what_a_service_publishes_itself_comes_with_it() {
    let platform = released();
    let own = CREATED.replace("user-service", "page-service").replace("created", "opened");
    write(&platform, "page-service", "| None | – | – |", "None", &own);
    let page = "services/page-service/contracts/events/events.json";
    let event = json!({"eventType": "user.profile.opened", "version": "v1", "publisher": "page-service", "schema": {"type": "object"}});
    platform.write(page, &json!({"events": [event]}).to_string());
    answer(&platform, "page-service", true);
    // What it published goes with it, too.
    platform.commit();
    let text = platform.text(page).replace("page-service", "order-service");
    platform.write("services/order-service/contracts/events/events.json", &text);
    platform.remove(page);
    platform.edit("services/page-service/specs/001-first/spec.md", "**From:** page-service", "**From:** order-service");
    let no = answer(&platform, "page-service", false);
    assert_eq!(texts(&no, "obstacles"), "nobody else publishes `user.profile.opened` at HEAD");
    assert_eq!(steps(&no), [["order-service"], ["page-service"]]);
}

#[test]
fn an_operation_that_moves_is_used_where_it_is_said_to_be() {
    let platform = released();
    users(&platform, &USERS[1..]);
    platform.write("services/page-service/contracts/api-spec.yaml", &contract(&USERS[..1]));
    write(&platform, "order-service", "| page-service | `GET /users` | Later |", "None", "None");
    let no = answer(&platform, "user-service", false);
    assert_eq!(steps(&no), [["page-service"], ["order-service"], ["user-service"]], "{no:#}");
}

#[test]
fn services_that_wait_for_each_other_are_broken_up() {
    let platform = released();
    // The id becomes a number on both sides at once.
    users(&platform, &[("listUsers", "get", "/users", "integer"), USERS[1]]);
    orders_use(&platform, "`GET /users` by number");
    platform.edit("services/order-service/specs/001-first/spec.md", "What order-service does", "Numbers of users");
    for service in ["user-service", "order-service"] {
        let no = answer(&platform, service, false);
        let cycle = &no["cycles"][0];
        assert_eq!(cycle["services"], json!(["order-service", "user-service"]), "{no:#}");
        assert_eq!((&cycle["expand"], &cycle["migrate"]), (&json!(["user-service"]), &json!(["order-service"])));
        assert_eq!(cycle["contract"], json!(["user-service"]));
    }
    let run = ask(&platform, &[]).exits(1);
    for said in [
        "wait for each other",
        "expand:   release user-service",
        "migrate:  release order-service",
        "contract: release user-service",
    ] {
        assert!(run.out.contains(said), "{said} is missing: {}", run.out);
    }
}

#[test]
fn an_addition_that_may_be_used_is_a_doubt() {
    let platform = released();
    let text = contract(&USERS).replacen(
        "id: {type: string}",
        "id: {type: string}\n                  name: {type: string}",
        1,
    );
    platform.write("services/user-service/contracts/api-spec.yaml", &text);
    platform.edit("services/order-service/specs/001-first/spec.md", "What order-service does", "Orders with names");
    let yes = answer(&platform, "order-service", true);
    assert!(texts(&yes, "doubts").contains("`name`"), "{yes:#}");
    // Who did not use the operation before was written for what it is now.
    write(&platform, "page-service", "| user-service | `GET /users` | Nothing |", "None", "None");
    let no = answer(&platform, "page-service", false);
    assert!(texts(&no, "obstacles").contains("`name`"), "{no:#}");
    assert_eq!(steps(&no)[0], ["order-service", "user-service"]);
}

/// A pact of order-service with user-service: one request, and the answer that it reads.
fn pact(platform: &Platform, path: &str, body: &Value) {
    let interaction = json!({"description": "reads", "request": {"method": "GET", "path": path},
                             "response": {"status": 200, "body": body}});
    let pact = json!({"consumer": {"name": "order-service"}, "provider": {"name": "user-service"},
                      "interactions": [interaction], "metadata": {"pactSpecification": {"version": "2.0.0"}}});
    platform.write("pacts/order-service-user-service.json", &pact.to_string());
}

#[test]
fn a_pact_says_what_is_needed() {
    let platform = released();
    let with_name = contract(&USERS).replacen(
        "id: {type: string}",
        "id: {type: string}\n                  name: {type: string}",
        1,
    );
    platform.write("services/user-service/contracts/api-spec.yaml", &with_name);
    pact(&platform, "/users", &json!({"id": "a"}));
    assert_eq!(texts(&answer(&platform, "order-service", true), "doubts"), "");
    pact(&platform, "/users", &json!({"name": "a"}));
    let no = answer(&platform, "order-service", false);
    assert!(texts(&no, "obstacles").contains("`name`"), "{no:#}");
    assert_eq!(steps(&no)[0], ["user-service"]);

    let latest = [USERS[0], USERS[1], ("latestUser", "get", "/latest", "string")];
    users(&platform, &latest);
    pact(&platform, "/latest", &json!({"id": "a"}));
    let no = answer(&platform, "order-service", false);
    assert!(texts(&no, "obstacles").contains("does not offer `GET /latest`"), "{no:#}");
}

#[test]
fn what_is_approved_stands_against_nothing() {
    let platform = released();
    users(&platform, &USERS[1..]);
    answer(&platform, "user-service", false);
    let approval = json!({"rule": "operation-removed", "service": "user-service", "at": ["GET /users"], "reason": "Agreed",
                          "owner": "users-team", "until": "2027-03-31"});
    platform.write(".agentspec/approvals.json", &json!({"version": 1, "approvals": [approval]}).to_string());
    answer(&platform, "user-service", true);
    ask(&platform, &["user-service", "--today", "2027-03-31"]).exits(0);
    ask(&platform, &["user-service", "--today", "2027-04-01"]).exits(1);
}

#[test]
fn the_revision_and_the_service_are_looked_up() {
    let platform = released();
    platform.git(&["tag", "v1"]);
    users(&platform, &USERS[1..]);
    platform.commit();
    ask(&platform, &["user-service"]).exits(0);
    let run = ask(&platform, &["user-service", "--to", "v1"]).exits(1);
    assert!(run.out.contains("user-service cannot be released to v1"), "{}", run.out);
    assert!(ask(&platform, &["usr-service"]).exits(2).err.contains("did you mean `user-service`?"));
    assert!(ask(&platform, &["user-service", "--to", "v9"]).exits(2).err.contains("git fetch origin v9"));
    assert!(ask(&Platform::empty(), &["user-service"]).exits(3).err.contains("nothing to check"));
    let clones = Platform::empty();
    git(clones.root(), &["clone", "-q", "--depth", "1", &format!("file://{}", platform.root().display()), "clone"]);
    let run = run_in(&clones.path("clone"), &["can-deploy", "user-service", "--to", "HEAD~1"]).exits(2);
    assert!(run.err.contains("git fetch --unshallow"), "{}", run.err);
}

#[test]
fn what_cannot_be_read_is_no_yes() {
    let platform = released();
    platform.write("services/user-service/contracts/api-spec.yaml", "openapi: [\n");
    let no = ask(&platform, &["user-service", "--json"]).exits(1).json();
    assert_eq!(no["unreadable"], json!(["services/user-service/contracts/api-spec.yaml"]));
    ask(&platform, &["page-service"]).exits(0);
    platform.commit();
    users(&platform, &USERS);
    let no = ask(&platform, &["order-service", "--json"]).exits(1).json();
    assert_eq!(no["unreadable"], json!(["services/user-service/contracts/api-spec.yaml (as released)"]));
}

#[test]
fn the_answer_is_the_same_every_time() {
    let platform = released();
    users(&platform, &USERS[1..]);
    orders_use(&platform, "`GET /users/{id}`");
    let first = ask(&platform, &["--json"]);
    for threads in ["1", "4"] {
        let again = platform.run_with(&[("RAYON_NUM_THREADS", threads)], &["can-deploy", "--json"]);
        assert_eq!(first.out, again.out);
    }
}
