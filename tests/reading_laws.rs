//! Laws of the document readers and of the model, on arbitrary input: no panic, the same values whatever the line ends, and
//! every value where its route says.
#![allow(clippy::unwrap_used, clippy::panic)]

use agentspec::document::read::{read, wanted};
use agentspec::document::spec::Spec;
use agentspec::document::{Documents, Located};
use agentspec::model::{self, Platform};
use agentspec::source::{MemoryStore, Place, Sources, load};
use proptest::collection::vec;
use proptest::prelude::*;

const SPEC: &str = "services/a-service/specs/001-a/spec.md";

/// Every kind of prose and contract that is read, with the same text in each.
const PATHS: [&str; 7] = [
    SPEC,
    "services/a-service/specs/001-a/plan.md",
    "services/a-service/specs/001-a/tasks.md",
    "services/b-service/contracts/api-spec.yaml",
    "shared/contracts/events/shared.yaml",
    "constitution.md",
    ".speckit.config.json",
];

fn platform(text: &str, paths: &[&str]) -> (Sources, Documents, Platform) {
    let store = MemoryStore::new(paths.iter().map(|path| (*path, text.as_bytes().to_vec())));
    let sources = load(&store, &wanted).unwrap();
    let listing: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    (sources, documents, platform)
}

/// Pieces of specs in good and in bad order.
fn prose() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "# ",
        "## ",
        "### ",
        "#### ",
        "Service Overview\n",
        "Service Name\n",
        "User Scenarios\n",
        "Upstream Services\n",
        "Downstream\n",
        "Events Published\n",
        "Events Consumed\n",
        "Data Ownership\n",
        "Sagas\n",
        "NFRs\n",
        "Deployment\n",
        "Service Boundary\n",
        "Open Questions\n",
        "Core Principles\n",
        "Technology Stack\n",
        "Standards\n",
        "Waivers\n",
        "Event: ",
        "`a.b.c`",
        "P1: ",
        "**Given** ",
        "When ",
        "Then: ",
        "\n",
        "\n\n",
        "- ",
        "* ",
        "1. ",
        "  - ",
        "- [x] ",
        "**",
        "*",
        "_",
        "`",
        "```\n",
        ":",
        ": ",
        " (",
        ")",
        "| ",
        " | ",
        "|---|---|\n",
        "|Service|Purpose|API|\n|-|-|-|\n",
        "|Event|From|\n|-|-|\n",
        "|Entity|Database|\n|-|-|\n",
        "|Step|Service|Compensation|\n|-|-|-|\n",
        "None",
        "n/a",
        "auth-service",
        "POST /api/v1/a/{id}",
        "Payload:\n",
        "**Consumers:** ",
        "**Topic:** t",
        "a, b and c",
        "Database: a_db",
        "Responsible for:\n",
        "**NOT responsible for:**\n",
        "Task 1.1: ",
        "T001 ",
        "&amp;",
        "\\|",
        "\\*",
        "é",
        "😀",
        "<!-- x -->",
        "<br>",
        "[a](b)",
        "----\n",
        "====\n",
        "---\n",
        "\t",
        "    ",
        "> ",
        "500ms",
        "3 times, then DLQ",
        "domain.entity.action",
        "Language: Go",
        "until 2027-01-31",
        "/api/v1/",
        "\u{a0}",
        "\u{feff}",
        "saga",
        "event",
        "p1",
        "(((",
        "]",
    ]);
    vec(pieces, 0..80).prop_map(|parts| parts.concat())
}

