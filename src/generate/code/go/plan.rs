//! The files of a Go service.

use serde_json::{Value as View, json};

use crate::generate::code::broker;
use crate::generate::code::cases::{Samples, ScenarioTests, is_called, label, plans};
use crate::generate::code::mentions::mentions;
use crate::generate::code::migrations;
use crate::generate::code::property_tests;
use crate::generate::code::service::{Group, ServiceCode};
use crate::generate::code::streams;
use crate::generate::code::test_names::test_names;
use crate::generate::code::written_for::{self, mark};
use crate::generate::{GenerateError, Request};
use crate::model::{Api, Service};
use crate::output::{Ownership, Parts, Plan, PlannedFile};

use super::clients::{self, ClientPackage};
use super::clients_view;
use super::handlers::{Handlers, group_view};
use super::layout::string;
use super::names::Names;
use super::project::{self, credentials, uses, with};
use super::sagas_view::Steps;
use super::types::Types;
use super::{
    NAMING, chaos_view, clients_tests, events_view, models, module, operations, pacts_view, scenarios_view, sources,
    tests_view, words,
};

const TEMPLATES: &str = "code/go-net-http";

/// Appends the files of one service.
pub(crate) fn plan(request: &Request<'_>, service: &Service, api: &Api, plan: &mut Plan) -> Result<(), GenerateError> {
    let code = ServiceCode::new(request.platform, service, api, &NAMING);
    let mut types = Types::new(&code);
    let clients = clients::packages(&code);
    let names = Names::new(&code, &mut types, &clients);
    let project = project::view(&request.platform.schemas, &code, &names, &clients);
    let pact = !code.clients.is_empty() || is_called(request.platform, service);
    let project = with(project, json!({ "pact": pact, "broker": broker(request.platform) }));
    let scenarios = plans(&request.platform.schemas, &code);
    let tests = ScenarioTests::of(&scenarios);
    let project = with(project, json!({ "sees_bus": tests.as_ref().is_some_and(ScenarioTests::sees_bus) }));
    let mut writer = Writer { request, service, project, files: &mut plan.files };
    let mut written = writer.handlers(&code, &types, &names, &clients)?;
    written += &writer.clients(&code, &clients)?;
    let steps =
        Steps { schemas: &request.platform.schemas, code: &code, types: &types, names: &names, clients: &clients };
    written += &writer.sagas(&steps)?;
    writer.root(&code)?;
    writer.contract(&code, &types, &names)?;
    writer.runtime(&code, &written)?;
    writer.events(&code, &types, &names)?;
    if let Some(tests) = &tests {
        let path = "internal/app/scenarios_test.go";
        writer.generated(path, path, &scenarios_view::view(&names, tests))?;
    }
    writer.tests(&code, &clients)?;
    writer.readme(&code, &names)?;
    let handlers = |group: &Group| format!("{}{}.go", sources(service), words::file(&group.module));
    plan.notes.extend(streams::notes(request, &code, handlers, "internal/contract/streams"));
    migrations::plan(request, &code, &format!("{}/internal/migrations", service.folder), plan)
}

struct Writer<'a, 'f> {
    request: &'a Request<'a>,
    service: &'a Service,
    project: View,
    files: &'f mut Vec<PlannedFile>,
}

impl Writer<'_, '_> {
    fn root(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let nothing = json!({});
        for path in ["go.mod", "go.sum", "Dockerfile"] {
            self.generated(path, path, &nothing)?;
        }
        self.generated(".dockerignore", "dockerignore", &nothing)?;
        if let Some(view) = property_tests::view(code) {
            let template = format!("{}.j2", property_tests::TEMPLATE);
            let content = self.request.engine.render(&template, &view)?;
            self.push("schemathesis.toml", template, Ownership::Generated, content);
        }
        self.generated(&format!("cmd/{}/main.go", module(code.service)), "cmd/main.go", &nothing)?;
        if self.project["tables"] == true {
            let path = "internal/migrations/migrations.go";
            self.generated(path, path, &nothing)?;
        }
        self.generated("internal/app/app.go", "internal/app/app.go", &nothing)
    }

