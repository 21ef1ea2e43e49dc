//! Fields beside a reference that have no effect.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi, Version};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "ref-siblings-ignored",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Fields beside a reference that have no effect",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-siblings-ignored.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for reference in &document.references {
        let heard = match (api.version(), reference.expected) {
            (_, ObjectType::PathItem) | (Version::V31, ObjectType::Schema) => continue,
            (Version::V30, _) => &["$ref"][..],
            (Version::V31, _) => &["$ref", "summary", "description"],
        };
        let object = api.object(reference.node);
        let ignored: Vec<_> =
            object.entries().filter(|(name, _)| !heard.contains(name) && !name.starts_with("x-")).collect();
        if let Some((_, first)) = ignored.first() {
            let names: Vec<&str> = ignored.iter().map(|(name, _)| *name).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            let message = format!("`{}` {verb} ignored beside `$ref`", names.join("`, `"));
            let help = match reference.expected {
                ObjectType::Schema => "Put the reference into `allOf`, and the fields beside it",
                _ => "Move them into the object that the reference names",
            };
            found.push(RULE.finding(first.key_route(), message).help(help));
        }
    }
}
