//! A parameter without exactly one of `schema` and `content`.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "parameter-schema-and-content",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A parameter without exactly one of `schema` and `content`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/parameter-schema-and-content.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for kind in [ObjectType::Parameter, ObjectType::Header] {
        for object in api.objects(kind) {
            let (wrong, help) = match (object.at("schema"), object.at("content")) {
                (Some(_), Some(_)) => ("both `schema` and `content`", "Remove one of them"),
                (None, None) => ("neither `schema` nor `content`", "Add a `schema`"),
                _ => continue,
            };
            let what = match (kind, object.text("name")) {
                (ObjectType::Parameter, Some(name)) => format!("the parameter `{name}`"),
                (ObjectType::Parameter, None) => "this parameter".to_owned(),
                _ => "this header".to_owned(),
            };
            found.push(RULE.finding(object.route(), format!("{what} has {wrong}")).help(help));
        }
    }
}
