//! A public server without TLS.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "server-without-tls",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A public server without TLS",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/server-without-tls.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let servers = api.objects(ObjectType::Server).filter_map(|server| server.at("url"));
    let flows = [ObjectType::ImplicitFlow, ObjectType::TokenFlow, ObjectType::CodeFlow];
    let flows = flows.into_iter().flat_map(|kind| api.objects(kind));
    let urls = flows.flat_map(|flow| ["authorizationUrl", "tokenUrl", "refreshUrl"].map(|field| flow.at(field)));
    for url in servers.chain(urls.flatten()) {
        let Some(text) = url.node().as_str() else { continue };
        if host_without_tls(text).is_some_and(|host| !is_private(host)) {
            let message = format!("`{text}` sends everything in clear text");
            found.push(RULE.finding(url.route(), message).help("Write `https://`"));
        }
    }
}

/// The host of a URL with the scheme `http`, without user and port.
fn host_without_tls(url: &str) -> Option<&str> {
    let rest = url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://")).and_then(|_| url.get(7..))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(if host.starts_with('[') { host.split(']').next()? } else { host.split(':').next()? })
}

/// Whether a host is this machine, or a name that only resolves inside a cluster.
fn is_private(host: &str) -> bool {
    let inside = [".local", ".svc", ".internal", ".localhost", ".test"];
    let machine = host.starts_with("127.") || host == "[::1" || host == "0.0.0.0";
    machine || !host.contains('.') || host.contains('{') || inside.iter().any(|suffix| host.ends_with(suffix))
}
