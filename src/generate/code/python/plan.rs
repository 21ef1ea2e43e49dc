//! The files of a FastAPI service.

use serde_json::{Value as View, json};

use crate::generate::code::broker;
use crate::generate::code::cases::{Samples, ScenarioTests, is_called, label, plans};
use crate::generate::code::mentions::mentions;
use crate::generate::code::migrations;
use crate::generate::code::property_tests;
use crate::generate::code::service::{Group, OperationCode, ServiceCode};
use crate::generate::code::spoken::spoken;
use crate::generate::code::streams;
use crate::generate::code::test_names::test_names;
use crate::generate::code::written_for::{self, mark};
use crate::generate::{GenerateError, Request};
use crate::model::{Api, Language, Service};
use crate::output::{Ownership, Parts, Plan, PlannedFile};

use super::chaos_view;
use super::clients_tests;
use super::clients_view;
use super::events_view;
use super::handlers::{CollectionView, MethodView, Methods};
use super::layout::string;
use super::operations;
use super::project::{bearer, collection, credentials, project_view, streams_view, typing_import, with};
use super::{NAMING, models, package, pacts_view, sagas_view, scenarios_view, sources, tests_view};

const TEMPLATES: &str = "code/python-fastapi";

/// Appends the files of one service.
pub(crate) fn plan(request: &Request<'_>, service: &Service, api: &Api, plan: &mut Plan) -> Result<(), GenerateError> {
    let code = ServiceCode::new(request.platform, service, api, &NAMING);
    let mut writer = Writer { request, service, package: package(service), files: &mut plan.files };
    let project = project_view(&request.platform.schemas, &code);
    let pact = !code.clients.is_empty() || is_called(request.platform, service);
    let project = with(project, json!({ "pact": pact, "broker": broker(request.platform) }));
    writer.root(&code, &project)?;
    writer.runtime(&project, &code)?;
    writer.contract(&code, &project)?;
    writer.events(&code)?;
    writer.clients(&code, &project)?;
    writer.handlers(&code)?;
    writer.tests(&code, &project)?;
    writer.values()?;
    let handlers = |group: &Group| format!("{}{}.py", sources(service), group.module);
    plan.notes.extend(streams::notes(request, &code, handlers, "contract.streams"));
    let folder = format!("{}/src/{}/migrations", service.folder, package(service));
    migrations::plan(request, &code, &folder, plan)
}

struct Writer<'a, 'f> {
    request: &'a Request<'a>,
    service: &'a Service,
    package: String,
    files: &'f mut Vec<PlannedFile>,
}

impl Writer<'_, '_> {
    fn root(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        let project = with(project.clone(), json!({ "operations": Vec::<View>::new()}));
        for path in ["pyproject.toml", "constraints.txt", "Dockerfile", ".dockerignore"] {
            self.file(path, path.trim_start_matches('.'), Ownership::Generated, &project)?;
        }
        if let Some(view) = property_tests::view(code) {
            let template = format!("{}.j2", property_tests::TEMPLATE);
            let content = self.request.engine.render(&template, &view)?;
            self.write("schemathesis.toml", Ownership::Generated, template, content);
        }
        for path in ["__init__.py", "__main__.py", "app.py"] {
            self.source(path, &format!("src/{path}"), Ownership::Generated, &project)?;
        }
        Ok(())
    }

