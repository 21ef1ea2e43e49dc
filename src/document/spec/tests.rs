//! Each leniency of the spec reader on a text that shows it.

use super::*;
use crate::source::{MemoryStore, Place, Sources, load};

const PATH: &str = "services/a/specs/001-a/spec.md";

fn read(text: &str) -> (Sources, Spec) {
    let store = MemoryStore::new([(PATH, text.as_bytes().to_vec())]);
    let sources = load(&store, &|_| true).unwrap();
    let file = sources.id_of(PATH).unwrap();
    let spec = Spec::read(&sources, file);
    (sources, spec)
}

fn spec(text: &str) -> Spec {
    read(text).1
}

fn texts(values: &[Located<String>]) -> Vec<&str> {
    values.iter().map(Located::as_str).collect()
}

fn value(value: &Option<Located<String>>) -> &str {
    value.as_ref().map_or("", |value| value.as_str())
}

fn boxed(value: &Option<Box<Located<String>>>) -> &str {
    value.as_ref().map_or("", |value| value.as_str())
}

fn kinds(spec: &Spec) -> Vec<SectionKind> {
    spec.sections.iter().map(|(kind, _)| *kind).collect()
}

#[test]
fn a_heading_is_known_in_any_case_number_level_and_wording() {
    use SectionKind::*;
    let cases = [
        ("## Service Overview\n", Overview),
        ("# 1. SERVICE OVERVIEW\n", Overview),
        ("#### 2) overview ####\n", Overview),
        ("Overview\n--------\n", Overview),
        ("1. Overview\n-----------\n", Overview),
        ("## User Scenarios & Testing *(mandatory)*\n", Scenarios),
        ("## Deployment and infrastructure\n", Deployment),
        ("## Publishes\n", EventsPublished),
        ("## 3.2 Upstream Dependencies\n", Upstream),
        ("## **Non-functional requirements**:\n", Qualities),
        ("## `NFRs`\n", Qualities),
        ("## IV. Service Overview\n", Overview),
        ("## B) Overview\n", Overview),
        ("## (2) Overview\n", Overview),
        ("## (C) Overview {#overview}\n", Overview),
        ("## User Scenarios {#scenarios}\n", Scenarios),
    ];
    for (text, kind) in cases {
        assert_eq!(kinds(&spec(text)), [kind], "{text}");
    }
    assert!(spec("## Overviews of everything\n").sections.is_empty());
    assert_eq!(value(&spec("# 1. Stock Service\n").title), "Stock Service");
    assert_eq!(value(&spec("# C) Stock {#stock}\n").title), "Stock");
    assert_eq!(value(&spec("# CD. Stock\n").title), "CD. Stock");
    assert_eq!(value(&spec("---\na: b\n---\n# Title\n").title), "Title");
}

#[test]
fn a_service_name_stands_below_its_heading_or_behind_a_label() {
    let texts = [
        "### Service Name\n\nauth-service\n",
        "### Service Name\n- `auth-service` (the one)\n",
        "### Service Name\n**auth-service**\n",
        "## Overview\n**Service Name:** auth-service\n",
        "## Overview\n**Service Name**: `auth-service`  \n**Service Type:** API\n",
        "## Overview\n- **Service Name:** auth-service\n",
        "## Overview\n* Service name: auth-service\n",
        "## Overview\n| Field | Value |\n|---|---|\n| Service Name | `auth-service` |\n",
        "# Auth\n**Service Name:** auth-service\n",
        "### Service Name\n[auth-service](https://example.test)\n",
    ];
    for text in texts {
        let (sources, spec) = read(text);
        let name = spec.name.unwrap();
        assert_eq!(name.value, "auth-service", "{text}");
        let span = sources.span(name.route);
        assert_eq!(&sources.file(spec.file).text[span.range()], "auth-service", "{text}");
        assert!(spec.sections.iter().any(|(kind, _)| *kind == SectionKind::Name), "{text}");
    }
    assert!(spec("### Service Name\n\n## User Scenarios\n").name.is_none());
}

#[test]
fn a_boundary_has_two_sides_and_owners() {
    let spec = spec(
        "### Service Boundary\nResponsible for:\n* a,\n* b that\n  goes on\n**NOT responsible for:**\n* c (x-service owns this).\n\
         * d - owned by y-service\n* e _(**z-service**)_\n* f (login/logout)\n* g, handled by w-service\n",
    );
    assert_eq!(texts(&spec.responsible_for), ["a", "b that goes on"]);
    let excluded: Vec<_> = spec.not_responsible_for.iter().map(|e| (e.what.as_str(), e.owner.as_deref())).collect();
    let expected = [
        ("c", Some("x-service")),
        ("d", Some("y-service")),
        ("e", Some("z-service")),
        ("f (login/logout)", None),
        ("g", Some("w-service")),
    ];
    assert_eq!(excluded, expected);
}

#[test]
fn headings_may_mark_the_sides_of_a_boundary() {
    let spec = spec("## Service Boundary\n### Responsible for\n- a\n### Out of scope\n- b (c-service)\n");
    assert_eq!(texts(&spec.responsible_for), ["a"]);
    assert_eq!(spec.not_responsible_for[0].owner.as_deref(), Some("c-service"));
}

