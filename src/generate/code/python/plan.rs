//! The files of a FastAPI service.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::behaviour::{AuthStep, Behaviour};
use crate::generate::{GenerateError, Request};
use crate::model::{Api, ParameterLocation, SecuritySchemeKind, Service};
use crate::output::{Ownership, PlannedFile};

use super::handlers::{CollectionView, MethodView, Methods};
use super::health::health_content;
use super::layout::{Code, prose, string};
use super::operations::{self, group_imports, security_view};
use super::service::{OperationCode, ServiceCode};
use super::tests_view::{Samples, label};

const TEMPLATES: &str = "code/python-fastapi";

/// Appends the files of one service.
pub(crate) fn plan(
    request: &Request<'_>,
    service: &Service,
    api: &Api,
    files: &mut Vec<PlannedFile>,
) -> Result<(), GenerateError> {
    let schemas = &request.platform.schemas;
    let code = ServiceCode::new(schemas, service, api);
    let mut writer = Writer { request, service, package: code.package.clone(), files };
    let project = project_view(request, &code);
    writer.root(&project)?;
    writer.runtime(&project, &code)?;
    writer.contract(&code, &project)?;
    writer.handlers(&code)?;
    writer.tests(&code, &project)
}

/// What the files share that are the same for every contract but for names and settings.
fn project_view(request: &Request<'_>, code: &ServiceCode<'_>) -> View {
    let health = health_content(&request.platform.schemas, code);
    let health_paths: Vec<String> = code
        .probes
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.contains("health") && *path != "/health")
        .map(|path| string(path))
        .collect();
    let security = security_view(code);
    let content = health.iter().map(|(name, value)| Code::text(format!("{name}: {value}"))).collect();
    let content = Code::group("{", content, "}");
    let numbers = code.operations.iter().any(|operation| match &operation.behaviour {
        Behaviour::Create { fields, .. } => {
            fields.iter().any(|field| field.source == crate::generate::code::behaviour::Source::NextNumber)
        }
        _ => false,
    });
    let (first_key, first_value) = health.iter().find(|(_, value)| value != "timestamp()").cloned().unwrap_or_default();
    with(
        security,
        json!({
        "package": code.package,
        "name": code.service.name,
        "name_literal": string(&code.service.name),
        "service_literal": string(&code.service.name),
        "title": prose(&code.api.title).trim_end_matches('.').to_owned(),
        "title_literal": string(&code.api.title),
        "version": code.api.version,
        "version_literal": string(&code.api.version),
        "project_version": project_version(&code.api.version),
        "port": code.service.deployment.port,
        "base_path": code.api.base_path,
        "contract": contract(code),
        "groups": code.groups.iter().enumerate().map(|(at, group)| json!({
            "module": group.module,
            "class": group.class,
            "arguments": if uses_sessions(code, at) { "Sessions(settings)" } else { "" }})).collect::<Vec<_>>(),
        "handler_imports": group_imports(&code.groups),
        "resources": !code.resources.is_empty(),
        "numbers": numbers,
        "health_answer": Code::group("JSONResponse(", vec![content], ")").lay_out(4, "return ", ""),
        "health_paths": health_paths,
        "health_timestamp": health.iter().any(|(_, value)| value == "timestamp()"),
        "health_key": first_key,
        "health_value": first_value}),
    )
}

/// A view with more in it.
fn with(mut view: View, more: View) -> View {
    if let (View::Object(view), View::Object(more)) = (&mut view, more) {
        view.extend(more);
    }
    view
}

/// A version that Python packages may have: that of the contract where it is one, else 0.0.0.
fn project_version(version: &str) -> String {
    let digits = version.strip_prefix('v').unwrap_or(version);
    let valid =
        digits.split('.').all(|part| !part.is_empty() && part.len() < 10 && part.chars().all(|c| c.is_ascii_digit()));
    if valid { digits.to_owned() } else { "0.0.0".to_owned() }
}

struct Writer<'a, 'f> {
    request: &'a Request<'a>,
    service: &'a Service,
    package: String,
    files: &'f mut Vec<PlannedFile>,
}

impl Writer<'_, '_> {
    fn root(&mut self, project: &View) -> Result<(), GenerateError> {
        let project = with(project.clone(), json!({ "operations": Vec::<View>::new()}));
        for (path, template) in
            [("pyproject.toml", "pyproject.toml"), ("Dockerfile", "Dockerfile"), (".dockerignore", "dockerignore")]
        {
            self.file(path, template, Ownership::Generated, &project)?;
        }
        for path in ["__init__.py", "__main__.py", "app.py"] {
            self.source(path, &format!("src/{path}"), Ownership::Generated, &project)?;
        }
        Ok(())
    }

