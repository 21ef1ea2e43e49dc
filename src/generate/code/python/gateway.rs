//! The files of a gateway in Python: Starlette, as bodies go through it part by part, and no handlers.

use serde_json::{Value as View, json};

use crate::generate::code::gateway::{Gateway, Route, Token, Writer};
use crate::generate::{GenerateError, Request};
use crate::output::Plan;
use crate::template::names::dns_label;

use super::layout::{Code, prose, string};
use super::package;

const TEMPLATES: &str = "code/python-fastapi";

/// Files of the run time that other services have, too.
const SHARED: [&str; 3] = ["breaker.py", "logs.py", "tracing.py"];
/// Files of its own below the package.
const SOURCES: [&str; 17] = [
    "__init__.py",
    "__main__.py",
    "app.py",
    "contract/__init__.py",
    "contract/routes.py",
    "runtime/__init__.py",
    "runtime/body.py",
    "runtime/gateway.py",
    "runtime/headers.py",
    "runtime/health.py",
    "runtime/metrics.py",
    "runtime/observe.py",
    "runtime/problems.py",
    "runtime/rate_limit.py",
    "runtime/routing.py",
    "runtime/settings.py",
    "runtime/upstream.py",
];
/// Its tests.
const TESTS: [&str; 9] = [
    "__init__.py",
    "conftest.py",
    "fake.py",
    "test_gateway.py",
    "test_limits.py",
    "test_passing_on.py",
    "test_routes.py",
    "test_routing.py",
    "test_streaming.py",
];

/// Appends the files of one gateway.
pub(crate) fn plan(request: &Request<'_>, gateway: &Gateway<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let package = package(gateway.service);
    let mut writer = Writer { request, gateway, templates: TEMPLATES, view: view(gateway), files: &mut plan.files };
    for path in ["pyproject.toml", "constraints.txt", "Dockerfile", "README.md"] {
        writer.file(path, &format!("gateway/{path}"))?;
    }
    writer.file(".dockerignore", "dockerignore")?;
    for name in SOURCES {
        writer.file(&format!("src/{package}/{name}"), &format!("gateway/src/{name}"))?;
    }
    if gateway.reads_tokens() {
        writer.file(&format!("src/{package}/runtime/security.py"), "gateway/src/runtime/security.py")?;
        writer.file("tests/test_tokens.py", "gateway/tests/test_tokens.py")?;
    }
    for name in SHARED {
        writer.file(&format!("src/{package}/runtime/{name}"), &format!("src/runtime/{name}"))?;
    }
    for name in TESTS {
        writer.file(&format!("tests/{name}"), &format!("gateway/tests/{name}"))?;
    }
    let document = format!("src/{package}/contract/openapi.json");
    writer.document(&document, "src/contract/openapi.json");
    Ok(())
}

fn view(gateway: &Gateway<'_>) -> View {
    let service = gateway.service;
    let tokens = gateway.reads_tokens();
    let upstreams = gateway.upstreams.iter().map(|upstream| {
        json!({
            "name": string(&upstream.service.name),
            "shown": upstream.service.name,
            "setting": upstream.variable.to_lowercase(),
            "variable": upstream.variable,
            "url": string(&upstream.url),
            "address": upstream.url,
            "purpose": upstream.purpose,
            "failure": upstream.failure_text.as_deref().unwrap_or("–"),
        })
    });
    json!({
        "package": package(service),
        "name": service.name,
        "name_literal": string(&service.name),
        "service_literal": string(&service.name),
        "title": prose(&gateway.title).trim_end_matches('.'),
        "title_literal": string(&gateway.title),
        "summary": gateway.description,
        "version": gateway.version,
        "port": service.deployment.port,
        "tokens": tokens,
        "run_environment": if tokens { "JWT_SECRET=$(openssl rand -hex 32) " } else { "" },
        "via": dns_label(&service.name),
        "first_upstream": gateway.upstreams.first().map(|upstream| string(&upstream.service.name)),
        "upstreams": upstreams.collect::<Vec<_>>(),
        "routes": gateway.routes.iter().map(|route| literal(gateway, route)).collect::<Vec<_>>(),
        "table": gateway.routes.iter().map(|route| row(gateway, route)).collect::<Vec<_>>(),
    })
}

/// A route as an element of a tuple.
fn literal(gateway: &Gateway<'_>, route: &Route<'_>) -> String {
    let text = |text: &str| Code::text(string(text));
    let mut arguments = vec![
        text(&route.operation.method.key().to_uppercase()),
        text(&route.path.text),
        Code::text(format!("upstream={}", string(&gateway.upstreams[route.upstream].service.name))),
        Code::text(format!("operation={}", string(&route.operation.id))),
        Code::text(format!("timeout_seconds={}", seconds(route.timeout_ms))),
    ];
    match &route.token {
        Token::Ignored => {}
        Token::Optional => arguments.push(Code::text("token=\"optional\"")),
        Token::Demanded(alternatives) => {
            arguments.push(Code::text("token=\"demanded\""));
            // One that asks for no scopes lets every valid token in.
            if alternatives.iter().all(|scopes| !scopes.is_empty()) {
                let lists = alternatives
                    .iter()
                    .map(|scopes| Code::group("[", scopes.iter().map(|scope| text(scope)).collect(), "]"));
                let lists = Code::group("[", lists.collect(), "]");
                arguments.push(Code::Labelled("scopes=".to_owned(), Box::new(lists)));
            }
        }
    }
    Code::group("Route(", arguments, ")").lay_out(4, "", ",")
}

/// Seconds as a float.
fn seconds(milliseconds: u64) -> String {
    let text = (milliseconds as f64 / 1000.0).to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// A row of the README's table.
fn row(gateway: &Gateway<'_>, route: &Route<'_>) -> View {
    json!({
        "method": route.operation.method.key().to_uppercase(),
        "path": route.path.text,
        "service": gateway.upstreams[route.upstream].service.name,
        "operation": route.operation.id,
        "timeout": format!("{} s", route.timeout_ms as f64 / 1000.0),
        "token": route.token.described(),
    })
}