#[test]
fn scenario_headings_in_every_form() {
    let cases = [
        ("P1: Login", "P1", "Login"),
        ("P2 - Login", "P2", "Login"),
        ("p1 — Login", "P1", "Login"),
        ("[P3] Login", "P3", "Login"),
        ("Scenario 1: Login", "", "Login"),
        ("User Story 2 - Login (Priority: P1)", "P1", "Login"),
        ("Scenario 4 (P2): Login", "P2", "Login"),
        ("1. P1: Login", "P1", "Login"),
        ("Login", "", "Login"),
    ];
    for (heading, priority, title) in cases {
        let spec = spec(&format!("## User Scenarios\n### {heading}\n**Given** a\n"));
        let scenario = &spec.scenarios[0];
        assert_eq!((scenario.priority.as_str(), scenario.title.as_str()), (priority, title), "{heading}");
    }
}

#[test]
fn steps_in_every_form() {
    let forms = [
        "**Given** a user\n**When** it acts\n**Then** it is so\n",
        "- Given a user\n- When it acts\n- Then it is so\n",
        "* **Given:** a user\n* **When:** it acts\n* **Then:** it is so\n",
        "_given_ a user,\n_when_ it acts,\n_then_ it is so\n",
        "1. **Given** a user, **When** it acts, **Then** it is so\n",
        "1. Given a user\n2. When it acts\n3. Then it is so\n",
        "GIVEN a user\n\nWHEN it acts\n\nTHEN it is so\n",
    ];
    for form in forms {
        let spec = spec(&format!("## User Scenarios\n### P1: x\n{form}"));
        let steps: Vec<_> = spec.scenarios[0].steps.iter().map(|(k, v)| format!("{k} {}", v.value)).collect();
        assert_eq!(steps, ["given a user", "when it acts", "then it is so"], "{form}");
    }
    let more = spec("## User Scenarios\n### P1: x\n**Then** it\nis so\n**Or** not\n**But** never\n");
    let steps: Vec<_> = more.scenarios[0].steps.iter().map(|(k, v)| format!("{k} {}", v.value)).collect();
    assert_eq!(steps, ["then it is so", "or not", "but never"]);
}

/// Scenarios below "User Scenarios", each as priority, title and steps.
fn scenarios(text: &str) -> Vec<String> {
    let spec = spec(&format!("## User Scenarios\n{text}"));
    let show = |scenario: &Scenario| {
        let steps: Vec<_> = scenario.steps.iter().map(|(k, v)| format!("{k} {}", v.value)).collect();
        format!("{}|{}|{}", scenario.priority, scenario.title, steps.join("; "))
    };
    spec.scenarios.iter().map(show).collect()
}

#[test]
fn a_sentence_may_hold_all_steps() {
    let one = "P1|x|given a user; when it acts; then it is so.";
    for sentence in [
        "Given a user, when it acts, then it is so.",
        "Given a user; When it acts; Then it is so.",
        "- Given a user when it acts then it is so.",
        "Given a user,\nwhen it acts, then\nit is so.",
        "Given a user, when\nit acts, then it is so.",
        "**Given** a user\n**When** it acts, then it is so.",
    ] {
        assert_eq!(scenarios(&format!("### P1: x\n{sentence}\n")), [one], "{sentence}");
    }
    // Words of a step, because a line of their own says it.
    let steps = "**Given** a user, when signed in\n**When** it adds, then removes\n**Then** all is empty, when done\n";
    let whole = "|x|given a user, when signed in; when it adds, then removes; then all is empty, when done";
    assert_eq!(scenarios(&format!("### x\n{steps}")), [whole]);
    assert_eq!(scenarios("### x\nGiven a user who pays when asked\n"), ["|x|given a user who pays when asked"]);
}

#[test]
fn scenarios_may_stand_below_a_heading() {
    let steps = "Given a\nWhen b\nThen c\n";
    let deep = format!(
        "### P1: Login\nWords.\n#### Scenario: right\n{steps}#### Scenario 2: wrong\n{steps}#### Why\nWords.\n"
    );
    let read = "given a; when b; then c";
    assert_eq!(scenarios(&deep), [format!("P1|right|{read}"), format!("P1|wrong|{read}")]);
    let plain = format!("### P1: Login\n**Scenario: right**\n{steps}\nScenario: wrong\n\n{steps}");
    assert_eq!(scenarios(&plain), [format!("P1|right|{read}"), format!("P1|wrong|{read}")]);
    let generic = format!("### P2: Login\n#### Acceptance Scenarios\n{steps}");
    assert_eq!(scenarios(&generic), [format!("P2|Login|{read}")]);
    let own = format!("### P2: Login\n{steps}#### Notes\nWords.\n#### Variant\n{steps}");
    assert_eq!(scenarios(&own), [format!("P2|Login|{read}"), format!("P2|Variant|{read}")]);
    let empty = "### Group\n#### P1: a\n#### P2: b\n### Lone\nWords.\n";
    assert_eq!(scenarios(empty), ["P1|a|", "P2|b|", "|Lone|"]);
}

