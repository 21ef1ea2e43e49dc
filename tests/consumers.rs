//! Whom a change hits, among consumers that say which fields they use, which operations, or only the service: for each
//! kind of change who is hit, who is not, and on what ground.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/platform.rs"]
mod platform;

use agentspec::compat::{self, Level, Sides};
use agentspec::diagnostic::{Diagnostic, GroundKind};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use platform::spec;

const USERS: &str = "services/user-service/contracts/api-spec.yaml";
const EVENTS: &str = "services/user-service/contracts/events/user-events.json";

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Users, version: 1.0.0}
servers: [{url: http://localhost/api/v1}]
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: X-Tenant, in: header, schema: {type: string, maxLength: 50}}
      responses:
        '200':
          description: Users.
          content:
            application/json:
              schema:
                type: object
                properties:
                  items: {type: array, items: {$ref: '#/components/schemas/User'}}
                  total: {type: integer}
  /users/{id}:
    get:
      operationId: getUser
      parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 40}}]
      responses:
        '200':
          description: The user.
          headers: {ETag: {required: true, schema: {type: string}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/User'}}
        '404':
          description: None.
          content:
            application/json: {schema: {type: object, properties: {title: {type: string}, code: {type: string}}}}
  /users/{id}/avatar:
    post:
      operationId: setAvatar
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [image]
              properties:
                image: {type: string, maxLength: 1000}
                caption: {type: string}
                crop: {$ref: '#/components/schemas/Crop'}
      responses:
        '204': {description: Stored.}
components:
  schemas:
    Crop:
      type: object
      properties:
        width: {type: integer}
        height: {type: integer}
    Text: {type: string}
    User:
      type: object
      required: [id, email]
      properties:
        id: {type: string}
        email: {$ref: '#/components/schemas/Text'}
        phone: {$ref: '#/components/schemas/Text'}
        friends: {type: array, items: {$ref: '#/components/schemas/User'}}
        address:
          type: object
          properties:
            city: {type: string}
            zip: {type: string}
";

const EVENT: &str = r#"{"events": [
{"eventType": "user.created", "version": "v1", "description": "A user.", "consumers": ["e-email", "e-listed"],
 "schema": {"type": "object", "properties": {
   "eventId": {"type": "string"},
   "data": {"type": "object", "properties": {
     "email": {"type": "string"},
     "tags": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}, "color": {"type": "string"}}}}}}}}},
{"eventType": "user.deleted", "version": "v1", "description": "No user.", "schema": {"type": "object"}}]}"#;

/// The Pact of something outside of the platform.
const PACT: &str = r#"{
  "consumer": {"name": "p-web"},
  "provider": {"name": "user-service"},
  "interactions": [
    {
      "description": "a user",
      "request": {"method": "GET", "path": "/api/v1/users/7"},
      "response": {
        "status": 200,
        "body": {
          "email": "ada@shop.test"
        }
      }
    },
    {
      "description": "no user",
      "request": {"method": "GET", "path": "/users/8"},
      "response": {"status": 404, "body": {"title": "Not Found"}}
    },
    {
      "description": "a list",
      "request": {"method": "GET", "path": "/users", "query": "limit=3"},
      "response": {"status": 200, "body": {"items": [{"id": "7"}]}}
    }
  ]
}"#;

/// Consumers by the `Uses` column of their row.
const CONSUMERS: [(&str, &str); 9] = [
    ("c-address", "`getUser` (address)"),
    ("c-avatar", "`setAvatar` (request.image)"),
    ("c-city", "`getUser` (address.city)"),
    ("c-crop", "`setAvatar` (request.image, request.crop)"),
    ("c-email", "`GET /users/{id}` response.email"),
    ("c-etag", "`getUser` (response-header.ETag)"),
    ("c-friends", "`getUser` (friends[].friends[].phone)"),
    ("c-limit", "`listUsers` (query.limit, items[].email)"),
    ("c-tenant", "`listUsers` (header.X-Tenant, total)"),
];

