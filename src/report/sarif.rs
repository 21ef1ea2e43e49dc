//! SARIF 2.1.0 (OASIS), as code scanning services read it.

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};

use super::{Report, RuleInfo};
use crate::diagnostic::{Finding, Position, Severity};
use crate::source::Pointer;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprint; its version changes when fingerprints of old findings would.
const FINGERPRINT: &str = "agentspec/v1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a, 'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a, 'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a, 'r> {
    tool: Tool<'a>,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    results: Results<'a, 'r>,
}

/// The findings, each made when it is written: there may be tens of thousands.
struct Results<'a, 'r> {
    report: &'a Report<'r>,
    /// The rules that found anything, sorted.
    rules: &'a [&'a str],
}

impl Serialize for Results<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = |id: &str| self.rules.binary_search(&id).unwrap_or_default();
        let findings = self.report.findings.iter();
        serializer.collect_seq(findings.map(|one| outcome(one, index(&one.rule), self.report.prefix)))
    }
}

#[derive(Serialize)]
struct BaseId {
    description: Text<'static>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'a str,
    rules: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<Configuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Tags<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Help<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Tags<'a> {
    tags: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Impact::is_empty")]
    properties: Impact<'a>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// Whom a breaking change hits; SARIF has no field of its own for it.
#[derive(Serialize)]
struct Impact<'a> {
    consumers: &'a [String],
    transitive: &'a [String],
    unaffected: &'a [String],
}

impl Impact<'_> {
    fn is_empty(&self) -> bool {
        self.consumers.is_empty() && self.transitive.is_empty() && self.unaffected.is_empty()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact,
    region: Region<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical<'a> {
    fully_qualified_name: &'a Pointer,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut ids: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "agentspec",
                    semantic_version: report.tool_version,
                    rules: ids.iter().map(|id| descriptor(id, (report.rules)(id))).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: BTreeMap::from([(
                "ROOT",
                BaseId { description: Text { text: "The repository root" } },
            )]),
            results: Results { report, rules: &ids },
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor<'a>(id: &'a str, info: Option<RuleInfo<'a>>) -> Descriptor<'a> {
    Descriptor {
        id,
        short_description: info.map(|info| Text { text: info.summary }),
        help: info.map(|info| Help { text: info.docs, markdown: info.docs }),
        default_configuration: info.map(|info| Configuration { level: level(info.severity) }),
        properties: info.map(|info| Tags { tags: [info.family] }),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn outcome<'a>(finding: &'a Finding, rule_index: usize, prefix: &str) -> Outcome<'a> {
    let mut text = finding.message.clone();
    for more in finding.notes.iter().chain(&finding.help) {
        text += &format!("\n{more}");
    }
    // Only places in the checked files: a path of the base may not exist any more.
    let related = finding.related.iter().filter(|related| !related.base).enumerate();
    Outcome {
        rule_id: &finding.rule,
        rule_index,
        level: level(finding.severity),
        message: Message { text },
        locations: [location(&finding.position, &finding.excerpt, None, prefix)],
        related_locations: related
            .map(|(at, related)| Location {
                message: Some(Message { text: related.message.clone() }),
                ..location(&related.position, &related.excerpt, Some(at + 1), prefix)
            })
            .collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.as_str())]),
        properties: Impact {
            consumers: &finding.consumers,
            transitive: &finding.transitive,
            unaffected: &finding.unaffected,
        },
    }
}

fn location<'a>(position: &'a Position, excerpt: &'a str, id: Option<usize>, prefix: &str) -> Location<'a> {
    let pointer = position.pointer.as_ref().filter(|pointer| !pointer.is_empty());
    Location {
        id,
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(&format!("{prefix}{}", position.file)), uri_base_id: "ROOT" },
            region: Region {
                start_line: position.line,
                start_column: position.column,
                end_line: position.end_line,
                end_column: position.end_column,
                snippet: (!excerpt.is_empty()).then_some(Text { text: excerpt }),
            },
        },
        logical_locations: pointer.map(|name| Logical { fully_qualified_name: name }).into_iter().collect(),
        message: None,
    }
}

/// A relative URI reference (RFC 3986) of a path: what is not allowed in a path segment is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    fn log() -> serde_json::Value {
        let mut breaking = fixture::breaking();
        breaking.related[0].base = false;
        let findings = [breaking, fixture::awkward()];
        serde_json::from_str(&fixture::render(Format::Sarif, &findings, Style::default())).unwrap()
    }

    #[test]
    fn rules_carry_their_pages_and_results_their_places() {
        let log = log();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules[0]["id"], "breaking-change");
        assert_eq!(rules[0]["help"]["markdown"], "# breaking-change\n\nWhat it does.");
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "error");
        let result = &run["results"][0];
        assert_eq!((&result["ruleIndex"], &result["level"]), (&0.into(), &"error".into()));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["endColumn"]), (&42.into(), &17.into()));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "nothing was required here");
        assert_eq!(result["partialFingerprints"]["agentspec/v1"], "0123456789abcdef");
        assert_eq!(result["properties"]["consumers"][0], "order-service");
    }

    #[test]
    fn an_info_is_a_note_and_paths_are_uris() {
        let result = &log()["runs"][0]["results"][1];
        assert_eq!(result["level"], "note");
        assert_eq!(result["ruleIndex"], 1);
        let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(artifact["uri"], "specs/a%2Cb%3Ac.md");
        assert!(result.get("relatedLocations").is_none() && result.get("properties").is_none());
    }
}