    fn runtime(&mut self, code: &ServiceCode<'_>, written: &str) -> Result<(), GenerateError> {
        let used = uses(written, &self.project);
        let values = ["value_id", "value_timestamp", "value_instant", "value_or", "value_convert"];
        let values = values.iter().any(|name| used[*name] == true);
        let stored = !code.resources.is_empty();
        let auth = code.auth.is_some();
        let events = code.events.any();
        let consumes = !code.events.subscriptions.is_empty();
        let clients = !code.clients.is_empty();
        let sagas = !code.sagas.is_empty();
        let nullable = self.mentions("values.Nullable[");
        let files = [
            ("cache/cache", code.keeps_answers()),
            ("cache/memory", code.keeps_answers()),
            ("cache/redis", code.keeps_answers()),
            ("config/config", true),
            ("logs/logs", true),
            ("problem/problem", true),
            ("schema/schema", true),
            ("schema/expression", self.project["ecma"] == true),
            ("security/security", true),
            ("store/database", true),
            ("store/collection", stored),
            ("store/migrate", true),
            ("store/migrate_test", true),
            ("store/condition", stored),
            ("store/event", streams::any(code)),
            ("store/event_store", streams::any(code)),
            ("store/event_store_test", streams::any(code)),
            ("store/store_test", stored),
            ("strictjson/strictjson", true),
            ("strictjson/strictjson_test", true),
            ("saga/saga", sagas),
            ("saga/orchestrator", sagas),
            ("tracing/tracing", true),
            ("tracing/tracing_test", true),
            ("upstream/answers", self.project["cached"] == true),
            ("upstream/breaker", clients),
            ("upstream/failure", clients),
            ("upstream/metrics", clients),
            ("upstream/request", clients),
            ("upstream/upstream", clients),
            ("values/values", values),
            ("values/nullable", nullable),
            ("web/body", true),
            ("web/health", true),
            ("web/idempotency", code.is_keyed()),
            ("web/keep", code.keeps_answers()),
            ("web/kept", code.keeps_answers()),
            ("web/observe", true),
            ("web/operation", true),
            ("web/parameters", true),
            ("web/router", true),
            ("web/web_test", true),
            ("work/work", true),
            ("auth/accounts", auth),
            ("auth/passwords", auth),
            ("auth/passwords_test", auth),
            ("auth/sessions", auth),
            ("messaging/broker", events),
            ("messaging/event", events),
            ("messaging/rabbitmq", events && self.project["broker"] != "kafka"),
            ("messaging/kafka", events && self.project["broker"] == "kafka"),
            ("messaging/outbox", code.events.publishes),
            ("messaging/inbox", consumes),
            ("messaging/projection", !code.events.projections.is_empty()),
            ("messaging/messaging_test", events),
        ];
        for (name, _) in files.iter().filter(|(_, used)| *used) {
            let path = format!("internal/runtime/{name}.go");
            self.generated(&path, &path, &used)?;
        }
        Ok(())
    }

    fn contract(&mut self, code: &ServiceCode<'_>, types: &Types<'_>, names: &Names) -> Result<(), GenerateError> {
        self.models("internal/contract", &models::view("contract", &code.definitions, types))?;
        self.generated("internal/contract/schemas.go", "internal/contract/schemas.go", &json!({}))?;
        let mut schemas = serde_json::to_string_pretty(code.schemas.document()).unwrap_or_default();
        schemas.push('\n');
        let template = format!("{TEMPLATES}/internal/contract/schemas.json");
        self.push("internal/contract/schemas.json", template, Ownership::Generated, schemas);
        if code.groups.is_empty() {
            return Ok(());
        }
        let view = operations::view(&self.request.platform.schemas, code, types, names);
        self.generated("internal/contract/operations.go", "internal/contract/operations.go", &view)?;
        self.generated("internal/contract/routes.go", "internal/contract/routes.go", &view)
    }

    fn models(&mut self, folder: &str, view: &View) -> Result<(), GenerateError> {
        match view["definitions"].as_array().is_none_or(Vec::is_empty) {
            true => Ok(()),
            false => self.generated(&format!("{folder}/models.go"), "internal/contract/models.go", view),
        }
    }