#[test]
fn list_items_may_be_scenarios_each() {
    let expected =
        ["P1|it is read|given a book; when it is read; then 200", "P1|one asks|given none; when one asks; then 404"];
    let marked =
        ["**Given** a book, **When** it is read, **Then** 200", "**Given** none, **When** one asks, **Then** 404"];
    let sentences = ["Given a book, when it is read, then 200", "Given none, when one asks, then 404"];
    for ([one, other], mark) in [(marked, ["1.", "2."]), (marked, ["-", "-"]), (sentences, ["1.", "2."])] {
        let [first, second] = mark;
        let text =
            format!("### P1: Reading\n\nWhy: so.\n\n**Acceptance Scenarios**:\n\n{first} {one}\n{second} {other}\n");
        assert_eq!(scenarios(&text), expected, "{text}");
    }
    let spread = "### P1: x\n1. **Given** a\n   **When** b,\n   **Then** c\n   - **And** d\n\n2. **Given** e, **Then** f\n   at once\n";
    assert_eq!(scenarios(spread), ["P1|b|given a; when b; then c; and d", "P1|e|given e; then f at once"]);
    let untitled = "1. **When** a, **Then** b\n2. **When** c, **Then** d\n";
    assert_eq!(scenarios(untitled), ["|a|when a; then b", "|c|when c; then d"]);
    let one = "### P1: x\n1. **Given** a, **When** b, **Then** c\n### P2: y\n1. **Given** a, **When** b, **Then** c\n";
    assert_eq!(
        scenarios(one),
        ["P1|x|given a; when b; then c", "P2|y|given a; when b; then c"],
        "the heading names one"
    );
    let steps = "### P1: x\n- **Given** a\n- **When** b\n- **Then** c\n- **When** d, **Then** e\n";
    assert_eq!(scenarios(steps), ["P1|x|given a; when b; then c; when d; then e"], "each item is a step");
    let goes_on = "### P1: x\n1. **Given** a, **When** b, **Then** c\n2. **When** d, **Then** e\n";
    assert_eq!(scenarios(goes_on), ["P1|x|given a; when b; then c; when d; then e"]);
}

#[test]
fn scenarios_may_be_gherkin() {
    let read = "given a; when b; then c";
    for fence in ["```gherkin", "~~~ feature", "```"] {
        let end = &fence[..3];
        let text = format!("### P1: Login\n{fence}\nGiven a\n  When b\nThen c\n{end}\n");
        assert_eq!(scenarios(&text), [format!("P1|Login|{read}")], "{fence}");
    }
    let feature = "### P1: Login\n\n```gherkin\n@fast\nFeature: f\n  As a user\n\n  Background:\n    Given z\n\n  Scenario: right\n\
                   \x20   When b\n    Then c\n  Scenario Outline: wrong\n    When d <x>\n    \"\"\"\n    Given text\n    \"\"\"\n\
                   \x20   Then e\n    Examples:\n    | x |\n    | 1 |\n```\n### P2: Other\n**Given** a\n";
    assert_eq!(
        scenarios(feature),
        ["P1|right|given z; when b; then c", "P1|wrong|given z; when d <x>; then e", "P2|Other|given a"]
    );
    assert_eq!(scenarios("### x\n```json\nGiven a\n```\n"), ["|x|"], "other code is none");
    assert_eq!(scenarios("### x\n```gherkin\nGiven `a b` c\n```\n"), ["|x|given a b c"]);
    let many =
        format!("```gherkin\nBackground:\n{}{}```\n", "Given a\n".repeat(600), "Scenario: b\nWhen c\n".repeat(600));
    let steps: usize = spec(&format!("## User Scenarios\n{many}")).scenarios.iter().map(|one| one.steps.len()).sum();
    assert_eq!(steps, 1_600, "what a background repeats is bounded");
    let (sources, spec) = read_scenarios("### x\r\n```gherkin\r\n  Given a b\r\n```\r\n");
    let span = sources.span(spec.scenarios[0].steps[0].1.route);
    assert_eq!(&sources.file(spec.file).text[span.range()], "a b");
}

fn read_scenarios(text: &str) -> (Sources, Spec) {
    read(&format!("## User Scenarios\r\n{text}"))
}

#[test]
fn scenarios_may_be_a_table() {
    let rows = "| Scenario | Priority | Given | When | Then |\n|---|---|---|---|---|\n| right | P1 | a | When b | c |\n| wrong | | d | e | f |\n";
    assert_eq!(scenarios(rows), ["P1|right|given a; when b; then c", "|wrong|given d; when e; then f"]);
    let untitled = "### P2: Login\n| Given | When | Then |\n|---|---|---|\n| a | b | c |\n";
    assert_eq!(scenarios(untitled), ["P2|Login|given a; when b; then c"]);
    assert_eq!(
        scenarios(&format!("{untitled}| d | e | f |\n")),
        ["P2|b|given a; when b; then c", "P2|e|given d; when e; then f"]
    );
    let upright = "### P1: x\n| Step | Words |\n|---|---|\n| **Given** | a |\n| When | b |\n| Then | c |\n";
    assert_eq!(scenarios(upright), ["P1|x|given a; when b; then c"]);
}