fn files() -> Vec<(String, String)> {
    let path = |name: &str| format!("services/{name}/specs/001-first/spec.md");
    let with_uses = |text: String| {
        text.replace("| Service | API | Failure Mode |\n|---|---|---|", "| Service | API | Uses |\n|---|---|---|")
    };
    let mut files: Vec<(String, String)> = CONSUMERS
        .iter()
        .map(|(name, uses)| {
            (path(name), with_uses(spec(name, &format!("| user-service | | {uses} |"), "None", "None")))
        })
        .collect();
    let named = "| user-service | `getUser`, `listUsers`, `setAvatar` | |";
    files.push((path("d-names"), spec("d-names", named, "None", "None")));
    files.push((path("d-service"), spec("d-service", "| user-service | | |", "None", "None")));
    files.push((path("z-page"), spec("z-page", "| c-email | | |", "None", "None")));
    let published = "### Event: user.created\n\n**Consumers:** e-email, e-listed\n\n### Event: user.deleted\n";
    files.push((path("user-service"), spec("user-service", "| None | – | – |", published, "None")));
    for (name, event, uses) in [
        ("e-all", "user.created", ""),
        ("e-deleted", "user.deleted", ""),
        ("e-email", "user.created", "**Uses:** email\n"),
        ("e-tags", "user.created", "**Uses**: data.tags[].name\n"),
    ] {
        let consumed = format!("### Event: {event}\n\n**From:** user-service\n{uses}");
        files.push((path(name), spec(name, "| None | – | – |", "None", &consumed)));
    }
    files.push((USERS.to_owned(), CONTRACT.to_owned()));
    files.push((EVENTS.to_owned(), EVENT.to_owned()));
    files.push(("pacts/web.json".to_owned(), PACT.to_owned()));
    files
}

fn workspace(files: Vec<(String, String)>) -> Workspace {
    Workspace::load(&MemoryStore::new(files)).unwrap().lower_schemas()
}

/// The findings after replacing text in files.
fn compare(edits: &[(&str, &str, &str)]) -> Vec<Diagnostic> {
    let old = workspace(files());
    let mut changed = files();
    for (path, from, to) in edits {
        let file = changed.iter_mut().find(|(known, _)| known == path).unwrap();
        assert!(file.1.contains(from), "{path} has no {from}");
        file.1 = file.1.replacen(from, to, 1);
    }
    let new = workspace(changed);
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    compat::findings(sides, None, Level::Breaking)
}

/// The finding of a rule after one edit.
#[track_caller]
fn finding(rule: &str, path: &str, from: &str, to: &str) -> Diagnostic {
    let all = compare(&[(path, from, to)]);
    let found = all.iter().find(|one| one.rule == rule);
    found
        .unwrap_or_else(|| {
            panic!("no {rule} among {:?}", all.iter().map(|one| (one.rule, &one.message)).collect::<Vec<_>>())
        })
        .clone()
}

#[track_caller]
fn hits(rule: &str, path: &str, from: &str, to: &str, expected: &str) {
    let impact = finding(rule, path, from, to).impact.unwrap();
    assert_eq!(impact.consumers.join(" "), expected, "{rule}: {from} → {to}\n{:#?}", impact.grounds);
    let spared = impact.unaffected.iter().filter(|name| impact.consumers.contains(name)).count();
    assert_eq!(spared, 0, "nobody is both");
}

const ALL_OF_GET: &str = "c-address c-city c-email c-etag c-friends d-names d-service p-web";
const ALL_OF_AVATAR: &str = "c-avatar c-crop d-names d-service";
const ALL_OF_LIST: &str = "c-limit c-tenant d-names d-service p-web";

#[test]
fn the_operation_concerns_all_who_use_it() {
    hits(
        "operation-removed",
        USERS,
        "  /users/{id}/avatar:\n    post:",
        "  /users/{id}/avatar:\n    put:",
        ALL_OF_AVATAR,
    );
    let security = "      operationId: setAvatar\n      security: [{key: []}]\n";
    let scheme = "components:\n  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}\n";
    let all = compare(&[(USERS, "      operationId: setAvatar\n", security), (USERS, "components:\n", scheme)]);
    assert_eq!(all[0].impact.as_ref().unwrap().consumers.join(" "), ALL_OF_AVATAR);
}

