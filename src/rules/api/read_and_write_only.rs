//! A property that can be neither read nor written.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "read-and-write-only",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A property that can be neither read nor written",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/read-and-write-only.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let is_both = |schema: &Object<'_>| schema.flag("readOnly") && schema.flag("writeOnly");
    for schema in api.schemas_with(&["writeOnly"]).filter(is_both) {
        let place = schema.at("writeOnly").unwrap_or(schema);
        let message = "`readOnly` and `writeOnly` exclude each other";
        found.push(RULE.finding(place.key_route(), message).help("Remove one of them"));
    }
}
