//! One versioned JSON document.

use std::io;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::Report;
use crate::diagnostic::{AccountLine, Finding, Summary};

/// The version of the document; it changes when a reader of the old one would misread the new one.
const VERSION: u32 = 1;

/// The findings of a run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Findings")]
struct Document<'a> {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// The findings, by file and line.
    findings: &'a [Finding],
    /// How many there are.
    summary: Summary,
    /// What holds and what does not.
    account: &'a [AccountLine],
    /// What to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        findings: report.findings,
        summary: report.summary,
        account: report.account,
        next: report.next,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema (draft 2020-12) of the document.
pub fn schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Document<'static>>().to_value()
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    fn document() -> serde_json::Value {
        let findings = [fixture::breaking(), fixture::awkward()];
        serde_json::from_str(&fixture::render(Format::Json, &findings, Style::default())).unwrap()
    }

    #[test]
    fn the_document_carries_places_and_consumers() {
        let document = document();
        assert_eq!(document["version"], 1);
        let finding = &document["findings"][0];
        assert_eq!(finding["rule"], "breaking-change");
        assert_eq!(finding["file"], "services/user-service/contracts/api-spec.yaml");
        assert_eq!((&finding["line"], &finding["column"], &finding["endColumn"]), (&42.into(), &9.into(), &17.into()));
        assert_eq!(finding["consumers"], serde_json::json!(["order-service"]));
        assert_eq!(finding["transitive"], serde_json::json!(["notification-service"]));
        assert_eq!(finding["unaffected"], serde_json::json!(["auth-service"]));
        assert_eq!(finding["related"][0]["line"], 40);
        assert_eq!(document["summary"], serde_json::json!({"errors": 1, "warnings": 0, "infos": 1, "suppressed": 3}));
        assert_eq!(document["account"][1]["state"], "warns");
        assert!(document["next"].is_string());
    }

    #[test]
    fn the_document_fits_its_schema() {
        let schema = super::schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<String> = validator.iter_errors(&document()).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{problems:#?}");
        let mut wrong = document();
        wrong["version"] = 2.into();
        assert!(!validator.is_valid(&wrong));
        let mut wrong = document();
        wrong["findings"][0].as_object_mut().unwrap().remove("rule");
        assert!(!validator.is_valid(&wrong));
    }
}
