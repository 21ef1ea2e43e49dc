//! A response under a key that is no status.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "response-code-invalid",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A response under a key that is no status",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/response-code-invalid.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for responses in api.objects(ObjectType::Responses) {
        for (status, response) in responses.entries().filter(|(status, _)| !is_status(status)) {
            let help = match status.to_ascii_uppercase() {
                upper if is_status(&upper) => format!("Write `{upper}`"),
                _ => "Write a code such as `200`, a range such as `4XX`, or `default`".to_owned(),
            };
            found.push(RULE.finding(response.key_route(), format!("`{status}` is no status")).help(help));
        }
    }
}

/// A status code, a range of them, `default`, or an extension.
fn is_status(key: &str) -> bool {
    let rest = key.strip_prefix(|first: char| ('1'..='5').contains(&first));
    let digits = |rest: &str| rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    key == "default" || key.starts_with("x-") || rest.is_some_and(|rest| rest == "XX" || digits(rest))
}
