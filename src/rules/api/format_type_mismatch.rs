//! A `format` that does not go with its `type`.

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::OpenApi;
use crate::rules::{Check, Context, Family, Rule, Subject};


pub(super) static RULE: Rule = Rule {
    id: "format-type-mismatch",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A `format` that does not go with its `type`",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/format-type-mismatch.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for schema in api.schemas_with(&["format"]) {
        let (Some(format), Some(kind)) = (schema.at("format"), schema.at("type")) else { continue };
        let Some(text) = format.node().as_str() else { continue };
        let Some((_, fitting)) = FORMATS.iter().find(|(names, _)| names.contains(&text)) else { continue };
        let fits = |name: &str| fitting.contains(&name);
        let types: Vec<&str> = match kind.node().as_str() {
            Some(name) => vec![name],
            None => kind.items().filter_map(|item| item.node().as_str()).collect(),
        };
        if !types.is_empty() && !types.iter().any(|name| fits(name)) {
            let message = format!("the format `{text}` does not go with the type `{}`", types.join("` or `"));
            let help = format!("Write `type: {}`, or remove the format", fitting[0]);
            found.push(RULE.finding(format.route(), message).help(help));
        }
    }
}

/// Formats of the OpenAPI registry and of JSON Schema, with the types that they are for.
const FORMATS: &[(&[&str], &[&str])] = &[
    (&["int8", "int16", "int32", "uint8"], &["integer", "number"]),
    // Large integers are often sent as strings.
    (&["int64", "uint64"], &["integer", "number", "string"]),
    (&["float", "double"], &["number"]),
    (
        &[
            "byte", "binary", "date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri",
            "uri-reference", "url", "uuid", "password", "regex", "json-pointer",
        ],
        &["string"],
    ),
];
