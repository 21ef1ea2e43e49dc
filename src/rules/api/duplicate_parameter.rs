//! The same parameter twice in one list.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, ObjectType, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-parameter",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "The same parameter twice in one list",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/duplicate-parameter.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let owners = api.objects(ObjectType::Operation).chain(api.objects(ObjectType::PathItem));
    for owner in owners {
        let mut seen: BTreeMap<(String, &str), Object<'_>> = BTreeMap::new();
        for slot in owner.items_of("parameters") {
            let Some(parameter) = slot.followed() else { continue };
            let (Some(name), Some(location)) = (parameter.text("name"), parameter.text("in")) else { continue };
            // Names of headers are compared without regard to case (RFC 9110, section 5.1).
            let key = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
            match seen.entry((key, location)) {
                Entry::Vacant(first) => {
                    first.insert(slot);
                }
                Entry::Occupied(earlier) => {
                    let message = format!("the {location} parameter `{name}` stands twice in this list");
                    let finding = RULE.finding(slot.route(), message).help("Remove one of them");
                    found.push(finding.related(earlier.get().route(), "first declared here"));
                }
            }
        }
    }
}