#[test]
fn what_is_asked_for_anew_hits_all_who_send_what_holds_it() {
    let format = "required: [image, format]\n              properties:\n                format: {type: string}\n";
    let plain = "required: [image]\n              properties:\n";
    hits("property-added", USERS, plain, format, ALL_OF_AVATAR);
    hits("property-became-required", USERS, "required: [image]", "required: [image, caption]", ALL_OF_AVATAR);
    // The object that holds it is optional: only those who send it lack something.
    let crop = "      properties:\n        width: {type: integer}\n";
    let turned =
        "      required: [turn]\n      properties:\n        turn: {type: integer}\n        width: {type: integer}\n";
    hits("property-added", USERS, crop, turned, "c-crop d-names d-service");
    let required = "      required: [width]\n      properties:\n        width: {type: integer}\n";
    hits("property-became-required", USERS, crop, required, "c-crop d-names d-service");
    hits(
        "parameter-requiredness-changed",
        USERS,
        "name: limit, in: query,",
        "name: limit, in: query, required: true,",
        ALL_OF_LIST,
    );
    let added = "- {name: page, in: query, required: true, schema: {type: integer}}\n        - {name: limit,";
    hits("parameter-added", USERS, "- {name: limit,", added, ALL_OF_LIST);
}

#[test]
fn what_is_taken_away_or_narrowed_hits_those_who_send_it() {
    let limit = "        - {name: limit, in: query, schema: {type: integer, maximum: 100}}\n";
    hits("parameter-removed", USERS, limit, "", "c-limit d-names d-service p-web");
    hits("constraint-changed", USERS, "maximum: 100", "maximum: 10", "c-limit d-names d-service p-web");
    hits("constraint-changed", USERS, "maxLength: 50", "maxLength: 5", "c-tenant d-names d-service");
    hits("constraint-changed", USERS, "maxLength: 40", "maxLength: 4", ALL_OF_GET);
    hits("constraint-changed", USERS, "maxLength: 1000", "maxLength: 10", ALL_OF_AVATAR);
    hits("type-changed", USERS, "width: {type: integer}", "width: {type: boolean}", "c-crop d-names d-service");
    hits("property-removed", USERS, "                caption: {type: string}\n", "", "d-names d-service");
    hits(
        "media-type-changed",
        USERS,
        "        required: true\n        content:\n          application/json:",
        "        required: true\n        content:\n          application/xml:",
        ALL_OF_AVATAR,
    );
}

#[test]
fn what_goes_from_an_answer_hits_those_who_read_it() {
    // Both `email` and `phone` refer to one schema: to remove one is no matter of the other.
    let email = "        email: {$ref: '#/components/schemas/Text'}\n";
    hits("property-removed", USERS, email, "", "c-email c-limit d-names d-service p-web");
    let phone = "        phone: {$ref: '#/components/schemas/Text'}\n";
    hits("property-removed", USERS, phone, "", "c-friends d-names d-service");
    let shared = "c-email c-friends c-limit d-names d-service p-web";
    hits("type-changed", USERS, "Text: {type: string}", "Text: {type: integer}", shared);
    hits("property-removed", USERS, "            zip: {type: string}\n", "", "c-address d-names d-service");
    hits("property-removed", USERS, "            city: {type: string}\n", "", "c-address c-city d-names d-service");
    hits("property-removed", USERS, "                  total: {type: integer}\n", "", "c-tenant d-names d-service");
    hits("property-became-optional", USERS, "required: [id, email]", "required: [email]", "d-names d-service p-web");
}

#[test]
fn what_lies_above_a_field_concerns_it() {
    let array = "        address:\n          type: array\n          items: {type: string}\n          properties:";
    hits(
        "type-changed",
        USERS,
        "        address:\n          type: object\n          properties:",
        array,
        "c-address c-city d-names d-service",
    );
}

