//! The files of a Go service.

use serde_json::{Value as View, json};

use crate::generate::code::cases::{Samples, label};
use crate::generate::code::service::ServiceCode;
use crate::generate::{GenerateError, Request};
use crate::model::{Api, Service};
use crate::output::{Ownership, Plan, PlannedFile};

use super::handlers::{Handlers, group_view};
use super::layout::string;
use super::names::Names;
use super::project::{self, credentials, uses, with};
use super::types::Types;
use super::{NAMING, events_view, models, module, operations, tests_view};

const TEMPLATES: &str = "code/go-net-http";

/// Appends the files of one service.
pub(crate) fn plan(request: &Request<'_>, service: &Service, api: &Api, plan: &mut Plan) -> Result<(), GenerateError> {
    let code = ServiceCode::new(request.platform, service, api, &NAMING);
    let mut types = Types::new(&code);
    let names = Names::new(&code, &mut types);
    let project = project::view(&request.platform.schemas, &code, &names);
    let mut writer = Writer { request, service, project, files: &mut plan.files };
    let handlers = writer.handlers(&code, &types, &names)?;
    writer.root(&code)?;
    writer.runtime(&code, &handlers)?;
    writer.contract(&code, &types, &names)?;
    writer.events(&code, &types, &names)?;
    writer.tests(&code)?;
    writer.readme(&code, &names)
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
        self.generated(&format!("cmd/{}/main.go", module(code.service)), "cmd/main.go", &nothing)?;
        self.generated("internal/app/app.go", "internal/app/app.go", &nothing)
    }

    fn runtime(&mut self, code: &ServiceCode<'_>, handlers: &str) -> Result<(), GenerateError> {
        let used = uses(handlers, &self.project);
        let values = ["value_id", "value_timestamp", "value_instant", "value_or", "value_convert"];
        let values = values.iter().any(|name| used[*name] == true);
        let stored = !code.resources.is_empty();
        let auth = code.auth.is_some();
        let events = code.events.any();
        let consumes = !code.events.subscriptions.is_empty();
        let files = [
            ("config/config", true),
            ("logs/logs", true),
            ("problem/problem", true),
            ("schema/schema", true),
            ("schema/expression", self.project["ecma"] == true),
            ("security/security", true),
            ("store/database", true),
            ("store/collection", stored),
            ("store/condition", stored),
            ("store/store_test", stored),
            ("strictjson/strictjson", true),
            ("strictjson/strictjson_test", true),
            ("values/values", values),
            ("web/body", true),
            ("web/health", true),
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
            ("messaging/rabbitmq", events),
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
        let view = models::view(code, types);
        if view["definitions"].as_array().is_some_and(|definitions| !definitions.is_empty()) {
            self.generated("internal/contract/models.go", "internal/contract/models.go", &view)?;
        }
        if models::has_nullable(&view) {
            self.generated("internal/contract/nullable.go", "internal/contract/nullable.go", &view)?;
        }
        self.generated("internal/contract/schemas.go", "internal/contract/schemas.go", &json!({}))?;
        let mut schemas = serde_json::to_string_pretty(&code.schemas).unwrap_or_default();
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

    /// The interfaces and handlers; what the handlers say is given back.
    fn handlers(&mut self, code: &ServiceCode<'_>, types: &Types<'_>, names: &Names) -> Result<String, GenerateError> {
        let mut written = String::new();
        let mut handlers = Handlers::new(&self.request.platform.schemas, code, types, names);
        for (at, group) in names.groups.iter().enumerate() {
            let own = (0..code.operations.len()).filter(|operation| code.operations[*operation].group == at);
            let methods: Vec<_> = own.map(|operation| handlers.method(operation)).collect();
            let functions = handlers.functions();
            let resources = (0..code.resources.len()).filter(|resource| code.resources[*resource].group == at);
            let collections: Vec<String> = resources.map(|resource| handlers.collection(resource)).collect();
            let lines = methods.iter().flat_map(|method| &method.lines);
            lines.for_each(|line| written.push_str(line));
            let view = with(
                group_view(&methods, &functions, &collections),
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
        if code.events.subscriptions.is_empty() {
            return Ok(());
        }
        self.generated("internal/contract/consumers.go", "internal/contract/consumers.go", &view)?;
        let path = "internal/handlers/consumers.go";
        self.file(path, path, Ownership::Scaffold, &view)
    }

    fn tests(&mut self, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let samples = Samples::new(&self.request.platform.schemas, code);
        let view = with(
            tests_view::contract_view(&samples),
            json!({ "credentials": credentials(code), "scopes": string(&code.scopes()) }),
        );
        self.generated("internal/apptest/apptest.go", "internal/apptest/apptest.go", &view)?;
        self.generated("internal/app/app_test.go", "internal/app/app_test.go", &view)?;
        let rows = ["secured", "bad_bodies", "methods"];
        if rows.iter().any(|rows| view[*rows].as_array().is_some_and(|rows| !rows.is_empty())) {
            self.generated("internal/app/contract_test.go", "internal/app/contract_test.go", &view)?;
        }
        for (at, resource) in code.resources.iter().enumerate() {
            if let Some(case) = samples.resource(at, resource) {
                let path = format!("internal/handlers/{}_test.go", resource.table);
                let view = tests_view::resource_view(&case, &resource.table);
                self.file(&path, "internal/handlers/resource_test.go", Ownership::Scaffold, &view)?;
            }
        }
        if let Some(case) = samples.sessions() {
            let path = "internal/handlers/sessions_test.go";
            self.file(path, path, Ownership::Scaffold, &tests_view::sessions_view(&case))?;
        }
        let unknown = tests_view::unknown(&samples);
        if !unknown.is_empty() {
            let path = "internal/handlers/not_implemented_test.go";
            self.file(path, path, Ownership::Scaffold, &json!({ "unknown": unknown }))?;
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
        let view = json!({ "operations": rows.collect::<Vec<_>>() });
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
        });
    }
}