    /// The clients of other services; what they say is given back.
    fn clients(&mut self, code: &ServiceCode<'_>, clients: &[ClientPackage<'_>]) -> Result<String, GenerateError> {
        if clients.is_empty() {
            return Ok(String::new());
        }
        let path = "internal/contract/clients/clients.go";
        let set = clients_view::set(code, clients);
        self.generated(path, path, &set)?;
        let mut written = set.to_string();
        for client in clients {
            let folder = format!("internal/contract/clients/{}", client.package);
            self.models(&folder, &models::view(&client.package, &client.code.definitions, &client.types))?;
            let view = clients_view::view(code, client);
            self.generated(&format!("{folder}/client.go"), "internal/contract/clients/client/client.go", &view)?;
            written += &view.to_string();
        }
        // Answers get their types by it.
        Ok(written + "values.Convert[")
    }

    /// The sagas; what they say is given back.
    fn sagas(&mut self, steps: &Steps<'_, '_>) -> Result<String, GenerateError> {
        if steps.code.sagas.is_empty() {
            return Ok(String::new());
        }
        let path = "internal/contract/sagas/sagas.go";
        let view = steps.view();
        self.generated(path, path, &view)?;
        Ok(view.to_string())
    }

    /// The interfaces and handlers; what the handlers say is given back.
    fn handlers<'b>(
        &mut self,
        code: &'b ServiceCode<'b>,
        types: &'b Types<'b>,
        names: &'b Names,
        clients: &'b [ClientPackage<'b>],
    ) -> Result<String, GenerateError> {
        let mut written = String::new();
        let mut handlers = Handlers::new(&self.request.platform.schemas, code, types, names, clients);
        for (at, group) in names.groups.iter().enumerate() {
            let own = (0..code.operations.len()).filter(|operation| code.operations[*operation].group == at);
            let methods: Vec<_> = own.map(|operation| handlers.method(operation)).collect();
            let functions = handlers.functions();
            let resources = (0..code.resources.len()).filter(|resource| code.resources[*resource].group == at);
            let resources = resources.filter(|resource| !streams::is_stream(&code.resources[*resource]));
            let collections: Vec<String> = resources.map(|resource| handlers.collection(resource)).collect();
            let lines = methods.iter().flat_map(|method| &method.lines);
            lines.for_each(|line| written.push_str(line));
            let view = with(
                group_view(&methods, &functions, &collections, clients),
                json!({
                    "class": group.class,
                    "interface": group.interface,
                    "unimplemented": group.unimplemented,
                    "words": label(&code.groups[at].module).to_lowercase()}),
            );
            let file = &group.file;
            self.generated(&format!("internal/contract/{file}.go"), "internal/contract/group.go", &view)?;
            let path = format!("internal/handlers/{file}.go");
            self.file(&path, "internal/handlers/group.go", Ownership::Scaffold, &view)?;
            let method = |at: usize| format!("func (h *{}) {}(", group.class, names.methods[at]);
            mark(self.files, written_for::handlers(code, at, method));
        }
        if streams::any(code) {
            let kept = (0..code.resources.len()).filter(|resource| streams::is_stream(&code.resources[*resource]));
            let declared: Vec<String> = kept.clone().map(|resource| handlers.collection(resource)).collect();
            let all = kept.map(|resource| names.resources[resource].collection.trim_start_matches("streams."));
            let view = json!({
                "strconv": declared.iter().any(|one| one.contains("strconv.")),
                "all_streams": all.collect::<Vec<_>>().join(", "),
                "streams": declared});
            let path = "internal/contract/streams/streams.go";
            self.generated(path, path, &view)?;
        }
        Ok(written)
    }

    fn events(&mut self, code: &ServiceCode<'_>, types: &Types<'_>, names: &Names) -> Result<(), GenerateError> {
        if !code.events.any() {
            return Ok(());
        }
        let view = events_view::view(&self.request.platform.schemas, code, types, names);
        self.generated("internal/contract/events.go", "internal/contract/events.go", &view)?;
        if view["samples"].as_array().is_some_and(|samples| !samples.is_empty()) {
            self.generated("internal/contract/events_test.go", "internal/contract/events_test.go", &view)?;
        }
        if !code.events.projections.is_empty() {
            let path = "internal/contract/copies/copies.go";
            self.generated(path, path, &view)?;
        }
        if code.events.subscriptions.is_empty() {
            return Ok(());
        }
        self.generated("internal/contract/consumers.go", "internal/contract/consumers.go", &view)?;
        let path = "internal/handlers/consumers.go";
        self.file(path, path, Ownership::Scaffold, &view)?;
        let method = |at: usize| format!("func (c *Consumers) {}(", names.consumers[at]);
        mark(self.files, written_for::consumers(code, method));
        Ok(())
    }

    fn tests(&mut self, code: &ServiceCode<'_>, clients: &[ClientPackage<'_>]) -> Result<(), GenerateError> {
        let samples = Samples::new(&self.request.platform.schemas, code);
        let own = json!({
            "credentials": credentials(code),
            "scopes": string(&code.scopes()),
            "provider": is_called(self.request.platform, self.service)});
        let view = with(tests_view::contract_view(&samples), own);
        let view = with(view, clients_tests::view(code, clients, &samples));
        let view = with(view, pacts_view::consumer(code, clients, &samples));
        let view = with(view.clone(), json!({ "made_values": view.to_string().contains("apptest.Value[") }));
        self.calls(code, &samples, &view)?;
        self.chaos(code, &samples, &view)?;
        self.generated("internal/app/app_test.go", "internal/app/app_test.go", &view)?;
        let rows = ["secured", "bad_bodies", "methods"];
        if rows.iter().any(|rows| view[*rows].as_array().is_some_and(|rows| !rows.is_empty())) {
            self.generated("internal/app/contract_test.go", "internal/app/contract_test.go", &view)?;
        }
        let files = test_names(&code.resources, |name| format!("{TEMPLATES}/internal/handlers/{name}_test.go"));
        let names = tests_view::test_names(&code.resources);
        for (at, ((resource, name), names)) in code.resources.iter().zip(files).zip(&names).enumerate() {
            if let Some(case) = samples.resource(at, resource) {
                // Of one word, the ending is that of a test and of nothing else.
                let name = if name.contains('_') { words::file(&name) } else { name };
                let path = format!("internal/handlers/{name}_test.go");
                let view = tests_view::resource_view(&case, names);
                self.file(&path, "internal/handlers/resource_test.go", Ownership::Scaffold, &view)?;
                let test = |title: &str| test(&format!("{} {title}", resource.table));
                mark(self.files, written_for::collection(code, at, test, |name| format!("{}:", string(name))));
            }
        }
        if let Some(case) = samples.sessions() {
            let path = "internal/handlers/sessions_test.go";
            self.file(path, path, Ownership::Scaffold, &tests_view::sessions_view(&case))?;
            mark(self.files, written_for::sessions(code, test, "func (s session) validate("));
        }
        let unknown = tests_view::unknown(&samples);
        if !unknown.is_empty() {
            let path = "internal/handlers/not_implemented_test.go";
            self.file(path, path, Ownership::Scaffold, &json!({ "unknown": unknown }))?;
            mark(self.files, written_for::not_implemented(code, &samples));
        }
        let view =
            with(view, json!({ "parses": self.mentions("apptest.Parse("), "texts": self.mentions(".Text(t, ") }));
        self.generated("internal/apptest/apptest.go", "internal/apptest/apptest.go", &view)
    }

    fn mentions(&self, text: &str) -> bool {
        mentions(self.files, self.service, &[text])
    }

    /// Tests of what several services do together, and of requests that are sent twice.
    fn calls(&mut self, code: &ServiceCode<'_>, samples: &Samples<'_, '_>, view: &View) -> Result<(), GenerateError> {
        let any = |name: &str| view[name].as_array().is_some_and(|rows| !rows.is_empty());
        let creating = tests_view::creating(samples);
        let kept = tests_view::kept(samples);
        let (clients, provider) = (!code.clients.is_empty(), view["provider"] == true);
        let files = [
            ("apptest/upstreams", clients),
            ("runtime/upstream/upstream_test", clients),
            ("contract/clients/clients_test", any("cases")),
            ("contract/clients/pacts_test", any("pacts")),
            ("app/upstreams_test", view["token_case"].is_object()),
            ("runtime/web/idempotency_test", code.is_keyed()),
            ("app/idempotency_test", !creating.is_empty()),
            ("runtime/cache/cache_test", code.keeps_answers()),
            ("runtime/web/kept_test", code.keeps_answers()),
            ("app/kept_test", !kept.is_empty()),
            ("runtime/saga/saga_test", !code.sagas.is_empty()),
            ("pacttest/consumer", any("pacts")),
            ("pacttest/match", provider),
            ("pacttest/provider", provider),
        ];
        let view = with(view.clone(), json!({ "creating": creating, "kept_cases": kept }));
        for (name, _) in files.iter().filter(|(_, used)| *used) {
            let path = format!("internal/{name}.go");
            self.generated(&path, &path, &view)?;
        }
        if any("referring") {
            let path = "internal/handlers/upstream_references_test.go";
            self.file(path, path, Ownership::Scaffold, &view)?;
        }
        if provider {
            let path = "internal/handlers/provider_test.go";
            self.file(path, path, Ownership::Scaffold, &with(view, pacts_view::provider(code, samples)))?;
        }
        Ok(())
    }

    /// Tests that disturb a running service.
    fn chaos(&mut self, code: &ServiceCode<'_>, samples: &Samples<'_, '_>, view: &View) -> Result<(), GenerateError> {
        let (made, faults) = (samples.made(), samples.faults());
        let files = [
            ("process_test", made.is_some() || faults.is_some()),
            ("chaos_test", made.is_some()),
            ("chaos_upstreams_test", faults.is_some()),
        ];
        let case = json!({
            "made": made.as_ref().map(chaos_view::made_view),
            "faults": faults.as_ref().map(|case| chaos_view::faults_view(code, samples, case))});
        let view = with(view.clone(), case);
        for (name, _) in files.iter().filter(|(_, used)| *used) {
            let path = format!("cmd/{}/{name}.go", module(code.service));
            self.generated(&path, &format!("cmd/{name}.go"), &view)?;
        }
        Ok(())
    }

    fn readme(&mut self, code: &ServiceCode<'_>, names: &Names) -> Result<(), GenerateError> {
        let rows = code.operations.iter().enumerate().map(|(at, operation)| {
            json!({
                "method": operation.operation.method.key().to_uppercase(),
                "path": format!("{}{}", code.api.base_path, operation.operation.path),
                "file": names.groups[operation.group].file,
                "handler": names.methods[at],
                "does": code.does(operation)})
        });
        let samples = Samples::new(&self.request.platform.schemas, code);
        let chaos = samples.made().is_some() || samples.faults().is_some();
        let view = json!({ "operations": rows.collect::<Vec<_>>(), "chaos": chaos });
        self.generated("README.md", "README.md", &view)
    }

    fn generated(&mut self, path: &str, template: &str, view: &View) -> Result<(), GenerateError> {
        self.file(path, template, Ownership::Generated, view)
    }

    fn file(&mut self, path: &str, template: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let template = format!("{TEMPLATES}/{template}.j2");
        let content = self.request.engine.render(&template, &with(self.project.clone(), view.clone()))?;
        self.push(path, template, ownership, content);
        Ok(())
    }

    fn push(&mut self, path: &str, template: String, ownership: Ownership, content: String) {
        self.files.push(PlannedFile {
            path: format!("{}/{path}", self.service.folder),
            ownership,
            content,
            template,
            target: "code",
            service: Some(self.service.name.clone()),
            executable: false,
            made_from: None,
            parts: Parts::new(),
        });
    }
}

/// What a test of that title begins with.
fn test(title: &str) -> String {
    format!("func Test{}(", words::exported(title))
}
