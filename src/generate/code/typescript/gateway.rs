//! The files of a gateway in TypeScript: Node's own HTTP server, as bodies go through it part by part, and no handlers.

use serde_json::{Value as View, json};

use crate::generate::code::gateway::{Gateway, Route, Token, Writer};
use crate::generate::{GenerateError, Request};
use crate::output::Plan;
use crate::template::names::dns_label;

use super::clients_view::number;
use super::layout::{Code, string};

const TEMPLATES: &str = "code/typescript-express";

/// Files that other services have, too.
const SHARED: [&str; 9] = [
    ".dockerignore",
    ".prettierignore",
    "eslint.config.js",
    "src/runtime/breaker.ts",
    "src/runtime/logs.ts",
    "src/runtime/respond.ts",
    "src/runtime/tracing.ts",
    "tsconfig.build.json",
    "tsconfig.json",
];
/// Files of its own.
const OWN: [&str; 25] = [
    "Dockerfile",
    "README.md",
    "package.json",
    "package-lock.json",
    "src/app.ts",
    "src/contract/routes.ts",
    "src/main.ts",
    "src/runtime/body.ts",
    "src/runtime/gateway.ts",
    "src/runtime/headers.ts",
    "src/runtime/health.ts",
    "src/runtime/metrics.ts",
    "src/runtime/observe.ts",
    "src/runtime/problems.ts",
    "src/runtime/rate-limit.ts",
    "src/runtime/routing.ts",
    "src/runtime/settings.ts",
    "src/runtime/upstream.ts",
    "tests/fake.ts",
    "tests/gateway.test.ts",
    "tests/limits.test.ts",
    "tests/passing-on.test.ts",
    "tests/routing.test.ts",
    "tests/streaming.test.ts",
    "tests/support.ts",
];
/// Files of one that reads tokens.
const TOKENS: [&str; 2] = ["src/runtime/security.ts", "tests/tokens.test.ts"];

/// Appends the files of one gateway.
pub(crate) fn plan(request: &Request<'_>, gateway: &Gateway<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let mut writer = Writer { request, gateway, templates: TEMPLATES, view: view(gateway), files: &mut plan.files };
    for path in SHARED {
        writer.file(path, path.trim_start_matches('.'))?;
    }
    let tokens = TOKENS.iter().filter(|_| gateway.reads_tokens());
    for path in OWN.iter().chain(["tests/routes.test.ts"].iter()).chain(tokens) {
        writer.file(path, &format!("gateway/{path}"))?;
    }
    let document = "src/contract/openapi.json";
    writer.document(document, document);
    Ok(())
}

fn view(gateway: &Gateway<'_>) -> View {
    let service = gateway.service;
    let tokens = gateway.reads_tokens();
    let text = |text: &str| Code::text(string(text));
    let upstreams = gateway.upstreams.iter().map(|upstream| {
        let read = vec![text(&upstream.variable), text(&upstream.url), Code::text("ORIGIN")];
        let read = Code::entry(&upstream.service.name, Code::Call("read.text".to_owned(), read));
        json!({
            "name": string(&upstream.service.name),
            "shown": upstream.service.name,
            "variable": upstream.variable,
            "address": upstream.url,
            "read": read.lay_out(6, "", ","),
            "purpose": upstream.purpose,
            "failure": upstream.failure_text.as_deref().unwrap_or("–"),
        })
    });
    let routes = Code::Array(gateway.routes.iter().map(|route| literal(gateway, route)).collect());
    json!({
        "gateway": true,
        "traced": true,
        "name": service.name,
        "name_literal": string(&service.name),
        "npm_name": dns_label(&service.name),
        "title_json": View::from(gateway.title.as_str()).to_string(),
        "summary": gateway.description,
        "project_version": gateway.version,
        "port": service.deployment.port,
        "tokens": tokens,
        "run_environment": if tokens { "JWT_SECRET=$(openssl rand -hex 32) " } else { "" },
        "via": dns_label(&service.name),
        "first_upstream": gateway.upstreams.first().map(|upstream| string(&upstream.service.name)),
        "upstreams": upstreams.collect::<Vec<_>>(),
        "routes": routes.lay_out(0, "export const ROUTES: readonly Route[] = ", ";"),
        "table": gateway.routes.iter().map(|route| row(gateway, route)).collect::<Vec<_>>(),
    })
}

/// A route as an element of an array.
fn literal(gateway: &Gateway<'_>, route: &Route<'_>) -> Code {
    let text = |text: &str| Code::text(string(text));
    let mut entries = vec![
        Code::entry("method", text(&route.operation.method.key().to_uppercase())),
        Code::entry("template", text(&route.path.text)),
        Code::entry("upstream", text(&gateway.upstreams[route.upstream].service.name)),
        Code::entry("operation", text(&route.operation.id)),
        Code::entry("timeoutMilliseconds", Code::text(number(route.timeout_ms))),
    ];
    match &route.token {
        Token::Ignored => {}
        Token::Optional => entries.push(Code::entry("token", text("optional"))),
        Token::Demanded(alternatives) => {
            entries.push(Code::entry("token", text("demanded")));
            // One that asks for no scopes lets every valid token in.
            if alternatives.iter().all(|scopes| !scopes.is_empty()) {
                let list = |scopes: &Vec<String>| Code::Array(scopes.iter().map(|scope| text(scope)).collect());
                entries.push(Code::entry("scopes", Code::Array(alternatives.iter().map(list).collect())));
            }
        }
    }
    Code::Object(entries)
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
