//! The files of a gateway in Go: `httputil.ReverseProxy` behind a router, and no handlers.

use serde_json::{Value as View, json};

use crate::generate::code::gateway::{Behind, Gateway, Route, Token, Writer};
use crate::generate::{GenerateError, Request};
use crate::output::Plan;
use crate::template::names::dns_label;

use super::clients_view::duration;
use super::layout::{align, composite, entries, indented, prose, string};
use super::module;
use super::project::with;
use super::words::exported;

const TEMPLATES: &str = "code/go-net-http";

/// Files of the run time that other services have, too, below `internal/runtime`.
const SHARED: [&str; 4] = ["logs/logs", "tracing/tracing", "tracing/tracing_test", "upstream/breaker"];
/// Files of its own.
const SOURCES: [&str; 17] = [
    "internal/app/app.go",
    "internal/app/app_test.go",
    "internal/contract/document.go",
    "internal/contract/routes.go",
    "internal/runtime/config/config.go",
    "internal/runtime/gateway/clients.go",
    "internal/runtime/gateway/clients_test.go",
    "internal/runtime/gateway/exchange.go",
    "internal/runtime/gateway/gateway.go",
    "internal/runtime/gateway/gateway_test.go",
    "internal/runtime/gateway/observe.go",
    "internal/runtime/gateway/own.go",
    "internal/runtime/gateway/own_test.go",
    "internal/runtime/gateway/passage.go",
    "internal/runtime/gateway/router.go",
    "internal/runtime/gateway/waiting.go",
    "internal/runtime/problem/problem.go",
];
/// More tests of its own, below `internal/runtime/gateway`.
const TESTS: [&str; 3] = ["passing_test", "refusals_test", "streaming_test"];

/// Appends the files of one gateway.
pub(crate) fn plan(request: &Request<'_>, gateway: &Gateway<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let mut writer = Writer { request, gateway, templates: TEMPLATES, view: view(gateway), files: &mut plan.files };
    for path in ["go.mod", "go.sum", "Dockerfile", "README.md"].iter().chain(&SOURCES) {
        writer.file(path, &format!("gateway/{path}"))?;
    }
    for name in TESTS {
        let path = format!("internal/runtime/gateway/{name}.go");
        writer.file(&path, &format!("gateway/{path}"))?;
    }
    if gateway.reads_tokens() {
        let path = "internal/runtime/gateway/tokens_test.go";
        writer.file(path, &format!("gateway/{path}"))?;
    }
    for name in SHARED {
        let path = format!("internal/runtime/{name}.go");
        writer.file(&path, &path)?;
    }
    writer.file(".dockerignore", "dockerignore")?;
    writer.file(&format!("cmd/{}/main.go", module(gateway.service)), "cmd/main.go")?;
    let document = "internal/contract/openapi.json";
    writer.document(document, document);
    if gateway.reads_tokens() {
        // A caller's token is passed on with the other headers, and kept nowhere.
        writer.view["clients"] = View::from(false);
        let path = "internal/runtime/security/security.go";
        writer.file(path, path)?;
    }
    Ok(())
}

fn view(gateway: &Gateway<'_>) -> View {
    let service = gateway.service;
    let upstreams = gateway.upstreams.iter().map(|upstream| {
        json!({
            "name": upstream.service.name,
            "variable": upstream.variable,
            "address": upstream.url,
            "purpose": upstream.purpose,
            "failure": upstream.failure_text.as_deref().unwrap_or("–")})
    });
    let own = json!({
        "module": module(service),
        "name": service.name,
        "name_literal": string(&service.name),
        "summary": prose(&gateway.description),
        "port": service.deployment.port,
        "tokens": gateway.reads_tokens(),
        "via": string(&dns_label(&service.name)),
        "upstreams": upstreams.collect::<Vec<_>>(),
        "variables": variables(&gateway.upstreams),
        "fields": fields(&gateway.upstreams),
        "settings": settings(&gateway.upstreams),
        "services": gateway.upstreams.iter().map(service_literal).collect::<Vec<_>>(),
        "routes": gateway.routes.iter().map(|route| literal(gateway, route)).collect::<Vec<_>>(),
        "table": gateway.routes.iter().map(|route| row(gateway, route)).collect::<Vec<_>>()});
    with(own, shared())
}

