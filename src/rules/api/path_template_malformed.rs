//! A path template with braces that do not fit.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "path-template-malformed",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A path template with braces that do not fit",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/path-template-malformed.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for entry in api.paths() {
        let names = support::template_names(entry.path);
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        let reason = match (balanced(entry.path), twice) {
            (false, _) => "has braces that do not fit".to_owned(),
            (true, _) if names.contains(&"") => "has a parameter without a name".to_owned(),
            (true, Some((_, name))) => format!("has the parameter `{name}` twice"),
            (true, None) => continue,
        };
        let help = "Write each parameter as `{name}`, with a name of its own";
        found.push(RULE.finding(entry.slot.key_route(), format!("`{}` {reason}", entry.path)).help(help));
    }
}

/// Whether every brace is closed before the next one opens.
fn balanced(path: &str) -> bool {
    let mut open = false;
    for byte in path.bytes() {
        match byte {
            b'{' if open => return false,
            b'{' => open = true,
            b'}' if !open => return false,
            b'}' => open = false,
            _ => {}
        }
    }
    !open
}
