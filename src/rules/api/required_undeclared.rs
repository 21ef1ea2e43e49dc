//! A required property that the schema does not declare.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::rules::closest::closest;

pub(super) static RULE: Rule = Rule {
    id: "required-undeclared",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A required property that the schema does not declare",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/required-undeclared.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for schema in api.schemas_with(&["required"]) {
        let Some(required) = schema.at("required") else { continue };
        let own = schema.node().get("properties");
        let lacks = |name: &Object<'_>| {
            name.node().as_str().is_some_and(|name| own.is_none_or(|own| own.get(name).is_none()))
        };
        let missing: Vec<Object<'_>> = required.items().filter(lacks).collect();
        if missing.is_empty() {
            continue;
        }
        let declared = support::declared_around(schema);
        let is_fragment = declared.names.is_empty() && schema.at("type").is_none();
        if declared.open || is_fragment {
            continue;
        }
        for item in missing {
            let name = item.node().as_str().unwrap_or_default();
            if declared.names.contains(name) {
                continue;
            }
            let help = match closest(name, declared.names.iter().copied()) {
                Some(other) => format!("Did you mean `{other}`?"),
                None => format!("Declare `{name}` in `properties`, or remove it here"),
            };
            found.push(RULE.finding(item.route(), format!("`{name}` is required, and no property")).help(help));
        }
    }
}