#[test]
fn an_upstream_table_has_its_columns_in_any_order() {
    let spec = spec(
        "## Dependencies\n### Upstream\nOn failure | Service name | Time limit | API | Retry\n--- | --- | --- | --- | ---\n\
         Return 401 | `auth-service` | 2 s | `POST /api/v1/auth/validate`, getKeys | 3\n\
         | – | None | – | – | – |\n| | _Events only_ | | | |\n| | n/a | | |\n| | (none) | | |\n",
    );
    assert_eq!(spec.upstream.len(), 1);
    let row = &spec.upstream[0];
    assert_eq!(row.service.value, "auth-service");
    assert_eq!(texts(&row.operations), ["POST /api/v1/auth/validate", "getKeys"]);
    assert_eq!((boxed(&row.failure_mode), boxed(&row.timeout), boxed(&row.retries)), ("Return 401", "2 s", "3"));
    assert!(row.purpose.is_none());
}

#[test]
fn a_table_says_which_side_it_is_on() {
    let spec = spec(
        "## Service Dependencies\n| Upstream service | Purpose |\n|---|---|\n| a-service | x |\n\n\
         | Service | What they use |\n|---|---|\n| b-service | `GET /y` |\n",
    );
    assert_eq!(spec.upstream[0].service.value, "a-service");
    assert_eq!(spec.downstream[0].service.value, "b-service");
    assert_eq!(value(&spec.downstream[0].uses), "GET /y");
    assert!(spec.section(SectionKind::Upstream).is_some() && spec.section(SectionKind::Downstream).is_some());
}