/// Pieces of contracts that parse most of the time.
fn contract() -> impl Strategy<Value = String> {
    let schema = prop::sample::select(vec![
        "{$ref: '#'}",
        "{$ref: '#/components/schemas/A'}",
        "{$ref: '#/components/schemas/B'}",
        "{$ref: 'x.yaml'}",
        "true",
        "[]",
        "{type: [string, 'null']}",
        "{type: x, nullable: true}",
        "{allOf: [{$ref: '#/components/schemas/A'}, false]}",
        "{properties: {a: {$ref: '#/components/schemas/B'}}, required: [a]}",
        "{items: [{}, {}], additionalItems: false}",
        "{minimum: 1, exclusiveMinimum: true}",
        "{discriminator: {propertyName: a, mapping: {b: B, c: '#/x'}}}",
        "3",
        "~",
    ]);
    (schema.clone(), schema.clone(), schema, "[13]").prop_map(|(a, b, c, minor)| {
        format!(
            "openapi: 3.{minor}.0\npaths:\n  /a/{{id}}:\n    get:\n      parameters: [{{name: id, in: path, schema: {a}}}]\n      \
             requestBody: {{content: {{a/b: {{schema: {b}}}}}}}\n      responses: {{200: {{$ref: '#/components/responses/R'}}}}\n\
             components:\n  responses: {{R: {{$ref: '#/components/responses/R'}}}}\n  schemas: {{A: {c}, B: {b}}}\n\
             events: [{{name: a.b.c, schema: {a}}}, {{name: a.b.c, version: 2, schema: {c}}}, {b}]\n"
        )
    })
}

/// Every value with a place that a spec has.
fn located(spec: &Spec) -> Vec<&Located<String>> {
    let mut all: Vec<&Located<String>> = Vec::new();
    all.extend(&spec.title);
    all.extend(&spec.name);
    all.extend(&spec.kind);
    all.extend(&spec.responsible_for);
    all.extend(spec.upstream.iter().flat_map(|row| {
        let cells =
            [&row.purpose, &row.failure_mode, &row.timeout, &row.retries].into_iter().flatten().map(AsRef::as_ref);
        [&row.service].into_iter().chain(cells).chain(&row.operations).chain(&row.uses)
    }));
    all.extend(spec.downstream.iter().flat_map(|row| [&row.service].into_iter().chain(&row.uses)));
    all.extend(
        spec.published.iter().flat_map(|event| {
            [&event.name].into_iter().chain(&event.topic).chain(&event.payload).chain(&event.consumers)
        }),
    );
    all.extend(spec.consumed.iter().flat_map(|event| [&event.name].into_iter().chain(&event.from).chain(&event.uses)));
    all.extend(&spec.databases);
    all.extend(spec.entities.iter().map(|entity| &entity.name));
    all.extend(spec.sagas.iter().flat_map(|saga| {
        let steps = saga.steps.iter().flat_map(|step| [&step.name].into_iter().chain(&step.compensation));
        [&saga.name].into_iter().chain(steps)
    }));
    all
}

/// Whether the letters of `value` are in `written` in their order; marks, escapes and targets of links may stand between.
fn is_written(value: &str, written: &str) -> bool {
    let mut rest = written.chars();
    value.chars().filter(char::is_ascii_alphanumeric).all(|letter| rest.any(|c| c == letter))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_anything(text in prop_oneof![prose(), contract(), any::<String>()]) {
        platform(&text, &PATHS);
    }

    #[test]
    fn line_ends_change_no_value(text in prose()) {
        let (_, _, unix) = platform(&text, &PATHS[..3]);
        let (_, _, windows) = platform(&text.replace('\n', "\r\n"), &PATHS[..3]);
        prop_assert_eq!(unix, windows);
    }

    #[test]
    fn a_route_covers_its_value(text in prose()) {
        let (sources, documents, _) = platform(&text, &[SPEC]);
        let spec = documents.services[0].spec().unwrap();
        let text = &sources.file(spec.file).text;
        for value in located(spec) {
            prop_assert!(matches!(value.route.place, Place::Span(_)));
            let written = text.get(sources.span(value.route).range());
            prop_assert!(written.is_some(), "{:?}", value);
            prop_assert!(is_written(&value.value, written.unwrap()), "{:?} is not in {:?}", value.value, written);
        }
    }

    #[test]
    fn a_model_reads_back_and_its_ids_are_its_own(text in contract()) {
        let (_, _, platform) = platform(&text, &PATHS);
        let json = serde_json::to_string(&platform).unwrap();
        let count = platform.schemas.nodes.len() as u32;
        prop_assert!(platform.events.iter().flat_map(|event| &event.definitions).filter_map(|d| d.schema).all(|id| id.0 < count));
        let back: Platform = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(back, platform);
    }
}
