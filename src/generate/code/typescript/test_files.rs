//! The tests that come with an Express service.

use serde_json::{Value as View, json};

use crate::generate::GenerateError;
use crate::generate::code::cases::{Samples, ScenarioPlan, ScenarioTests};
use crate::generate::code::service::ServiceCode;
use crate::generate::code::streams;
use crate::generate::code::test_names::test_names;
use crate::generate::code::written_for::{self, mark};
use crate::output::Ownership;

use super::layout::{key, string};
use super::plan::{TEMPLATES, Writer};
use super::project::{credentials, with};
use super::{chaos_view, clients_tests, pacts_view, scenarios_view, tests_view};

impl Writer<'_, '_> {
    /// Appends them.
    pub(super) fn tests(&mut self, code: &ServiceCode<'_>, scenarios: &[ScenarioPlan]) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        let samples = Samples::new(schemas, code);
        let scopes = code.scopes();
        let contract = tests_view::contract_view(&samples);
        let own = json!({
            "credentials": credentials(code),
            "scopes": if scopes.is_empty() { String::new() } else { string(&scopes) },
            "context": context(code),
            "support_import": support_import(&contract)});
        let view = with(with(self.project.clone(), contract), own);
        let view = with(view, clients_tests::view(code, &samples));
        let view = with(view, pacts_view::consumer(code, &samples));
        self.test("service", Ownership::Generated, &view)?;
        self.chaos(code, &samples, &view)?;
        if ["secured", "bad_bodies", "methods"].iter().any(|rows| view[*rows] != "") {
            self.test("contract", Ownership::Generated, &view)?;
        }
        if !code.resources.is_empty() {
            self.test("transactions", Ownership::Generated, &view)?;
        }
        let shaped = json!({ "shaped": !code.error_bodies.is_empty() });
        let path = |name: &str| format!("tests/{}.test.ts", name.replace('_', "-"));
        let names = test_names(&code.resources, |name| format!("{TEMPLATES}/{}", path(name)));
        for (at, (resource, name)) in code.resources.iter().zip(names).enumerate() {
            if let Some(case) = samples.resource(at, resource) {
                let path = path(&name);
                let view = with(tests_view::resource_view(&case), shaped.clone());
                self.file(&path, "tests/resource.test.ts", Ownership::Scaffold, &view)?;
                let step = |name: &str| format!("{}: {{", key(name));
                mark(self.files, written_for::collection(code, at, begin, step));
            }
        }
        let creating = tests_view::creating(&samples);
        let names = [("clientFor", !creating.is_empty()), ("credentials", !creating.is_empty()), ("databaseFor", true)];
        let names = names.into_iter().chain([("partsFor", self.project["parts"] == true)]);
        let names: Vec<&str> = names.filter(|(_, used)| *used).map(|(name, _)| name).collect();
        let support = names.join(", ");
        let kept = tests_view::kept(&samples);
        let names = [
            ("clientFor", !kept.is_empty()),
            ("credentials", !kept.is_empty()),
            ("partsFor", self.project["parts"] == true),
            ("settingsFor", true),
        ];
        let names: Vec<&str> = names.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
        let view = with(view, json!({ "kept_cases": kept, "caching_support": names.join(", ") }));
        let view = with(view, json!({ "creating": creating, "idempotency_support": support }));
        let depth = [
            ("upstream", !code.clients.is_empty()),
            ("clients", view["cases"].as_array().is_some_and(|cases| !cases.is_empty())),
            ("idempotency", code.is_keyed()),
            ("event-store", streams::any(code)),
            ("caching", code.keeps_answers()),
            ("saga", !code.sagas.is_empty()),
            ("pacts", view["pacts"].as_array().is_some_and(|pacts| !pacts.is_empty())),
        ];
        for (name, _) in depth.into_iter().filter(|(_, used)| *used) {
            self.test(name, Ownership::Generated, &view)?;
        }
        if !code.clients.is_empty() {
            self.file("tests/upstreams.ts", "tests/upstreams.ts", Ownership::Generated, &view)?;
        }
        if self.project["called"] == true {
            let view = with(view.clone(), pacts_view::provider(code, &samples));
            self.test("provider", Ownership::Scaffold, &view)?;
        }
        if code.auth.is_some() {
            self.test("passwords", Ownership::Generated, &view)?;
        }
        if let Some(case) = samples.sessions() {
            self.test("sessions", Ownership::Scaffold, &tests_view::sessions_view(&case))?;
            mark(self.files, written_for::sessions(code, begin, "function validate("));
        }
        if let Some(tests) = ScenarioTests::of(scenarios) {
            self.test("scenarios", Ownership::Generated, &with(view.clone(), scenarios_view::view(code, &tests)))?;
        }
        let unknown = tests_view::unknown(&samples);
        if !unknown.is_empty() {
            self.test("not-implemented", Ownership::Scaffold, &with(json!({ "unknown": unknown }), shaped))?;
            mark(self.files, written_for::not_implemented(code, &samples));
        }
        let asks = view["bearer"] == true || self.mentions(&["credentials()"]);
        let view = with(view, json!({ "asks": asks }));
        self.file("tests/support.ts", "tests/support.ts", Ownership::Generated, &view)
    }

    /// The tests that disturb a running service.
    fn chaos(&mut self, code: &ServiceCode<'_>, samples: &Samples<'_, '_>, view: &View) -> Result<(), GenerateError> {
        let (made, faults) = (samples.made(), samples.faults());
        let case = json!({
            "made": made.as_ref().map(chaos_view::made_view),
            "faults": faults.as_ref().map(|case| chaos_view::faults_view(code, samples, case))});
        let view = with(view.clone(), case);
        if made.is_some() || faults.is_some() {
            self.file("tests/process.ts", "tests/process.ts", Ownership::Generated, &view)?;
        }
        if made.is_some() {
            self.test("chaos", Ownership::Generated, &view)?;
        }
        if faults.is_some() {
            self.test("chaos-upstreams", Ownership::Generated, &view)?;
        }
        Ok(())
    }

    fn test(&mut self, name: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let path = format!("tests/{name}.test.ts");
        self.file(&path, &path, ownership, view)
    }
}

/// What a test of that title begins with.
fn begin(title: &str) -> String {
    format!("test({}", string(title))
}

/// How tests make the context of a handler.
pub(super) fn context(code: &ServiceCode<'_>) -> &'static str {
    let parts = code.auth.is_some() || !code.clients.is_empty();
    if parts { "new Context(session, parts)" } else { "new Context(session)" }
}

/// What the tests of the contract import from their support.
fn support_import(contract: &View) -> String {
    let bearer = contract["bearer_secured"] != "";
    let names = [
        ("clientFor", true),
        ("credentials", contract["bad_bodies"] != ""),
        ("now", bearer),
        ("sign", bearer),
        ("SUBJECT", bearer),
    ];
    names.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
}
