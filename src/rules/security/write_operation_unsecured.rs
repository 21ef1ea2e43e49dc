//! A writing operation that anybody may call.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "write-operation-unsecured",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A writing operation that anybody may call",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/write-operation-unsecured.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let schemes = api.objects(ObjectType::SecurityScheme).len();
    if schemes == 0 && !context.platform.standards.authentication_required {
        return;
    }
    for operation in api.operations().filter(|operation| WRITING.contains(&operation.method)) {
        let open_on_purpose = operation.object.at("security").is_some_and(|list| list.node().is_empty());
        if open_on_purpose || operation.is_secured() {
            continue;
        }
        let message = format!("anybody may call `{}`", operation.label());
        let optional = operation.security().is_some_and(|list| list.items().len() > 1);
        let help = match optional {
            true => "Remove `{}` from `security`: it lets callers in without a credential; `security: []` says that it is meant",
            false => "Add `security` with a scheme to the document or here; `security: []` says that it is meant",
        };
        found.push(RULE.finding(operation.route(), message).help(help));
    }
}

const WRITING: [&str; 4] = ["post", "put", "patch", "delete"];