#[test]
fn a_status_code_concerns_those_who_expect_it() {
    let (from, to) = ("'200':\n          description: The user.", "'203':\n          description: The user.");
    hits("response-changed", USERS, from, to, ALL_OF_GET);
    hits("response-changed", USERS, "'204': {", "'205': {", ALL_OF_AVATAR);
    // What only the answer 404 has concerns who expects that one and reads it.
    hits("property-removed", USERS, "title: {type: string}, ", "", "d-names d-service p-web");
    hits("property-removed", USERS, ", code: {type: string}", "", "d-names d-service");
}

#[test]
fn a_header_concerns_those_who_read_it() {
    let header = "          headers: {ETag: {required: true, schema: {type: string}}}\n";
    hits("response-header-removed", USERS, header, "", "c-etag d-names d-service");
    hits(
        "type-changed",
        USERS,
        "{required: true, schema: {type: string}}",
        "{required: true, schema: {type: object}}",
        "c-etag d-names d-service",
    );
}

#[test]
fn an_event_concerns_those_who_take_the_field() {
    hits("event-version-replaced", EVENTS, "\"v1\"", "\"v2\"", "e-all e-email e-listed e-tags");
    hits("property-removed", EVENTS, "\"email\": {\"type\": \"string\"},\n", "", "e-all e-email e-listed");
    hits("property-removed", EVENTS, ", \"color\": {\"type\": \"string\"}", "", "e-all e-listed");
    hits(
        "type-changed",
        EVENTS,
        "\"name\": {\"type\": \"string\"}",
        "\"name\": {\"type\": \"integer\"}",
        "e-all e-listed e-tags",
    );
    hits("property-removed", EVENTS, "   \"eventId\": {\"type\": \"string\"},\n", "", "e-all e-listed");
    let impact = finding("property-removed", EVENTS, "\"email\": {\"type\": \"string\"},\n", "").impact.unwrap();
    assert_eq!(impact.unaffected, ["e-deleted", "e-tags"]);
}

#[test]
fn each_consumer_is_listed_with_its_ground() {
    let email = "        email: {$ref: '#/components/schemas/Text'}\n";
    let impact = finding("property-removed", USERS, email, "").impact.unwrap();
    let ground = |name: &str| {
        let all: Vec<_> = impact.grounds.iter().filter(|ground| ground.consumer == name).collect();
        let text = all.iter().map(|ground| format!("{} ({}:{})", ground.text, ground.file, ground.line));
        (all[0].kind, text.collect::<Vec<_>>().join("; "))
    };
    let spec_of = |name: &str| format!("services/{name}/specs/001-first/spec.md:28");
    let expected = |text: &str, name: &str| format!("{text} ({})", spec_of(name));
    assert_eq!(
        ground("p-web"),
        (GroundKind::Pact, "reads `email` of the response of `getUser` (pacts/web.json:11)".to_owned())
    );
    assert_eq!(
        ground("c-email"),
        (GroundKind::Uses, expected("reads `email` of the response of `getUser`", "c-email"))
    );
    let names = format!("{}; {}", expected("names `getUser`", "d-names"), expected("names `listUsers`", "d-names"));
    assert_eq!(ground("d-names"), (GroundKind::Operation, names));
    assert_eq!(
        ground("d-service"),
        (GroundKind::Service, expected("declares `user-service`, no operation", "d-service"))
    );
    assert_eq!(ground("z-page"), (GroundKind::Transitive, expected("needs `c-email`", "z-page")));
    assert_eq!(ground("c-city"), (GroundKind::Uses, expected("uses only `address.city` of `getUser`", "c-city")));
    assert_eq!(ground("c-avatar"), (GroundKind::Uses, expected("names `setAvatar`", "c-avatar")));
    assert_eq!(impact.transitive, ["z-page"]);
    assert_eq!(impact.unaffected, ["c-address", "c-avatar", "c-city", "c-crop", "c-etag", "c-friends", "c-tenant"]);
}