    fn runtime(&mut self, project: &View, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let parameters = ["parameters.py"];
        let always = [
            "__init__.py",
            "bodies.py",
            "context.py",
            "database.py",
            "health.py",
            "logs.py",
            "metrics.py",
            "migrations.py",
            "observe.py",
            "operation.py",
            "postgresql.py",
            "problems.py",
            "schemas.py",
            "security.py",
            "settings.py",
            "sqlite.py",
            "tracing.py",
            "transaction.py",
        ];
        let stored = if code.resources.is_empty() { [].as_slice() } else { &["collection.py"] };
        let auth = if code.auth.is_some() { ["accounts.py", "passwords.py", "sessions.py"].as_slice() } else { &[] };
        let events = code.events.any();
        let consumes = !code.events.subscriptions.is_empty();
        let files = [
            (events, "broker.py"),
            (events, "brokers.py"),
            (events, "events.py"),
            (events, if project["broker"] == "kafka" { "kafka.py" } else { "rabbitmq.py" }),
            (code.events.publishes, "outbox.py"),
            (consumes, "inbox.py"),
            (!code.events.projections.is_empty(), "projection.py"),
            (!code.clients.is_empty(), "breaker.py"),
            (!code.clients.is_empty(), "upstream.py"),
            (project["cached"] == true, "last_answers.py"),
            (project["keyed"] == true, "idempotency.py"),
            (code.keeps_answers(), "cache.py"),
            (code.keeps_answers(), "caches.py"),
            (code.keeps_answers(), "kept_answers.py"),
            (code.keeps_answers(), "redis.py"),
            (!code.sagas.is_empty(), "saga.py"),
            (streams::any(code), "event_store.py"),
        ];
        let messages: Vec<&str> = files.iter().filter(|(used, _)| *used).map(|(_, name)| *name).collect();
        for name in always.iter().chain(&parameters).chain(stored).chain(auth).chain(&messages) {
            let path = format!("runtime/{name}");
            self.source(&path, &format!("src/{path}"), Ownership::Generated, project)?;
        }
        Ok(())
    }

    /// Values that the service makes up, where any other file asks for some.
    fn values(&mut self) -> Result<(), GenerateError> {
        let [new_id, timestamp, instant] = ["new_id", "timestamp", "instant"]
            .map(|name| mentions(self.files, self.service, &[".runtime.values import ", name]));
        if !(new_id || timestamp || instant) {
            return Ok(());
        }
        let view = json!({ "new_id": new_id, "timestamp": timestamp, "instant": instant });
        self.source("runtime/values.py", "src/runtime/values.py", Ownership::Generated, &view)
    }

    fn contract(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        let models = models::view(code);
        self.source("contract/__init__.py", "src/contract/__init__.py", Ownership::Generated, project)?;
        self.source("contract/models.py", "src/contract/models.py", Ownership::Generated, &models)?;
        let mut json = serde_json::to_string_pretty(code.schemas.document()).unwrap_or_default();
        json.push('\n');
        self.push("contract/schemas.json", format!("{TEMPLATES}/src/contract/schemas.json"), json);
        if code.groups.is_empty() {
            return Ok(());
        }
        if streams::any(code) {
            let path = "contract/streams.py";
            self.source(path, &format!("src/{path}"), Ownership::Generated, &streams_view(code))?;
        }
        let view = operations::operations_view(schemas, code);
        self.source("contract/operations.py", "src/contract/operations.py", Ownership::Generated, &view)?;
        let routes = with(project.clone(), with(view, json!({})));
        self.source("contract/routes.py", "src/contract/routes.py", Ownership::Generated, &routes)?;
        let template = "src/contract/interfaces/__init__.py";
        self.source("contract/interfaces/__init__.py", template, Ownership::Generated, project)
    }

    fn events(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        if !code.events.any() {
            return Ok(());
        }
        let view = with(events_view::view(&self.request.platform.schemas, code), json!({ "package": self.package }));
        self.source("contract/events.py", "src/contract/events.py", Ownership::Generated, &view)?;
        if !code.events.subscriptions.is_empty() {
            let flags = json!({ "clients": !code.clients.is_empty() });
            let view = with(view.clone(), flags);
            self.source("contract/consumers.py", "src/contract/consumers.py", Ownership::Generated, &view)?;
            self.source("handlers/consumers.py", "src/handlers/consumers.py", Ownership::Scaffold, &view)?;
            mark(self.files, written_for::consumers(code, |at| method(&code.wires[at].function)));
        }
        if !code.events.projections.is_empty() {
            self.source("contract/copies.py", "src/contract/copies.py", Ownership::Generated, &view)?;
        }
        let view = with(events_view::flags(code), with(view, json!({ "copies": !code.events.projections.is_empty() })));
        self.file("tests/test_events.py", "tests/test_events.py", Ownership::Generated, &view)
    }

