//! A plan with hardly any text.

use super::prose::{content_bytes, is_read};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A plan with hardly any text.
pub(crate) static RULE: Rule = Rule {
    id: "plan-empty",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A plan holds hardly any text",
    subjects: &[Subject::Plan],
    docs: include_str!("../../../docs/rules/plan-empty.md"),
    check: Check::Service(check),
};

/// A plan with less than this many bytes below its headings says nothing.
const LEAST_BYTES: usize = 80;

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    for folder in &service.specs {
        let Some(plan) = &folder.plan else { continue };
        let bytes = content_bytes(&context.sources.file(plan.file).text);
        if bytes < LEAST_BYTES && is_read(context.sources, plan.file) {
            let route = plan.title.as_ref().map_or(Route::file(plan.file), |title| title.route);
            let message = format!("The plan of `{}` says nothing yet ({bytes} bytes)", service.name);
            out.push(RULE.finding(route, message).help("Describe the technical choices, one section (`##`) each"));
        }
    }
}
