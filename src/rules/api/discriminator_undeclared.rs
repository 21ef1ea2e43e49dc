//! A discriminator without its property or its schemas.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, OpenApi, mapping_target};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "discriminator-undeclared",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A discriminator without its property or its schemas",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/discriminator-undeclared.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for schema in api.schemas_with(&["discriminator"]) {
        let Some(discriminator) = schema.at("discriminator") else { continue };
        for (_, target) in discriminator.entries_of("mapping") {
            if let Some(text) = target.node().as_str()
                && mapping_target(context.sources, target.key(), text).is_none()
            {
                let help = "Name a schema of `components.schemas`, or remove the entry";
                found.push(RULE.finding(target.route(), format!("`{text}` names no schema")).help(help));
            }
        }
        let Some(name) = discriminator.text("propertyName") else { continue };
        let property = discriminator.at("propertyName").unwrap_or(discriminator);
        let lacks = |schema: Object<'_>| {
            let declared = support::declared(schema);
            !declared.open && !declared.names.contains(name)
        };
        let alternatives: Vec<Object<'_>> = schema.items_of("oneOf").chain(schema.items_of("anyOf")).collect();
        if schema.node().get("properties").is_some_and(|own| own.get(name).is_some()) {
            continue;
        }
        if alternatives.is_empty() && lacks(schema) {
            let message = format!("the discriminator `{name}` is no property of its schema");
            let help = format!("Declare `{name}` in `properties`, and list it in `required`");
            found.push(RULE.finding(property.route(), message).help(help));
        }
        for alternative in alternatives.into_iter().filter(|alternative| lacks(*alternative)) {
            let message = format!("this alternative has no property `{name}`, by which the discriminator tells it");
            let help = format!("Declare `{name}` in its `properties`");
            let finding = RULE.finding(alternative.route(), message).help(help);
            found.push(finding.related(property.route(), "the discriminator"));
        }
    }
}