    fn clients(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        if !code.clients.is_empty() {
            let template = "src/contract/clients/__init__.py";
            self.source("contract/clients/__init__.py", template, Ownership::Generated, project)?;
        }
        for client in &code.clients {
            let path = format!("contract/clients/{}.py", client.module);
            let view = clients_view::view(code, client);
            self.source(&path, "src/contract/clients/client.py", Ownership::Generated, &view)?;
        }
        if !code.sagas.is_empty() {
            let view = sagas_view::view(code);
            self.source("contract/sagas.py", "src/contract/sagas.py", Ownership::Generated, &view)?;
        }
        Ok(())
    }

    fn handlers(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        if !code.groups.is_empty() {
            let view = json!({ "package": self.package});
            self.source("handlers/__init__.py", "src/handlers/__init__.py", Ownership::Generated, &view)?;
        }
        for (at, group) in code.groups.iter().enumerate() {
            let members: Vec<&OperationCode<'_>> =
                code.operations.iter().filter(|operation| operation.group == at).collect();
            let mut methods = Methods::new(schemas, code);
            let views: Vec<_> = members.iter().map(|member| methods.method(member)).collect();
            let own = code.resources.iter().filter(|resource| resource.group == at);
            let (kept, resources): (Vec<_>, Vec<_>) = own.partition(|resource| streams::is_stream(resource));
            let mut kept: Vec<(&str, bool)> = kept.iter().map(|resource| (resource.constant.as_str(), true)).collect();
            kept.sort_unstable();
            let collections: Vec<CollectionView> = resources.iter().map(|resource| collection(resource)).collect();
            let declared: String = views.iter().map(|view| view.declared.as_str()).collect();
            let declared = spoken(Language::Python, &declared);
            let heads: String = views.iter().map(|view| view.head.as_str()).collect();
            let bodies = views.iter().flat_map(|view| {
                let statements = view.statements.iter().chain(&view.publications).chain(&view.references);
                [&view.document, &view.result, &view.page].into_iter().chain(statements).map(String::as_str)
            });
            let bodies = spoken(Language::Python, &bodies.collect::<Vec<_>>().join("\n"));
            let refuses = |view: &MethodView| view.transition.as_ref().is_some_and(|one| !one.condition.is_empty());
            let mut problems = Vec::new();
            if views.iter().any(|view| view.kind == "unknown") {
                problems.push("NotImplementedOperation");
            }
            if views.iter().any(refuses) {
                problems.push("Problem");
            }
            let projected =
                methods.projections.iter().map(|one| format!("{} {}", one.from, one.to)).collect::<String>();
            // What is said by a text with expressions is said once: a second look would take it for text.
            let own = format!("{bodies}\n{}", spoken(Language::Python, &format!("{heads}\n{projected}")));
            let uses = |name: &str| bodies.contains(name);
            let package = self.package.clone();
            let common = |text: &str| {
                json!({
                    "package": package,
                    "module": group.module,
                    "class": group.class,
                    "label": label(&group.module),
                    "clients": !code.clients.is_empty(),
                    "words": group.module.trim_end_matches('_').replace('_', " "),
                    "methods": views,
                    "typing_import": typing_import(text),
                    "uses_models": text.contains("models.")})
            };
            let path = format!("contract/interfaces/{}.py", group.module);
            self.source(&path, "src/contract/interfaces/group.py", Ownership::Generated, &common(&declared))?;
            let mut imports: Vec<String> = Vec::new();
            if !collections.is_empty() {
                imports.push(format!("from {}.runtime.collection import Collection", self.package));
            }
            let now = views.iter().any(|view| view.now) || uses("timestamp()");
            let values: Vec<&str> = [("instant", uses("instant(")), ("new_id", uses("new_id()")), ("timestamp", now)]
                .iter()
                .filter(|(_, used)| *used)
                .map(|(name, _)| *name)
                .collect();
            let import = |folder: &str, names: &[(&str, bool)]| {
                let used: Vec<&str> = names.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect();
                match used.as_slice() {
                    [] => String::new(),
                    used => format!("from {}.{folder} import {}", self.package, used.join(", ")),
                }
            };
            let view = with(
                common(&own),
                json!({
                "collections": collections,
                "collection_import": imports.join("\n"),
                "streams_import": import("contract.streams", &kept),
                "values": values.join(", "),
                "uses_reply": uses("Reply("),
                "contract_import": import("contract", &[
                    ("events", uses("events.")),
                    ("models", own.contains("models.") || !resources.is_empty()),
                    ("sagas", uses("sagas.")),
                ]),
                "runtime_import": import("runtime", &[("accounts", uses("accounts.")), ("outbox", uses("outbox.")), ("saga", uses("saga."))]),
                "uses_must_exist": uses("must_exist("),
                "uses_sessions": uses("self.sessions."),
                "problems": problems.join(", "),
                "projections": methods.projections}),
            );
            let path = format!("handlers/{}.py", group.module);
            self.source(&path, "src/handlers/group.py", Ownership::Scaffold, &view)?;
            mark(self.files, written_for::handlers(code, at, |at| method(&code.operations[at].function)));
        }
        Ok(())
    }