    fn runtime(&mut self, project: &View, code: &ServiceCode<'_>) -> Result<(), GenerateError> {
        let timestamp = project["health_timestamp"] == true;
        let parameters = ["parameters.py"];
        let always = [
            "__init__.py",
            "bodies.py",
            "context.py",
            "database.py",
            "health.py",
            "logs.py",
            "metrics.py",
            "observe.py",
            "operation.py",
            "problems.py",
            "schemas.py",
            "security.py",
            "settings.py",
        ];
        let stored = if code.resources.is_empty() { [].as_slice() } else { &["collection.py"] };
        let auth = if code.auth.is_some() { ["accounts.py", "passwords.py", "sessions.py"].as_slice() } else { &[] };
        let made_up = !stored.is_empty() || !auth.is_empty() || timestamp;
        let values = if made_up { ["values.py"].as_slice() } else { &[] };
        for name in always.iter().chain(&parameters).chain(stored).chain(auth).chain(values) {
            let path = format!("runtime/{name}");
            self.source(&path, &format!("src/{path}"), Ownership::Generated, project)?;
        }
        Ok(())
    }

    fn contract(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        let models = operations::models_view(code);
        self.source("contract/__init__.py", "src/contract/__init__.py", Ownership::Generated, project)?;
        self.source("contract/models.py", "src/contract/models.py", Ownership::Generated, &models)?;
        let mut json = serde_json::to_string_pretty(&code.schemas).unwrap_or_default();
        json.push('\n');
        self.push("contract/schemas.json", format!("{TEMPLATES}/src/contract/schemas.json"), json);
        if code.groups.is_empty() {
            return Ok(());
        }
        let view = operations::operations_view(schemas, code);
        self.source("contract/operations.py", "src/contract/operations.py", Ownership::Generated, &view)?;
        let routes = with(project.clone(), with(view, json!({})));
        self.source("contract/routes.py", "src/contract/routes.py", Ownership::Generated, &routes)?;
        let template = "src/contract/interfaces/__init__.py";
        self.source("contract/interfaces/__init__.py", template, Ownership::Generated, project)
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
            let resources: Vec<_> = code.resources.iter().filter(|resource| resource.group == at).collect();
            let collections: Vec<CollectionView> = resources.iter().map(|resource| collection(resource)).collect();
            let declared: String = views.iter().map(|view| view.declared.as_str()).collect();
            let heads: String = views.iter().map(|view| view.head.as_str()).collect();
            let bodies: String = views
                .iter()
                .map(|view| format!("{} {} {} {}", view.document, view.result, view.page, view.statements.join(" ")))
                .collect();
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
            let own = format!("{heads}{bodies}{projected}");
            let uses = |name: &str| bodies.contains(name);
            let package = self.package.clone();
            let common = |text: &str| {
                json!({
                    "package": package,
                    "module": group.module,
                    "class": group.class,
                    "label": label(&group.module),
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
            let view = with(
                common(&own),
                json!({
                "collections": collections,
                "collection_import": imports.join("\n"),
                "values": values.join(", "),
                "uses_reply": uses("Reply("),
                "uses_accounts": uses("accounts."),
                "uses_sessions": uses("self.sessions."),
                "problems": problems.join(", "),
                "projections": methods.projections,
                "uses_models": own.contains("models.") || !resources.is_empty()}),
            );
            let path = format!("handlers/{}.py", group.module);
            self.source(&path, "src/handlers/group.py", Ownership::Scaffold, &view)?;
        }
        Ok(())
    }

    fn tests(&mut self, code: &ServiceCode<'_>, project: &View) -> Result<(), GenerateError> {
        let schemas = &self.request.platform.schemas;
        let samples = Samples::new(schemas, code);
        let (secured, bearer_secured) = (samples.secured(), samples.bearer_secured());
        let view = with(
            project.clone(),
            json!({
            "secured": secured,
            "bearer_secured": bearer_secured,
            "bad_bodies": samples.bad_bodies(),
            "methods": samples.methods(),
            "credentials": credentials(code),
            "scopes": string(&scopes(code))}),
        );
        let nothing = View::Null;
        self.file("tests/__init__.py", "tests/__init__.py", Ownership::Generated, &nothing)?;
        for name in ["conftest.py", "test_service.py", "test_contract.py"] {
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
        for (at, resource) in code.resources.iter().enumerate() {
            if let Some(tests) = samples.resource(at, resource) {
                let path = format!("tests/test_{}.py", resource.table);
                self.file(&path, "tests/test_resource.py", Ownership::Scaffold, &json!(tests))?;
            }
        }
        if code.auth.is_some() {
            let name = "tests/test_passwords.py";
            self.file(name, name, Ownership::Generated, &with(view.clone(), json!({ "package": self.package })))?;
        }
        if let Some(tests) = samples.sessions() {
            let name = "tests/test_sessions.py";
            self.file(name, name, Ownership::Scaffold, &json!(tests))?;
        }
        let unknown = samples.unknown();
        if !unknown.is_empty() {
            let view = json!({ "unknown": unknown});
            self.file("tests/test_not_implemented.py", "tests/test_not_implemented.py", Ownership::Scaffold, &view)?;
        }
        let rows: Vec<View> = code.operations.iter().map(|operation| operations::readme_row(code, operation)).collect();
        let environment = if bearer(code) || code.auth.is_some() { "JWT_SECRET=$(openssl rand -hex 32) " } else { "" };
        let view = with(project.clone(), json!({ "operations": rows, "run_environment": environment}));
        self.file("README.md", "README.md", Ownership::Generated, &view)
    }

    fn source(&mut self, path: &str, template: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let path = format!("src/{}/{path}", self.package);
        let view = with(view.clone(), json!({ "package": self.package}));
        self.file(&path, template, ownership, &view)
    }

    fn file(&mut self, path: &str, template: &str, ownership: Ownership, view: &View) -> Result<(), GenerateError> {
        let template = format!("{TEMPLATES}/{template}.j2");
        let content = self.request.engine.render(&template, view)?;
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
        Ok(())
    }

    fn push(&mut self, path: &str, template: String, content: String) {
        self.files.push(PlannedFile {
            path: format!("{}/src/{}/{path}", self.service.folder, self.package),
            ownership: Ownership::Generated,
            content,
            template,
            target: "code",
            service: Some(self.service.name.clone()),
            executable: false,
            made_from: None,
        });
    }
}

/// `USERS: Collection[models.User] = Collection("users", key="id")`.
fn collection(resource: &super::service::ResourceCode) -> CollectionView {
    let mut arguments =
        vec![Code::text(string(&resource.table)), Code::text(format!("key={}", string(&resource.resource.key)))];
    if !resource.resource.unique.is_empty() {
        let names = resource.resource.unique.iter().map(|name| Code::text(string(name))).collect();
        arguments.push(Code::Labelled("unique=".to_owned(), Box::new(Code::group("[", names, "]"))));
    }
    let before = format!("{}: Collection[{}] = ", resource.constant, resource.model.render("models."));
    CollectionView { declaration: Code::group("Collection(", arguments, ")").lay_out(0, &before, "") }
}

/// What a text uses of `typing`, as an import.
fn typing_import(text: &str) -> String {
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let used: Vec<&str> = ["Any", "Literal"].into_iter().filter(|name| words.contains(name)).collect();
    if used.is_empty() { String::new() } else { format!("from typing import {}", used.join(", ")) }
}

/// The contract's file, from the service's folder.
fn contract(code: &ServiceCode<'_>) -> String {
    let file = &code.api.origin.file;
    file.strip_prefix(&format!("{}/", code.service.folder)).unwrap_or(file).to_owned()
}

/// Whether a handler of a group begins, renews, reads or ends sessions.
fn uses_sessions(code: &ServiceCode<'_>, group: usize) -> bool {
    let needs = |behaviour: &Behaviour| match behaviour {
        Behaviour::Auth(AuthStep::Register { .. } | AuthStep::Validate { token: None, .. }) => false,
        Behaviour::Auth(_) => true,
        _ => false,
    };
    code.operations.iter().any(|operation| operation.group == group && needs(&operation.behaviour))
}

fn bearer(code: &ServiceCode<'_>) -> bool {
    code.uses_scheme(operations::is_token)
}

/// Every scope that an operation asks for.
fn scopes(code: &ServiceCode<'_>) -> String {
    let requirements = code.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten());
    let scopes: BTreeSet<&str> =
        requirements.flat_map(|requirement| requirement.scopes.iter().map(String::as_str)).collect();
    scopes.into_iter().collect::<Vec<_>>().join(" ")
}

/// Headers that satisfy every scheme whose credentials travel in one.
fn credentials(code: &ServiceCode<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if bearer(code) {
        lines.push("\"Authorization\": f\"Bearer {jwt.encode(claims, SECRET, algorithm='HS256')}\"".to_owned());
    } else if code.uses_scheme(operations::is_basic) {
        lines.push("\"Authorization\": f\"Basic {b64encode(f'tester:{SECRET}'.encode()).decode()}\"".to_owned());
    }
    let mut names = BTreeSet::new();
    for operation in &code.operations {
        for requirement in operation.operation.security.iter().flatten() {
            if let SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter } =
                code.scheme(&requirement.scheme)
            {
                names.insert(parameter);
            }
        }
    }
    lines.extend(names.iter().map(|name| format!("{}: SECRET", string(name))));
    lines
}
