//! The files of an Express service.

use serde_json::{Value as View, json};

use crate::generate::code::broker;
use crate::generate::code::cases::{Samples, ScenarioTests, is_called, label, plans};
use crate::generate::code::mentions::mentions;
use crate::generate::code::migrations;
use crate::generate::code::names::words;
use crate::generate::code::property_tests;
use crate::generate::code::service::{Group, OperationCode, ServiceCode};
use crate::generate::code::spoken::spoken;
use crate::generate::code::streams;
use crate::generate::code::written_for::{self, mark};
use crate::generate::{GenerateError, Request};
use crate::model::{Api, Language, Service};
use crate::output::{Ownership, Parts, Plan, PlannedFile};

use super::handlers::{MethodView, Methods};
use super::project::{collection, project_view, streams_view, with};
use super::records_view::is_recorded;
use super::test_files::context;
use super::{NAMING, clients_view, events_view, models, operations, sagas_view, sources, tests_view};

pub(super) const TEMPLATES: &str = "code/typescript-express";

/// Appends the files of one service.
pub(crate) fn plan(request: &Request<'_>, service: &Service, api: &Api, plan: &mut Plan) -> Result<(), GenerateError> {
    let code = ServiceCode::new(request.platform, service, api, &NAMING);
    let project = project_view(&request.platform.schemas, &code);
    let called = is_called(request.platform, service);
    let own = json!({ "gateway": false, "pact": called || !code.clients.is_empty(), "called": called, "broker": broker(request.platform) });
    let scenarios = plans(&request.platform.schemas, &code);
    let watched = ScenarioTests::of(&scenarios).is_some_and(|tests| tests.sees_bus());
    let project = with(project, with(own, json!({ "sees_bus": watched, "held": called || watched })));
    let mut writer = Writer { request, service, project, files: &mut plan.files };
    writer.root(&code)?;
    writer.runtime(&code)?;
    writer.contract(&code)?;
    writer.events(&code)?;
    writer.clients(&code)?;
    writer.handlers(&code)?;
    writer.tests(&code, &scenarios)?;
    writer.values()?;
    let handlers = |group: &Group| format!("{}{}.ts", sources(service), group.module);
    plan.notes.extend(streams::notes(request, &code, handlers, "contract/streams.ts"));
    migrations::plan(request, &code, &format!("{}/migrations", service.folder), plan)
}

pub(super) struct Writer<'a, 'f> {
    pub(super) request: &'a Request<'a>,
    service: &'a Service,
    pub(super) project: View,
    pub(super) files: &'f mut Vec<PlannedFile>,
}

