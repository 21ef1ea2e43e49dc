//! A contract in a version of OpenAPI that is not read.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "openapi-version-unsupported",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A contract in a version of OpenAPI that is not read",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/openapi-version-unsupported.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    if document.version.is_some() {
        return;
    }
    let root = document.view(context.sources).root();
    let (route, message) = match (root.at("openapi"), root.at("swagger")) {
        (Some(version), _) => {
            let text = version.node().scalar().unwrap_or_default();
            let text = text.chars().take(20).collect::<String>();
            (version.route(), format!("`openapi: {text}` is no version that is read"))
        }
        (None, Some(swagger)) => (swagger.key_route(), "Swagger 2.0 is not read".to_owned()),
        (None, None) => (root.route(), "the contract does not declare its OpenAPI version".to_owned()),
    };
    let help = "Declare `openapi: 3.0.4` or `openapi: 3.1.1`; a document of another version must be converted first";
    found.push(RULE.finding(route, message).help(help));
}
