//! A default that its schema refuses.

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::document::schema_check::{Checker, same};
use crate::source::Route;

pub(super) static RULE: Rule = Rule {
    id: "default-mismatch",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A default that its schema refuses",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/default-mismatch.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut checker = Checker::new(context.sources, api.version());
    for schema in api.schemas_with(&["default"]) {
        let Some(default) = schema.at("default") else { continue };
        for mismatch in checker.check(schema.key(), default.key()) {
            let message = format!("this default does not fit its schema: {}", mismatch.message);
            let help = "Correct the default, or widen the schema";
            let finding = RULE.finding(Route::node(mismatch.value), message).help(help);
            found.push(finding.related(Route::node(mismatch.schema), "the schema that refuses it"));
        }
    }
    for variable in api.objects(ObjectType::ServerVariable) {
        let (Some(default), Some(allowed)) = (variable.at("default"), variable.at("enum")) else { continue };
        if !allowed.items().any(|value| same(value.node(), default.node())) {
            let message = format!("`{}` is not in this variable's `enum`", default.node().scalar().unwrap_or_default());
            let finding = RULE.finding(default.route(), message).help("Choose a default among the allowed values");
            found.push(finding.related(allowed.key_route(), "the allowed values"));
        }
    }
}