impl Writer<'_, '_> {
    fn root(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let rows: Vec<View> = code.operations.iter().map(|operation| operations::readme_row(code, operation)).collect();
        let jwt = self.project["jwt"] == true;
        let environment = if jwt { "JWT_SECRET=$(openssl rand -hex 32) " } else { "" };
        let view = with(self.project.clone(), json!({ "operations": rows, "run_environment": environment }));
        for path in ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json", "eslint.config.js"] {
            self.file(path, path, Ownership::Generated, &view)?;
        }
        for path in [".dockerignore", ".prettierignore"] {
            self.file(path, &path[1..], Ownership::Generated, &view)?;
        }
        let samples = Samples::new(&self.request.platform.schemas, code);
        let chaos = samples.made().is_some() || samples.faults().is_some();
        let view = with(view, json!({ "chaos": chaos }));
        for path in ["Dockerfile", "README.md", "src/app.ts", "src/main.ts"] {
            self.file(path, path, Ownership::Generated, &view)?;
        }
        if let Some(view) = property_tests::view(code) {
            let template = format!("{}.j2", property_tests::TEMPLATE);
            let content = self.request.engine.render(&template, &view)?;
            self.write("schemathesis.toml", Ownership::Generated, template, content);
        }
        Ok(())
    }

    fn runtime(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let (calls, sagas) = (!code.clients.is_empty(), !code.sagas.is_empty());
        let serves = !code.groups.is_empty();
        let stored = !code.resources.is_empty();
        let (auth, events) = (code.auth.is_some(), code.events.any());
        let files = [
            ("accounts", auth),
            ("bodies", serves || events || calls),
            ("breaker", calls),
            ("cache", code.keeps_answers()),
            ("caches", code.keeps_answers()),
            ("broker", events),
            ("brokers", events),
            ("collection", stored),
            ("context", serves || events || calls),
            ("database", true),
            ("event-store", streams::any(code)),
            ("events", events),
            ("health", true),
            ("idempotency", code.is_keyed()),
            ("inbox", !code.events.subscriptions.is_empty()),
            ("kafka", events && self.project["broker"] == "kafka"),
            ("kept-answers", code.keeps_answers()),
            ("last-answers", self.project["cached"] == true),
            ("logs", true),
            ("metrics", true),
            ("migrations", true),
            ("observe", true),
            ("operation", serves),
            ("outbox", code.events.publishes),
            ("parameters", serves),
            ("passwords", auth),
            ("postgresql", true),
            ("problems", true),
            ("projection", !code.events.projections.is_empty()),
            ("rabbitmq", events && self.project["broker"] == "rabbitmq"),
            ("redis", code.keeps_answers()),
            ("respond", true),
            ("routes", true),
            ("saga", sagas),
            ("schemas", serves || events || calls),
            ("security", serves),
            ("sessions", auth),
            ("settings", true),
            ("sqlite", true),
            ("tracing", true),
            ("upstream", calls),
        ];
        for (name, _) in files.into_iter().filter(|(_, used)| *used) {
            let path = format!("src/runtime/{name}.ts");
            let view = self.project.clone();
            self.file(&path, &path, Ownership::Generated, &view)?;
        }
        Ok(())
    }

    /// Values that the service makes up, where any other file asks for some.
    fn values(&mut self) -> Result<(), GenerateError> {
        let [new_id, timestamp, instant] =
            ["newId", "timestamp", "instant"].map(|name| self.mentions(&["import ", name, "/values.ts\""]));
        if !(new_id || timestamp || instant) {
            return Ok(());
        }
        let view = json!({ "new_id": new_id, "timestamp": timestamp, "instant": instant });
        self.file("src/runtime/values.ts", "src/runtime/values.ts", Ownership::Generated, &view)
    }

    pub(super) fn mentions(&self, texts: &[&str]) -> bool {
        mentions(self.files, self.service, texts)
    }

    fn contract(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        if code.groups.is_empty() && !code.events.any() && code.clients.is_empty() {
            return Ok(());
        }
        let mut json = serde_json::to_string_pretty(code.schemas.document()).unwrap_or_default();
        json.push('\n');
        self.push("src/contract/schemas.json", format!("{TEMPLATES}/src/contract/schemas.json"), json);
        if code.groups.is_empty() {
            return Ok(());
        }
        if !code.definitions.is_empty() {
            self.file("src/contract/models.ts", "src/contract/models.ts", Ownership::Generated, &models::view(code))?;
        }
        if streams::any(code) {
            let path = "src/contract/streams.ts";
            self.file(path, path, Ownership::Generated, &streams_view(code))?;
        }
        let view = operations::operations_view(&self.request.platform.schemas, code);
        let view = with(self.project.clone(), view);
        for path in ["src/contract/operations.ts", "src/contract/routes.ts"] {
            self.file(path, path, Ownership::Generated, &view)?;
        }
        Ok(())
    }

    fn events(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        if !code.events.any() {
            return Ok(());
        }
        let view = events_view::view(code);
        self.file("src/contract/events.ts", "src/contract/events.ts", Ownership::Generated, &view)?;
        if !code.events.subscriptions.is_empty() {
            let path = "src/contract/consumers.ts";
            self.file(path, path, Ownership::Generated, &view)?;
            let path = "src/handlers/consumers.ts";
            self.file(path, path, Ownership::Scaffold, &view)?;
            mark(self.files, written_for::consumers(code, |at| format!("async {}(", code.wires[at].function)));
        }
        if !code.events.projections.is_empty() {
            let path = "src/contract/copies.ts";
            self.file(path, path, Ownership::Generated, &view)?;
        }
        let samples = events_view::samples(&self.request.platform.schemas, code);
        let own = with(tests_view::events_view(code, &samples), json!({ "context": context(code) }));
        let view = with(self.project.clone(), own);
        self.file("tests/events.test.ts", "tests/events.test.ts", Ownership::Generated, &view)
    }

    fn clients(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        if !code.clients.is_empty() {
            let (path, view) = ("src/contract/clients/index.ts", self.project.clone());
            self.file(path, path, Ownership::Generated, &view)?;
        }
        for client in &code.clients {
            let path = format!("src/contract/clients/{}.ts", client.module);
            let view = clients_view::view(code, client);
            self.file(&path, "src/contract/clients/client.ts", Ownership::Generated, &view)?;
        }
        if !code.sagas.is_empty() {
            let path = "src/contract/sagas.ts";
            self.file(path, path, Ownership::Generated, &sagas_view::view(code))?;
        }
        Ok(())
    }

    fn handlers(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        for (at, group) in code.groups.iter().enumerate() {
            let members: Vec<&OperationCode<'_>> =
                code.operations.iter().filter(|operation| operation.group == at).collect();
            let mut methods = Methods::new(schemas, code);
            let views: Vec<MethodView> = members.iter().map(|member| methods.method(member)).collect();
            let own = code.resources.iter().filter(|resource| resource.group == at);
            let (kept, resources): (Vec<_>, Vec<_>) = own.partition(|resource| streams::is_stream(resource));
            let resources = resources.into_iter();
            let mut kept: Vec<&str> = kept.iter().map(|resource| resource.constant.as_str()).collect();
            kept.sort_unstable();
            let collections: Vec<String> = resources.map(|one| collection(one, is_recorded(code, one))).collect();
            let fields = views.iter().filter_map(|view| view.input.as_ref()).flat_map(|input| &input.fields);
            let declared: Vec<&str> =
                fields.chain(views.iter().map(|view| &view.declared)).map(String::as_str).collect();
            let shown = methods.projections.iter().flat_map(|one| [&one.from, &one.to, &one.statement]);
            let statements = views.iter().flat_map(|view| &view.statements);
            let own: Vec<&str> = statements.chain(&collections).chain(shown).map(String::as_str).collect();
            let view = json!({
                "module": group.module,
                "class": group.class,
                "label": label(&words(&group.module)),
                "words": words(&group.module).replace('_', " "),
                "methods": views,
                "uses_models": spoken(Language::Typescript, &declared.join("\n")).contains("models."),
                "imports": imports(&group.class, &group.module, &kept, &own.join("\n")),
                "collections": collections,
                "projections": methods.projections});
            let path = format!("src/contract/interfaces/{}.ts", group.module);
            self.file(&path, "src/contract/interfaces/group.ts", Ownership::Generated, &view)?;
            let path = format!("src/handlers/{}.ts", group.module);
            self.file(&path, "src/handlers/group.ts", Ownership::Scaffold, &view)?;
            let method = |at: usize| format!("async {}(", code.operations[at].function);
            mark(self.files, written_for::handlers(code, at, method));
        }
        Ok(())
    }

    pub(super) fn file(
        &mut self,
        path: &str,
        template: &str,
        ownership: Ownership,
        view: &View,
    ) -> Result<(), GenerateError> {
        let template = format!("{TEMPLATES}/{template}.j2");
        let content = self.request.engine.render(&template, view)?;
        self.write(path, ownership, template, content);
        Ok(())
    }

    fn push(&mut self, path: &str, template: String, content: String) {
        self.write(path, Ownership::Generated, template, content);
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

/// The imports of a module of handlers, for what its code uses.
fn imports(class: &str, module: &str, streams: &[&str], code: &str) -> Vec<String> {
    let code = spoken(Language::Typescript, code);
    let uses = |text: &str| code.contains(text);
    let problems: Vec<&str> =
        [("NotImplementedOperation", uses("NotImplementedOperation(")), ("Problem", uses("new Problem("))]
            .into_iter()
            .filter_map(|(name, used)| used.then_some(name))
            .collect();
    let values: Vec<&str> =
        [("instant", uses("instant(")), ("newId", uses("newId(")), ("timestamp", uses("timestamp("))]
            .into_iter()
            .filter_map(|(name, used)| used.then_some(name))
            .collect();
    let from = |names: &[&str], file: &str| {
        (!names.is_empty()).then(|| format!("import {{ {} }} from \"../runtime/{file}.ts\";", names.join(", ")))
    };
    let when = |used: bool, import: &str| used.then(|| import.to_owned());
    [
        when(uses("events."), "import * as events from \"../contract/events.ts\";"),
        Some(format!("import type {{ {class}Handlers }} from \"../contract/interfaces/{module}.ts\";")),
        when(uses("models."), "import type * as models from \"../contract/models.ts\";"),
        when(uses("sagas."), "import * as sagas from \"../contract/sagas.ts\";"),
        (!streams.is_empty()).then(|| format!("import {{ {} }} from \"../contract/streams.ts\";", streams.join(", "))),
        when(uses("accounts."), "import * as accounts from \"../runtime/accounts.ts\";"),
        when(uses("new Collection<"), "import { Collection } from \"../runtime/collection.ts\";"),
        when(uses("new Reply("), "import { Reply } from \"../runtime/operation.ts\";"),
        when(uses("publish("), "import { publish } from \"../runtime/outbox.ts\";"),
        from(&problems, "problems"),
        when(uses("beginSaga("), "import { beginSaga } from \"../runtime/saga.ts\";"),
        when(uses("sessions."), "import * as sessions from \"../runtime/sessions.ts\";"),
        when(uses("mustExist("), "import { mustExist } from \"../runtime/upstream.ts\";"),
        from(&values, "values"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