#[test]
fn what_the_base_declared_counts_still() {
    let email = "        email: {$ref: '#/components/schemas/Text'}\n";
    let path = "services/c-email/specs/001-first/spec.md";
    let all = compare(&[(USERS, email, ""), (path, "response.email", "response.id")]);
    let impact = all.iter().find(|one| one.rule == "property-removed").unwrap().impact.clone().unwrap();
    assert!(impact.consumers.contains(&"c-email".to_owned()));
    assert!(impact.grounds.iter().any(|ground| ground.consumer == "c-email" && ground.base));
    // A ground that only moved to another line is said once, where it stands now.
    let all = compare(&[(USERS, email, ""), (path, "## User Scenarios", "\n\n## User Scenarios")]);
    let impact = all.iter().find(|one| one.rule == "property-removed").unwrap().impact.clone().unwrap();
    let grounds: Vec<_> = impact.grounds.iter().filter(|ground| ground.consumer == "c-email").collect();
    assert_eq!((grounds.len(), grounds[0].base, grounds[0].line), (1, false, 30));
}

#[test]
fn a_schema_that_holds_itself_is_followed_to_its_field() {
    // `friends[].friends[].phone` passes `friends` on its way, and is none of `address`.
    let friends = "        friends: {type: array, items: {$ref: '#/components/schemas/User'}}\n";
    hits("property-removed", USERS, friends, "", "c-friends d-names d-service");
}

/// The platform in a folder, with owners.
fn in_folder() -> platform::Platform {
    let folder = platform::Platform::empty();
    for (path, text) in files() {
        let owner = match path.split('/').nth(1).unwrap_or_default() {
            "c-email" | "c-city" => "**Owner:** Profile team\n\n**Service Type:**",
            "z-page" => "**Team:** Web team\n\n**Service Type:**",
            _ => "**Service Type:**",
        };
        folder.write(&path, &text.replace("**Service Type:**", owner));
    }
    folder
}

fn impact(folder: &platform::Platform, name: &str) -> serde_json::Value {
    folder.run(&["impact", name, "--json"]).exits(0).json()
}

