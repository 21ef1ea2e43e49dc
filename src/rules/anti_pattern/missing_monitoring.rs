//! A service that nobody would see failing.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::{SectionKind, Spec};
use crate::rules::spec::is_blank;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A service that nobody would see failing.
pub(crate) static RULE: Rule = Rule {
    id: "missing-monitoring",
    family: Family::AntiPattern,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A spec says nothing on monitoring, targets or operation",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/missing-monitoring.md"),
    check: Check::Spec(check),
};

/// Words of a requirement that can be watched, or of the watching.
const WORDS: [&str; 17] = [
    "availab", "uptime", "latency", "response time", "p95", "p99", "error rate", "throughput", "slo", "sla", "monitor",
    "metric", "alert", "dashboard", "tracing", "logging", "observab",
];

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let runbook = spec.sections.iter().any(|(kind, _)| *kind == SectionKind::Runbook);
    let stated = spec.qualities.iter().chain(&spec.deployment).any(|entry| {
        let text = format!("{} {}", entry.key, entry.value).to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    });
    if !runbook && !stated && !is_blank(context.sources, spec) {
        let route = spec.title.as_ref().map_or(Route::file(spec.file), |title| title.route);
        let message = format!("The spec of `{}` says nothing on monitoring", service.name);
        let help = "Add targets (availability, latency, error rate) to \"Non-Functional Requirements\", or an \"Operational Runbook\"";
        out.push(RULE.finding(route, message).help(help));
    }
}
