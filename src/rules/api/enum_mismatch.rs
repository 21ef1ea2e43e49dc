//! An allowed value that the rest of its schema refuses.

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{OpenApi, Version};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::document::schema_check::Checker;

pub(super) static RULE: Rule = Rule {
    id: "enum-mismatch",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An allowed value that the rest of its schema refuses",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/enum-mismatch.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut checker = Checker::new(context.sources, api.version());
    for schema in api.schemas_with(&["enum", "const"]) {
        let only = schema.at("const").filter(|_| api.version() == Version::V31);
        for value in schema.items_of("enum").chain(only) {
            if let Some(mismatch) = checker.check(schema.key(), value.key()).into_iter().next() {
                let text = value.node().scalar().unwrap_or("this value");
                let message = format!("`{text}` is listed, and refused by its own schema: {}", mismatch.message);
                let help = "Remove the value, or change the keyword that refuses it";
                found.push(RULE.finding(value.route(), message).help(help));
            }
        }
    }
}