/// Owners with their consumers: `owner: direct | beyond`.
fn groups(report: &serde_json::Value) -> Vec<String> {
    let names = |list: &serde_json::Value| {
        let all = list.as_array().unwrap().iter();
        all.map(|one| one["consumer"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let group = |one: &serde_json::Value| {
        let owner = one["owner"].as_str().unwrap_or("nobody");
        format!("{owner}: {} | {}", names(&one["direct"]), names(&one["beyond"]))
    };
    report["owners"].as_array().unwrap().iter().map(group).collect()
}

#[test]
fn impact_lists_who_uses_something_by_owner() {
    let folder = in_folder();
    let report = impact(&folder, "getUser:response.email");
    assert_eq!(
        groups(&report),
        ["Profile team: c-email | ", "Web team:  | z-page", "nobody: d-names d-service p-web | "]
    );
    assert_eq!(report["target"]["name"], "GET /users/{id}");
    assert_eq!(report["owners"][2]["direct"][2]["grounds"][0]["line"], 11);
    let spared: Vec<_> = report["unaffected"].as_array().unwrap().iter().map(|one| &one["consumer"]).collect();
    assert!(spared.iter().any(|name| *name == "c-city") && !spared.iter().any(|name| *name == "z-page"), "{spared:?}");
    // An operation without a field, by each of its names.
    let by_id = impact(&folder, "getUser");
    assert_eq!(groups(&by_id)[0], "Profile team: c-city c-email | ");
    for name in
        ["GET /users/{id}", "GET /api/v1/users/{userId}", "user-service:getUser", "user-service:GET /users/{id}"]
    {
        assert_eq!(impact(&folder, name), by_id, "{name}");
    }
    let request = impact(&folder, "setAvatar:request.crop.width");
    assert_eq!(groups(&request), ["nobody: c-crop d-names d-service | "]);
    assert_eq!(groups(&impact(&folder, "listUsers:limit")), ["nobody: c-limit d-names d-service p-web | "]);
    assert_eq!(groups(&impact(&folder, "getUser:ETag")), ["nobody: c-etag d-names d-service | "]);
    // Fields of events, from the message or from what it carries.
    let tags = ["nobody: e-all e-listed e-tags | "];
    assert_eq!(groups(&impact(&folder, "user.created:tags[].name")), tags);
    assert_eq!(groups(&impact(&folder, "user-service:user.created:data.tags[].name")), tags);
    assert_eq!(groups(&impact(&folder, "user.created")), ["nobody: e-all e-email e-listed e-tags | "]);
    let whole = groups(&impact(&folder, "user-service"));
    assert!(whole.len() == 3 && whole[2].starts_with("nobody: c-address c-avatar c-crop"), "{whole:?}");
    assert_eq!(whole[1], "Web team:  | z-page");
}

#[test]
fn impact_is_told_to_people() {
    let folder = in_folder();
    let text = folder.run(&["impact", "getUser:email"]).exits(0).out;
    let start = "`GET /users/{id}` (getUser) of user-service: `email` of the response\n4 consumers directly, 1 beyond\n\nProfile team\n  c-email\n    reads `email` of the response of `getUser`  services/c-email/specs/001-first/spec.md:30\n\nWeb team\n  z-page (beyond)\n    needs `c-email`";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("\nNo owner declared\n") && text.contains("\nNot affected\n"), "{text}");
    let markdown = folder.run(&["impact", "getUser:email", "--format", "markdown"]).exits(0).out;
    assert!(
        markdown.starts_with("## Impact of `GET /users/{id}` (getUser)")
            && markdown.contains("\n### Profile team\n\n- `c-email`\n"),
        "{markdown}"
    );
    let nobody = folder.run(&["impact", "setAvatar:request.caption"]).exits(0).out;
    assert!(nobody.contains("d-names"), "who names no field may send any: {nobody}");
    assert!(folder.run(&["impact", "z-page"]).exits(0).out.contains("Nobody declares that it uses this"));
}

#[test]
fn impact_says_what_is_not_known() {
    let folder = in_folder();
    let said = |name: &str| folder.run(&["impact", name]).exits(2).err;
    assert!(said("getUsr").contains("did you mean `getUser`?"), "{}", said("getUsr"));
    assert!(said("getUsr:email").contains("did you mean `getUser:email`?"));
    assert!(said("getUser:emial").contains("did you mean `email`?"));
    assert!(
        said("user.created:data.tags[].nam").contains("did you mean `data.tags[].name`?"),
        "{}",
        said("user.created:data.tags[].nam")
    );
    assert!(said("user-service:email").contains("`user-service:email` is no service, operation or event"));
    assert!(said("/users/{id}/avatar:captoin").contains("did you mean `caption`?"));
    for (name, whole) in
        [("user-service:", "user-service"), ("getUser:response.", "getUser:response"), ("getUser:", "getUser")]
    {
        assert!(
            said(name)
                .contains(&format!("`{name}` names nothing behind its end: name a field there, or write `{whole}`"))
        );
    }
    assert!(
        said("usr-service:").contains("`usr-service:` is no service, operation or event"),
        "{}",
        said("usr-service:")
    );
    let several = folder;
    several.write("services/order-service/contracts/api-spec.yaml", &CONTRACT.replace("/users", "/orders"));
    let several = several.run(&["impact", "getUser"]).exits(2).err;
    assert!(several.contains("means several things: `order-service:getUser`, `user-service:getUser`"), "{several}");
}

#[test]
fn a_pact_that_is_no_json_is_a_finding_and_the_rest_goes_on() {
    let folder = in_folder();
    folder.write("services/d-names/pacts/broken.json", "{\"consumer\": {");
    let findings = folder.run(&["validate-contracts", "--json"]).exits(1).findings();
    let of_file = findings.iter().find(|one| one["file"] == "services/d-names/pacts/broken.json").unwrap();
    assert_eq!(of_file["rule"], "json-syntax");
    assert_eq!(groups(&impact(&folder, "getUser:email")).len(), 3);
}

#[test]
fn pacts_alone_make_no_platform() {
    let folder = platform::Platform::empty();
    folder.write("pacts/web.json", PACT);
    folder.run(&["validate"]).exits(3);
}
