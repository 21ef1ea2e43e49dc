//! A spec with hardly any text.

use super::prose::{content_bytes, is_read};
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A spec with hardly any text.
pub(crate) static RULE: Rule = Rule {
    id: "spec-empty",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A spec holds hardly any text",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/spec-empty.md"),
    check: Check::Spec(check),
};

/// A spec with less than this many bytes below its headings is a template that nobody filled in.
const LEAST_BYTES: usize = 200;

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Findings) {
    let bytes = content_bytes(&context.sources.file(spec.file).text);
    if bytes < LEAST_BYTES && is_read(context.sources, spec.file) {
        let message = format!("The spec of `{}` is empty or nearly so ({bytes} bytes below its headings)", service.name);
        let help = "Write what the service is responsible for, and its scenarios";
        out.push(RULE.finding(Route::file(spec.file), message).help(help));
    }
}