/// What the shared files ask for: bearer tokens and no other credentials, requests passed on with their ids, no tokens made,
/// and no events stored.
fn shared() -> View {
    json!({
        "bearer": true, "jwt": true, "api_key": false, "key_in_header": false, "key_in_query": false, "key_in_cookie": false, "basic": false, "auth": false, "acting": false,
        "caused": true, "ends": true, "clients": true, "event_sourced": false})
}

/// The field of the settings that has the address of a service.
fn setting(upstream: &Behind<'_>) -> String {
    exported(&upstream.variable.to_lowercase())
}

/// The variables with the addresses of services, by their names.
fn variables(upstreams: &[Behind<'_>]) -> Vec<String> {
    let pair = |one: &Behind<'_>| (string(&one.service.name), string(&one.variable));
    entries(&upstreams.iter().map(pair).collect::<Vec<_>>())
}

fn fields(upstreams: &[Behind<'_>]) -> Vec<String> {
    let rows: Vec<Vec<String>> = upstreams.iter().map(|one| vec![setting(one), "string".to_owned()]).collect();
    align(&rows)
}

fn settings(upstreams: &[Behind<'_>]) -> Vec<String> {
    let read = |one: &Behind<'_>| format!("r.address({}, {})", string(&one.variable), string(&one.url));
    entries(&upstreams.iter().map(|one| (setting(one), read(one))).collect::<Vec<_>>())
}

fn service_literal(upstream: &Behind<'_>) -> String {
    format!("{{Name: {}, URL: settings.{}}},", string(&upstream.service.name), setting(upstream))
}

/// A route as an element of a slice.
fn literal(gateway: &Gateway<'_>, route: &Route<'_>) -> String {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut pairs = vec![
        pair("Method", string(&route.operation.method.key().to_uppercase())),
        pair("Path", string(&route.path.text)),
        pair("Service", string(&gateway.upstreams[route.upstream].service.name)),
        pair("Operation", string(&route.operation.id)),
        pair("Timeout", duration(route.timeout_ms)),
    ];
    if let Some(security) = security(&route.token) {
        pairs.push(pair("Security", security));
    }
    indented(&format!("{},", composite("", &pairs)), 1)
}

/// Who is let in; nothing where no token is read.
fn security(token: &Token) -> Option<String> {
    let alternatives = match token {
        Token::Ignored => return None,
        Token::Optional => vec!["{{Scheme: security.Bearer}}".to_owned(), "{}".to_owned()],
        Token::Demanded(alternatives) => alternatives.iter().map(|scopes| alternative(scopes)).collect(),
    };
    Some(format!("security.AnyOf{{{}}}", alternatives.join(", ")))
}

fn alternative(scopes: &[String]) -> String {
    if scopes.is_empty() {
        return "{{Scheme: security.Bearer}}".to_owned();
    }
    let scopes: Vec<String> = scopes.iter().map(|scope| string(scope)).collect();
    format!("{{{{Scheme: security.Bearer, Scopes: []string{{{}}}}}}}", scopes.join(", "))
}

/// A row of the README's table.
fn row(gateway: &Gateway<'_>, route: &Route<'_>) -> View {
    json!({
        "method": route.operation.method.key().to_uppercase(),
        "path": route.path.text,
        "service": gateway.upstreams[route.upstream].service.name,
        "operation": route.operation.id,
        "timeout": format!("{} s", route.timeout_ms as f64 / 1000.0),
        "token": route.token.described()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_let_in_reads_as_in_other_services() {
        let scopes = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        assert_eq!(security(&Token::Ignored), None);
        assert_eq!(security(&Token::Optional).unwrap(), "security.AnyOf{{{Scheme: security.Bearer}}, {}}");
        let demanded = Token::Demanded(vec![scopes(&["read"]), scopes(&["admin", "write"])]);
        assert_eq!(
            security(&demanded).unwrap(),
            "security.AnyOf{{{Scheme: security.Bearer, Scopes: []string{\"read\"}}}, \
             {{Scheme: security.Bearer, Scopes: []string{\"admin\", \"write\"}}}}"
        );
    }
}
