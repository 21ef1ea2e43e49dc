//! An example that its schema refuses.

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{Object, ObjectType, OpenApi, Version};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::document::schema_check::Checker;
use crate::source::{NodeRef, Route};

pub(super) static RULE: Rule = Rule {
    id: "example-mismatch",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "An example that its schema refuses",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/example-mismatch.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let mut checker = Checker::new(context.sources, api.version());
    let mut tell = |schema: Object<'_>, example: Object<'_>| {
        for mismatch in checker.check(schema.key(), example.key()) {
            let message = format!("this example does not fit its schema: {}", mismatch.message);
            let help = "Correct the example, or widen the schema";
            let finding = RULE.finding(Route::node(mismatch.value), message).help(help);
            found.push(finding.related(Route::node(mismatch.schema), "the schema that refuses it"));
        }
    };
    for kind in [ObjectType::MediaType, ObjectType::Parameter, ObjectType::Header] {
        for object in api.objects(kind) {
            let Some(schema) = object.at("schema") else { continue };
            if (object.at("example").is_none() && object.at("examples").is_none()) || is_other_media(kind, object) {
                continue;
            }
            if let Some(example) = object.at("example") {
                tell(schema, example);
            }
            for (_, example) in object.entries_of("examples") {
                if let Some(value) = example.get("value") {
                    tell(schema, value);
                }
            }
        }
    }
    for schema in api.schemas_with(&["example", "examples"]) {
        if let Some(example) = schema.at("example") {
            tell(schema, example);
        }
        if api.version() == Version::V31 {
            schema.items_of("examples").for_each(|example| tell(schema, example));
        }
    }
}

/// Whether an object is a media type other than JSON: its examples are texts in that format.
fn is_other_media(kind: ObjectType, object: Object<'_>) -> bool {
    let name = object.node().key().and_then(NodeRef::scalar).unwrap_or_default();
    kind == ObjectType::MediaType && !name.to_ascii_lowercase().contains("json")
}
