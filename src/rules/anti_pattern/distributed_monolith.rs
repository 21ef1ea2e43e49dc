//! A service that cannot answer without many others.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::model::DependencyKind;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A service that cannot answer without many others.
pub(crate) static RULE: Rule = Rule {
    id: "distributed-monolith",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service calls many others and waits for them",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/distributed-monolith.md"),
    check: Check::Spec(check),
};

/// A service that waits for more others than this cannot be deployed or fail alone.
const MOST_PROVIDERS: usize = 4;

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    // Edges are sorted by consumer.
    let edges = &context.platform.dependencies;
    let first = edges.partition_point(|edge| edge.consumer < service.name);
    let own = edges[first..].iter().take_while(|edge| edge.consumer == service.name);
    let calls = own.filter(|edge| edge.kind == DependencyKind::Synchronous);
    let mut providers: Vec<&str> = calls.map(|edge| edge.provider.as_str()).collect();
    providers.dedup();
    // Routing to others is what gateways and backends for frontends are for.
    let kind = context.platform.service(&service.name).map(|service| service.kind).unwrap_or_default();
    let routes_by_trade = matches!(kind, crate::model::ServiceKind::Gateway | crate::model::ServiceKind::Bff);
    if providers.len() <= MOST_PROVIDERS || routes_by_trade {
        return;
    }
    let heading = spec.sections.iter().find(|(kind, _)| *kind == SectionKind::Upstream).map(|(_, route)| *route);
    let route = heading.or_else(|| spec.upstream.first().map(|row| row.route)).unwrap_or(Route::file(spec.file));
    let message = format!("`{}` waits for {} other services: `{}`", service.name, providers.len(), providers.join("`, `"));
    out.push(RULE.finding(route, message).help("Take from events what may be a moment old, or draw the boundaries anew"));
}