#[test]
fn dependencies_may_be_bullets() {
    let spec = spec(
        "### Upstream Services\n- auth-service: token validation (failure: return 401, timeout: 500ms)\n- `user-service` - profiles\n\
         - **stock-service**\n  - Failure mode: use the cache\n  - Timeout: 1s\n- None\n\n### Downstream\n- order-service: details\n",
    );
    let rows: Vec<_> = spec
        .upstream
        .iter()
        .map(|row| (row.service.as_str(), boxed(&row.purpose), boxed(&row.failure_mode), boxed(&row.timeout)))
        .collect();
    let expected = [
        ("auth-service", "token validation", "return 401", "500ms"),
        ("user-service", "profiles", "", ""),
        ("stock-service", "", "use the cache", "1s"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(spec.downstream[0].service.value, "order-service");
}

/// Rows of an Upstream list: service, purpose, failure mode, timeout, retries, operations, those mentioned, uses.
fn bullets(text: &str) -> Vec<[String; 8]> {
    let spec = spec(&format!("### Upstream Services\n{text}\n"));
    let show = |row: &UpstreamRow| {
        let uses: Vec<_> = row.uses.iter().map(|item| item.text.as_str()).collect();
        let (operations, mentioned) = (texts(&row.operations).join(" "), texts(&row.mentioned).join(" "));
        let [purpose, failure, timeout, retries] =
            [&row.purpose, &row.failure_mode, &row.timeout, &row.retries].map(|cell| boxed(cell).to_owned());
        [row.service.value.clone(), purpose, failure, timeout, retries, operations, mentioned, uses.join(" ")]
    };
    spec.upstream.iter().map(show).collect()
}

#[test]
fn details_stand_anywhere_in_a_bullet() {
    let validate = "POST /api/v1/auth/validate";
    let cases = [
        (
            "- auth-service - Tokens; failure mode: return 401; timeout 500ms",
            ["Tokens", "return 401", "500ms", "", "", ""],
        ),
        (
            "- auth-service: Tokens. Failure mode: 401, not cached. Timeout: 500ms",
            ["Tokens", "401, not cached", "500ms", "", "", ""],
        ),
        (
            "- `auth-service` - Tokens via `POST /api/v1/auth/validate`. Failure mode: 401. Timeout: 500ms",
            ["Tokens via POST /api/v1/auth/validate", "401", "500ms", "", "", validate],
        ),
        (
            "- auth-service (API: `POST /api/v1/auth/validate`, Uses: -, failure mode: 401 (no cache), retries: 2)",
            ["", "401 (no cache)", "", "2", validate, ""],
        ),
        (
            "- auth-service: Tokens (Uses: –; failure mode: Return 401, do not cache; timeout of 1s)",
            ["Tokens", "Return 401, do not cache", "1s", "", "", ""],
        ),
        (
            "- **auth-service** — Tokens\n  **Failure mode:** 401\n  **Timeout:** 1s",
            ["Tokens", "401", "1s", "", "", ""],
        ),
        (
            "- auth-service\n  - API: `POST /api/v1/auth/validate`; timeout 1s\n  - Retry 3 times",
            ["", "", "1s", "3 times", validate, ""],
        ),
        ("- auth-service; Failure mode: 401", ["", "401", "", "", "", ""]),
        (
            "- auth-service - Tokens (cached), which have a timeout",
            ["Tokens (cached), which have a timeout", "", "", "", "", ""],
        ),
    ];
    for (text, expected) in cases {
        let rows = bullets(text);
        let [service, found @ .., uses] = &rows[0];
        assert_eq!((rows.len(), service.as_str(), uses.as_str()), (1, "auth-service", ""), "{text}");
        assert_eq!(found, &expected, "{text}");
    }
    let used = "- user-service: Users (Uses: `getUser` (id, email), failure mode: none left, timeout: 1s)";
    assert_eq!(bullets(used)[0], ["user-service", "Users", "none left", "1s", "", "", "", "getUser (id, email)"]);
    let two = "- user-service: Users\n- stock-service - Stock: counts; timeout: 1s";
    assert_eq!(bullets(two)[1][..4], ["stock-service", "Stock: counts", "", "1s"]);
}

#[test]
fn what_is_external_is_no_service() {
    let row = |head: &str, cells: &str| bullets(&format!("| Service | {head} |\n|---|---|\n| {cells} |\n")).len();
    for (head, cells) in [
        ("Purpose", "Stripe (external) | Payments"),
        ("Purpose", "`stripe` (third-party API) | Payments"),
        ("API", "Stripe | External REST API"),
        ("Type", "Stripe | external"),
    ] {
        assert_eq!(row(head, cells), 0, "{cells}");
    }
    for (head, cells) in
        [("Purpose", "a-service | external"), ("API", "a-service | listExternal"), ("Type", "a-service | API")]
    {
        assert_eq!(row(head, cells), 1, "{cells}");
    }
    for bullet in ["- Stripe (external)", "- Stripe (external): payments", "- **Stripe** (external) - payments"] {
        assert!(bullets(bullet).is_empty(), "{bullet}");
    }
    assert_eq!(bullets("- a-service: payments (of external shops)").len(), 1);
    let below = spec("### Downstream Services\n| Service | What They Use |\n|---|---|\n| Shops (external) | All |\n");
    assert!(below.downstream.is_empty());
}

#[test]
fn a_database_may_stand_behind_its_product() {
    let databases = |line: &str| {
        let spec = spec(&format!("## Data Ownership\n**Database:** {line}\n"));
        texts(&spec.databases).join(" ")
    };
    for line in [
        "user_db (PostgreSQL)",
        "PostgreSQL (user_db)",
        "PostgreSQL 15 (`user_db`)",
        "PostgreSQL, user_db",
        "Postgres database user_db",
    ] {
        assert_eq!(databases(line), "user_db", "{line}");
    }
    for line in
        ["PostgreSQL", "PostgreSQL (RDS)", "PostgreSQL (15, multi-az)", "PostgreSQL (TimescaleDB)", "MySQL (managed)"]
    {
        assert_eq!(databases(line), "", "{line}");
    }
}

#[test]
fn a_purpose_may_name_operations() {
    let row = |head: &str, cells: &str| {
        let line = "---|".repeat(1 + head.split('|').count());
        bullets(&format!("| Service | {head} |\n|{line}\n| a-service | {cells} |\n"))[0].clone()
    };
    assert_eq!(row("Purpose", "Tokens (`POST /a/b`), and GET /c/{id}.")[6], "POST /a/b GET /c/{id}");
    assert_eq!(row("Purpose | API", "Tokens (`POST /a/b`) | `GET /c`")[5..7], ["GET /c", ""]);
    assert_eq!(row("Purpose", "Read/write of and/or /x, get /y")[6], "");
    assert_eq!(row("Purpose | API", "x | –")[5], "");
}

#[test]
fn what_is_settled_or_struck_out_does_not_count() {
    let text = "## Open Questions\n- [x] Done?\n  - Yes, so.\n- ~~Struck?~~\n- ~~Struck?~~ Five days.\n- [ ] Open?\n- ~~Old~~ new?\n";
    let questions: Vec<_> = spec(text).open_questions.into_iter().map(|question| question.value).collect();
    assert_eq!(questions, ["Open?", "~~Old~~ new?"]);
    let table = "| Service | API |\n|---|---|\n| ~~a-service~~ | `GET /a` |\n| b-service | `GET /b` |\n";
    let spec =
        spec(&format!("## Upstream Services\n{table}\n## Downstream Services\n- ~~c-service~~: reads\n- d-service\n"));
    assert_eq!(spec.upstream.iter().map(|row| row.service.as_str()).collect::<Vec<_>>(), ["b-service"]);
    assert_eq!(spec.downstream.iter().map(|row| row.service.as_str()).collect::<Vec<_>>(), ["d-service"]);
}

#[test]
fn consumers_may_be_joined_by_a_sign() {
    let text =
        "## Events Published\n### Event: a.b.c\n- **Consumers:** x-service & y-service, z-service and w-service\n";
    let spec = spec(text);
    let names: Vec<_> = spec.published[0].consumers.iter().map(|name| name.value.as_str()).collect();
    assert_eq!(names, ["x-service", "y-service", "z-service", "w-service"]);
}

#[test]
fn labels_may_split_the_dependencies() {
    let spec = spec("## Dependencies\n- **Upstream:** auth-service, user-service\n- **Downstream:** None\n");
    let names: Vec<_> = spec.upstream.iter().map(|row| row.service.as_str()).collect();
    assert_eq!(names, ["auth-service", "user-service"]);
    assert!(spec.downstream.is_empty());
    let none = self::spec("## Dependencies\n### Upstream\nNone, this service calls nobody.\n### Downstream\nn/a\n");
    assert!(none.upstream.is_empty() && none.downstream.is_empty());
}

#[test]
fn nothing_may_have_a_remark() {
    let nothing = [
        "Events only (no synchronous calls)",
        "Events only - no calls",
        "Events only, see below",
        "N/A (gateway)",
        "No upstream services",
        "No other synchronous dependencies",
        "No services (yet)",
        "None (events only)",
    ];
    for words in nothing {
        for text in [format!("| Service | Purpose |\n|---|---|\n| {words} | - |\n"), format!("- {words}\n")] {
            let spec = spec(&format!("### Upstream Services\n{text}### Downstream Services\n{text}"));
            assert!(spec.upstream.is_empty() && spec.downstream.is_empty(), "{text}");
        }
    }
    let named = spec("### Upstream Services\n| Service |\n|---|\n| no-reply-service |\n| events-service (all) |\n");
    assert_eq!(named.upstream.len(), 2);
    let kept = spec(
        "## Acceptance Criteria\n- No synchronous calls\n- None\n## Open Questions\n- No open questions\n- Which?\n",
    );
    assert_eq!((texts(&kept.acceptance), texts(&kept.open_questions)), (vec!["No synchronous calls"], vec!["Which?"]));
}

#[test]
fn event_headings_in_every_form() {
    let forms = [
        "Event: a.b.c",
        "a.b.c",
        "`a.b.c`",
        "EVENT: `a.b.c`",
        "Event `a.b.c`",
        "4.1 Event: a.b.c",
        "**a.b.c**:",
        "Event 1 - a.b.c",
    ];
    for form in forms {
        let text = format!("## Events Published\n### {form}\n**Topic:** t\n");
        let (sources, spec) = read(&text);
        let event = &spec.published[0];
        assert_eq!((event.name.as_str(), value(&event.topic)), ("a.b.c", "t"), "{form}");
        let span = sources.span(event.name.route);
        assert_eq!(&sources.file(spec.file).text[span.range()], "a.b.c", "{form}");
    }
    assert_eq!(spec("## Publishes\n### a.b.c (v2)\n").published[0].version.as_ref().unwrap().value, "v2");
    assert_eq!(spec("## Publishes\n### event.store.full\n").published[0].name.value, "event.store.full");
    assert!(spec("## Events Published\n\nNone.\n").published.is_empty());
    assert!(spec("## Events Published\n### None\n").published.is_empty());
}

#[test]
fn event_fields_in_every_form() {
    let forms = [
        "**Trigger:** it happens\n**Payload:**\n- orderId\n- items[]\n**Consumers:** a-service, b-service\n",
        "* Trigger: it happens\n* Payload: `orderId`, `items[]`\n* Consumers: `a-service` and `b-service`\n",
        "- **Trigger**: it happens\n- **Payload**:\n  - `orderId` (uuid) – the order\n  - `items[]`: what\n- **Consumers**:\n  - a-service\n  - b-service\n",
        "| Field | Value |\n|---|---|\n| Trigger | it happens |\n| Payload | orderId, items[] |\n| Consumers | a-service, b-service |\n",
        "**Trigger:** it happens\n\n#### Payload\n| Field | Type |\n|---|---|\n| orderId | uuid |\n| items[] | array |\n\n**Consumers:** a-service; b-service\n",
    ];
    for form in forms {
        let spec = spec(&format!("## Events Published\n### Event: order.created\n{form}"));
        let event = &spec.published[0];
        assert_eq!(value(&event.trigger), "it happens", "{form}");
        assert_eq!(texts(&event.payload), ["orderId", "items[]"], "{form}");
        assert_eq!(texts(&event.consumers), ["a-service", "b-service"], "{form}");
    }
}

#[test]
fn a_payload_field_may_have_the_name_of_a_label() {
    let spec = spec(
        "## Events Published\n### a.b.c\n**Payload:**\n- action: what\n- version\n- from: whom\n\n**Consumers:** None\n",
    );
    assert_eq!(texts(&spec.published[0].payload), ["action", "version", "from"]);
    assert!(spec.published[0].consumers.is_empty() && spec.published[0].version.is_none());
}

#[test]
fn events_may_be_bullets_or_rows() {
    let bullets =
        spec("## Consumes\n- `a.b.c` from x-service: cache it\n- d.e.f\n  - From: y-service\n  - Idempotency: by id\n");
    let found: Vec<_> = bullets
        .consumed
        .iter()
        .map(|e| (e.name.as_str(), value(&e.from), value(&e.action), value(&e.idempotency)))
        .collect();
    assert_eq!(found, [("a.b.c", "x-service", "cache it", ""), ("d.e.f", "y-service", "", "by id")]);
    let rows = spec(
        "## Events Consumed\n| Event | Source | Action | On error |\n|---|---|---|---|\n| a.b.c | x-service | cache | DLQ |\n| None | | | |\n",
    );
    let row = &rows.consumed[0];
    assert_eq!(rows.consumed.len(), 1);
    assert_eq!((value(&row.from), value(&row.action), value(&row.error_handling)), ("x-service", "cache", "DLQ"));
}

#[test]
fn data_ownership_in_every_form() {
    let forms = [
        "**Database:** user_db (PostgreSQL)\n\n| Entity | Description |\n|---|---|\n| User | a person |\n",
        "- Database: `user_db`\n- **Entities:**\n  - User: a person\n",
        "| Description | Database | Entity |\n|---|---|---|\n| a person | user_db | `User` |\n",
        "Database name: user_db\n\n- User: a person\n- Retention: 2 years\n",
        "Database: PostgreSQL\nSchema: user_db\n\nEntities\n- **User** - a person\n",
    ];
    for form in forms {
        let spec = spec(&format!("## Data Ownership\n{form}"));
        assert_eq!(texts(&spec.databases), ["user_db"], "{form}");
        let entities: Vec<_> = spec.entities.iter().map(|e| (e.name.as_str(), e.description.as_deref())).collect();
        assert_eq!(entities, [("User", Some("a person"))], "{form}");
    }
}

#[test]
fn an_entity_says_that_it_is_kept_as_events() {
    let marked = [
        "| Entity | Kept As |\n|---|---|\n| Order | events, snapshot every 50 |\n| Customer | table |\n",
        "| Entity | Storage |\n|---|---|\n| Order | event-sourced; snapshot every 50 |\n| Customer | – |\n",
        "- Order (event sourced, snapshot every 50)\n- Customer\n",
        "- **Entities:**\n  - Order: what is bought (event-sourced, snapshot every 50)\n  - Customer: reads events\n",
        "Entities: Order (event sourcing, snapshot every 50), Customer (events)\n",
        "- Order - event sourced, snapshot every 50\n- Customer - who buys\n",
        "| Entity | Description | Database |\n|---|---|---|\n| Order | Event sourced, snapshot every 50 | shop_db |\n\
         | Customer | Events of who buys | shop_db |\n",
    ];
    for form in marked {
        let spec = spec(&format!("## Data Ownership\n\n**Database:** shop_db\n\n{form}"));
        assert_eq!(texts(&spec.databases), ["shop_db"], "{form}");
        let found: Vec<_> = spec.entities.iter().map(|e| (e.name.as_str(), e.event_sourced.is_some())).collect();
        assert_eq!(found, [("Order", true), ("Customer", false)], "{form}");
        assert!(spec.entities[0].event_sourced.as_ref().unwrap().value.ends_with("snapshot every 50"), "{form}");
    }
    let databases = spec("## Data Ownership\n\n| Entity | Storage |\n|---|---|\n| Order | events_db |\n");
    assert_eq!((texts(&databases.databases), databases.entities[0].event_sourced.is_none()), (vec!["events_db"], true));
}

#[test]
fn sagas_have_steps_in_a_table_or_list() {
    let spec = spec(
        "## Sagas\n### Saga: place-order\n**Style:** orchestrated\n- **Timeout:** 60s\n\n\
         | # | Step | Service | Operation | Rollback |\n|---|---|---|---|---|\n| 1 | Pay | pay-service | `POST /pay` | none (read-only) |\n\
         | 2 | Ship | ship-service | ship | – |\n\n### Saga 2 - refund\n1. pay-service: refund it (compensation: charge again)\n",
    );
    let saga = &spec.sagas[0];
    assert_eq!((saga.name.as_str(), value(&saga.style), value(&saga.timeout)), ("place-order", "orchestrated", "60s"));
    assert_eq!(value(&saga.steps[0].compensation), "none (read-only)");
    assert_eq!(value(&saga.steps[0].operation), "POST /pay");
    assert!(saga.steps[1].compensation.is_none());
    assert_eq!(value(&spec.sagas[1].steps[0].compensation), "charge again");
    assert!(self::spec("## Sagas\n\nNone.\n").sagas.is_empty());
}

#[test]
fn lists_of_points_and_of_keys() {
    let spec = spec(
        "## NFRs\n- **Availability:** 99.9 %\n\n| Requirement | Target |\n|---|---|\n| Latency | 200 ms |\n\n\
         ## Deployment\n* Port: 8003\n\n## Acceptance Criteria\n- [x] one\n- [ ] two\n\n## Open Questions\n- none\n",
    );
    let qualities: Vec<_> = spec.qualities.iter().map(|q| (q.key.as_str(), q.value.as_str())).collect();
    assert_eq!(qualities, [("Availability", "99.9 %"), ("Latency", "200 ms")]);
    assert_eq!((spec.deployment[0].key.as_str(), spec.deployment[0].value.as_str()), ("Port", "8003"));
    assert_eq!(texts(&spec.acceptance), ["one", "two"]);
    assert!(spec.open_questions.is_empty());
}

#[test]
fn a_table_may_follow_a_line_at_once() {
    let spec =
        spec("## Data Ownership\n**Database:** user_db\n| Entity | Description |\n|---|---|\n| User | a person |\n");
    assert_eq!((texts(&spec.databases), spec.entities.len()), (vec!["user_db"], 1));
}

#[test]
fn headings_that_are_no_values_make_none() {
    let spec = spec(
        "# Title\n**Service Name:** a\n\n## Glossary\n- Name: b\n- Type: c\n\n## User Scenarios\n### P1: x\n- Given y\n### Edge Cases\n- When z\n\n\
         ## Dependencies\n### External Dependencies\n| Service | Purpose |\n|---|---|\n| PostgreSQL | rows |\n### Upstream\n- Auth Service: tokens\n- The rest is: prose\n\n\
         ## Events Published\n### Common envelope\nWords.\n### Order Created\n**Topic:** t\n### OrderPaid\nWords.\n### Event: plain\n\n\
         ## Sagas\n### Notes\nWords.\n### Saga: buy\nWords.\n\n## Data\n### Retention\n### User\n",
    );
    assert_eq!((value(&spec.name), spec.kind.is_none()), ("a", true));
    assert_eq!((spec.scenarios.len(), spec.scenarios[0].steps.len()), (1, 1));
    assert_eq!(spec.upstream.iter().map(|row| row.service.as_str()).collect::<Vec<_>>(), ["Auth Service"]);
    assert_eq!(
        spec.published.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(),
        ["Order Created", "OrderPaid", "plain"]
    );
    assert_eq!(spec.sagas.iter().map(|saga| saga.name.as_str()).collect::<Vec<_>>(), ["buy"]);
    assert_eq!(spec.entities.iter().map(|entity| entity.name.as_str()).collect::<Vec<_>>(), ["User"]);
}

#[test]
fn code_and_comments_are_not_read() {
    let spec = spec("## Events Published\n<!-- ### a.b.c -->\n```\n### d.e.f\n```\n\n    ### g.h.i\n");
    assert!(spec.published.is_empty());
}

#[test]
fn every_route_is_a_span_of_prose() {
    let (sources, spec) = read("## Upstream\n| Service | Purpose |\n|---|---|\n| a\\-b | `x` &amp; y |\n");
    let row = &spec.upstream[0];
    let slice = |located: &Located<String>| {
        assert!(matches!(located.route.place, Place::Span(_)));
        sources.file(spec.file).text[sources.span(located.route).range()].to_owned()
    };
    assert_eq!((row.service.as_str(), slice(&row.service).as_str()), ("a-b", "a\\-b"));
    let purpose = row.purpose.as_ref().unwrap();
    assert_eq!((purpose.as_str(), slice(purpose).as_str()), ("x & y", "x` &amp; y"));
}

#[test]
fn a_uses_cell_names_operations_with_their_fields() {
    let items = |cell: &str| -> Vec<String> {
        let text = format!("## Upstream Services\n\n| Service | Uses |\n|---|---|\n| a-service | {cell} |\n");
        let show = |item: &UsedItem| {
            let operation = item.operation.as_ref().map_or(String::new(), |one| format!("{} ", one.value));
            format!("{operation}[{}]", texts(&item.fields).join(" "))
        };
        spec(&text).upstream[0].uses.iter().map(show).collect()
    };
    assert_eq!(items("id, items[].sku"), ["[id]", "[items[].sku]"]);
    assert_eq!(items("`getUser` (id, email and name)"), ["getUser [id email name]"]);
    assert_eq!(
        items("getUser (id), `GET /users/{id}` response.email"),
        ["getUser [id]", "GET /users/{id} [response.email]"]
    );
    assert_eq!(items("`getUser` id, `listUsers`"), ["getUser [id]", "[listUsers]"]);
    assert_eq!(items("getUser: id email"), ["getUser [id email]"]);
    assert_eq!(items("GET /users/{id}, /users (total)"), ["GET /users/{id} []", "/users [total]"]);
    assert_eq!(items("Token validation"), Vec::<String>::new(), "a sentence is none");
    for dash in ["–", "-", "—", "-, -"] {
        assert_eq!(items(dash), Vec::<String>::new(), "{dash}");
    }
}

#[test]
fn an_owner_is_a_label_of_the_overview() {
    for text in [
        "## Service Overview\n\n**Owner:** Checkout team\n",
        "## Overview\n\n- Team: Checkout team\n",
        "## Overview\n\n| Owned by | Checkout team |\n|---|---|\n| Type | API |\n",
    ] {
        assert_eq!(value(&spec(text).owner), "Checkout team", "{text}");
    }
}

#[test]
fn caching_in_every_form() {
    let forms = [
        "## Caching\n| Operation | For | Clients |\n|---|---|---|\n| `GET /books` | 60 s | yes |\n| none | | |\n",
        "### 4.2 Cache\n| Clients | TTL | Endpoint |\n|---|---|---|\n| yes | 60 s | GET /books |\n",
    ];
    for form in forms {
        let spec = spec(form);
        assert_eq!(spec.caching.len(), 1, "{form}");
        let row = &spec.caching[0];
        assert_eq!(row.operation.value, "GET /books", "{form}");
        assert_eq!((value(&row.kept_for), value(&row.clients)), ("60 s", "yes"), "{form}");
    }
    let bullets =
        "## Caching\nAnswers are kept.\n- `GET /books`: 60 s\n- GET /books/{id} for 5 minutes\n- Redis for all\n";
    let (sources, spec) = read(bullets);
    let rows: Vec<_> = spec.caching.iter().map(|row| (row.operation.as_str(), value(&row.kept_for))).collect();
    assert_eq!(rows, [("GET /books", "60 s"), ("GET /books/{id}", "5 minutes")]);
    let span = sources.span(spec.caching[1].operation.route);
    assert_eq!(&sources.file(spec.file).text[span.range()], "GET /books/{id}");
}