    fn tests(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        let samples = Samples::new(schemas, code);
        let own =
            json!({ "credentials": credentials(code), "scopes": string(&code.scopes()), "package": self.package });
        let view = with(with(project.clone(), tests_view::contract_view(&samples)), own);
        let view = with(view, clients_tests::view(code, &samples, &self.package));
        let view = with(view, pacts_view::consumer(code, &samples));
        if is_called(self.request.platform, self.service) {
            let view = with(view.clone(), pacts_view::provider(code, &samples));
            self.file("tests/test_provider.py", "tests/test_provider.py", Ownership::Scaffold, &view)?;
        }
        let nothing = View::Null;
        self.file("tests/__init__.py", "tests/__init__.py", Ownership::Generated, &nothing)?;
        for name in ["conftest.py", "test_service.py", "test_migrations.py", "test_contract.py"] {
            let empty = name == "test_contract.py"
                && ["secured", "bad_bodies", "methods"]
                    .iter()
                    .all(|rows| view[*rows].as_array().is_none_or(Vec::is_empty));
            if !empty {
                self.file(&format!("tests/{name}"), &format!("tests/{name}"), Ownership::Generated, &view)?;
            }
        }
        if !code.resources.is_empty() {
            let name = "tests/test_transactions.py";
            self.file(name, name, Ownership::Generated, &view)?;
        }
        let depth = [
            (!code.clients.is_empty(), "upstreams.py"),
            (!code.clients.is_empty(), "test_upstream.py"),
            (view["cases"].as_array().is_some_and(|cases| !cases.is_empty()), "test_clients.py"),
            (code.is_keyed(), "test_idempotency.py"),
            (code.keeps_answers(), "test_caching.py"),
            (!code.sagas.is_empty(), "test_saga.py"),
            (streams::any(code), "test_event_store.py"),
            (view["pacts"].as_array().is_some_and(|pacts| !pacts.is_empty()), "test_pacts.py"),
        ];
        for (_, name) in depth.iter().filter(|(used, _)| *used) {
            let view = with(
                view.clone(),
                json!({ "creating": tests_view::creating(&samples), "kept_cases": tests_view::kept(&samples) }),
            );
            self.file(&format!("tests/{name}"), &format!("tests/{name}"), Ownership::Generated, &view)?;
        }
        self.chaos(code, &samples, &view)?;
        let shaped = json!({ "shaped": !code.error_bodies.is_empty() });
        let names = test_names(&code.resources, |name| format!("{TEMPLATES}/tests/test_{name}.py"));
        for (at, (resource, name)) in code.resources.iter().zip(names).enumerate() {
            if let Some(tests) = samples.resource(at, resource) {
                let path = format!("tests/test_{name}.py");
                let view = with(tests_view::resource_view(&tests), shaped.clone());
                self.file(&path, "tests/test_resource.py", Ownership::Scaffold, &view)?;
                let step = |name: &str| format!("{}: (", string(name));
                mark(self.files, written_for::collection(code, at, test, step));
            }
        }
        if code.auth.is_some() {
            let name = "tests/test_passwords.py";
            self.file(name, name, Ownership::Generated, &with(view.clone(), json!({ "package": self.package })))?;
        }
        if let Some(tests) = samples.sessions() {
            let name = "tests/test_sessions.py";
            self.file(name, name, Ownership::Scaffold, &tests_view::sessions_view(&tests))?;
            mark(self.files, written_for::sessions(code, test, &method("validate")));
        }
        if let Some(tests) = ScenarioTests::of(&plans(schemas, code)) {
            let name = "tests/test_scenarios.py";
            let tests = scenarios_view::view(code, &tests);
            self.file(name, name, Ownership::Generated, &with(view.clone(), tests))?;
        }
        let unknown = tests_view::unknown(&samples);
        if !unknown.is_empty() {
            let view = with(json!({ "unknown": unknown}), shaped);
            self.file("tests/test_not_implemented.py", "tests/test_not_implemented.py", Ownership::Scaffold, &view)?;
            mark(self.files, written_for::not_implemented(code, &samples));
        }
        let rows: Vec<View> = code.operations.iter().map(|operation| operations::readme_row(code, operation)).collect();
        let environment = if bearer(code) || code.auth.is_some() { "JWT_SECRET=$(openssl rand -hex 32) " } else { "" };
        let chaos = samples.made().is_some() || samples.faults().is_some();
        let more = json!({ "operations": rows, "run_environment": environment, "chaos": chaos });
        let view = with(project.clone(), more);
        self.file("README.md", "README.md", Ownership::Generated, &view)
    }

    /// The tests that disturb a running service.
    fn chaos(&mut self, code: &ServiceCode<'_>, samples: &Samples<'_, '_>, view: &View) -> Result<(), GenerateError> {
        let (made, faults) = (samples.made(), samples.faults());
        let files = [
            ("process.py", made.is_some() || faults.is_some()),
            ("test_chaos.py", made.is_some()),
            ("test_chaos_upstreams.py", faults.is_some()),
        ];
        let case = json!({
            "made": made.as_ref().map(chaos_view::made_view),
            "faults": faults.as_ref().map(|case| chaos_view::faults_view(code, samples, case))});
        for (name, _) in files.iter().filter(|(_, used)| *used) {
            let path = format!("tests/{name}");
            self.file(&path, &path, Ownership::Generated, &with(view.clone(), case.clone()))?;
        }
        Ok(())
    }

    fn source(&mut self, path: &str, template: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let path = format!("src/{}/{path}", self.package);
        let view = with(view.clone(), json!({ "package": self.package}));
        self.file(&path, template, ownership, &view)
    }

    fn file(&mut self, path: &str, template: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let template = format!("{TEMPLATES}/{template}.j2");
        let content = self.request.engine.render(&template, view)?;
        self.write(path, ownership, template, content);
        Ok(())
    }

    fn push(&mut self, path: &str, template: String, content: String) {
        self.write(&format!("src/{}/{path}", self.package), Ownership::Generated, template, content);
    }

    fn write(&mut self, path: &str, ownership: Ownership, template: String, content: String) {
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

/// What a function begins with.
fn method(name: &str) -> String {
    format!("def {name}(")
}

/// What a test of that title begins with.
fn test(title: &str) -> String {
    method(&format!("test_{}", title.replace(' ', "_")))
}
